-- in: held. out: subjects
SELECT subject FROM held_subject WHERE held = $1 ORDER BY subject
