-- in: a whole row
INSERT INTO objection (id, subject, measure, made, deadline, role, decided, upheld, decided_by, decided_fact)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);
