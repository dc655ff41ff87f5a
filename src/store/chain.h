// chain.h -- the hash chain over the facts, and its proof.
//
// commitment = BLAKE2b-256(key: the subject's salt; the row's columns in a fixed form, the payload's plain text). A place or a
// gathering has the zero salt. head(n) = BLAKE2b-256(head(n - 1), id, commitment); the head is stored once a transaction. After
// an erasure the salt is gone: the row's commitment can no longer be opened, but the chain over it still holds.
#ifndef TONG_STORE_CHAIN_H
#define TONG_STORE_CHAIN_H

#include "response/fact.h"
#include "store/db.h"
#include "store/vault.h"

enum { CHAIN_HASH = 32, UID_BYTES = 16 };

// A row of `fact`: the core's fact, and what the core does not need. Absent numbers are 0, an absent uid is all zero.
struct fact_row {
    struct fact fact;
    unsigned char uid[UID_BYTES];
    int64_t account, given_by, import, about;
    struct str payload; // plain text; empty when there is none
};

void chain_commit(const struct fact_row *row, const unsigned char salt[VAULT_KEY], unsigned char out[CHAIN_HASH]);
void chain_next(unsigned char head[CHAIN_HASH], int64_t id, const unsigned char commitment[CHAIN_HASH]);

struct chain_report {
    int64_t facts, erased, transactions;
    int64_t first_bad; // the first fact whose commitment or whose chain does not hold; 0 none
    const char *fault; // in words, both languages by message table of the command line
    unsigned char head[CHAIN_HASH];
};
// Walk the whole chain. OK also when it does not hold: see the report.
tong_code chain_verify(struct db *db, const struct vault *v, struct chain_report *out, struct err *err) TONG_MUST_USE;

#endif
