-- in: the hash of a login. out: the account
SELECT id, login, name, person, contact, password, must_change, totp, totp_used, failed, locked_until, language, created, closed, version, sealed FROM account WHERE login = $1
