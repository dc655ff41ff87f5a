-- in: $1 subject      out: rows that correct or retract others: id, kind, replaces
SELECT id, kind, replaces FROM fact WHERE subject = $1 AND replaces IS NOT NULL ORDER BY id;
