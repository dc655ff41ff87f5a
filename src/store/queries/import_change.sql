-- in: id, state, ended, rows, taken, same, faulty
UPDATE import SET state = $2, ended = $3, rows = $4, taken = $5, same = $6, faulty = $7 WHERE id = $1
