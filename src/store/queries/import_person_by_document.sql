-- in: hash of a document's number. out: id, uid, version, identity of the first person who has it
SELECT id, uid, version, identity FROM person WHERE document_hash = $1 AND identity IS NOT NULL ORDER BY id LIMIT 1
