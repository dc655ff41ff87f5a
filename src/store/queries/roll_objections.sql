-- scan
-- in: nothing      out: every objection
SELECT id, subject, role, upheld, made, deadline, decided FROM objection ORDER BY id;
