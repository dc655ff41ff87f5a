// writer.h -- the one thread that writes: commands wait in a bounded queue and are committed in groups.
//
// The thread takes all that waits (up to WRITER_GROUP_MAX commands), has it committed in one transaction, tells the
// feed, and wakes those who wait: none is answered before its change is durable. Each second it lets time pass
// (intake_advance).
//
// When the queue is full, and when the database fails, the answer is TONG_E_IO, which becomes a 503 with Retry-After:
// nothing was recorded, and the same command may be sent again. The next group tries again by itself.
#ifndef TONG_SERVICE_WRITER_H
#define TONG_SERVICE_WRITER_H

#include "intake/intake.h"

struct writer;
struct service;

enum {
    WRITER_QUEUE_MAX = 4096,      // jobs that may wait
    WRITER_COMMANDS_MAX = 100000, // commands that may wait, all jobs together
    WRITER_GROUP_MAX = 2000,      // commands in one transaction
    WRITER_POST_BYTES = 256,      // a posted note's size
};

// `still`: no thread; jobs run in the caller's thread, under a lock (tests, fuzz targets).
tong_code writer_open(struct service *s, bool still, struct writer **out, struct err *err) TONG_MUST_USE;
void writer_close(struct writer *w); // what waits is still written; NULL is allowed

// Record commands, and wait until they are durable. out[i].code says what became of each (IO: not now, it may be sent
// again); the call's own result is IO when nothing was recorded. Texts and out[i].problems stay the caller's.
tong_code writer_take(struct writer *w, const struct command *commands, size_t count, struct intake_outcome *out,
                      struct err *err) TONG_MUST_USE;
// What would follow, without recording it.
tong_code writer_preview(struct writer *w, const struct command *commands, size_t count, struct intake_outcome *out,
                         intake_listener *listener, void *payload, struct err *err) TONG_MUST_USE;

// Rows that are no facts (accounts, sessions, imports): `run` is called in the writer's thread inside a transaction,
// which is committed when it returns OK. Several may share a transaction; when one of them fails each is run again
// alone, so `run` must set its results anew each time. OK: durable. Anything else is what `run` returned, or IO.
typedef tong_code writer_run(struct db *db, void *payload, struct err *err);
tong_code writer_call(struct writer *w, writer_run *run, void *payload, struct err *err) TONG_MUST_USE;
// The same without waiting, with up to WRITER_POST_BYTES copied ("seen", "looked at"): written within a second. False
// when the queue is full. What was posted in the last second is lost when the power fails.
bool writer_post(struct writer *w, writer_run *run, const void *payload, size_t bytes) TONG_MUST_USE;
// Work for the writer's thread with the intake itself, alone, in no transaction (undoing an import, erasing).
typedef tong_code writer_work(struct intake *intake, void *payload, struct err *err);
tong_code writer_do(struct writer *w, writer_work *work, void *payload, struct err *err) TONG_MUST_USE;
// Let time pass to the service's now. The thread does it each second by itself.
tong_code writer_advance(struct writer *w, struct err *err) TONG_MUST_USE;

struct writer_state {
    size_t jobs, commands; // waiting
    bool good;             // the last group was committed
    int64_t groups, taken, failed;
    utc_sec advanced; // up to where time has passed
};
void writer_look(struct writer *w, struct writer_state *out);

#endif
