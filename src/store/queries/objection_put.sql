-- in: $1 id, $2 subject, $3 measure, $4 made, $5 deadline, $6 role
INSERT INTO objection (id, subject, measure, made, deadline, role, decided, upheld, decided_by, decided_fact)
VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL, NULL, NULL);
