-- in: uid. out: the place
SELECT id FROM place WHERE uid = $1
