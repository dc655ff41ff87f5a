-- scan
-- in: $1 fact      out: what accounts recorded after it, for the invented staff of a demo
SELECT id, subject, kind, happened, known, until, link, name, value, signer, second, word, test, outcome, protection, flags
FROM fact WHERE id > $1 AND given_by IS NULL AND account IS NOT NULL AND kind < 160 ORDER BY id;
