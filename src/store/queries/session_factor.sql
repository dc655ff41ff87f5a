-- in: state of the second factor, hash
UPDATE session SET second_factor = $1 WHERE token = $2
