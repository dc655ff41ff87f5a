-- in: id, hash of the login, login and name sealed, person, contact, password, must_change, language, created
INSERT INTO account (id, login, name, person, contact, password, must_change, totp, totp_used, failed, locked_until, language, created, closed, version, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 0, 0, NULL, $8, $9, NULL, 1, 1)
