-- in: account. out: its grants, the newest first
SELECT id, account, role, place, begins, ends, given_by, taken_by FROM grant_row WHERE account = $1 ORDER BY id DESC
