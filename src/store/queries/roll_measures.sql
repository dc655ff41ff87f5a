-- scan
-- in: nothing      out: every measure
SELECT id, subject, site, first_signer, edition, measure, proposed, ordered, started, ended, until FROM measure ORDER BY id;
