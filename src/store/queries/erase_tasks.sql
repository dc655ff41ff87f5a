-- in: $1 subject
DELETE FROM task WHERE subject = $1;
