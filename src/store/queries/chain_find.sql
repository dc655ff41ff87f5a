-- in: $1 head      out: last_fact, at
SELECT last_fact, at FROM chain WHERE head = $1;
