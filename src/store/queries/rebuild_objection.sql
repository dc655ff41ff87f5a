-- scan
-- in: nothing      out: all rows, all columns
SELECT id, subject, measure, made, deadline, role, decided, upheld, decided_by, decided_fact
FROM objection ORDER BY id;
