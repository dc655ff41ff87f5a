-- in: a person's uid. out: 1 when some enrolment of theirs is a case
SELECT 1 FROM enrolment JOIN person ON person.id = enrolment.subject WHERE person.uid = $1 AND enrolment.class <> 255 LIMIT 1
