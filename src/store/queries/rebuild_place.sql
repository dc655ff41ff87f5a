-- scan
-- in: nothing      out: all rows, all columns
SELECT id, uid, parent, kind, name, name_en, code, latitude, longitude, shape, capacity, closed, version
FROM place ORDER BY id;
