-- in: nothing
DELETE FROM place;
