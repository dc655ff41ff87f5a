-- in: nothing
DELETE FROM task;
