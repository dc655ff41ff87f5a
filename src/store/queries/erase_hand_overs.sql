-- in: $1 subject
DELETE FROM hand_over WHERE subject = $1;
