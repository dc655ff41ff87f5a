-- in: import. out: the next one that has a file
SELECT import FROM import_file WHERE import > $1 ORDER BY import LIMIT 1
