-- in: $1 id      out: id, uid, place, name, begins, ends, version
SELECT id, uid, place, name, begins, ends, version FROM gathering WHERE id = $1;
