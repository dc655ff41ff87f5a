-- in: $1 source, $2 hash, $3 subject
INSERT INTO outside_id (source, hash, subject) VALUES ($1, $2, $3) ON CONFLICT (source, hash) DO NOTHING;
