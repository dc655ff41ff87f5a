-- in: subject
DELETE FROM held_subject WHERE subject = $1
