-- in: $1 subject
DELETE FROM sample WHERE subject = $1;
