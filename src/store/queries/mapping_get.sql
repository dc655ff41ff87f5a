-- in: name. out: id, name, account, saved, text
SELECT id, name, account, saved, text FROM mapping WHERE name = $1
