-- in: $1 id, $2 uid, $3 parent, $4 kind, $5 name, $6 name_en, $7 code, $8 latitude, $9 longitude, $10 shape, $11 capacity, $12 closed, $13 version
INSERT INTO place (id, uid, parent, kind, name, name_en, code, latitude, longitude, shape, capacity, closed, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, kind = excluded.kind, name = excluded.name,
    name_en = excluded.name_en, code = excluded.code, latitude = excluded.latitude, longitude = excluded.longitude,
    shape = excluded.shape, capacity = excluded.capacity, closed = excluded.closed, version = excluded.version;
