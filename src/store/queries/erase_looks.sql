-- in: $1 subject
DELETE FROM look WHERE subject = $1;
