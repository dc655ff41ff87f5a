-- in: step, id. Changes a row only when the step is later than the last
UPDATE account SET totp_used = $1, failed = 0, locked_until = NULL WHERE id = $2 AND totp_used < $1
