-- in: $1 subject      out: as sample_get, newest first
SELECT id, uid, subject, specimen, taken, tube, laboratory, received, resulted, test, outcome, ct_x10, result_fact, version FROM sample WHERE subject = $1 ORDER BY taken DESC, id DESC;
