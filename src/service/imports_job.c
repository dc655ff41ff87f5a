#include "service/imports_job.h"

#include "service/imports.h"
#include "store/import_file.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

const struct record_word imports_stage_words[IMPORTS_STAGE_COUNT] = {
    [IMPORTS_CHECKING] = {"checking", LABEL("being checked", "检查中")},
    [IMPORTS_CHECKED] = {"checked", LABEL("checked, waits to be confirmed", "已检查，待确认")},
    [IMPORTS_RECORDING] = {"recording", LABEL("being recorded", "导入中")},
    [IMPORTS_ENDED] = {"ended", LABEL("ended", "已结束")},
    [IMPORTS_UNDOING] = {"undoing", LABEL("being undone", "撤销中")},
};

enum imports_fault { IMPORTS_F_SCOPE, IMPORTS_FAULT_COUNT };
static const struct message imports_message[IMPORTS_FAULT_COUNT] = {
    [IMPORTS_F_SCOPE] = {"import-scope", PROBLEM_ERROR,
                         LABEL("it is not said where they live, or not in a place you look after",
                               "未填写现住场所，或不在您的管辖范围内"),
                         LABEL("give a place within your scope, or ask somebody who imports for all of it",
                               "请填写您管辖范围内的场所，或请有更大管辖范围的人员导入")},
};

void imports_lock(struct imports *all)
{
    int failed = pthread_mutex_lock(&all->lock);
    assert(failed == 0);
    (void)failed;
}

void imports_unlock(struct imports *all)
{
    int failed = pthread_mutex_unlock(&all->lock);
    assert(failed == 0);
    (void)failed;
}

struct imports_job *imports_find(struct imports *all, const unsigned char uid[UID_BYTES])
{
    for (size_t i = 0; i < IMPORTS_JOBS_MAX; i++)
        if (all->job[i].used && memcmp(all->job[i].uid, uid, UID_BYTES) == 0) return &all->job[i];
    return NULL;
}

static void imports_drop_file(struct imports_job *job)
{
    free(job->body);
    if (job->map != NULL) (void)munmap(job->map, job->body_bytes);
    job->body = NULL;
    job->map = NULL;
}

void imports_let_go(struct imports_job *job)
{
    if (job->thread_runs) {
        job->drop = true;
        return;
    }
    if (job->stage == IMPORTS_CHECKED) {
        job->stage = IMPORTS_ENDED;
        job->result.state = IMPORT_STOPPED;
    }
    imports_drop_file(job);
    sink_close(&job->suggested);
    sink_close(&job->faulty);
    job->suggested = job->faulty = (struct sink){0};
    job->result.fault_count = 0;
    job->result.faults = NULL;
    arena_free(&job->result_arena);
    job->drop = false;
}

void imports_erased(struct service *s)
{
    struct imports *all = s->part[PART_IMPORTS];
    imports_lock(all);
    for (size_t i = 0; i < IMPORTS_JOBS_MAX; i++)
        if (all->job[i].used) imports_let_go(&all->job[i]);
    imports_unlock(all);
}

// The thread has ended, or is about to: it holds no lock any more that is wanted here.
static void imports_join(struct imports_job *job)
{
    if (job->joinable) (void)pthread_join(job->thread, NULL);
    job->joinable = false;
}

void imports_forget(struct imports_job *job)
{
    assert(!job->thread_runs);
    imports_join(job);
    imports_drop_file(job);
    sink_close(&job->suggested);
    sink_close(&job->faulty);
    arena_free(&job->arena);
    arena_free(&job->result_arena);
    struct imports *all = job->all;
    memset(job, 0, sizeof *job);
    job->all = all;
}

struct imports_job *imports_new(struct imports *all, utc_sec now)
{
    struct imports_job *oldest = NULL;
    for (size_t i = 0; i < IMPORTS_JOBS_MAX; i++) {
        struct imports_job *job = &all->job[i];
        if (job->used && !job->thread_runs && job->sent.s + IMPORTS_KEPT_S < now.s) imports_forget(job);
        if (!job->used) return job;
        bool idle = !job->thread_runs && (job->stage == IMPORTS_ENDED || job->stage == IMPORTS_CHECKED);
        if (idle && (oldest == NULL || job->sent.s < oldest->sent.s)) oldest = job;
    }
    if (oldest != NULL) imports_forget(oldest);
    return oldest;
}

// ---- whose people: an import for a part of the places ----

