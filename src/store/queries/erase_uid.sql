-- in: $1 id      out: uid, flags
SELECT uid, flags FROM person WHERE id = $1;
