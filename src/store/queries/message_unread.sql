-- in: account. out: how many messages in the app were not read
SELECT count(*) FROM message WHERE account = $1 AND channel = 0 AND state <> 2
