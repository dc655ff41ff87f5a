-- in: $1 subject      out: its uid
SELECT uid FROM person WHERE id = $1
UNION ALL SELECT uid FROM place WHERE id = $1
UNION ALL SELECT uid FROM gathering WHERE id = $1;
