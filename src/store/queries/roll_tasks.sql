-- scan
-- in: $1 an instant      out: tasks that are open or were closed since then
SELECT id, subject, assigned, place, edition, task, role, how, marks, opened, deadline, closed
FROM task WHERE closed IS NULL OR closed >= $1 ORDER BY id;
