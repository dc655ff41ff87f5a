-- in: $1 enrolment, and what may change of it
UPDATE enrolment SET edition = $2, pathway = $3, stage = $4, class = $5, final = $6, ended = $7, next_min = $8, version = $9,
    turns = $10, state = $11, slots = $12, issued = $13
WHERE id = $1;
