-- in: nothing
DELETE FROM measure;
