-- in: $1 at most      out: places that lie in no other: as place_get
SELECT id, uid, parent, kind, name, name_en, code, latitude, longitude, shape, capacity, closed, version
FROM place WHERE parent IS NULL ORDER BY id LIMIT $1;
