// imports_job.h -- the imports a server has at hand: their files, their threads, their results. Private to imports*.c.
//
// A job belongs to whoever sent it. One thread works on a job at a time; requests look at it under the lock of all jobs.
#ifndef TONG_SERVICE_IMPORTS_JOB_H
#define TONG_SERVICE_IMPORTS_JOB_H

#include "exchange/import_job.h"
#include "service/service.h"

#include <pthread.h>

enum { IMPORTS_JOBS_MAX = 16, IMPORTS_KEPT_S = 3600 };
#define IMPORTS_BODY_MAX ((int64_t)1 << 30)

typedef enum imports_stage {
    IMPORTS_CHECKING, // the dry run goes on
    IMPORTS_CHECKED,  // its result is there: waits to be confirmed
    IMPORTS_RECORDING,
    IMPORTS_ENDED, // recorded, stopped or failed: result.state says which
    IMPORTS_UNDOING,
    IMPORTS_STAGE_COUNT
} imports_stage;
extern const struct record_word imports_stage_words[IMPORTS_STAGE_COUNT];

struct imports;
struct imports_job {
    struct imports *all;
    bool used, thread_runs, joinable, cancel, drop;
    unsigned char uid[UID_BYTES];
    int64_t account, confirmed_by, import; // import: its number once it is recorded
    utc_sec sent;
    imports_stage stage;
    struct arena arena; // name, mapping
    struct str name;
    import_format format;
    import_table table;
    char *body; // of a small file
    void *map;  // of a large one
    size_t body_bytes;
    struct import_mapping mapping; // by the user
    bool mapped;
    char source[64];
    civil_day today;
    int64_t scopes[GRANTS_MAX]; // places within which people must live
    size_t scope_count;         // 0: everywhere
    struct sink suggested;      // the mapping as text, with every column
    struct sink faulty;         // the faulty rows as CSV
    struct arena result_arena;
    struct import_job_result result; // of the last run
    struct import_tally progress;
    tong_code code; // of the last run as a whole
    char fault[240];
    struct import_undo_tally undone;
    pthread_t thread;
    struct db *reader; // of the thread
};

struct imports {
    struct service *service;
    pthread_mutex_t lock;
    struct imports_job job[IMPORTS_JOBS_MAX];
};

void imports_lock(struct imports *all);
void imports_unlock(struct imports *all);
// Under the lock.
struct imports_job *imports_find(struct imports *all, const unsigned char uid[UID_BYTES]); // NULL
// Room for a new one: the oldest that is done or forgotten gives way. NULL: all are at work.
struct imports_job *imports_new(struct imports *all, utc_sec now);
void imports_forget(struct imports_job *job);
void imports_let_go(struct imports_job *job); // its file, its faults and its faulty rows
struct str imports_job_text(const struct imports_job *job); // the file
// Start the thread on the next piece of work. False: no thread could be made.
bool imports_start(struct imports_job *job, imports_stage stage);

// Whose import it is: the sender's, or of somebody who may import everywhere.
bool imports_may(const struct request *rq, int64_t account);
// imports_columns.c: whose file it is by its header; what stands in its columns; what an undo would take back.
import_format imports_guess(struct str text);
tong_code imports_columns(struct request *rq, struct reply *rp, struct err *err);
tong_code imports_undo_preview(struct request *rq, struct reply *rp, struct err *err);

#endif
