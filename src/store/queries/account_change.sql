-- in: login and name sealed, contact, language, closed, id, version it had
UPDATE account SET name = $1, contact = $2, language = $3, closed = $4, version = version + 1 WHERE id = $5 AND version = $6
