-- in: $1 subject      out: id, kind, replaces, about of all its rows in the chain
SELECT id, kind, replaces, about FROM fact WHERE subject = $1 ORDER BY id;
