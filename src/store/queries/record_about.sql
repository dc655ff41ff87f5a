-- in: $1 subject, $2 fact      out: a row of the subject about this fact, when there is one
SELECT id FROM fact WHERE subject = $1 AND about = $2 LIMIT 1;
