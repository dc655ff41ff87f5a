-- in: nothing
DELETE FROM sample;
