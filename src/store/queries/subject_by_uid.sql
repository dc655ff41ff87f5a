-- in: $1 uid      out: the subject of this uid
SELECT id FROM person WHERE uid = $1
UNION ALL SELECT id FROM place WHERE uid = $1
UNION ALL SELECT id FROM gathering WHERE uid = $1;
