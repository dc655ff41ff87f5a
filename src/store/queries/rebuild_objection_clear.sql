-- in: nothing
DELETE FROM objection;
