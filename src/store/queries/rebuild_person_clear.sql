-- in: nothing; erased people, of whom nothing follows, are left out
DELETE FROM person WHERE flags & 16 = 0;
