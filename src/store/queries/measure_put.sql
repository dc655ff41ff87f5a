-- in: a whole row but site and first_signer of a half-signed one; of one that is there, what may change
INSERT INTO measure (id, subject, enrolment, edition, measure, place, why, rule, how, stage, fact, proposed, ordered, started, ended,
    until, first_signer, second_signer, order_fact)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
ON CONFLICT (id) DO UPDATE SET edition = excluded.edition, measure = excluded.measure, how = excluded.how,
    proposed = excluded.proposed, ordered = excluded.ordered, started = excluded.started, ended = excluded.ended,
    until = excluded.until, first_signer = COALESCE(excluded.first_signer, measure.first_signer),
    second_signer = COALESCE(excluded.second_signer, measure.second_signer),
    order_fact = COALESCE(excluded.order_fact, measure.order_fact);
