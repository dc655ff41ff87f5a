-- in: $1 id      out: id, subject, measure, made, deadline, role, decided, upheld, decided_by, decided_fact
SELECT id, subject, measure, made, deadline, role, decided, upheld, decided_by, decided_fact FROM objection WHERE id = $1;
