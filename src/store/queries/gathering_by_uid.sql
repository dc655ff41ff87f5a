-- in: $1 uid      out: id
SELECT id FROM gathering WHERE uid = $1;
