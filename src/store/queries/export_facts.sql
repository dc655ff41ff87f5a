-- scan
-- in: $1 last kind that people record, $2 the kind of results      out: id, subject, kind, happened, until, known, uid, name, value, word, test, outcome,
-- protection, flags, payload, uids of: the subject as person, as place, as gathering, the linked person, place, gathering, the fact it replaces, its sample
SELECT f.id, f.subject, f.kind, f.happened, f.until, f.known, f.uid, f.name, f.value, f.word, f.test, f.outcome, f.protection, f.flags, f.payload,
       sp.uid, sl.uid, sg.uid, lp.uid, ll.uid, lg.uid, r.uid, a.uid
FROM fact AS f LEFT JOIN person AS sp ON sp.id = f.subject LEFT JOIN place AS sl ON sl.id = f.subject LEFT JOIN gathering AS sg ON sg.id = f.subject
LEFT JOIN person AS lp ON lp.id = f.link LEFT JOIN place AS ll ON ll.id = f.link LEFT JOIN gathering AS lg ON lg.id = f.link
LEFT JOIN fact AS r ON r.id = f.replaces LEFT JOIN fact AS a ON a.id = f.about AND f.kind = $2
WHERE f.kind <= $1 AND f.uid IS NOT NULL AND f.given_by IS NULL ORDER BY f.id;
