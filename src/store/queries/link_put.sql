-- in: $1 id, $2 from, $3 to, $4 enrolment, $5 fact, $6 opened_by, $7 withdrawn
INSERT INTO link (id, from_subject, to_subject, enrolment, fact, opened_by, withdrawn) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO UPDATE SET withdrawn = excluded.withdrawn;
