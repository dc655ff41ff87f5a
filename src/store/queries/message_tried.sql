-- in: state, due, delivered, fault, id
UPDATE message SET state = $1, due = $2, delivered = $3, fault = $4, tries = tries + 1 WHERE id = $5 AND state = 0
