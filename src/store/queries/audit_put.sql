-- in: id, at, account, what, about, detail
INSERT INTO audit (id, at, account, what, about, detail) VALUES ($1, $2, $3, $4, $5, $6)
