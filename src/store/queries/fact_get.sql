-- in: $1 fact      out: its row (store/chain.c)
SELECT id, subject, kind, happened, known, recorded, until, uid, account, given_by, import, link, replaces, about, name, value,
       signer, second, word, test, outcome, protection, flags, edition, payload, commitment
FROM fact WHERE id = $1;
