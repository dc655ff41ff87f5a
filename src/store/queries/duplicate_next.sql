-- out: the number of the next pair
SELECT COALESCE(MAX(id), 0) + 1 FROM duplicate
