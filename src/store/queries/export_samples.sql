-- scan
-- in: nothing      out: uid, uid of the person, specimen, taken, uid of the tube, laboratory, received, test, outcome, resulted, ct, subject
SELECT s.uid, p.uid, s.specimen, s.taken, s.tube, l.name, s.received, s.test, s.outcome, s.resulted, s.ct_x10, s.subject
FROM sample AS s JOIN person AS p ON p.id = s.subject LEFT JOIN place AS l ON l.id = s.laboratory ORDER BY s.id;
