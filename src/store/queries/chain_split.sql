-- in: $1 fact      out: the first head at or behind it: last_fact, head
SELECT last_fact, head FROM chain WHERE last_fact >= $1 ORDER BY last_fact LIMIT 1;
