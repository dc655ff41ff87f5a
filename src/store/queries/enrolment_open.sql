-- scan
-- in: nothing      out: every enrolment that has not ended: subject, state
SELECT subject, state FROM enrolment WHERE ended IS NULL ORDER BY id;
