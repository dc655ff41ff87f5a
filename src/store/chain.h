// chain.h -- the hash chain over the facts, and its proof.
//
// commitment = BLAKE2b-256(key: the subject's salt; the row's columns in a fixed form, the payload's plain text). A
// place or a gathering has the zero salt, and so has whatever is recorded about a person after their erasure: the vault
// alone decides. head(n) = BLAKE2b-256(head(n - 1), id, commitment), head(0) all zero; the head is stored once a
// transaction. After an erasure the salt is gone: the row's commitment can no longer be opened, but the chain over it
// still holds. That facts were cut off at the end, heads and all, only shows when an older head was written down
// elsewhere (`verify` prints it).
//
// The fixed form, little-endian, 128 bytes (one block of the hash) and the payload: a version byte (1); subject, kind
// (1 byte), happened, known, recorded, until (INT64_MIN: none); uid; account, given_by, import, link, replaces, about;
// name (4), value (4), signer (4), second (4); word, test, outcome, protection, flags, edition (1 each); the payload's
// bytes. The row's id is bound by the head.
#ifndef TONG_STORE_CHAIN_H
#define TONG_STORE_CHAIN_H

#include "base/lang.h"
#include "response/fact.h"
#include "store/db.h"
#include "store/uid.h"
#include "store/vault.h"

enum { CHAIN_HASH = 32 };

// A row of `fact`: the core's fact, and what the core does not need. Absent numbers are 0, an absent uid is all zero.
struct fact_row {
    struct fact fact;
    unsigned char uid[UID_BYTES];
    int64_t account, given_by, import, about;
    struct str payload; // plain text; empty when there is none
};

void chain_commit(const struct fact_row *row, const unsigned char salt[VAULT_KEY], unsigned char out[CHAIN_HASH]);
void chain_next(unsigned char head[CHAIN_HASH], int64_t id, const unsigned char commitment[CHAIN_HASH]);

typedef enum chain_fault {
    CHAIN_GOOD,
    CHAIN_FACT_CHANGED, // the row is not what was recorded
    CHAIN_HEAD_WRONG,   // the chain is broken: a row before was added, removed or moved
    CHAIN_HEAD_MISSING, // facts behind the last head
    CHAIN_FACT_MISSING, // a head for facts that are not there
    CHAIN_KEY_MISSING,  // a person's fact without the person's key: the vault is older than the database, or another's
    CHAIN_ERASED_HALF,  // the key is destroyed but the row is not blanked: an erasure was interrupted
    CHAIN_BLANKED,      // the row is blanked but the key is there: nobody erased this person
    CHAIN_FAULT_COUNT
} chain_fault;

struct chain_report {
    int64_t facts, erased, transactions; // erased: facts that are blanked
    int64_t bad;                         // facts that do not hold
    int64_t first_bad;                   // the first of them; 0 none
    chain_fault fault;                   // what is wrong with it
    unsigned char head[CHAIN_HASH];
};
const struct label *chain_fault_label(chain_fault fault);
// Walk the whole chain. OK also when it does not hold: see the report.
tong_code chain_verify(struct db *db, const struct vault *v, struct chain_report *out, struct err *err) TONG_MUST_USE;
// The same by several threads at once, each with a connection of its own to `where` and a part between two stored
// heads.
enum { CHAIN_THREADS_MAX = 16 };
tong_code chain_verify_at(const char *where, const struct vault *v, int32_t threads, struct chain_report *out,
                          struct err *err) TONG_MUST_USE;

// A row as the database has it, columns in the order of queries/chain_walk.sql; the payload as stored, borrowed.
struct chain_stored {
    struct fact_row row;
    struct str payload, commitment;
};
void chain_stored_read(struct db *db, sql_id id, struct chain_stored *out);

#endif
