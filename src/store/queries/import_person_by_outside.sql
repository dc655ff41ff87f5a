-- in: source, hash of the number. out: id, uid, version, identity of the person whom the other system calls so
SELECT person.id, person.uid, person.version, person.identity FROM outside_id JOIN person ON person.id = outside_id.subject WHERE outside_id.source = $1 AND outside_id.hash = $2
