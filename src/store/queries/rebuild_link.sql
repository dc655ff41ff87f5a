-- scan
-- in: nothing      out: all rows, all columns
SELECT id, from_subject, to_subject, enrolment, fact, opened_by, withdrawn
FROM link ORDER BY id;
