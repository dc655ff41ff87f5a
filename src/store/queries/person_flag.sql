-- in: $1 id, $2 flags to keep, $3 flags to add, $4 merged_into
UPDATE person SET flags = (flags & $2) | $3, merged_into = $4 WHERE id = $1;
