-- scan
-- in: nothing      out: uid, name, uid of the place, begins, ends
SELECT g.uid, g.name, p.uid, g.begins, g.ends, g.id FROM gathering AS g LEFT JOIN place AS p ON p.id = g.place ORDER BY g.id;
