#include "service/writer.h"

#include "service/metrics.h"
#include "service/service.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WRITER_NOTES_MAX = 4096, WRITER_STACK = 8 << 20 };

typedef enum job_kind { JOB_TAKE, JOB_PREVIEW, JOB_CALL, JOB_WORK, JOB_ADVANCE } job_kind;

// A job lives on the stack of who waits for it.
struct job {
    job_kind kind;
    const struct command *commands;
    size_t count;
    struct intake_outcome *out;
    intake_listener *listener;
    writer_run *run;
    writer_work *work;
    void *payload;
    tong_code code;
    struct err err;
    sem_t done;
    struct job *next;
};

struct note {
    writer_run *run;
    unsigned char bytes[WRITER_POST_BYTES];
};

struct writer {
    struct service *service;
    bool still;
    pthread_t thread;
    pthread_mutex_t lock; // all below, but the buffers of the group
    pthread_cond_t wake;
    struct job *first, *last;
    size_t jobs, commands;
    bool stopping;
    struct writer_state state;
    struct note *notes; // a ring
    size_t note_first, note_count;
    // Of the writing thread alone (`still`: of whoever holds `turn`).
    int64_t swept; // when the lists were last swept
    pthread_mutex_t turn;
    struct command *group;
    struct intake_outcome *outcomes;
    struct note *taken;
};

