-- in: $1 subject
DELETE FROM enrolment WHERE subject = $1;
