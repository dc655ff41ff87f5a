-- in: nothing      out: the newest: last_fact, head, at, minute, enrolment
SELECT last_fact, head, at, minute, enrolment FROM chain ORDER BY last_fact DESC LIMIT 1;
