-- in: state, when, by whom, id. An erasure that was carried out: it lapsed with the person
UPDATE held SET state = $1, decided = $2, decided_by = $3, body = NULL WHERE id = $4 AND kind = 3 AND state IN (0, 3)
