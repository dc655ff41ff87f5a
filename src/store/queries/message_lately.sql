-- in: account, template, since. out: a row when the account has an unread one of it
SELECT id FROM message WHERE account = $1 AND template = $2 AND made > $3 AND channel = 0 AND state <> 2 LIMIT 1
