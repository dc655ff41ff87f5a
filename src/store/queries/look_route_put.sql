-- in: id, name
INSERT INTO look_route (id, name) VALUES ($1, $2)
