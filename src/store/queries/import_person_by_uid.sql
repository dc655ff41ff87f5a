-- in: uid. out: id, uid, version, identity of the person
SELECT id, uid, version, identity FROM person WHERE uid = $1
