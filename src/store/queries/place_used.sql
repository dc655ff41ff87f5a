-- in: $1 place      out: 1 when a place lies in it or somebody lives there
SELECT 1 FROM place WHERE parent = $1 UNION ALL SELECT 1 FROM person WHERE place = $1 LIMIT 1;
