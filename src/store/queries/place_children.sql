-- in: $1 parent, $2 at most      out: places that lie in it, by name: as place_get
SELECT id, uid, parent, kind, name, name_en, code, latitude, longitude, shape, capacity, closed, version
FROM place WHERE parent = $1 ORDER BY name, id LIMIT $2;
