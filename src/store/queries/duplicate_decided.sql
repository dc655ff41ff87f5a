-- in: instant and number before which, how many. out: as duplicate_get: what somebody has decided, the latest first
SELECT id, a, b, score, reasons, found, decided, same, decided_by FROM duplicate WHERE decided IS NOT NULL AND (decided < $1 OR (decided = $1 AND id < $2)) ORDER BY decided DESC, id DESC LIMIT $3
