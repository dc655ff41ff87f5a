-- out: the number of the next import
SELECT COALESCE(MAX(id), 0) + 1 FROM import
