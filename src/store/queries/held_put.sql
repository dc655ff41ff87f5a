-- in: id, kind, account, at, people, about, body
INSERT INTO held (id, kind, state, account, at, people, about, body, decided, decided_by) VALUES ($1, $2, 0, $3, $4, $5, $6, $7, NULL, NULL)
