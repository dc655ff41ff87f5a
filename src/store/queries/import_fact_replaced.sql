-- in: subject, fact. out: 1 when somebody has corrected or retracted it
SELECT 1 FROM fact WHERE subject = $1 AND replaces = $2 LIMIT 1
