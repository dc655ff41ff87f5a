#include "service/imports.h"

#include "service/accounts.h"
#include "service/imports_job.h"
#include "service/page.h"
#include "service/show.h"
#include "store/import_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum imports_fault { I_BUSY, I_STAGE, I_SECOND, I_GONE, I_EMPTY, I_RUNNING, I_FAULT_COUNT };
static const struct message imports_message[I_FAULT_COUNT] = {
    [I_BUSY] = {"imports-busy", PROBLEM_ERROR, LABEL("other imports are at work", "其他导入正在进行"),
                LABEL("try again when they are done", "请稍后再试")},
    [I_STAGE] = {"import-not-ready", PROBLEM_ERROR, LABEL("this import cannot do that now", "该导入当前不能执行此操作"),
                 LABEL("look at its state", "请查看其状态")},
    [I_SECOND] =
        {"import-second-person", PROBLEM_ERROR,
         LABEL("an import that puts many people under the protocol is confirmed by somebody else than its sender",
               "使多人纳入方案管理的导入，须由上传人以外的人员确认"),
         LABEL("ask a second person who may import", "请另一位有导入权限的人员确认")},
    [I_GONE] = {"import-file-gone", PROBLEM_ERROR, LABEL("the file is no longer at hand", "文件已不再保留"),
                LABEL("send it again", "请重新上传")},
    [I_EMPTY] = {"import-empty", PROBLEM_ERROR, LABEL("there is no file", "没有文件"),
                 LABEL("send the file as the request's body", "请将文件作为请求正文发送")},
    [I_RUNNING] = {"import-runs", PROBLEM_ERROR, LABEL("this import is at work", "该导入正在进行"),
                   LABEL("wait, or cancel it", "请等待，或先取消")},
};

static struct imports *imports_of(const struct request *rq)
{
    return rq->service->part[PART_IMPORTS];
}

bool imports_may(const struct request *rq, int64_t account)
{
    int64_t places[GRANTS_MAX];
    bool everywhere = false;
    (void)actor_scopes(&rq->actor, RIGHT_IMPORT, rq->now, places, GRANTS_MAX, &everywhere);
    return everywhere || rq->actor.account == account;
}

// ---- as JSON ----

static void imports_tally(struct json_out *j, const struct import_tally *t)
{
    json_out_object(j, "rows");
    json_out_int(j, "read", t->rows);
    json_out_int(j, "taken", t->taken);
    json_out_int(j, "same", t->same);
    json_out_int(j, "faulty", t->faulty);
    json_out_end(j);
    json_out_object(j, "progress");
    json_out_int(j, "done", t->done);
    json_out_int(j, "total", t->total);
    json_out_end(j);
    json_out_int(j, "warnings", t->warnings);
    json_out_int(j, "people_new", t->people_new);
    json_out_int(j, "people_found", t->people_found);
    json_out_int(j, "facts", t->facts);
    json_out_int(j, "duplicates", t->duplicates);
}

static void imports_job_json(const struct request *rq, struct json_out *j, const struct imports_job *job)
{
    json_out_object(j, NULL);
    show_uid(j, "uid", job->uid);
    json_out_text(j, "name", job->name);
    json_out_z(j, "format", import_format_words[job->format].name);
    show_named(j, "stage", imports_stage_words[job->stage].word, &imports_stage_words[job->stage].label, rq->language);
    bool ended = job->stage == IMPORTS_ENDED;
    import_state state = job->result.state;
    if (ended) show_named(j, "state", import_state_words[state].word, &import_state_words[state].label, rq->language);
    else json_out_null(j, "state");
    json_out_instant(j, "sent", job->sent);
    imports_tally(j, &job->progress);
    json_out_bool(j, "needs_second",
                  job->stage == IMPORTS_CHECKED &&
                      accounts_restricts_many(rq->service, job->result.tally.people_new + job->result.tally.people_found));
    json_out_z(j, "fault", job->fault[0] == 0 ? NULL : job->fault);
    if (state == IMPORT_UNDONE) {
        json_out_object(j, "undone");
        json_out_int(j, "facts", job->undone.retracted);
        json_out_int(j, "people", job->undone.people);
        json_out_int(j, "kept", job->undone.kept);
        json_out_int(j, "refused", job->undone.refused);
        json_out_end(j);
    }
    json_out_end(j);
}

