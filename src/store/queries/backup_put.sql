-- in: $1 folder, $2 at
INSERT INTO backup (folder, at) VALUES ($1, $2) ON CONFLICT (folder) DO UPDATE SET at = excluded.at;
