-- out: how many there are
SELECT count(*) FROM account
