-- scan
-- in: nothing      out: uid, uid of the parent, kind, name, name_en, code, latitude, longitude, shape, capacity, closed; parents first
SELECT p.uid, q.uid, p.kind, p.name, p.name_en, p.code, p.latitude, p.longitude, p.shape, p.capacity, p.closed, p.id
FROM place AS p LEFT JOIN place AS q ON q.id = p.parent ORDER BY p.id;
