-- in: $1 document_hash      out: ids
SELECT id FROM person WHERE document_hash = $1 ORDER BY id;
