-- in: id after which, how many. out: accounts
SELECT id, login, name, person, contact, password, must_change, totp, totp_used, failed, locked_until, language, created, closed, version, sealed FROM account WHERE id > $1 ORDER BY id LIMIT $2
