-- in: $1 person      out: who was merged into them
SELECT id FROM person WHERE merged_into = $1 ORDER BY id;
