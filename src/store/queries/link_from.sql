-- in: $1 subject      out: what it caused, the newest first: to_subject, enrolment, fact, opened_by, withdrawn
SELECT to_subject, enrolment, fact, opened_by, withdrawn FROM link WHERE from_subject = $1 ORDER BY id DESC;
