-- in: $1 subject
DELETE FROM objection WHERE subject = $1;
