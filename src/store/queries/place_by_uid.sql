-- in: $1 uid      out: id
SELECT id FROM place WHERE uid = $1;
