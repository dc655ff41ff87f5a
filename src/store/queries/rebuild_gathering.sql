-- scan
-- in: nothing      out: all rows, all columns
SELECT id, uid, place, name, begins, ends, version
FROM gathering ORDER BY id;
