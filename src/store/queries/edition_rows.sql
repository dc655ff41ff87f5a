-- in: nothing      out: id, name, state, proposed, proposed_by, first_signer, second_signer, begins, ended, version of all editions
SELECT id, name, state, proposed, proposed_by, first_signer, second_signer, begins, ended, version FROM edition ORDER BY id;
