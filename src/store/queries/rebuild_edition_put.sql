-- in: a whole row
INSERT INTO edition (id, name, text, state, proposed, proposed_by, first_signer, second_signer, begins, ended, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);
