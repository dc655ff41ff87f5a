#include "exchange/import_job.h"

#include <assert.h>
#include <string.h>

enum { JOB_PAIRS_MAX = 100000 };

struct job {
    const struct import_job_options *o;
    struct import_job_result *out;
    struct arena *arena;
    struct import_pair *pairs; // not yet written
    size_t pair_count, pair_cap, fault_cap;
    int64_t faults_written; // of out->faults
    struct sink *faulty[IMPORT_FILES_MAX];
    bool asked[IMPORT_FILES_MAX];
    tong_code code; // of a call that failed inside a callback
    struct err err;
};

// ---- faults ----

static const char *job_remedy(const struct problem *p, lang language, struct arena *arena)
{
    struct message remedy = *p->message;
    struct problem as_text = *p;
    remedy.text = remedy.remedy;
    as_text.message = &remedy;
    const char *text = problem_text(&as_text, language, arena);
    return text == NULL ? "" : text;
}

static const char *job_copy(struct arena *arena, const char *text)
{
    const char *copy = text == NULL ? "" : arena_copy(arena, text, strlen(text));
    return copy == NULL ? "" : copy;
}

static void job_fault(struct job *j, const struct problem *p)
{
    struct import_job_result *out = j->out;
    if (out->fault_count == IMPORT_FAULTS_MAX) {
        out->faults_dropped++;
        return;
    }
    struct import_job_fault *faults =
        arena_grow(j->arena, out->faults, out->fault_count, &j->fault_cap, sizeof *faults);
    if (faults == NULL) {
        out->faults_dropped++;
        return;
    }
    out->faults = faults;
    const char *en = problem_text(p, LANG_EN, j->arena), *zh = problem_text(p, LANG_ZH, j->arena);
    faults[out->fault_count++] = (struct import_job_fault){
        .line = p->line,
        .column = p->column,
        .file = job_copy(j->arena, p->file),
        .field = job_copy(j->arena, p->path),
        .slug = p->message->slug,
        .severity = (int32_t)p->message->severity,
        .text = {{en == NULL ? "" : en, zh == NULL ? "" : zh}},
        .remedy = {{job_remedy(p, LANG_EN, j->arena), job_remedy(p, LANG_ZH, j->arena)}},
    };
}

void import_faulty_header(struct sink *out, const struct import_told *row)
{
    const struct import_binding *b = row->columns;
    for (size_t i = 0; row->entities != NULL && i < b->count; i++) {
        if (import_is_own_column(b->column[i].header)) continue;
        record_csv_cell(out, row->entities[i]);
        sink_char(out, ',');
    }
    if (row->entities != NULL) sink_text(out, ",\r\n"); // one cell for each of the two columns that follow
    for (size_t i = 0; i < b->count; i++) {
        if (import_is_own_column(b->column[i].header)) continue;
        record_csv_cell(out, b->column[i].header);
        sink_char(out, ',');
    }
    sink_text(out, "tongzhou_line,tongzhou_problem\r\n");
}

void import_faulty_row(struct sink *out, const struct import_told *row)
{
    const struct import_binding *b = row->columns;
    struct arena scratch = {0};
    struct sink why = {0};
    for (size_t i = 0; i < b->count; i++) {
        if (import_is_own_column(b->column[i].header)) continue;
        if (i < row->cell_count) record_csv_cell(out, record_csv_plain(row->cells[i]));
        sink_char(out, ',');
    }
    for (size_t i = 0; i < row->problem_count; i++) {
        const struct problem *p = &row->problems[i];
        if (p->message->severity != PROBLEM_ERROR) continue;
        const char *zh = problem_text(p, LANG_ZH, &scratch), *en = problem_text(p, LANG_EN, &scratch);
        if (sink_kept(&why).n > 0) sink_text(&why, " | ");
        if (p->path != NULL && p->path[0] != 0) sink_printf(&why, "%s: ", p->path);
        sink_printf(&why, "%s / %s", zh == NULL ? "" : zh, en == NULL ? "" : en);
    }
    sink_printf(out, "%lld,", (long long)row->line);
    record_csv_cell(out, sink_kept(&why));
    sink_text(out, "\r\n");
    sink_close(&why);
    arena_free(&scratch);
}

static void job_tell(void *payload, const struct import_told *row)
{
    struct job *j = payload;
    for (size_t i = 0; i < row->problem_count; i++) job_fault(j, &row->problems[i]);
    if (row->fate != IMPORT_FAULTY || j->o->host.faulty == NULL) return;
    size_t file;
    for (file = 0; file < j->o->import.file_count; file++)
        if (strcmp(j->o->import.file[file].source.name, row->file->source.name) == 0) break;
    assert(file < j->o->import.file_count);
    if (!j->asked[file]) {
        j->asked[file] = true;
        j->faulty[file] = j->o->host.faulty(j->o->host.payload, file);
        if (j->faulty[file] != NULL) import_faulty_header(j->faulty[file], row);
    }
    if (j->faulty[file] != NULL) import_faulty_row(j->faulty[file], row);
}

static void job_twin(void *payload, const struct import_pair *pair)
{
    struct job *j = payload;
    if (j->o->dry || j->pair_count == JOB_PAIRS_MAX) return;
    struct import_pair *pairs = arena_grow(j->arena, j->pairs, j->pair_count, &j->pair_cap, sizeof *pairs);
    if (pairs == NULL) return;
    j->pairs = pairs;
    pairs[j->pair_count++] = *pair;
}

