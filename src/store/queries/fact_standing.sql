-- in: $1 subject, $2 kind      out: id, link, account, recorded of their latest fact of this kind that nobody has corrected or retracted
SELECT id, link, account, recorded FROM fact AS f WHERE f.subject = $1 AND f.kind = $2
AND NOT EXISTS (SELECT 1 FROM fact AS r WHERE r.subject = f.subject AND r.replaces = f.id) ORDER BY id DESC LIMIT 1;
