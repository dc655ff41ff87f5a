-- in: id, a, b, score, reasons, found
INSERT INTO duplicate (id, a, b, score, reasons, found, decided, same, decided_by) VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL, NULL) ON CONFLICT (a, b) DO NOTHING
