-- scan
-- in: $1 first and $2 last kind of visits      out: subject, kind, happened of every visit somebody recorded
SELECT subject, kind, happened FROM fact WHERE kind >= $1 AND kind <= $2 AND given_by IS NULL ORDER BY id;
