-- in: $1 id, $2 uid, $3 subject, $4 specimen, $5 taken, $6 tube, $7 laboratory, $8 received, $9 resulted, $10 test, $11 outcome, $12 ct_x10, $13 result_fact, $14 version
INSERT INTO sample (id, uid, subject, specimen, taken, tube, laboratory, received, resulted, test, outcome, ct_x10, result_fact, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (id) DO UPDATE SET specimen = excluded.specimen, taken = excluded.taken, tube = excluded.tube,
    laboratory = excluded.laboratory, received = excluded.received, resulted = excluded.resulted, test = excluded.test,
    outcome = excluded.outcome, ct_x10 = excluded.ct_x10, result_fact = excluded.result_fact, version = excluded.version;
