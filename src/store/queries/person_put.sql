-- in: $1 id, $2 uid, $3 place, $4 born, $5 sex, $6 flags, $7 guardian, $8 phone_hash, $9 document_hash, $10 the fact that describes them
-- Flags that do not come from a description (staff, merged, died: 4, 8, 32) stay. The identity is the fact's own payload.
INSERT INTO person (id, uid, place, born, sex, flags, guardian, merged_into, phone_hash, document_hash, version, identity)
VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8, $9, $10, (SELECT payload FROM fact WHERE id = $10))
ON CONFLICT (id) DO UPDATE SET place = excluded.place, born = excluded.born, sex = excluded.sex,
    flags = excluded.flags | (person.flags & 44), guardian = excluded.guardian, phone_hash = excluded.phone_hash,
    document_hash = excluded.document_hash, version = excluded.version, identity = excluded.identity;
