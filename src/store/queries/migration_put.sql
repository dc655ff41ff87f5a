-- in: $1 version, $2 name
INSERT INTO migration (version, name) VALUES ($1, $2);
