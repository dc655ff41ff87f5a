-- in: a whole row
INSERT INTO measure (id, subject, enrolment, edition, measure, place, site, why, rule, how, stage, fact, proposed, ordered, started, ended,
    until, first_signer, second_signer, order_fact)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20);
