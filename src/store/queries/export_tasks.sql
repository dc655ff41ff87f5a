-- scan
-- in: nothing      out: id, subject, uid of the person or place, edition, task, role, how, marks, opened, deadline, closed
SELECT t.id, t.subject, COALESCE(p.uid, q.uid), t.edition, t.task, t.role, t.how, t.marks, t.opened, t.deadline, t.closed
FROM task AS t LEFT JOIN person AS p ON p.id = t.subject LEFT JOIN place AS q ON q.id = t.subject ORDER BY t.id;
