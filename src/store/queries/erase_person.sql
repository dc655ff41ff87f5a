-- in: $1 id, $2 uid, $3 flags, $4 version
INSERT INTO person (id, uid, place, born, sex, flags, guardian, merged_into, phone_hash, document_hash, version, identity)
VALUES ($1, $2, NULL, NULL, 0, $3, NULL, NULL, NULL, NULL, $4, NULL)
ON CONFLICT (id) DO UPDATE SET place = NULL, born = NULL, sex = 0, flags = excluded.flags, guardian = NULL, merged_into = NULL,
    phone_hash = NULL, document_hash = NULL, version = excluded.version, identity = NULL;
