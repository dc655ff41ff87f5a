-- scan
-- in: nothing      out: people who are not marked as erased
SELECT id FROM person WHERE flags & 16 = 0 ORDER BY id;
