-- in: a whole row
INSERT INTO link (id, from_subject, to_subject, enrolment, fact, opened_by, withdrawn)
VALUES ($1, $2, $3, $4, $5, $6, $7);
