-- in: $1 id, $2 instant
UPDATE place SET closed = $2 WHERE id = $1 AND closed IS NULL;