static void imports_entry_json(const struct request *rq, struct json_out *j, const struct import_entry *e)
{
    int32_t state = e->state >= 0 && e->state < IMPORT_STATE_COUNT ? e->state : IMPORT_FAILED;
    json_out_object(j, NULL);
    show_uid(j, "uid", e->uid);
    json_out_text(j, "name", e->name);
    json_out_text(j, "format", e->format);
    show_named(j, "stage", imports_stage_words[IMPORTS_ENDED].word, &imports_stage_words[IMPORTS_ENDED].label,
               rq->language);
    show_named(j, "state", import_state_words[state].word, &import_state_words[state].label, rq->language);
    json_out_instant(j, "sent", e->started);
    json_out_instant(j, "ended", e->ended);
    json_out_instant(j, "undone_at", e->undone);
    const struct import_tally t = {
        .rows = e->rows, .taken = e->taken, .same = e->same, .faulty = e->faulty, .done = e->rows, .total = e->rows};
    imports_tally(j, &t);
    json_out_end(j);
}

static tong_code imports_finish(struct json_out *j, struct err *err)
{
    return json_out_finish(j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "an import");
}

// ---- sending ----

static bool imports_body(struct request *rq, struct imports_job *job)
{
    job->body_bytes = rq->body.n;
    if (rq->body_file >= 0) {
        void *map =
            mmap(NULL, rq->body.n, PROT_READ, MAP_PRIVATE, rq->body_file, 0); // lives on when the file is closed
        if (map == MAP_FAILED) return false;
        job->map = map;
        return true;
    }
    job->body = malloc(rq->body.n + 1);
    if (job->body == NULL) return false;
    memcpy(job->body, rq->body.p, rq->body.n);
    job->body[rq->body.n] = 0;
    return true;
}

static const struct record_word imports_formats[] = {{"tongzhou", LABEL("Tongzhou", "同舟")},
                                                     {"godata", LABEL("Go.Data", "Go.Data")},
                                                     {"sormas", LABEL("SORMAS", "SORMAS")},
                                                     {"simplereport", LABEL("SimpleReport", "SimpleReport")},
                                                     {"list", LABEL("a list of one's own", "自有名单")}};

static bool imports_fill(struct request *rq, struct imports_job *job)
{
    int32_t table = request_parameter_word(rq, "table"), format = request_parameter_word(rq, "format");
    struct str name = request_parameter(rq, "name"), source = request_parameter(rq, "source");
    bool everywhere = false;
    job->used = true;
    memcpy(job->uid, rq->part_uid[0], UID_BYTES);
    job->account = job->confirmed_by = rq->actor.account;
    job->sent = rq->now;
    job->table = table < 0 ? IMPORT_TABLE_COUNT : (import_table)table;
    job->today = show_today(rq);
    job->name = name.n == 0 ? STR("import.csv") : (struct str){arena_copy(&job->arena, name.p, name.n), name.n};
    (void)snprintf(job->source, sizeof job->source, "%.*s", (int)(source.n > 60 ? 60 : source.n),
                   source.n == 0 ? "" : source.p);
    job->scope_count = actor_scopes(&rq->actor, RIGHT_IMPORT, rq->now, job->scopes, GRANTS_MAX, &everywhere);
    if (everywhere) job->scope_count = 0;
    if (job->name.p == NULL || !imports_body(rq, job)) return false;
    job->format = format < 0 ? imports_guess(imports_job_text(job)) : (import_format)format;
    if (table < 0 && job->format == IMPORT_GODATA) job->table = import_godata_table(job->name.p); // its headers are alike
    return true;
}

