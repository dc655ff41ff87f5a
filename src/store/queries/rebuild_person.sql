-- scan
-- in: nothing      out: all rows, all columns; erased people, of whom nothing follows, are left out
SELECT id, uid, place, born, sex, flags, guardian, merged_into, phone_hash, document_hash, version, identity
FROM person WHERE flags & 16 = 0 ORDER BY id;
