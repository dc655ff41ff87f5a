-- in: a whole row but assigned and place, what task_change takes first
INSERT INTO task (id, slot, how, marks, closed, closed_by, subject, enrolment, edition, task, stage, why, rule, role, opened,
    deadline, n, fact)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18);
