-- in: $1 phone_hash      out: ids
SELECT id FROM person WHERE phone_hash = $1 ORDER BY id;
