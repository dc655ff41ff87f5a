-- in: name behind which, how many. out: id, name, account, saved
SELECT id, name, account, saved FROM mapping WHERE name > $1 ORDER BY name LIMIT $2
