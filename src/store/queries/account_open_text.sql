-- out: an account whose login and name stand in clear, as programs before schema 4 wrote them
SELECT id, login, name, person, contact, password, must_change, totp, totp_used, failed, locked_until, language, created, closed, version, sealed FROM account WHERE sealed = 0 ORDER BY id LIMIT 1
