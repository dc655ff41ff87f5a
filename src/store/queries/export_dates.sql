-- in: $1 subject, $2 the kind of retractions      out: id, replaces, kind, word, outcome, value, happened, known of what people recorded of them
SELECT id, replaces, kind, word, outcome, value, happened, known FROM fact WHERE subject = $1 AND kind <= $2 ORDER BY id;