static bool job_within(const struct imports_job *job, int64_t place)
{
    struct roll *roll = job->all->service->roll;
    bool within = false;
    roll_read_begin(roll);
    for (size_t i = 0; i < job->scope_count && !within; i++)
        within = place != 0 && roll_place_within(roll, place, job->scopes[i]);
    roll_read_end(roll);
    return within;
}

static tong_code job_number(struct db *db, sql_id q, const unsigned char uid[UID_BYTES], int64_t *id, struct err *err)
{
    *id = 0;
    const struct db_value in[] = {DB_B(((struct str){(const char *)uid, UID_BYTES}))};
    tong_code code = db_ask(db, q, in, 1, err);
    if (code != TONG_OK) return code;
    if (db_next(db, q)) *id = db_int(db, q, 0, 0);
    return db_done(db, q, err);
}

// Where a person lives by what is written of them now; a record that names no place lives nowhere that is looked after.
static tong_code job_place_of(struct imports_job *job, const struct command *c, int64_t *place, struct err *err)
{
    unsigned char uid[UID_BYTES];
    struct str where = c->kind == COMMAND_PERSON      ? c->person->place
                       : c->kind == COMMAND_GATHERING ? c->gathering->place
                                                      : c->place->parent;
    *place = 0;
    if (where.n == 0 || !uid_parse(where, uid)) return TONG_OK;
    return job_number(job->reader, sql_import_place_by_uid, uid, place, err);
}

static bool job_reaches(struct imports_job *job, int64_t id)
{
    roll_read_begin(job->all->service->roll);
    int64_t place = id == 0 ? 0 : roll_place_of(job->all->service->roll, id);
    roll_read_end(job->all->service->roll);
    return id != 0 && job_within(job, place);
}

static tong_code job_subject(struct imports_job *job, const unsigned char uid[UID_BYTES],
                             const struct command *commands, size_t count, const bool *refused, bool *reached,
                             struct err *err)
{
    unsigned char described[UID_BYTES];
    int64_t id = 0;
    for (size_t i = 0; i < count; i++) // described in this batch
        if (commands[i].kind == COMMAND_PERSON && uid_parse(commands[i].person->uid, described) &&
            memcmp(described, uid, UID_BYTES) == 0) {
            *reached = !refused[i];
            return TONG_OK;
        }
    tong_code code = job_number(job->reader, sql_import_person_by_uid, uid, &id, err);
    if (code == TONG_OK) *reached = job_reaches(job, id);
    return code;
}

static tong_code job_scoped(struct imports_job *job, const struct command *commands, size_t count, bool *refused,
                            struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct command *c = &commands[i];
        bool reached = true;
        int64_t place = 0;
        tong_code code = TONG_OK;
        if (c->kind == COMMAND_FACT && uid_is_none(c->subject_uid)) { // an undoing names them by number
            reached = job_reaches(job, c->fact.subject);
        } else if (c->kind == COMMAND_FACT) {
            code = job_subject(job, c->subject_uid, commands, i, refused, &reached, err);
            if (code == TONG_OK && reached && !uid_is_none(c->link_uid))
                code = job_subject(job, c->link_uid, commands, i, refused, &reached, err);
        } else {
            code = job_place_of(job, c, &place, err);
            reached = job_within(job, place);
        }
        if (code != TONG_OK) return code;
        refused[i] = !reached;
    }
    return TONG_OK;
}

static tong_code job_take(void *payload, const struct command *commands, size_t count, struct intake_outcome *out,
                          struct err *err)
{
    struct imports_job *job = payload;
    struct writer *writer = job->all->service->writer;
    if (job->scope_count == 0) return writer_take(writer, commands, count, out, err);
    struct arena arena = {0};
    bool *refused = arena_array(&arena, count, sizeof *refused);
    struct command *good = arena_array(&arena, count, sizeof *good);
    struct intake_outcome *results = arena_array(&arena, count, sizeof *results);
    size_t n = 0;
    tong_code code =
        refused == NULL || good == NULL || results == NULL ? tong_fail(err, TONG_E_NOMEM, "an import") : TONG_OK;
    if (code == TONG_OK) code = job_scoped(job, commands, count, refused, err);
    for (size_t i = 0; i < count && code == TONG_OK; i++) {
        if (refused[i]) continue;
        results[n] = (struct intake_outcome){.problems = out[i].problems};
        good[n++] = commands[i];
    }
    if (code == TONG_OK && n > 0) code = writer_take(writer, good, n, results, err);
    n = 0;
    for (size_t i = 0; i < count && code == TONG_OK; i++) {
        if (!refused[i]) {
            out[i] = results[n++];
            continue;
        }
        out[i].code = TONG_E_NOT_FOUND;
        if (out[i].problems != NULL)
            problem_add(out[i].problems, (struct problem_at){"", 0, 0, NULL}, &imports_message[IMPORTS_F_SCOPE], NULL,
                        NULL, NULL, NULL);
    }
    arena_free(&arena);
    return code;
}

