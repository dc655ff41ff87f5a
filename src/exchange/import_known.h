// import_known.h -- who and what an import knows already: from its own rows so far, and from the store.
//
// The same row must mean the same person, place and fact whenever it is imported, so uids are made of what the other system
// calls them: a keyed hash of the system's name and its number; of a person without a number, of what identifies them. Facts
// hash their person, what they are in the row (line_facts.h: slot) and, where a row may say the same more than once, what
// tells them apart. A row imported again thus makes the same uids, and intake answers that it has them.
#ifndef TONG_EXCHANGE_IMPORT_KNOWN_H
#define TONG_EXCHANGE_IMPORT_KNOWN_H

#include "base/arena.h"
#include "store/db.h"
#include "store/person.h"
#include "store/vault.h"

struct import_known;
// `db` (a reader) and `vault` may both be NULL: then only the import's own rows are known. `source` names the other system.
struct import_known *import_known_open(struct db *db, const struct vault *vault, const char *source); // NULL: no memory
void import_known_close(struct import_known *k);                                                      // NULL is allowed
void import_known_source(struct import_known *k, const char *source);

void import_uid_of(const struct import_known *k, const char *kind, struct str id, unsigned char uid[UID_BYTES]);
// Version 0 is the fact as first imported, 1 its first correction ...; `extra` may be empty.
void import_uid_of_fact(const struct import_known *k, const unsigned char subject[UID_BYTES], const char *slot,
                        struct str extra, int32_t version, unsigned char uid[UID_BYTES]);

struct import_who {
    unsigned char uid[UID_BYTES];
    bool seen;                   // an earlier row of this import described them
    bool here;                   // they are in the store
    struct person_record record; // as the store has it, in the arena given; when here
};
// Whom a row describes: by our own uid (when `own`), else by the other system's number, else by the number of a document,
// else by name, birth, telephone and address. IO, NOMEM.
tong_code import_known_person(struct import_known *k, const struct person_record *p, struct str outside,
                              struct arena *arena, struct import_who *out, struct err *err) TONG_MUST_USE;
// The store's record of a person whom this import has described and who is committed by now.
tong_code import_known_again(struct import_known *k, struct arena *arena, struct import_who *who,
                             struct err *err) TONG_MUST_USE;

typedef enum import_sort { IMPORT_A_PERSON, IMPORT_A_PLACE, IMPORT_A_GATHERING } import_sort;
// From now on `id` (a number of the other system, a label people use, or our uid in text) means this uid. A label that two
// people have means nobody. False: no memory.
bool import_known_put(struct import_known *k, import_sort sort, struct str id, bool label,
                      const unsigned char uid[UID_BYTES]) TONG_MUST_USE;
// What a row refers to by this number, label or uid. IO.
tong_code import_known_refer(struct import_known *k, import_sort sort, struct str id, unsigned char uid[UID_BYTES],
                             bool *found, struct err *err) TONG_MUST_USE;
// Was this fact taken back by undoing the import it came from? Then it may be imported again, as another version; what
// somebody took back by hand may not.
tong_code import_known_undone(struct import_known *k, const unsigned char uid[UID_BYTES], bool *undone,
                              struct err *err) TONG_MUST_USE;
// The uid of the retraction by which an import is undone.
void import_uid_of_undo(int64_t import, int64_t fact, unsigned char uid[UID_BYTES]);
// Is a fact with this uid in the store, and was not undone? Without a store: no.
tong_code import_known_fact(struct import_known *k, const unsigned char uid[UID_BYTES], bool *found,
                            struct err *err) TONG_MUST_USE;

#endif
