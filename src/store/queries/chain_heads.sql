-- scan
-- in: $1 behind this fact, $2 up to this one      out: last_fact, head
SELECT last_fact, head FROM chain WHERE last_fact > $1 AND last_fact <= $2 ORDER BY last_fact;
