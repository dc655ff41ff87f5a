-- in: $1 last fact, $2 head, $3 at, $4 minute, $5 enrolment
INSERT INTO chain (last_fact, head, at, minute, enrolment) VALUES ($1, $2, $3, $4, $5);
