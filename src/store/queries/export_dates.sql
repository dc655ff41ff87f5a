-- in: $1 subject      out: id, replaces, kind, word, outcome, value, happened, known of what says when, as fact_dates holds it
SELECT id, replaces, kind, word, outcome, value, happened, known FROM fact
WHERE subject = $1 AND kind IN (3, 4, 6, 7, 8, 9, 10, 11, 21, 32, 53) ORDER BY id;
