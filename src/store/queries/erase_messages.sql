-- in: $1 subject
DELETE FROM message WHERE subject = $1 OR account IN (SELECT id FROM account WHERE person = $1);
