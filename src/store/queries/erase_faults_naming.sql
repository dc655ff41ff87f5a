-- in: $1 pattern of LIKE, escaped with !
DELETE FROM import_fault WHERE arguments LIKE $1 ESCAPE '!';
