-- in: when, id, account. Only the account's own, in the app
UPDATE message SET state = 2, delivered = $1 WHERE id = $2 AND account = $3 AND channel = 0 AND state <> 2
