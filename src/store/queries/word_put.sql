-- in: $1 list, $2 number, $3 name
INSERT INTO word (list, number, name) VALUES ($1, $2, $3);
