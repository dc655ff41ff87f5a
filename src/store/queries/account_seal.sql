-- in: hash of the login, login and name sealed, contact sealed, id
UPDATE account SET login = $1, name = $2, contact = $3, sealed = 1 WHERE id = $4 AND sealed = 0
