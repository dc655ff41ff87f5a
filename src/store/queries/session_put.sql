-- in: hash, account, created and seen, ends, second_factor, device
INSERT INTO session (token, account, created, seen, ends, second_factor, device) VALUES ($1, $2, $3, $3, $4, $5, $6)
