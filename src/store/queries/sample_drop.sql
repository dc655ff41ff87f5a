-- in: $1 id
DELETE FROM sample WHERE id = $1;
