-- in: sealed secret or NULL, last step used (-1: not confirmed yet), id
UPDATE account SET totp = $1, totp_used = $2, failed = 0, locked_until = NULL, version = version + 1 WHERE id = $3
