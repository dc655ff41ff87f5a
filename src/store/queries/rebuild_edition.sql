-- scan
-- in: nothing      out: all rows, all columns
SELECT id, name, text, state, proposed, proposed_by, first_signer, second_signer, begins, ended, version
FROM edition ORDER BY id;
