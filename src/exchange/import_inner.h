// import_inner.h -- what the files of the import share: one session. Private to import*.c.
#ifndef TONG_EXCHANGE_IMPORT_INNER_H
#define TONG_EXCHANGE_IMPORT_INNER_H

#include "base/map.h"
#include "exchange/import.h"

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

struct import_session {
    const struct import_options *o;
    struct import_tally *tally;
    struct import_open open[IMPORT_FILES_MAX];
    struct import_maker maker;
    struct arena arena; // of the batch
    struct import_batch batch;
    struct import_pending pending[IMPORT_BATCH_ROWS];
    size_t pending_count;
    struct map *lines;   // key of a described person -> line, cases only: a number used twice
    struct map *digests; // key of a described person -> hash of what was said
    int64_t twins;       // people added to the index of duplicates by this import
    unsigned char (*twin_uids)[UID_BYTES];
    size_t twin_cap;
    bool stopped;
};

// Take what waits, account for its rows, begin the next batch.
tong_code import_flush(struct import_session *s, struct err *err) TONG_MUST_USE;
// A row is settled: its fate is counted, and told when there is something to tell.
void import_settle(struct import_session *s, const struct import_pending *row, import_fate fate);

// A place or a gathering of a row made whole: its uid, its parent, its kind. *ready false: its parent is not there yet.
tong_code import_place_finish(struct import_session *s, struct import_row *row, struct problem_list *problems,
                              struct problem_at at, bool *ready, struct err *err) TONG_MUST_USE;
tong_code import_gathering_finish(struct import_session *s, struct import_row *row, struct problem_list *problems,
                                  struct problem_at at, struct err *err) TONG_MUST_USE;

#endif
