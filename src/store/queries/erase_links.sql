-- in: $1 subject
DELETE FROM link WHERE from_subject = $1 OR to_subject = $1;
