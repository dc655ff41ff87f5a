// import_inner.h -- what the files of the import share: one session. Private to import*.c.
#ifndef TONG_EXCHANGE_IMPORT_INNER_H
#define TONG_EXCHANGE_IMPORT_INNER_H

#include "base/map.h"
#include "exchange/import.h"

#include <pthread.h>

struct import_pending { // a row whose commands wait
    size_t file;
    int64_t index, line; // of the file's rows, from 0
    size_t first, count; // of the batch's commands
    bool may_be_there;   // something of it is in the store perhaps
    struct problem_list problems;
    struct str *cells;
    size_t cell_count;
};

struct import_open { // a file that is being imported
    struct import_reader *reader;
    import_table table;
    struct zone zone;    // of the mapping, when it names one
    unsigned char *fate; // of each row: import_fate
    int64_t rows;
    int32_t date_field[LINE_DATE_COUNT]; // fields of a case's dates
    int32_t date_column[LINE_DATE_COUNT];
};

struct import_half { // a batch: of two, one is being made while the other is recorded
    struct arena arena;
    struct import_batch batch;
    struct import_pending pending[IMPORT_BATCH_ROWS];
    size_t pending_count;
    struct import_pair *pairs; // of its rows: told once the people are in the store
    size_t pair_count, pair_cap;
    const struct import_options *o;
    struct intake_outcome *out; // of the commands
    pthread_t thread;
    bool away, threaded; // handed over to be recorded; by a thread of its own
    tong_code code;      // what came of it
    struct err err;
};

struct import_session {
    const struct import_options *o;
    struct import_tally *tally;
    struct import_open open[IMPORT_FILES_MAX];
    struct import_maker maker;
    struct import_half halves[2];
    struct import_half *half; // the one that is being made
    struct map *lines;   // key of a described person -> line, cases only: a number used twice
    struct map *digests; // key of a described person -> hash of what was said
    int64_t twins;       // people added to the index of duplicates by this import
    unsigned char (*twin_uids)[UID_BYTES];
    size_t twin_cap;
    bool stopped;
    bool snapshots; // the reader is ours to hold
};

// What the rows of a batch ask the store is asked of one snapshot, so that no question takes locks of its own; it ends with
// the batch, for what is recorded must be seen.
tong_code import_look(struct import_session *s, struct err *err) TONG_MUST_USE;
void import_look_end(struct import_session *s);

// Hand what waits over to be recorded, account for the rows of the batch before, begin the next one.
tong_code import_flush(struct import_session *s, struct err *err) TONG_MUST_USE;
// All of it is recorded and accounted for.
tong_code import_flush_all(struct import_session *s, struct err *err) TONG_MUST_USE;
void import_half_begin(struct import_session *s); // empty
void import_half_wait(struct import_session *s);  // until nothing is being recorded
// A row is settled: its fate is counted, and told when there is something to tell.
void import_settle(struct import_session *s, const struct import_pending *row, import_fate fate);

// A place or a gathering of a row made whole: its uid, its parent, its kind. *ready false: its parent is not there yet.
tong_code import_place_finish(struct import_session *s, struct import_row *row, struct problem_list *problems,
                              struct problem_at at, bool *ready, struct err *err) TONG_MUST_USE;
tong_code import_gathering_finish(struct import_session *s, struct import_row *row, struct problem_list *problems,
                                  struct problem_at at, struct err *err) TONG_MUST_USE;

#endif
