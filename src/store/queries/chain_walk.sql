-- scan
-- in: $1 behind this fact, $2 up to this one      out: whole rows of the chain in their order (store/chain.c)
SELECT id, subject, kind, happened, known, recorded, until, uid, account, given_by, import, link, replaces, about, name, value,
       signer, second, word, test, outcome, protection, flags, edition, payload, commitment
FROM fact WHERE id > $1 AND id <= $2 ORDER BY id;