// The mapping of that name, kept by somebody.
static tong_code imports_kept_mapping(struct request *rq, struct imports_job *job, struct err *err)
{
    struct str name = request_parameter(rq, "mapping");
    if (name.n == 0) return TONG_OK;
    tong_code code = db_ask(rq->db, sql_mapping_get, &DB_T(name), 1, err);
    if (code != TONG_OK) return code;
    bool found = db_next(rq->db, sql_mapping_get);
    struct str text = found ? db_text(rq->db, sql_mapping_get, 4) : (struct str){"", 0};
    tong_code read = TONG_OK;
    if (found) read = import_mapping_read(text, "mapping", &job->arena, &rq->problems, &job->mapping, err);
    job->mapped = found && read == TONG_OK;
    code = db_done(rq->db, sql_mapping_get, read == TONG_OK ? err : NULL);
    if (read != TONG_OK) return read;
    return code != TONG_OK || found ? code : tong_fail(err, TONG_E_NOT_FOUND, "there is no such mapping");
}

static tong_code imports_put(struct request *rq, struct reply *rp, struct err *err)
{
    struct imports *all = imports_of(rq);
    struct import_entry entry;
    if (rq->body.n == 0) return reply_problem(rq, rp, 422, &imports_message[I_EMPTY], NULL, NULL, NULL);
    tong_code code = import_log_get(rq->db, rq->part_uid[0], rq->arena, &entry, err);
    if (code == TONG_OK) return reply_problem(rq, rp, 409, &imports_message[I_STAGE], NULL, NULL, NULL);
    if (code != TONG_E_NOT_FOUND) return code;
    code = TONG_OK;
    imports_lock(all);
    struct imports_job *job = imports_find(all, rq->part_uid[0]);
    bool again = job != NULL, started = again;
    if (!again) {
        job = imports_new(all, rq->now);
        started = job != NULL && imports_fill(rq, job);
        if (started) code = imports_kept_mapping(rq, job, err);
        started = started && code == TONG_OK && imports_start(job, IMPORTS_CHECKING);
        if (job != NULL && !started) imports_forget(job);
    } else if (!imports_may(rq, job->account)) {
        code = tong_fail(err, TONG_E_NOT_FOUND, "there is no such import");
    }
    if (started && code == TONG_OK) {
        struct json_out j = json_out_to(&rp->body);
        imports_job_json(rq, &j, job);
        code = imports_finish(&j, err);
        rp->status = again ? 200 : 202;
    }
    imports_unlock(all);
    if (code != TONG_OK || started) return code;
    return reply_problem(rq, rp, 503, &imports_message[I_BUSY], NULL, NULL, NULL);
}

// ---- looking ----

static tong_code imports_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct imports *all = imports_of(rq);
    struct json_out j = json_out_to(&rp->body);
    imports_lock(all);
    const struct imports_job *job = imports_find(all, rq->part_uid[0]);
    bool found = job != NULL, may = found && imports_may(rq, job->account);
    if (may) imports_job_json(rq, &j, job);
    imports_unlock(all);
    if (may) return imports_finish(&j, err);
    if (found) return tong_fail(err, TONG_E_NOT_FOUND, "there is no such import");
    struct import_entry e;
    tong_code code = import_log_get(rq->db, rq->part_uid[0], rq->arena, &e, err);
    if (code == TONG_OK && !imports_may(rq, e.account))
        code = tong_fail(err, TONG_E_NOT_FOUND, "there is no such import");
    if (code != TONG_OK) return code;
    imports_entry_json(rq, &j, &e);
    return imports_finish(&j, err);
}

