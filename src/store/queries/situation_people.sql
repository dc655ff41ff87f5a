-- scan
-- in: nothing      out: id and place of everybody whose place is known
SELECT id, place FROM person WHERE place IS NOT NULL ORDER BY id;
