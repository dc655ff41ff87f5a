-- in: $1 id, $2 uid, $3 place, $4 name, $5 begins, $6 ends, $7 version
INSERT INTO gathering (id, uid, place, name, begins, ends, version) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO UPDATE SET place = excluded.place, name = excluded.name, begins = excluded.begins, ends = excluded.ends,
    version = excluded.version;