static tong_code imports_list(struct request *rq, struct reply *rp, struct err *err)
{
    struct imports *all = imports_of(rq);
    struct cursor cursor = {.id = INT64_MAX}, next = {0};
    bool given = false, more = false;
    size_t limit = page_limit(rq), count = 0;
    if (!page_cursor(rq, &given, &cursor)) return TONG_E_INVALID;
    struct import_entry *rows = arena_array(rq->arena, limit + 1, sizeof *rows);
    if (rows == NULL) return tong_fail(err, TONG_E_NOMEM, "imports");
    tong_code code = import_log_list(rq->db, given ? cursor.id : INT64_MAX, rows, limit + 1, &count, rq->arena, err);
    if (code != TONG_OK) return code;
    struct json_out j = page_begin(rp);
    imports_lock(all);
    for (size_t i = 0; i < IMPORTS_JOBS_MAX && !given; i++) { // those that are not in the store yet
        const struct imports_job *job = &all->job[i];
        if (job->used && job->import == 0 && imports_may(rq, job->account)) imports_job_json(rq, &j, job);
    }
    imports_unlock(all);
    more = count > limit;
    for (size_t i = 0; i < count && i < limit; i++) {
        if (imports_may(rq, rows[i].account)) imports_entry_json(rq, &j, &rows[i]);
        next = (struct cursor){page_scope(rq), 0, rows[i].id};
    }
    return page_close(&j, more ? &next : NULL, -1, err);
}

static void imports_fault_json(const struct request *rq, struct json_out *j, int64_t line, int64_t column,
                               struct str file, struct str field, struct str slug, int32_t severity,
                               const struct label *text, const struct label *remedy)
{
    static const char *const severities[] = {"error", "warning", "note"};
    json_out_object(j, NULL);
    json_out_text(j, "file", file);
    json_out_int(j, "line", line);
    json_out_int(j, "column", column);
    json_out_text(j, "field", field);
    json_out_text(j, "slug", slug);
    json_out_z(j, "severity", severities[severity >= 0 && severity < 3 ? severity : 0]);
    json_out_z(j, "text", text->text[rq->language]);
    json_out_z(j, "remedy", remedy->text[rq->language]);
    json_out_end(j);
}

static tong_code imports_faults(struct request *rq, struct reply *rp, struct err *err)
{
    struct imports *all = imports_of(rq);
    struct cursor cursor = {0}, next = {0};
    bool given = false, more = false;
    size_t limit = page_limit(rq), count = 0;
    if (!page_cursor(rq, &given, &cursor)) return TONG_E_INVALID;
    int64_t behind = given ? cursor.id : 0;
    struct json_out j = page_begin(rp);
    imports_lock(all);
    const struct imports_job *job = imports_find(all, rq->part_uid[0]);
    bool at_hand = job != NULL && imports_may(rq, job->account), hidden = job != NULL && !at_hand,
         runs = at_hand && job->thread_runs;
    for (size_t i = (size_t)behind; at_hand && !runs && i < job->result.fault_count && count < limit; i++, count++) {
        const struct import_job_fault *f = &job->result.faults[i];
        imports_fault_json(rq, &j, f->line, f->column, str_z(f->file), str_z(f->field), str_z(f->slug), f->severity,
                           &f->text, &f->remedy);
        next = (struct cursor){page_scope(rq), 0, (int64_t)i + 1};
        more = i + 1 < job->result.fault_count;
    }
    imports_unlock(all);
    if (hidden) return tong_fail(err, TONG_E_NOT_FOUND, "there is no such import");
    if (at_hand) return page_close(&j, more ? &next : NULL, -1, err);
    struct import_entry e;
    tong_code code = import_log_get(rq->db, rq->part_uid[0], rq->arena, &e, err);
    if (code == TONG_OK && !imports_may(rq, e.account))
        code = tong_fail(err, TONG_E_NOT_FOUND, "there is no such import");
    struct import_fault_row *rows = arena_array(rq->arena, limit + 1, sizeof *rows);
    if (code == TONG_OK && rows == NULL) code = tong_fail(err, TONG_E_NOMEM, "faults");
    if (code == TONG_OK) code = import_log_faults(rq->db, e.id, behind, rows, limit + 1, &count, rq->arena, err);
    if (code != TONG_OK) return code;
    for (size_t i = 0; i < count && i < limit; i++) {
        const struct import_fault_row *f = &rows[i];
        imports_fault_json(rq, &j, f->line, f->column, f->file, f->field, f->slug, f->severity, &f->text, &f->remedy);
        next = (struct cursor){page_scope(rq), 0, f->n};
    }
    return page_close(&j, count > limit ? &next : NULL, -1, err);
}

