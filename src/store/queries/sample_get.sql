-- in: $1 id      out: id, uid, subject, specimen, taken, tube, laboratory, received, resulted, test, outcome, ct_x10, result_fact, version
SELECT id, uid, subject, specimen, taken, tube, laboratory, received, resulted, test, outcome, ct_x10, result_fact, version FROM sample WHERE id = $1;
