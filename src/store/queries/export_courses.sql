-- scan
-- in: nothing      out: enrolment, subject, opened, ended, state, uid, version and identity of the person, their place's name, who caused it
SELECT e.id, e.subject, e.opened, e.ended, e.state, p.uid, p.version, p.identity, q.name, e.source
FROM enrolment AS e JOIN person AS p ON p.id = e.subject LEFT JOIN place AS q ON q.id = p.place ORDER BY e.id;
