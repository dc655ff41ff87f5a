-- in: seen, hash
UPDATE session SET seen = $1 WHERE token = $2 AND seen < $1
