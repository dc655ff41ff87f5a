-- in: nothing
DELETE FROM hand_over;
