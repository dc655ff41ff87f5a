-- in: $1 person
DELETE FROM session WHERE account IN (SELECT id FROM account WHERE person = $1);
