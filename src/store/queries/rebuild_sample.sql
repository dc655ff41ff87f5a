-- scan
-- in: nothing      out: all rows, all columns
SELECT id, uid, subject, specimen, taken, tube, laboratory, received, resulted, test, outcome, ct_x10, result_fact, version
FROM sample ORDER BY id;
