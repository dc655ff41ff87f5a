-- in: nothing
DELETE FROM enrolment;
