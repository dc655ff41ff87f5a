-- in: $1 id
DELETE FROM hand_over WHERE id = $1;
