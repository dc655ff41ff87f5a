-- in: id, subject, account, at, what
INSERT INTO look (id, subject, account, at, what) VALUES ($1, $2, $3, $4, $5)
