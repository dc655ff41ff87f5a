-- in: import
DELETE FROM import_file WHERE import = $1
