-- in: $1 subject      out: open tasks without an enrolment
SELECT id, subject, enrolment, edition, task, slot, stage, why, rule, role, how, marks, opened, deadline, n, fact, closed, closed_by,
    assigned, place
FROM task WHERE subject = $1 AND enrolment IS NULL AND closed IS NULL ORDER BY id;
