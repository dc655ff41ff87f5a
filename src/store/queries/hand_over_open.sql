-- in: $1 subject      out: id of the hand-over that nobody has accepted yet
SELECT id FROM hand_over WHERE subject = $1 AND accepted IS NULL;