static int64_t writer_clock(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// ---- running a group ----

static void writer_said(struct writer *w, tong_code code, const struct err *err)
{
    (void)pthread_mutex_lock(&w->lock);
    bool was = w->state.good;
    w->state.good = code == TONG_OK;
    if (code != TONG_OK) w->state.failed++;
    (void)pthread_mutex_unlock(&w->lock);
    if (code != TONG_OK) {
        metrics_group_failed(w->service->metrics);
        log_line(&w->service->log, was ? LOG_ERROR : LOG_DEBUG, "store_failed", "code=%s error=\"%s\"", err_slug(code),
                 err->text);
    } else if (!was) {
        log_line(&w->service->log, LOG_WARN, "store_back", "groups=%" PRId64, w->state.groups);
    }
}

static void job_end(struct job *job, tong_code code, const struct err *err)
{
    job->code = code;
    if (code != TONG_OK && err != NULL) job->err = *err;
    (void)sem_post(&job->done); // the job is gone from here on
}

// A group that failed as a whole says "not now" to everybody, whatever the reason was: nothing was recorded.
static void job_fail(struct job *job, const struct err *err)
{
    job->err = *err;
    job->err.code = TONG_E_IO;
    job_end(job, TONG_E_IO, NULL);
}

// A command that was stopped by the machine (the disk is full, memory is short) and not refused with a reason: "not
// now", and a sign that the store is unwell. True when there was one.
static bool take_stopped(struct intake_outcome *out, size_t count)
{
    bool stopped = false;
    for (size_t i = 0; i < count; i++) {
        bool reason = out[i].problems != NULL && out[i].problems->count > 0;
        if ((out[i].code != TONG_E_LIMIT && out[i].code != TONG_E_IO && out[i].code != TONG_E_NOMEM) || reason)
            continue;
        out[i].code = TONG_E_IO;
        stopped = true;
    }
    return stopped;
}

static tong_code take_commands(struct writer *w, const struct command *commands, size_t count,
                               struct intake_outcome *out, struct err *err)
{
    int64_t began = writer_clock();
    tong_code code = intake_take(w->service->intake, commands, count, out, err);
    if (code == TONG_OK) metrics_group(w->service->metrics, count, writer_clock() - began);
    writer_said(w, code == TONG_OK && take_stopped(out, count) ? TONG_E_IO : code, err);
    if (code != TONG_OK) return code;
    service_book_changed(w->service);
    (void)pthread_mutex_lock(&w->lock);
    w->state.groups++;
    w->state.taken += (int64_t)count;
    (void)pthread_mutex_unlock(&w->lock);
    return TONG_OK;
}

static void take_alone(struct writer *w, struct job *job)
{
    struct err err = {0};
    tong_code code = take_commands(w, job->commands, job->count, job->out, &err);
    if (code == TONG_OK) job_end(job, TONG_OK, NULL);
    else job_fail(job, &err);
}

// All commands of a list of jobs in one transaction. When that fails for another reason than the disk or the database,
// one command may be to blame (a fault of ours): each job is then taken alone, so that it harms nobody else.
static void take_together(struct writer *w, struct job *jobs, size_t count)
{
    struct err err = {0};
    size_t n = 0;
    if (jobs == NULL) return;
    if (jobs->next == NULL) {
        take_alone(w, jobs);
        return;
    }
    for (struct job *job = jobs; job != NULL; job = job->next)
        for (size_t i = 0; i < job->count; i++, n++) {
            w->group[n] = job->commands[i];
            w->outcomes[n] = job->out[i];
        }
    assert(n == count);
    tong_code code = take_commands(w, w->group, n, w->outcomes, &err);
    n = 0;
    for (struct job *job = jobs, *next; job != NULL; job = next) {
        next = job->next;
        if (code == TONG_OK) {
            memcpy(job->out, w->outcomes + n, job->count * sizeof job->out[0]);
            n += job->count;
            job_end(job, TONG_OK, NULL);
        } else if (code == TONG_E_IO || code == TONG_E_LIMIT) {
            job_fail(job, &err);
        } else {
            take_alone(w, job);
        }
    }
}

static tong_code call_once(struct writer *w, writer_run *run, void *payload, struct err *err)
{
    struct db *db = w->service->write_db;
    tong_code code = db_begin(db, err);
    if (code != TONG_OK) return TONG_E_IO;
    code = run(db, payload, err);
    if (code == TONG_OK) return db_commit(db, err) == TONG_OK ? TONG_OK : TONG_E_IO;
    db_rollback(db);
    return code;
}

static tong_code call_all(struct writer *w, struct job *jobs, size_t notes, struct err *err)
{
    struct db *db = w->service->write_db;
    tong_code code = db_begin(db, err);
    if (code != TONG_OK) return code;
    for (struct job *job = jobs; job != NULL && code == TONG_OK; job = job->next)
        code = job->run(db, job->payload, err);
    for (size_t i = 0; i < notes && code == TONG_OK; i++) code = w->taken[i].run(db, w->taken[i].bytes, err);
    if (code == TONG_OK) return db_commit(db, err);
    db_rollback(db);
    return code;
}

static void call_together(struct writer *w, struct job *jobs, size_t notes)
{
    struct err err = {0};
    if (jobs == NULL && notes == 0) return;
    tong_code all = call_all(w, jobs, notes, &err);
    if (all == TONG_OK || all == TONG_E_IO || all == TONG_E_LIMIT) writer_said(w, all, &err);
    for (struct job *job = jobs, *next; job != NULL; job = next) {
        struct err own = {0};
        next = job->next;
        tong_code code = all == TONG_OK ? TONG_OK : call_once(w, job->run, job->payload, &own);
        if (code == TONG_OK) job_end(job, TONG_OK, NULL);
        else job_end(job, code, &own);
    }
    for (size_t i = 0; i < notes && all != TONG_OK; i++) {
        struct err own = {0};
        tong_code code = call_once(w, w->taken[i].run, w->taken[i].bytes, &own);
        if (code != TONG_OK)
            log_line(&w->service->log, LOG_ERROR, "note_lost", "code=%s error=\"%s\"", err_slug(code), own.text);
    }
}

// Once an hour what was closed long ago leaves the lists.
static void writer_sweep(struct writer *w, utc_sec now)
{
    enum { HOUR = 3600 };
    if (now.s < w->swept + HOUR) return;
    w->swept = now.s;
    roll_write_begin(w->service->roll);
    roll_sweep(w->service->roll, now);
    roll_write_end(w->service->roll);
}

static void work_alone(struct writer *w, struct job *job)
{
    struct err err = {0};
    tong_code code = TONG_OK;
    if (job->kind == JOB_PREVIEW) {
        code =
            intake_preview(w->service->intake, job->commands, job->count, job->out, job->listener, job->payload, &err);
    } else if (job->kind == JOB_WORK) {
        code = job->work(w->service->intake, job->payload, &err);
        service_book_changed(w->service);
    } else {
        code = intake_advance(w->service->intake, service_now(w->service), &err);
        writer_said(w, code, &err);
        utc_sec now = intake_now(w->service->intake);
        service_book_changed(w->service);
        writer_sweep(w, now);
        (void)pthread_mutex_lock(&w->lock);
        w->state.advanced = now;
        (void)pthread_mutex_unlock(&w->lock);
    }
    job_end(job, code, &err);
}

static void job_push(struct job **list, struct job ***end, struct job *job)
{
    if (*list == NULL) *end = list;
    **end = job;
    job->next = NULL;
    *end = &job->next;
}

// Who waits waits for their own job alone, so jobs of one kind may go together; within a kind the order is kept.
static void writer_group(struct writer *w, struct job *jobs, size_t notes)
{
    struct job *takes = NULL, *calls = NULL, *others = NULL, **take_end = NULL, **call_end = NULL, **other_end = NULL;
    size_t commands = 0;
    for (struct job *job = jobs, *next; job != NULL; job = next) {
        next = job->next;
        if (job->kind == JOB_TAKE) {
            job_push(&takes, &take_end, job);
            commands += job->count;
        } else if (job->kind == JOB_CALL) {
            job_push(&calls, &call_end, job);
        } else {
            job_push(&others, &other_end, job);
        }
    }
    call_together(w, calls, notes);
    take_together(w, takes, commands);
    for (struct job *job = others, *next; job != NULL; job = next) {
        next = job->next;
        work_alone(w, job);
    }
}

// ---- the queue ----

// Under the lock: jobs from the front, as many commands as one transaction takes (a larger job goes alone).
static struct job *queue_take(struct writer *w)
{
    struct job *first = w->first, *end = NULL;
    size_t commands = 0;
    for (struct job *job = first; job != NULL; job = job->next) {
        if (end != NULL && commands + job->count > WRITER_GROUP_MAX) break;
        commands += job->count;
        w->jobs--;
        w->commands -= job->count;
        end = job;
    }
    if (end == NULL) return NULL;
    w->first = end->next;
    if (w->first == NULL) w->last = NULL;
    end->next = NULL;
    return first;
}

static size_t queue_take_notes(struct writer *w)
{
    size_t n = w->note_count;
    for (size_t i = 0; i < n; i++) w->taken[i] = w->notes[(w->note_first + i) % WRITER_NOTES_MAX];
    w->note_first = (w->note_first + n) % WRITER_NOTES_MAX;
    w->note_count = 0;
    return n;
}

static void writer_tick(struct writer *w)
{
    struct job job = {.kind = JOB_ADVANCE};
    if (sem_init(&job.done, 0, 0) != 0) return;
    work_alone(w, &job);
    (void)sem_destroy(&job.done);
}

// So many notes that they cannot wait for the second to end.
static bool writer_notes_press(const struct writer *w)
{
    return w->note_count >= WRITER_NOTES_MAX / 2;
}

static void *writer_thread(void *payload)
{
    struct writer *w = payload;
    int64_t next_tick = writer_clock();
    bool running = true;
    while (running) {
        (void)pthread_mutex_lock(&w->lock);
        while (w->first == NULL && !w->stopping && !writer_notes_press(w) && writer_clock() < next_tick) {
            struct timespec until = {.tv_sec = next_tick / 1000000000, .tv_nsec = next_tick % 1000000000};
            if (pthread_cond_timedwait(&w->wake, &w->lock, &until) == ETIMEDOUT) break;
        }
        struct job *jobs = queue_take(w);
        size_t notes = queue_take_notes(w);
        running = !(w->stopping && w->first == NULL);
        (void)pthread_mutex_unlock(&w->lock);
        writer_group(w, jobs, notes);
        if (running && writer_clock() >= next_tick) {
            writer_tick(w);
            next_tick = writer_clock() + 1000000000;
        }
    }
    return NULL;
}

static tong_code queue_put(struct writer *w, struct job *job, struct err *err)
{
    (void)pthread_mutex_lock(&w->lock);
    bool full = w->jobs >= WRITER_QUEUE_MAX || w->commands + job->count > WRITER_COMMANDS_MAX || w->stopping;
    if (!full) {
        if (w->last == NULL) w->first = job;
        else w->last->next = job;
        w->last = job;
        w->jobs++;
        w->commands += job->count;
        (void)pthread_cond_signal(&w->wake);
    }
    (void)pthread_mutex_unlock(&w->lock);
    return full ? tong_fail(err, TONG_E_IO, "the writer's queue is full") : TONG_OK;
}

static tong_code writer_wait(struct writer *w, struct job *job, struct err *err)
{
    if (sem_init(&job->done, 0, 0) != 0) return tong_fail(err, TONG_E_IO, "semaphore");
    if (w->still) {
        (void)pthread_mutex_lock(&w->turn);
        (void)pthread_mutex_lock(&w->lock);
        size_t notes = queue_take_notes(w);
        (void)pthread_mutex_unlock(&w->lock);
        writer_group(w, job, notes);
        (void)pthread_mutex_unlock(&w->turn);
    } else {
        tong_code code = queue_put(w, job, err);
        if (code != TONG_OK) {
            (void)sem_destroy(&job->done);
            return code;
        }
    }
    while (sem_wait(&job->done) != 0 && errno == EINTR) {
    }
    (void)sem_destroy(&job->done);
    if (job->code != TONG_OK && err != NULL) *err = job->err;
    return job->code;
}

// ---- what others call ----

tong_code writer_take(struct writer *w, const struct command *commands, size_t count, struct intake_outcome *out,
                      struct err *err)
{
    if (count == 0) return TONG_OK;
    if (count > WRITER_COMMANDS_MAX) return tong_fail(err, TONG_E_LIMIT, "%zu commands at once", count);
    struct job job = {.kind = JOB_TAKE, .commands = commands, .count = count, .out = out};
    return writer_wait(w, &job, err);
}

tong_code writer_preview(struct writer *w, const struct command *commands, size_t count, struct intake_outcome *out,
                         intake_listener *listener, void *payload, struct err *err)
{
    if (count > WRITER_COMMANDS_MAX) return tong_fail(err, TONG_E_LIMIT, "%zu commands at once", count);
    struct job job = {.kind = JOB_PREVIEW,
                      .commands = commands,
                      .count = count,
                      .out = out,
                      .listener = listener,
                      .payload = payload};
    return writer_wait(w, &job, err);
}

tong_code writer_call(struct writer *w, writer_run *run, void *payload, struct err *err)
{
    struct job job = {.kind = JOB_CALL, .run = run, .payload = payload};
    return writer_wait(w, &job, err);
}

tong_code writer_do(struct writer *w, writer_work *work, void *payload, struct err *err)
{
    struct job job = {.kind = JOB_WORK, .work = work, .payload = payload};
    return writer_wait(w, &job, err);
}

tong_code writer_advance(struct writer *w, struct err *err)
{
    struct job job = {.kind = JOB_ADVANCE};
    return writer_wait(w, &job, err);
}

bool writer_post(struct writer *w, writer_run *run, const void *payload, size_t bytes)
{
    assert(bytes <= WRITER_POST_BYTES);
    (void)pthread_mutex_lock(&w->lock);
    bool room = w->note_count < WRITER_NOTES_MAX && !w->stopping;
    if (room) {
        struct note *note = &w->notes[(w->note_first + w->note_count++) % WRITER_NOTES_MAX];
        note->run = run;
        memcpy(note->bytes, payload, bytes);
        if (writer_notes_press(w)) (void)pthread_cond_signal(&w->wake);
    }
    (void)pthread_mutex_unlock(&w->lock);
    return room;
}

void writer_look(struct writer *w, struct writer_state *out)
{
    (void)pthread_mutex_lock(&w->lock);
    *out = w->state;
    out->jobs = w->jobs;
    out->commands = w->commands;
    (void)pthread_mutex_unlock(&w->lock);
}

tong_code writer_open(struct service *s, bool still, struct writer **out, struct err *err)
{
    pthread_condattr_t clock;
    pthread_attr_t attributes;
    struct writer *w = calloc(1, sizeof *w);
    if (w == NULL) return tong_fail(err, TONG_E_NOMEM, "writer");
    w->service = s;
    w->still = still;
    w->state.good = true;
    w->state.advanced = intake_now(s->intake);
    w->group = calloc(WRITER_GROUP_MAX, sizeof w->group[0]);
    w->outcomes = calloc(WRITER_GROUP_MAX, sizeof w->outcomes[0]);
    w->notes = calloc(WRITER_NOTES_MAX, sizeof w->notes[0]);
    w->taken = calloc(WRITER_NOTES_MAX, sizeof w->taken[0]);
    (void)pthread_mutex_init(&w->lock, NULL);
    (void)pthread_mutex_init(&w->turn, NULL);
    (void)pthread_condattr_init(&clock);
    (void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&w->wake, &clock);
    (void)pthread_condattr_destroy(&clock);
    bool good = w->group != NULL && w->outcomes != NULL && w->notes != NULL && w->taken != NULL;
    if (good && !still) {
        (void)pthread_attr_init(&attributes);
        (void)pthread_attr_setstacksize(&attributes, WRITER_STACK);
        good = pthread_create(&w->thread, &attributes, writer_thread, w) == 0;
        (void)pthread_attr_destroy(&attributes);
        if (!good) w->still = true; // nothing to join
    }
    if (!good) {
        writer_close(w);
        return tong_fail(err, TONG_E_NOMEM, "writer");
    }
    *out = w;
    return TONG_OK;
}

void writer_close(struct writer *w)
{
    if (w == NULL) return;
    (void)pthread_mutex_lock(&w->lock);
    w->stopping = true;
    (void)pthread_cond_signal(&w->wake);
    (void)pthread_mutex_unlock(&w->lock);
    if (!w->still) {
        (void)pthread_join(w->thread, NULL);
    } else if (w->notes != NULL && w->taken != NULL) {
        size_t notes = queue_take_notes(w);
        call_together(w, NULL, notes);
    }
    (void)pthread_cond_destroy(&w->wake);
    (void)pthread_mutex_destroy(&w->lock);
    (void)pthread_mutex_destroy(&w->turn);
    free(w->group);
    free(w->outcomes);
    free(w->notes);
    free(w->taken);
    free(w);
}
