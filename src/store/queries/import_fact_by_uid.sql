-- in: uid. out: id of the fact
SELECT id FROM fact WHERE uid = $1