// ---- the thread ----

static tong_code job_call(void *payload, tong_code (*run)(struct db *db, void *what, struct err *err), void *what,
                          struct err *err)
{
    const struct imports_job *job = payload;
    return writer_call(job->all->service->writer, run, what, err);
}

static bool job_progress(void *payload, const struct import_tally *tally)
{
    struct imports_job *job = payload;
    imports_lock(job->all);
    job->progress = *tally;
    bool on = !job->cancel;
    imports_unlock(job->all);
    return on;
}

static struct sink *job_faulty(void *payload, size_t file)
{
    struct imports_job *job = payload;
    (void)file;
    return &job->faulty;
}

struct str imports_job_text(const struct imports_job *job)
{
    return (struct str){job->map != NULL ? job->map : job->body, job->body_bytes};
}

// The mapping as it is used, with every column: what a person edits.
static void job_suggest(struct imports_job *job, const struct import_options *o)
{
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    struct import_reader *r = NULL;
    const struct import_reader_options how = {.source = o->file[0].source,
                                              .table = o->file[0].table,
                                              .mapping = o->file[0].mapping,
                                              .order = import_format_words[o->format].order,
                                              .zone = o->zone,
                                              .today = o->today,
                                              .problems = &problems};
    struct err err;
    sink_close(&job->suggested);
    job->suggested = (struct sink){0};
    if (import_reader_open(&how, &r, &err) == TONG_OK)
        import_mapping_write(import_reader_mapping(r), import_reader_fields(r), import_reader_binding(r),
                             &job->suggested);
    import_reader_close(r);
    arena_free(&arena);
}

static tong_code job_import(struct imports_job *job, bool dry, struct err *err)
{
    struct service *s = job->all->service;
    const struct rulebook book = service_book(s);
    struct line_facts_options facts = {.specimen = SPECIMEN_OROPHARYNGEAL, .test = TEST_PCR};
    int32_t edition = service_edition(s);
    if (edition >= 0 && (size_t)edition < book.count) line_facts_positive(book.editions[edition], &facts);
    struct import_job_options o = {
        .import = {.format = job->format,
                   .source = job->source[0] == 0 ? NULL : job->source,
                   .zone = &s->options.zone,
                   .specimen = facts.specimen,
                   .test = facts.test,
                   .today = job->today,
                   .now = service_now(s),
                   .account = dry ? job->account : job->confirmed_by,
                   .db = job->reader,
                   .vault = s->vault,
                   .beside = job->scope_count == 0}, // a part of the places is looked up with the same reader
        .name = job->name.p,
        .dry = dry,
        .twins = true,
        .host = {job_take, job_call, job_progress, job_faulty, job},
    };
    const char *name = job->name.p;
    o.import.file[o.import.file_count++] =
        (struct import_file){{name, NULL, imports_job_text(job)}, job->table, job->mapped ? &job->mapping : NULL};
    memcpy(o.uid, job->uid, UID_BYTES);
    if (dry) job_suggest(job, &o.import);
    sink_close(&job->faulty);
    job->faulty = (struct sink){0};
    arena_free(&job->result_arena);
    return import_job(&o, &job->result_arena, &job->result, err);
}

static bool job_undo_progress(void *payload, int64_t done)
{
    struct imports_job *job = payload;
    imports_lock(job->all);
    job->progress.done = done;
    bool on = !job->cancel;
    imports_unlock(job->all);
    return on;
}

static tong_code job_mark_undone(struct db *db, void *what, struct err *err)
{
    const struct imports_job *job = what;
    return import_log_undone(db, job->import, job->stage == IMPORTS_UNDOING ? IMPORT_UNDOING : IMPORT_UNDONE,
                             service_now(job->all->service), err);
}

static tong_code job_undo(struct imports_job *job, struct err *err)
{
    struct service *s = job->all->service;
    const struct import_undo_options o = {.db = job->reader,
                                          .import = job->import,
                                          .account = job->confirmed_by,
                                          .now = service_now(s),
                                          .take = job_take,
                                          .progress = job_undo_progress,
                                          .payload = job};
    tong_code code = writer_call(s->writer, job_mark_undone, job, err);
    if (code == TONG_OK) code = import_undo(&o, &job->undone, err);
    if (code != TONG_OK) return code;
    imports_lock(job->all);
    job->stage = IMPORTS_ENDED;
    job->result.state = IMPORT_UNDONE;
    imports_unlock(job->all);
    return writer_call(s->writer, job_mark_undone, job, err);
}

