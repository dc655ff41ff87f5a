-- in: password, must_change, id
UPDATE account SET password = $1, must_change = $2, failed = 0, locked_until = NULL, version = version + 1 WHERE id = $3
