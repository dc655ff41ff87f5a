-- in: $1 task, and what may change of it
UPDATE task SET slot = $2, how = $3, marks = $4, closed = $5, closed_by = $6 WHERE id = $1;
