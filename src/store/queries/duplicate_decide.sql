-- in: id, decided, same, decided_by
UPDATE duplicate SET decided = $2, same = $3, decided_by = $4 WHERE id = $1
