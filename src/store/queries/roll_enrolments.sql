-- scan
-- in: nothing      out: every enrolment
SELECT id, subject, source, opened, ended, state FROM enrolment ORDER BY id;
