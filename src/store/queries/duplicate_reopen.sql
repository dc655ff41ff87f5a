-- in: pair. Nobody has decided it: the merge was taken back
UPDATE duplicate SET decided = NULL, same = NULL, decided_by = NULL WHERE id = $1
