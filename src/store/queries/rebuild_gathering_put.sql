-- in: a whole row
INSERT INTO gathering (id, uid, place, name, begins, ends, version)
VALUES ($1, $2, $3, $4, $5, $6, $7);
