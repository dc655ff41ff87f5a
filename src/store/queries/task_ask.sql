-- in: a whole row as task_put has it. What was asked and judged before is asked again: the same task, begun anew.
INSERT INTO task (id, slot, how, marks, closed, closed_by, subject, enrolment, edition, task, stage, why, rule, role, opened,
    deadline, n, fact)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
ON CONFLICT (id) DO UPDATE SET slot = excluded.slot, how = excluded.how, marks = excluded.marks, closed = excluded.closed,
    closed_by = excluded.closed_by, edition = excluded.edition, task = excluded.task, role = excluded.role,
    opened = excluded.opened, deadline = excluded.deadline, assigned = NULL, place = NULL;
