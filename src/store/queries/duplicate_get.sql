-- in: id. out: id, a, b, score, reasons, found, decided, same, decided_by
SELECT id, a, b, score, reasons, found, decided, same, decided_by FROM duplicate WHERE id = $1
