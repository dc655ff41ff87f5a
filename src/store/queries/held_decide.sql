-- in: state, when, by whom, id. Changes a row only while it waits
UPDATE held SET state = $1, decided = $2, decided_by = $3, body = NULL WHERE id = $4 AND state = 0
