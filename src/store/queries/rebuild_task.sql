-- scan
-- in: nothing      out: all rows, all columns
SELECT id, subject, enrolment, edition, task, slot, stage, why, rule, role, how, marks, opened, deadline, n, fact, closed,
    closed_by, assigned, place
FROM task ORDER BY id;
