-- in: score and number behind which, how many. out: as duplicate_get: what nobody has decided, the likeliest first
SELECT id, a, b, score, reasons, found, decided, same, decided_by FROM duplicate WHERE decided IS NULL AND (score < $1 OR (score = $1 AND id > $2)) ORDER BY score DESC, id LIMIT $3
