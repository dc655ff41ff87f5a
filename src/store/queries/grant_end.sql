-- in: when, by whom, id. Changes a row only when it had not ended by then
UPDATE grant_row SET ends = $1, taken_by = $2 WHERE id = $3 AND (ends IS NULL OR ends > $1)
