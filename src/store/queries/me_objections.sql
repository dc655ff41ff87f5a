-- in: subject. out: their objections, the newest first
SELECT id, measure, made, deadline, role, decided, upheld FROM objection WHERE subject = $1 ORDER BY id DESC
