-- in: id, name, account, saved, text
INSERT INTO mapping (id, name, account, saved, text) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO UPDATE SET account = excluded.account, saved = excluded.saved, text = excluded.text
