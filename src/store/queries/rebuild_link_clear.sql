-- in: nothing
DELETE FROM link;
