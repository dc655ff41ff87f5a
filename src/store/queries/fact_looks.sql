-- in: $1 subject, $2 to $7 kinds      out: id, kind, happened, known, recorded, replaces of their facts of these kinds and all corrections
SELECT id, kind, happened, known, recorded, replaces FROM fact
WHERE subject = $1 AND (kind IN ($2, $3, $4, $5, $6, $7) OR replaces IS NOT NULL) ORDER BY id;
