-- in: $1 subject
DELETE FROM measure WHERE subject = $1;
