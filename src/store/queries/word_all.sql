-- scan
-- in: $1 from this list on      out: list, number, name; in order
SELECT list, number, name FROM word WHERE list >= $1 ORDER BY list, number;
