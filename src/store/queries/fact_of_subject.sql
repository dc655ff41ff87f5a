-- in: $1 subject      out: their rows in order (store/chain.c)
SELECT id, subject, kind, happened, known, recorded, until, uid, account, given_by, import, link, replaces, about, name, value,
       signer, second, word, test, outcome, protection, flags, edition, payload, commitment
FROM fact WHERE subject = $1 ORDER BY id;