// The faulty rows outlive this run of the server. An import whose rows cannot be kept is recorded all the same.
static tong_code job_keep_faulty(struct db *db, void *what, struct err *err)
{
    const struct imports_job *job = what;
    return import_file_put(db, job->all->service->vault, job->result.import, sink_kept(&job->faulty), err);
}

static void job_keep(struct imports_job *job)
{
    struct err err = {0};
    if (job->result.import == 0 || sink_kept(&job->faulty).n == 0) return;
    tong_code code = writer_call(job->all->service->writer, job_keep_faulty, job, &err);
    if (code != TONG_OK)
        log_line(&job->all->service->log, LOG_WARN, "faulty_rows_not_kept", "code=%s error=\"%s\"", err_slug(code), err.text);
}

static void *job_thread(void *payload)
{
    struct imports_job *job = payload;
    struct err err = {0};
    imports_stage stage = job->stage;
    job->reader = service_reader_take(job->all->service, &err);
    tong_code code = job->reader == NULL ? TONG_E_IO : TONG_OK;
    if (code == TONG_OK)
        code = stage == IMPORTS_UNDOING ? job_undo(job, &err) : job_import(job, stage == IMPORTS_CHECKING, &err);
    if (job->reader != NULL) service_reader_give(job->all->service, job->reader, code != TONG_E_IO);
    if (code == TONG_OK && stage == IMPORTS_RECORDING) job_keep(job);
    imports_lock(job->all);
    job->reader = NULL;
    job->code = code;
    (void)snprintf(job->fault, sizeof job->fault, "%s", code == TONG_OK ? "" : err.text);
    if (stage != IMPORTS_UNDOING) {
        job->progress = job->result.tally;
        job->import = job->result.import;
        if (code != TONG_OK) job->result.state = IMPORT_FAILED;
    }
    bool checked = stage == IMPORTS_CHECKING && code == TONG_OK && job->result.state == IMPORT_DONE && !job->cancel;
    job->stage = checked ? IMPORTS_CHECKED : IMPORTS_ENDED;
    if (stage == IMPORTS_RECORDING) imports_drop_file(job); // people's data lie in the store now, and nowhere else
    job->cancel = false;
    job->thread_runs = false;
    if (job->drop) imports_let_go(job);
    imports_unlock(job->all);
    return NULL;
}

bool imports_start(struct imports_job *job, imports_stage stage)
{
    imports_stage before = job->stage;
    imports_join(job);
    job->stage = stage;
    job->cancel = false;
    job->progress = (struct import_tally){0};
    job->thread_runs = true;
    job->joinable = pthread_create(&job->thread, NULL, job_thread, job) == 0;
    if (job->joinable) return true;
    job->thread_runs = false;
    job->stage = before;
    return false;
}

// ---- the part ----

static tong_code imports_sweep(struct db *db, void *what, struct err *err)
{
    tong_code code = import_log_sweep(db, service_now(what), err);
    return code == TONG_OK ? import_file_sweep(db, service_now(what), err) : code;
}

tong_code imports_open(struct service *s, void **state, struct err *err)
{
    struct imports *all = calloc(1, sizeof *all);
    if (all == NULL) return tong_fail(err, TONG_E_NOMEM, "imports");
    all->service = s;
    for (size_t i = 0; i < IMPORTS_JOBS_MAX; i++) all->job[i].all = all;
    if (pthread_mutex_init(&all->lock, NULL) != 0) {
        free(all);
        return tong_fail(err, TONG_E_IO, "imports: no lock");
    }
    *state = all;
    return writer_call(s->writer, imports_sweep, s, err);
}

void imports_close(void *state)
{
    struct imports *all = state;
    for (size_t i = 0; i < IMPORTS_JOBS_MAX; i++) {
        for (bool runs = true; runs;) {
            imports_lock(all);
            all->job[i].cancel = true;
            runs = all->job[i].thread_runs;
            imports_unlock(all);
            const struct timespec wait = {0, 20 * 1000 * 1000};
            if (runs) (void)nanosleep(&wait, NULL);
        }
        if (all->job[i].used) imports_forget(&all->job[i]);
    }
    (void)pthread_mutex_destroy(&all->lock);
    free(all);
}
