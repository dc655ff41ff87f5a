-- in: $1 subject
DELETE FROM outside_id WHERE subject = $1;
