-- scan
-- in: $1 ... $16 edition * 256 + pathway, -1 none      out: as export_courses, of these pathways alone
SELECT e.id, e.subject, e.opened, e.ended, e.state, p.uid, p.version, p.identity, q.name, e.source
FROM enrolment AS e JOIN person AS p ON p.id = e.subject LEFT JOIN place AS q ON q.id = p.place
WHERE e.edition * 256 + e.pathway IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ORDER BY e.id;
