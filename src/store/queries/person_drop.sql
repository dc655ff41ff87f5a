-- in: $1 id
DELETE FROM person WHERE id = $1;
