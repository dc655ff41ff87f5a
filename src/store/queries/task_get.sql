-- in: $1 task      out: its row
SELECT id, subject, enrolment, edition, task, slot, stage, why, rule, role, how, marks, opened, deadline, n, fact, closed, closed_by,
    assigned, place
FROM task WHERE id = $1;
