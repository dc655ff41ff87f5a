-- in: nothing      out: all editions in order
SELECT id, name, text, state, proposed, proposed_by, first_signer, second_signer, begins, ended, version FROM edition ORDER BY id;
