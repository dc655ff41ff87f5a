-- in: $1 code      out: ids
SELECT id FROM place WHERE code = $1 ORDER BY id;
