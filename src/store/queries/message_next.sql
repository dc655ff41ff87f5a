-- out: the next number
SELECT coalesce(max(id), 0) + 1 FROM message
