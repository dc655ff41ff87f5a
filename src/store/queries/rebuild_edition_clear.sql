-- in: nothing
DELETE FROM edition;
