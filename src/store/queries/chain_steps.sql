-- scan
-- in: $1 behind this fact      out: last_fact, at, minute, enrolment
SELECT last_fact, at, minute, enrolment FROM chain WHERE last_fact > $1 ORDER BY last_fact;
