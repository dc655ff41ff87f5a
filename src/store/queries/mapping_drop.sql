-- in: name
DELETE FROM mapping WHERE name = $1
