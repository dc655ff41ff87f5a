-- in: $1 id
DELETE FROM objection WHERE id = $1;
