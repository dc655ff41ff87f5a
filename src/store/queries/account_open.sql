-- in: $1 account      out: its number when it is not closed
SELECT id FROM account WHERE id = $1 AND closed IS NULL;
