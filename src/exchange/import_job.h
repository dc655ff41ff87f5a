// import_job.h -- one import from beginning to end, as the command line and the server run it: entered in the store, taken in
// batches, its faults and probable duplicates written down, its faulty rows handed out as a file that can be repaired.
#ifndef TONG_EXCHANGE_IMPORT_JOB_H
#define TONG_EXCHANGE_IMPORT_JOB_H

#include "exchange/import_log.h"

// Whoever has the writer.
struct import_host {
    import_take *take;
    // Run this inside a transaction of the writer.
    tong_code (*call)(void *payload, tong_code (*run)(struct db *db, void *what, struct err *err), void *what,
                      struct err *err);
    // Tells how far it is, after each batch; false: stop. May be NULL.
    import_progress *progress;
    // Where the faulty rows of a file go, as CSV with two more columns; NULL: nowhere. May be NULL. Called once a file.
    struct sink *(*faulty)(void *payload, size_t file);
    void *payload;
};

struct import_job_options {
    struct import_options import; // without its callbacks and number
    unsigned char uid[UID_BYTES]; // of the import
    const char *name;             // how people call it
    bool dry;                     // nothing is recorded, not even that it was tried
    bool twins;                   // look for duplicates in the store: its people are read first
    struct import_host host;
};

struct import_job_fault {
    int64_t line, column;
    const char *file, *field, *slug;
    int32_t severity;
    struct label text, remedy;
};
struct import_job_result {
    int64_t import; // its number; 0 of a dry run
    import_state state;
    struct import_tally tally;
    struct import_job_fault *faults; // the first IMPORT_FAULTS_MAX, those of the files as a whole too; in the arena
    size_t fault_count;
    int64_t faults_dropped;
};
// Everything returned lives in `arena`. OK also when it was stopped, or the files cannot be used (state FAILED): the result
// says so. An error when the store failed.
tong_code import_job(const struct import_job_options *o, struct arena *arena, struct import_job_result *out,
                     struct err *err) TONG_MUST_USE;

// One line of what is wrong with a row, for the column of the file of faulty rows: in both languages.
void import_faulty_row(struct sink *out, const struct import_told *row);
// The header of such a file.
void import_faulty_header(struct sink *out, const struct import_told *row);

// Which table each file of a Go.Data folder is, by its name: "cases_clean.csv". IMPORT_TABLE_COUNT: none that is imported.
import_table import_godata_table(const char *file);

#endif