// A text of a job that stands still, as the reply.
static tong_code imports_text(struct request *rq, struct reply *rp, const char *type, bool faulty, struct err *err)
{
    struct imports *all = imports_of(rq);
    imports_lock(all);
    const struct imports_job *job = imports_find(all, rq->part_uid[0]);
    bool may = job != NULL && imports_may(rq, job->account), runs = may && job->thread_runs;
    if (may && !runs) {
        struct str text = sink_kept(faulty ? &job->faulty : &job->suggested);
        sink_bytes(&rp->body, text.p, text.n);
        rp->type = type;
    }
    imports_unlock(all);
    if (!may) return tong_fail(err, TONG_E_NOT_FOUND, "there is no such import at hand");
    return runs ? reply_problem(rq, rp, 409, &imports_message[I_RUNNING], NULL, NULL, NULL) : TONG_OK;
}

// Of an earlier run of the server: what the store kept.
static tong_code imports_faulty_kept(struct request *rq, struct reply *rp, struct err *err)
{
    struct imports *all = imports_of(rq);
    struct import_entry e;
    imports_lock(all);
    bool at_hand = imports_find(all, rq->part_uid[0]) != NULL;
    imports_unlock(all);
    if (at_hand) return tong_fail(err, TONG_E_NOT_FOUND, "there is no such import");
    tong_code code = import_log_get(rq->db, rq->part_uid[0], rq->arena, &e, err);
    if (code == TONG_OK && !imports_may(rq, e.account))
        code = tong_fail(err, TONG_E_NOT_FOUND, "there is no such import");
    if (code == TONG_OK) code = import_file_get(rq->db, rq->service->vault, e.id, &rp->body, err);
    rp->type = "text/csv; charset=utf-8";
    return code;
}

static tong_code imports_faults_csv(struct request *rq, struct reply *rp, struct err *err)
{
    tong_code code = imports_text(rq, rp, "text/csv; charset=utf-8", true, err);
    if (code == TONG_E_NOT_FOUND) code = imports_faulty_kept(rq, rp, err);
    if (code == TONG_OK && rp->status == 0)
        reply_header(rp, "Content-Disposition", STR("attachment; filename=\"faults.csv\""));
    return code;
}

static tong_code imports_mapping_get(struct request *rq, struct reply *rp, struct err *err)
{
    return imports_text(rq, rp, "application/yaml; charset=utf-8", false, err);
}

// ---- acting ----

static tong_code imports_mapping_put(struct request *rq, struct reply *rp, struct err *err)
{
    struct imports *all = imports_of(rq);
    struct import_mapping mapping;
    tong_code code = TONG_OK;
    imports_lock(all);
    struct imports_job *job = imports_find(all, rq->part_uid[0]);
    bool may = job != NULL && imports_may(rq, job->account),
         ready = may && !job->thread_runs && job->import == 0 && (job->body != NULL || job->map != NULL);
    if (ready) code = import_mapping_read(rq->body, "mapping", &job->arena, &rq->problems, &mapping, err);
    if (ready && code == TONG_OK) {
        job->mapping = mapping;
        job->mapped = true;
        job->table = mapping.table;
        ready = imports_start(job, IMPORTS_CHECKING);
        struct json_out j = json_out_to(&rp->body);
        imports_job_json(rq, &j, job);
        code = imports_finish(&j, err);
        rp->status = 202;
    }
    imports_unlock(all);
    if (!may) return tong_fail(err, TONG_E_NOT_FOUND, "there is no such import at hand");
    return code != TONG_OK || ready ? code : reply_problem(rq, rp, 409, &imports_message[I_STAGE], NULL, NULL, NULL);
}

