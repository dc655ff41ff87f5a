-- in: id, account, role, place, begins, ends, given_by
INSERT INTO grant_row (id, account, role, place, begins, ends, given_by, taken_by) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)
