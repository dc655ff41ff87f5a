-- scan
-- in: nothing      out: every place with its parent
SELECT id, parent, kind FROM place ORDER BY id;
