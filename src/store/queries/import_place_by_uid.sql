-- in: uid. out: id of the place
SELECT id FROM place WHERE uid = $1
