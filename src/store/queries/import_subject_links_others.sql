-- in: subject, import. out: 1 when a link that stands, and that is not of this import, names them
SELECT 1 FROM link AS l JOIN fact AS f ON f.id = l.fact WHERE l.withdrawn = 0 AND (l.from_subject = $1 OR l.to_subject = $1) AND (f.import IS NULL OR f.import <> $2) LIMIT 1
