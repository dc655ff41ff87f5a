-- in: nothing
DELETE FROM gathering;
