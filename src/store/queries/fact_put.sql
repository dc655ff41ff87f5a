-- in: a whole row in the order of chain_walk
INSERT INTO fact (id, subject, kind, happened, known, recorded, until, uid, account, given_by, import, link, replaces, about, name, value,
       signer, second, word, test, outcome, protection, flags, edition, payload, commitment)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26);
