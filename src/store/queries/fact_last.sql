-- in: nothing      out: the last fact, the last subject of a fact
SELECT (SELECT max(id) FROM fact), (SELECT max(subject) FROM fact);
