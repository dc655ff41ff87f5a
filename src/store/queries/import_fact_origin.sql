-- in: uid. out: id and import of the fact
SELECT id, import FROM fact WHERE uid = $1