static tong_code imports_confirm(struct request *rq, struct reply *rp, struct err *err)
{
    struct imports *all = imports_of(rq);
    const struct message *why = NULL;
    tong_code code = TONG_OK;
    imports_lock(all);
    struct imports_job *job = imports_find(all, rq->part_uid[0]);
    bool may = job != NULL && imports_may(rq, job->account);
    if (may) {
        const struct import_tally *t = &job->result.tally;
        bool many = accounts_restricts_many(rq->service, t->people_new + t->people_found) && t->facts > 0;
        if (job->stage == IMPORTS_RECORDING) why = NULL; // confirmed twice
        else if (job->stage != IMPORTS_CHECKED || job->thread_runs) why = &imports_message[I_STAGE];
        else if (job->body == NULL && job->map == NULL) why = &imports_message[I_GONE];
        else if (many && rq->actor.account == job->account) why = &imports_message[I_SECOND];
        else {
            job->confirmed_by = rq->actor.account;
            if (!imports_start(job, IMPORTS_RECORDING)) why = &imports_message[I_BUSY];
        }
        if (why == NULL) {
            struct json_out j = json_out_to(&rp->body);
            imports_job_json(rq, &j, job);
            code = imports_finish(&j, err);
            rp->status = 202;
        }
    }
    imports_unlock(all);
    if (!may) return tong_fail(err, TONG_E_NOT_FOUND, "there is no such import at hand");
    return why == NULL ? code
                       : reply_problem(rq, rp, why == &imports_message[I_SECOND] ? 403 : 409, why, NULL, NULL, NULL);
}

static tong_code imports_cancel(struct request *rq, struct reply *rp, struct err *err)
{
    struct imports *all = imports_of(rq);
    tong_code code = TONG_OK;
    imports_lock(all);
    struct imports_job *job = imports_find(all, rq->part_uid[0]);
    bool may = job != NULL && imports_may(rq, job->account);
    if (may && job->thread_runs) job->cancel = true;
    else if (may && job->stage == IMPORTS_CHECKED) { // given up: the file goes
        job->stage = IMPORTS_ENDED;
        job->result.state = IMPORT_STOPPED;
        free(job->body);
        if (job->map != NULL) (void)munmap(job->map, job->body_bytes);
        job->body = NULL;
        job->map = NULL;
    }
    if (may) {
        struct json_out j = json_out_to(&rp->body);
        imports_job_json(rq, &j, job);
        code = imports_finish(&j, err);
    }
    imports_unlock(all);
    return may ? code : tong_fail(err, TONG_E_NOT_FOUND, "there is no such import at hand");
}

static tong_code imports_undo(struct request *rq, struct reply *rp, struct err *err)
{
    struct imports *all = imports_of(rq);
    struct import_entry e;
    tong_code code = import_log_get(rq->db, rq->part_uid[0], rq->arena, &e, err);
    if (code == TONG_OK && !imports_may(rq, e.account))
        code = tong_fail(err, TONG_E_NOT_FOUND, "there is no such import");
    if (code != TONG_OK) return code;
    imports_lock(all);
    struct imports_job *job = imports_find(all, rq->part_uid[0]);
    if (job == NULL && (job = imports_new(all, rq->now)) != NULL) { // of an earlier run of the server
        job->used = true;
        memcpy(job->uid, rq->part_uid[0], UID_BYTES);
        job->account = e.account;
        job->sent = e.started;
        job->stage = IMPORTS_ENDED;
        job->name = STR("import");
        job->import = e.id;
        job->result.state = (import_state)e.state;
        job->result.tally = job->progress =
            (struct import_tally){.rows = e.rows, .taken = e.taken, .same = e.same, .faulty = e.faulty};
    }
    bool ready = job != NULL && !job->thread_runs && job->stage == IMPORTS_ENDED;
    if (ready) {
        job->confirmed_by = rq->actor.account;
        job->import = e.id;
        ready = imports_start(job, IMPORTS_UNDOING);
    }
    if (ready) {
        struct json_out j = json_out_to(&rp->body);
        imports_job_json(rq, &j, job);
        code = imports_finish(&j, err);
        rp->status = 202;
    }
    imports_unlock(all);
    return ready ? code
                 : reply_problem(rq, rp, 409, &imports_message[job == NULL ? I_BUSY : I_STAGE], NULL, NULL, NULL);
}

