-- scan
-- in: nothing      out: every person with what the lists hold of them
SELECT id, place, born, sex, flags, version FROM person ORDER BY id;
