-- in: id. out: the grant
SELECT id, account, role, place, begins, ends, given_by, taken_by FROM grant_row WHERE id = $1
