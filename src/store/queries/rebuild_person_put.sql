-- in: a whole row
INSERT INTO person (id, uid, place, born, sex, flags, guardian, merged_into, phone_hash, document_hash, version, identity)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);
