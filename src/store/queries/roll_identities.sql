-- scan
-- in: nothing      out: who everybody is, encrypted
SELECT id, version, identity FROM person WHERE identity IS NOT NULL AND merged_into IS NULL ORDER BY id;
