-- in: import, n, sealed part
INSERT INTO import_file (import, n, part) VALUES ($1, $2, $3)
