-- in: $1 subject
DELETE FROM duplicate WHERE a = $1 OR b = $1;
