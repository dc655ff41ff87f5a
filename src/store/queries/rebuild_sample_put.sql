-- in: a whole row
INSERT INTO sample (id, uid, subject, specimen, taken, tube, laboratory, received, resulted, test, outcome, ct_x10, result_fact, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);
