-- in: $1 id      out: id, uid, place, born, sex, flags, guardian, merged_into, version, identity (sealed about `version`)
SELECT id, uid, place, born, sex, flags, guardian, merged_into, version, identity FROM person WHERE id = $1;
