-- scan
-- in: nothing      out: id, parent, kind, name of every place
SELECT id, parent, kind, name FROM place ORDER BY id;
