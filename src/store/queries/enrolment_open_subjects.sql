-- in: $1 behind this subject, $2 at most      out: subjects that may have an open enrolment
SELECT DISTINCT subject FROM enrolment WHERE subject > $1 AND final = 0 ORDER BY subject LIMIT $2;
