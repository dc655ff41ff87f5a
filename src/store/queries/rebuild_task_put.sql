-- in: a whole row
INSERT INTO task (id, subject, enrolment, edition, task, slot, stage, why, rule, role, how, marks, opened, deadline, n, fact, closed,
    closed_by, assigned, place)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20);
