-- in: $1 id
DELETE FROM gathering WHERE id = $1;
