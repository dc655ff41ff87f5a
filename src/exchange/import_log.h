// import_log.h -- what the store keeps about an import: that it was, what became of its rows, what was wrong with them.
//
// All that writes runs in the writer's thread, inside its transaction. Faults are kept in both languages; values of people do not stand in them (import_masked).
#ifndef TONG_EXCHANGE_IMPORT_LOG_H
#define TONG_EXCHANGE_IMPORT_LOG_H

#include "exchange/import.h"

typedef enum import_state {
    IMPORT_RUNNING,
    IMPORT_DONE,
    IMPORT_STOPPED,
    IMPORT_FAILED,
    IMPORT_UNDOING,
    IMPORT_UNDONE,
    IMPORT_STATE_COUNT
} import_state;
extern const struct record_word import_state_words[IMPORT_STATE_COUNT];

struct import_entry { // a row of `import`; texts in the arena given
    int64_t id, account;
    unsigned char uid[UID_BYTES];
    struct str format, name;
    int32_t state;
    utc_sec started, ended, undone;
    int64_t rows, taken, same, faulty;
};
// Begin one; *id is its number. CONFLICT: the uid is taken.
tong_code import_log_begin(struct db *db, const struct import_entry *e, int64_t *id, struct err *err) TONG_MUST_USE;
tong_code import_log_change(struct db *db, int64_t id, import_state state, utc_sec ended, const struct import_tally *t,
                            struct err *err) TONG_MUST_USE;
tong_code import_log_undone(struct db *db, int64_t id, import_state state, utc_sec at, struct err *err) TONG_MUST_USE;
// Imports that ran when the server stopped are called stopped.
tong_code import_log_sweep(struct db *db, utc_sec now, struct err *err) TONG_MUST_USE;

enum { IMPORT_FAULTS_MAX = 20000 }; // kept of one import; more are counted only
// One fault, as number n from 1. Nothing happens beyond IMPORT_FAULTS_MAX.
tong_code import_log_fault(struct db *db, int64_t import, int64_t n, const struct problem *p, struct arena *scratch,
                           struct err *err) TONG_MUST_USE;

// Reading. NOT_FOUND.
tong_code import_log_get(struct db *db, const unsigned char uid[UID_BYTES], struct arena *arena,
                         struct import_entry *out, struct err *err) TONG_MUST_USE;
// The newest below `below` (INT64_MAX: all), up to `room`; *count is how many.
tong_code import_log_list(struct db *db, int64_t below, struct import_entry *out, size_t room, size_t *count,
                          struct arena *arena, struct err *err) TONG_MUST_USE;
struct import_fault_row {
    int64_t n, line, column;
    struct str file, field;
    struct str slug;
    int32_t severity; // problem_severity
    struct label text, remedy;
};
tong_code import_log_faults(struct db *db, int64_t import, int64_t behind, struct import_fault_row *out, size_t room,
                            size_t *count, struct arena *arena, struct err *err) TONG_MUST_USE;

// Duplicates found by an import. Both numbers exist; the smaller goes first.
tong_code import_log_pair(struct db *db, int64_t a, int64_t b, int32_t score, uint32_t reasons, utc_sec found,
                          struct err *err) TONG_MUST_USE;
// The number of a person by uid; 0.
tong_code import_log_person(struct db *db, const unsigned char uid[UID_BYTES], int64_t *id,
                            struct err *err) TONG_MUST_USE;
// Everybody in the store, into the index. Reads all identities: some microseconds each.
tong_code duplicate_index_load(struct duplicate_index *d, struct db *db, const struct vault *vault,
                               struct err *err) TONG_MUST_USE;

// ---- undoing ----
struct import_undo_options {
    struct db *db; // a reader that sees what was committed
    int64_t import, account;
    utc_sec now;
    bool dry; // only count: `take` is not called
    import_take *take;
    bool (*progress)(void *payload, int64_t done); // may be NULL; false: stop here, the rest can be undone later
    void *payload;
};
struct import_undo_tally {
    int64_t retracted; // facts taken back
    int64_t people;    // people, places and gatherings taken back
    int64_t kept;      // described by it, but something else refers to them
    int64_t refused;   // taken back or corrected before
};
// Take back everything an import recorded, the last first; then those it described whom nothing else refers to. May be
// repeated. CONFLICT: stopped.
tong_code import_undo(const struct import_undo_options *o, struct import_undo_tally *out,
                      struct err *err) TONG_MUST_USE;

#endif
