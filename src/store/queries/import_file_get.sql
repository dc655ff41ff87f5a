-- scan
-- in: import. out: n, sealed part
SELECT n, part FROM import_file WHERE import = $1 ORDER BY n
