-- in: import, n, line, field, slug, arguments, severity
INSERT INTO import_fault (import, n, line, field, slug, arguments, severity) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (import, n) DO NOTHING
