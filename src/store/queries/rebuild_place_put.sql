-- in: a whole row
INSERT INTO place (id, uid, parent, kind, name, name_en, code, latitude, longitude, shape, capacity, closed, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);
