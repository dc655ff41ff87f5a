-- in: $1 subject      out: who it was caused by, the oldest first: from_subject, fact, opened_by
SELECT from_subject, fact, opened_by FROM link WHERE to_subject = $1 AND withdrawn = 0 ORDER BY id;
