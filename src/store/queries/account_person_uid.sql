-- in: person. out: its uid
SELECT uid FROM person WHERE id = $1
