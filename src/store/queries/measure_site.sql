-- in: $1 measure, $2 place or NULL
UPDATE measure SET site = $2 WHERE id = $1;
