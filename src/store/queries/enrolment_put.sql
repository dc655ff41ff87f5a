-- in: a whole row, what enrolment_change takes first
INSERT INTO enrolment (id, edition, pathway, stage, class, final, ended, version, turns, state, slots, issued, next_min, subject,
    source, opened, since, began, first_edition, first_pathway)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20);
