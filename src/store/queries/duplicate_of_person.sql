-- in: person. out: as duplicate_get
SELECT id, a, b, score, reasons, found, decided, same, decided_by FROM duplicate WHERE a = $1 OR b = $1 ORDER BY score DESC, id LIMIT 50
