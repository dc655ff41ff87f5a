-- in: name. out: its number
SELECT id FROM look_route WHERE name = $1