// ---- writing down ----

static tong_code job_begin(struct db *db, void *what, struct err *err)
{
    struct job *j = what;
    struct import_entry e = {
        .account = j->o->import.account,
        .format = str_z(import_format_words[j->o->import.format].name),
        .name = str_z(j->o->name),
        .state = IMPORT_RUNNING,
        .started = j->o->import.now,
    };
    memcpy(e.uid, j->o->uid, UID_BYTES);
    return import_log_begin(db, &e, &j->out->import, err);
}

static tong_code job_write(struct db *db, void *what, struct err *err)
{
    struct job *j = what;
    struct arena scratch = {0};
    utc_sec ended = j->out->state == IMPORT_RUNNING ? UTC_NONE : j->o->import.now;
    tong_code code = import_log_change(db, j->out->import, j->out->state, ended, &j->out->tally, err);
    for (size_t i = (size_t)j->faults_written; i < j->out->fault_count && code == TONG_OK; i++) {
        const struct import_job_fault *f = &j->out->faults[i];
        const struct message message = {f->slug, (problem_severity)f->severity, f->text, f->remedy};
        const struct problem p = {
            .message = &message, .file = f->file, .line = f->line, .column = f->column, .path = f->field};
        code = import_log_fault(db, j->out->import, (int64_t)i + 1, &p, &scratch, err);
        arena_reset(&scratch);
    }
    for (size_t i = 0; i < j->pair_count && code == TONG_OK; i++) {
        const struct import_pair *p = &j->pairs[i];
        int64_t a = p->a, b = 0;
        if (a == 0) code = import_log_person(db, p->a_uid, &a, err);
        if (code == TONG_OK) code = import_log_person(db, p->b_uid, &b, err);
        if (code == TONG_OK) code = import_log_pair(db, a, b, p->score, p->reasons, j->o->import.now, err);
    }
    arena_free(&scratch);
    return code;
}

static tong_code job_store(struct job *j, struct err *err)
{
    if (j->o->dry) return TONG_OK;
    tong_code code = j->o->host.call(j->o->host.payload, job_write, j, err);
    if (code != TONG_OK) return code;
    j->faults_written = (int64_t)j->out->fault_count;
    j->pair_count = 0;
    return TONG_OK;
}

static bool job_progress(void *payload, const struct import_tally *tally)
{
    struct job *j = payload;
    j->out->tally = *tally;
    j->code = job_store(j, &j->err);
    bool on = j->o->host.progress == NULL || j->o->host.progress(j->o->host.payload, tally);
    return on && j->code == TONG_OK;
}

static tong_code job_take(void *payload, const struct command *commands, size_t count, struct intake_outcome *out,
                          struct err *err)
{
    const struct job *j = payload;
    return j->o->host.take(j->o->host.payload, commands, count, out, err);
}

// ---- all of it ----

tong_code import_job(const struct import_job_options *o, struct arena *arena, struct import_job_result *out,
                     struct err *err)
{
    struct problem_list problems = {.arena = arena};
    struct job j = {.o = o, .out = out, .arena = arena};
    struct import_options run = o->import;
    tong_code code = TONG_OK;
    *out = (struct import_job_result){.state = IMPORT_RUNNING};
    if (o->twins) {
        run.duplicates = duplicate_index_open();
        if (run.duplicates == NULL) return tong_fail(err, TONG_E_NOMEM, "the index of duplicates");
        if (run.db != NULL && run.vault != NULL) code = duplicate_index_load(run.duplicates, run.db, run.vault, err);
    }
    if (code == TONG_OK && !o->dry) code = o->host.call(o->host.payload, job_begin, &j, err);
    if (code == TONG_OK) {
        run.import = out->import;
        run.take = o->dry ? NULL : job_take;
        run.tell = job_tell;
        run.twin = job_twin;
        run.progress = job_progress;
        run.payload = &j;
        run.problems = &problems;
        run.keep_cells = o->host.faulty != NULL;
        code = import_run(&run, &out->tally, err);
        for (size_t i = 0; i < problems.count; i++) job_fault(&j, &problems.items[i]);
        bool stopped = code == TONG_E_CONFLICT && j.code == TONG_OK,
             refused = code == TONG_E_INVALID || code == TONG_E_NOT_FOUND;
        out->state = code == TONG_OK ? IMPORT_DONE : stopped ? IMPORT_STOPPED : IMPORT_FAILED;
        if (j.code != TONG_OK) {
            code = j.code;
            if (err != NULL) *err = j.err;
        }
        if (stopped || refused) code = TONG_OK;
        struct err second = {0};
        tong_code stored = job_store(&j, &second);
        if (code == TONG_OK && stored != TONG_OK) {
            code = stored;
            if (err != NULL) *err = second;
        }
    }
    duplicate_index_close(run.duplicates);
    return code;
}

import_table import_godata_table(const char *file)
{
    static const struct {
        const char *part;
        import_table table;
    } names[] = {
        {"locations", IMPORT_PLACES}, {"relationships", IMPORT_LINKS}, {"followups", IMPORT_FOLLOWUPS},
        {"lab_results", IMPORT_LABS}, {"events", IMPORT_GATHERINGS},   {"contacts", IMPORT_CONTACTS},
        {"cases", IMPORT_CASES},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strncmp(file, names[i].part, strlen(names[i].part)) == 0) return names[i].table;
    return IMPORT_TABLE_COUNT;
}
