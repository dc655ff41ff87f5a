-- in: $1 folder
DELETE FROM backup WHERE folder = $1;
