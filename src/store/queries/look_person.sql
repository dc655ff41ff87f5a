-- in: uid. out: the person's number
SELECT id FROM person WHERE uid = $1
