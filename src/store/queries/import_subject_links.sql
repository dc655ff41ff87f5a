-- in: subject. out: 1 when a link that stands names them
SELECT 1 FROM link WHERE withdrawn = 0 AND (from_subject = $1 OR to_subject = $1) LIMIT 1
