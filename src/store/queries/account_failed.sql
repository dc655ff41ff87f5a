-- in: failed, locked_until, id
UPDATE account SET failed = $1, locked_until = $2 WHERE id = $3
