-- in: $1 kind, $2 at most      out: places of this kind, in their order: as place_get
SELECT id, uid, parent, kind, name, name_en, code, latitude, longitude, shape, capacity, closed, version
FROM place WHERE kind = $1 ORDER BY id LIMIT $2;
