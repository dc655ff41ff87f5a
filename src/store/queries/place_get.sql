-- in: $1 id      out: id, uid, parent, kind, name, name_en, code, latitude, longitude, shape, capacity, closed, version
SELECT id, uid, parent, kind, name, name_en, code, latitude, longitude, shape, capacity, closed, version FROM place WHERE id = $1;
