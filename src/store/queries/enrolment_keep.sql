-- in: $1 enrolment, and what may change of it while nothing is due at another time: the index by time is not touched
UPDATE enrolment SET edition = $2, pathway = $3, stage = $4, class = $5, final = $6, ended = $7, version = $8, turns = $9,
    state = $10, slots = $11, issued = $12
WHERE id = $1;
