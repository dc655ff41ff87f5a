-- in: $1 enrolment      out: id, subject, source, opened, ended, version, state
SELECT id, subject, source, opened, ended, version, state FROM enrolment WHERE id = $1;
