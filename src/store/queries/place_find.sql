-- in: $1 pattern of LIKE with ! as escape, $2 at most      out: places with such a name or code, the large ones first: as place_get
SELECT id, uid, parent, kind, name, name_en, code, latitude, longitude, shape, capacity, closed, version
FROM place WHERE name LIKE $1 ESCAPE '!' OR name_en LIKE $1 ESCAPE '!' OR code LIKE $1 ESCAPE '!' ORDER BY kind, id LIMIT $2;
