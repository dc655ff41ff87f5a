-- in: id, state, undone
UPDATE import SET state = $2, undone = $3 WHERE id = $1
