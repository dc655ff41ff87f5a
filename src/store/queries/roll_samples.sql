-- scan
-- in: nothing      out: every sample
SELECT id, subject, laboratory, specimen, test, outcome, taken, received, resulted FROM sample ORDER BY id;
