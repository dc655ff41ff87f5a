-- in: about, template. out: a row when that was told already
SELECT id FROM message WHERE about = $1 AND template = $2 LIMIT 1
