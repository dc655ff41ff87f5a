-- in: import, n behind which, how many. out: n, line, field, slug, arguments, severity
SELECT n, line, field, slug, arguments, severity FROM import_fault WHERE import = $1 AND n > $2 ORDER BY n LIMIT $3