// ---- the routes ----

static const struct record_word imports_tables[] = {{"places", LABEL("places", "场所")},
                                                    {"people", LABEL("people", "人员")},
                                                    {"gatherings", LABEL("gatherings", "聚集活动")},
                                                    {"cases", LABEL("cases", "病例")},
                                                    {"contacts", LABEL("contacts", "密接")},
                                                    {"links", LABEL("links", "传播关系")},
                                                    {"followups", LABEL("follow-ups", "随访")},
                                                    {"labs", LABEL("results", "检测结果")},
                                                    {"facts", LABEL("facts", "记录")}};
_Static_assert(sizeof imports_tables / sizeof imports_tables[0] == IMPORT_TABLE_COUNT, "a word for each table");
_Static_assert(sizeof imports_formats / sizeof imports_formats[0] == IMPORT_FORMAT_COUNT, "a word for each format");

static const struct parameter imports_parameters[] = {
    {.name = "format",
     .type = PARAMETER_WORD,
     .words = imports_formats,
     .word_count = IMPORT_FORMAT_COUNT,
     .label = LABEL("whose file it is; found by the header", "文件格式；不填则由表头判断")},
    {.name = "table",
     .type = PARAMETER_WORD,
     .words = imports_tables,
     .word_count = IMPORT_TABLE_COUNT,
     .label = LABEL("what a row is; found by the header", "一行是什么；不填则由表头判断")},
    {.name = "mapping",
     .type = PARAMETER_TEXT,
     .most = 80,
     .label = LABEL("a kept mapping, by name", "已保存的映射名称")},
    {.name = "name", .type = PARAMETER_TEXT, .most = 200, .label = LABEL("of the file", "文件名")},
    {.name = "source",
     .type = PARAMETER_TEXT,
     .most = 60,
     .label = LABEL("under which its numbers are kept", "编号所属系统")},
};

static const struct schema imports_schemas[] = {
    {"import", "{\"type\":\"object\",\"required\":[\"uid\",\"stage\",\"rows\"],\"properties\":{\"uid\":{\"type\":"
               "\"string\"},\"name\":{\"type\":\"string\"},"
               "\"stage\":{\"type\":\"object\"},\"state\":{\"type\":[\"object\",\"null\"]},\"rows\":{\"type\":"
               "\"object\",\"properties\":{\"read\":{\"type\":\"integer\"},"
               "\"taken\":{\"type\":\"integer\"},\"same\":{\"type\":\"integer\"},\"faulty\":{\"type\":\"integer\"}}},"
               "\"progress\":{\"type\":\"object\"}}}"},
    {"import_columns", "{\"type\":\"object\",\"required\":[\"readable\"],\"properties\":{\"readable\":{\"type\":\"boolean\"},\"encoding\":{"
                       "\"type\":\"object\"},\"delimiter\":{\"type\":\"string\"},\"fields\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
                       "\"columns\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}"},
    {"import_undo", "{\"type\":\"object\",\"properties\":{\"facts\":{\"type\":\"integer\"},\"people\":{\"type\":\"integer\"},"
                    "\"kept\":{\"type\":\"integer\"},\"gone\":{\"type\":\"integer\"}}}"},
    {"import_fault", "{\"type\":\"object\",\"properties\":{\"file\":{\"type\":\"string\"},\"line\":{\"type\":"
                     "\"integer\"},\"column\":{\"type\":\"integer\"},\"field\":{\"type\":\"string\"},"
                     "\"slug\":{\"type\":\"string\"},\"severity\":{\"type\":\"string\"},\"text\":{\"type\":\"string\"},"
                     "\"remedy\":{\"type\":\"string\"}}}"},
};

