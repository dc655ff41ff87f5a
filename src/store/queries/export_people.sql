-- scan
-- in: nothing      out: id, version, identity of everybody who is there
SELECT id, version, identity FROM person WHERE identity IS NOT NULL ORDER BY id;
