-- in: account, hash of the one to keep (empty: none)
DELETE FROM session WHERE account = $1 AND token <> $2
