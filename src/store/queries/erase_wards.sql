-- in: $1 guardian
UPDATE person SET guardian = NULL WHERE guardian = $1;
