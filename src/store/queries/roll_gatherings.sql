-- scan
-- in: nothing      out: every gathering with its place
SELECT id, place FROM gathering ORDER BY id;
