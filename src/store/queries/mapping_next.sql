-- out: the number of the next mapping
SELECT COALESCE(MAX(id), 0) + 1 FROM mapping
