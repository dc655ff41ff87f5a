-- in: $1 id
DELETE FROM place WHERE id = $1;
