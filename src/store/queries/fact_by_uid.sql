-- in: $1 uid      out: its row (store/chain.c)
SELECT id, subject, kind, happened, known, recorded, until, uid, account, given_by, import, link, replaces, about, name, value,
       signer, second, word, test, outcome, protection, flags, edition, payload, commitment
FROM fact WHERE uid = $1;
