-- in: uid. out: id of the gathering
SELECT id FROM gathering WHERE uid = $1