#define ONE .part = {PARAMETER_UID}, .right = RIGHT_IMPORT
static const struct route imports_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/imports",
     .name = "import_list",
     .right = RIGHT_IMPORT,
     .handler = imports_list,
     .list = true,
     .schema_out = "import",
     .label = LABEL("imports, the newest first", "导入记录")},
    {.method = HTTP_PUT,
     .path = "/api/v1/imports/{import}",
     .name = "import_put",
     ONE,
     .handler = imports_put,
     .body = BODY_BYTES,
     .body_max = IMPORTS_BODY_MAX,
     ROUTE_PARAMETERS(imports_parameters),
     .schema_out = "import",
     .label = LABEL("send a file; it is checked, nothing is recorded", "上传文件并检查，不写入")},
    {.method = HTTP_GET,
     .path = "/api/v1/imports/{import}",
     .name = "import_get",
     ONE,
     .handler = imports_get,
     .schema_out = "import",
     .label = LABEL("how far an import is", "导入进度与结果")},
    {.method = HTTP_GET,
     .path = "/api/v1/imports/{import}/faults",
     .name = "import_faults",
     ONE,
     .handler = imports_faults,
     .list = true,
     .schema_out = "import_fault",
     .label = LABEL("what is wrong, row by row", "逐行问题")},
    {.method = HTTP_GET,
     .path = "/api/v1/imports/{import}/faults.csv",
     .name = "import_faults_csv",
     ONE,
     .handler = imports_faults_csv,
     .label = LABEL("the faulty rows, to be repaired and imported alone", "有误的行，改正后可单独导入")},
    {.method = HTTP_GET,
     .path = "/api/v1/imports/{import}/columns",
     .name = "import_columns",
     ONE,
     .handler = imports_columns,
     .schema_out = "import_columns",
     .label = LABEL("how the file is written, and what stands in its columns", "文件的写法与各列内容")},
    {.method = HTTP_GET,
     .path = "/api/v1/imports/{import}/mapping",
     .name = "import_mapping_get",
     ONE,
     .handler = imports_mapping_get,
     .label = LABEL("which column is which field", "列与字段的对应关系")},
    {.method = HTTP_PUT,
     .path = "/api/v1/imports/{import}/mapping",
     .name = "import_mapping_put",
     ONE,
     .handler = imports_mapping_put,
     .body = BODY_BYTES,
     .schema_out = "import",
     .label = LABEL("change it; the file is checked again", "修改对应关系并重新检查")},
    {.method = HTTP_POST,
     .path = "/api/v1/imports/{import}/confirm",
     .name = "import_confirm",
     ONE,
     .handler = imports_confirm,
     .schema_out = "import",
     .label = LABEL("record it", "确认导入")},
    {.method = HTTP_POST,
     .path = "/api/v1/imports/{import}/cancel",
     .name = "import_cancel",
     ONE,
     .handler = imports_cancel,
     .schema_out = "import",
     .label = LABEL("stop it; what was recorded stays", "停止导入，已登记的保留")},
    {.method = HTTP_GET,
     .path = "/api/v1/imports/{import}/undo",
     .name = "import_undo_preview",
     ONE,
     .handler = imports_undo_preview,
     .schema_out = "import_undo",
     .label = LABEL("what an undo would take back", "撤销将收回的内容")},
    {.method = HTTP_POST,
     .path = "/api/v1/imports/{import}/undo",
     .name = "import_undo",
     ONE,
     .handler = imports_undo,
     .schema_out = "import",
     .label = LABEL("take back everything it recorded", "撤销整个导入")},
};
const struct route_table imports_routes = {.rows = imports_rows,
                                           .count = sizeof imports_rows / sizeof imports_rows[0],
                                           .schemas = imports_schemas,
                                           .schema_count = sizeof imports_schemas / sizeof imports_schemas[0]};
