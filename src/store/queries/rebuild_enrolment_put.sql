-- in: a whole row
INSERT INTO enrolment (id, subject, edition, pathway, stage, class, final, source, opened, ended, next_min, version, turns, since, began,
    first_edition, first_pathway, state, slots, issued)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20);
