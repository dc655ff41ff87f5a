-- in: $1 task, $2 account or NULL
UPDATE task SET assigned = $2 WHERE id = $1;
