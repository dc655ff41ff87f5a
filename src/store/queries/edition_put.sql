-- in: a whole row; of one that is there, its state
INSERT INTO edition (id, name, text, state, proposed, proposed_by, first_signer, second_signer, begins, ended, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, first_signer = excluded.first_signer, second_signer = excluded.second_signer,
    begins = excluded.begins, ended = excluded.ended, version = excluded.version;
