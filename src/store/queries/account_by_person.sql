-- in: person. out: the account that is theirs and not closed
SELECT id, login, name, person, contact, password, must_change, totp, totp_used, failed, locked_until, language, created, closed, version, sealed FROM account WHERE person = $1 AND closed IS NULL ORDER BY id
