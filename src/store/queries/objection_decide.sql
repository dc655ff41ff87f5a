-- in: $1 id, $2 decided, $3 upheld, $4 decided_by, $5 decided_fact
UPDATE objection SET decided = $2, upheld = $3, decided_by = $4, decided_fact = $5 WHERE id = $1;
