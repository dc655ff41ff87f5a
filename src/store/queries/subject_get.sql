-- in: $1 subject      out: kind of subject (0 person, 1 group, 2 place), place (a place's parent), kind of place, flags of a person,
-- guardian, the person it was merged into
SELECT 0, place, NULL, flags, guardian, merged_into FROM person WHERE id = $1
UNION ALL SELECT 2, parent, kind, NULL, NULL, NULL FROM place WHERE id = $1
UNION ALL SELECT 1, place, NULL, NULL, NULL, NULL FROM gathering WHERE id = $1;
