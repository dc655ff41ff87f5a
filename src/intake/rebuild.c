#include "intake/rebuild.h"

#include "intake/intake_state.h"
#include "intake/pack.h"
#include "intake/rebuild_inner.h"
#include "store/entry.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct rebuild_log { // the chain that is lived through again
    struct db *source;
    struct intake *in; // over the second database
    struct rebuild_report *report;
    bool parted; // the rules give other facts: from here on nothing can be compared
};

struct rebuild_step { // a transaction
    int64_t last_fact;
    utc_sec at;
    struct intake_cursor cursor;
};

// ---- rows of the chain ----

static tong_code rebuild_row(struct rebuild_log *log, int64_t id, bool *found, struct chain_stored *out,
                             struct err *err)
{
    struct arena *arena = &log->in->arena;
    tong_code code = db_ask(log->source, sql_fact_get, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    *found = db_next(log->source, sql_fact_get);
    if (*found) {
        chain_stored_read(log->source, sql_fact_get, out);
        if (out->payload.n > 0) out->payload.p = arena_copy(arena, out->payload.p, out->payload.n);
        out->commitment.p = arena_copy(arena, out->commitment.p, out->commitment.n);
        if (out->commitment.p == NULL) code = tong_fail(err, TONG_E_NOMEM, "no memory for a fact");
    }
    tong_code done = db_done(log->source, sql_fact_get, code == TONG_OK ? err : NULL);
    return code == TONG_OK ? done : code;
}

static bool rebuild_is_blank(const struct fact_row *row)
{
    return row->fact.kind == ENTRY_ERASED && uid_is_none(row->uid);
}

static bool rebuild_is_gone(const struct rebuild_log *log, int64_t subject)
{
    return subject > 0 && vault_erased(log->in->vault, subject);
}

static tong_code rebuild_write(struct intake *in, const struct chain_stored *s, struct err *err)
{
    in->last_row = s->row.fact.id;
    return flush_fact(in, &s->row, s->payload, (const unsigned char *)s->commitment.p, err);
}

// The first column in which a fact given again differs from the chain's; NULL when they are the same.
static const char *rebuild_other(const struct fact_row *a, const struct fact_row *b)
{
    const struct fact *x = &a->fact, *y = &b->fact;
    const struct {
        const char *column;
        int64_t a, b;
    } all[] = {
        {"subject", x->subject, y->subject},
        {"given_by", a->given_by, b->given_by},
        {"kind", x->kind, y->kind},
        {"happened", x->happened.s, y->happened.s},
        {"known", x->known.s, y->known.s},
        {"recorded", x->recorded.s, y->recorded.s},
        {"until", x->until.s, y->until.s},
        {"link", x->link, y->link},
        {"replaces", x->replaces, y->replaces},
        {"name", x->name, y->name},
        {"value", x->value, y->value},
        {"word", x->word, y->word},
        {"test", x->test, y->test},
        {"outcome", x->outcome, y->outcome},
        {"protection", x->protection, y->protection},
        {"flags", x->flags, y->flags},
        {"edition", x->edition, y->edition},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i].a != all[i].b) return all[i].column;
    return NULL;
}

tong_code rebuild_put(struct intake *in, const struct fact_row *row, struct err *err)
{
    struct rebuild_log *log = in->log;
    struct chain_stored s;
    bool found;
    tong_code code = rebuild_row(log, row->fact.id, &found, &s, err);
    if (code != TONG_OK) return code;
    if (!found) return tong_fail(err, TONG_E_INVALID, "fact %lld is not in the chain", (long long)row->fact.id);
    const char *other = rebuild_is_blank(&s.row) ? NULL : rebuild_other(row, &s.row);
    if (other != NULL) rebuild_differs(log->report, REBUILD_FACT_DIFFERS, "fact", other, row->fact.id);
    if (row->given_by != 0) log->report->given++;
    return rebuild_write(in, &s, err);
}

// ---- facts that the rules give, numbered as they are in the chain ----

static int64_t rebuild_part(struct rebuild_log *log, rebuild_what what, int64_t id)
{
    if (!log->parted) rebuild_differs(log->report, what, "fact", "", id);
    log->parted = true;
    return 0;
}

static bool rebuild_wait(struct rebuild_log *log, const struct fact_row *row)
{
    struct fact f = row->fact;
    uint32_t subject = working_subject(log->in, f.subject), link = f.link == 0 ? 0 : working_subject(log->in, f.link);
    if (subject == CASELOAD_NONE || link == CASELOAD_NONE) return false;
    f.subject = subject;
    f.link = link;
    return caseload_later(log->in->load, &f, NULL) == TONG_OK;
}

// A fact is about to be given to `subject`: which of the chain is it? What somebody gave who has been erased since stands
// between them, and what was blanked.
static int64_t rebuild_fact_id(void *payload, struct caseload *c, uint32_t subject)
{
    struct rebuild_log *log = ((struct intake *)payload)->log;
    int64_t to = caseload_key(c, subject), from = caseload_key(c, caseload_giver(c));
    for (int64_t id = caseload_last_id(c) + 1;; id++) {
        struct chain_stored s;
        bool found;
        struct err err;
        if (rebuild_row(log, id, &found, &s, &err) != TONG_OK) return 0;
        if (!found) return rebuild_part(log, REBUILD_FACT_MISSING, id);
        if (rebuild_is_blank(&s.row)) {
            if (s.row.fact.subject == to) return id;
        } else if (s.row.given_by != 0 && rebuild_is_gone(log, s.row.given_by)) {
            if (!rebuild_wait(log, &s.row)) return 0;
        } else if (s.row.given_by == from && s.row.fact.subject == to) {
            return id;
        } else {
            return rebuild_part(log, REBUILD_FACT_MISSING, id);
        }
    }
}

// ---- feeding ----

static tong_code rebuild_erased(struct rebuild_log *log, const struct chain_stored *s, struct err *err)
{
    struct intake *in = log->in;
    const struct db_value subject = DB_I(s->row.fact.subject);
    caseload_set_last_id(in->load, s->row.fact.id);
    tong_code code = flush_state(in, err);
    if (code == TONG_OK) code = db_run(in->db, sql_erase_links, &subject, 1, NULL, err);
    if (code == TONG_OK) code = db_run(in->db, sql_erase_wards, &subject, 1, NULL, err);
    in->reached = caseload_now(in->load);
    if (code == TONG_OK) code = working_reset(in, err);
    return code == TONG_OK ? rebuild_write(in, s, err) : code;
}

static tong_code rebuild_feed(struct rebuild_log *log, struct chain_stored *s, struct err *err)
{
    struct intake *in = log->in;
    struct fact_row row = s->row;
    bool core;
    in->at = row.fact.recorded;
    caseload_set_now(in->load, in->at);
    caseload_set_last_id(in->load, row.fact.id);
    row.payload = s->payload;
    if (row.payload.n > 0 && row.fact.subject > 0 && vault_has(in->vault, row.fact.subject))
        row.payload = vault_unseal(in->vault, row.fact.subject, row.fact.id, s->payload, &in->arena);
    if (row.payload.p == NULL) row.payload.n = 0;
    tong_code code = flush_is_core(in, &row, &core, err);
    if (code != TONG_OK) return code;
    if (!core) return flush_row(in, &row, err);
    struct fact f = row.fact;
    uint32_t subject = working_subject(in, f.subject), link = f.link == 0 ? 0 : working_subject(in, f.link);
    if (subject == CASELOAD_NONE || link == CASELOAD_NONE)
        return tong_fail(err, TONG_E_NOMEM, "no memory for a subject");
    f.subject = subject;
    f.link = link;
    code = working_fault(in, caseload_record(in->load, &f, err), err);
    return code == TONG_OK ? flush_taken(in, &row, err) : code;
}

// A new edition came into force before this row: where somebody was told, the row says so itself.
static tong_code rebuild_edition(struct rebuild_log *log, const struct fact_row *row, utc_sec at, struct err *err)
{
    struct intake *in = log->in;
    int32_t edition = row->fact.kind == EVENT_EDITION ? row->fact.edition : -1;
    tong_code code = TONG_OK;
    if (edition >= 0 && edition != in->in_force && (size_t)edition < in->editions.count)
        return edition_enter(in, edition, err);
    while (edition < 0 && code == TONG_OK && editions_waiting(in, at, &edition)) {
        code = edition_enter(in, edition, err);
        edition = -1;
    }
    return code;
}

static tong_code rebuild_one(struct rebuild_log *log, struct chain_stored *s, const struct rebuild_step *step,
                             struct err *err)
{
    struct intake *in = log->in;
    int64_t id = s->row.fact.id;
    log->report->facts++;
    if (id <= caseload_last_id(in->load)) return TONG_OK; // given by the rules already, or passed over
    if (rebuild_is_blank(&s->row)) {
        caseload_set_last_id(in->load, id);
        return rebuild_write(in, s, err);
    }
    if (s->row.fact.kind == ENTRY_ERASED) return rebuild_erased(log, s, err);
    tong_code code = rebuild_edition(log, &s->row, step->at, err);
    if (code != TONG_OK) return code;
    if (s->row.given_by != 0 && !rebuild_is_gone(log, s->row.given_by))
        rebuild_differs(log->report, REBUILD_FACT_EXTRA, "fact", "", id);
    return rebuild_feed(log, s, err);
}

// ---- the whole chain ----

static tong_code rebuild_commit(struct rebuild_log *log, struct err *err)
{
    enum { BYTES = 64 << 20 };
    struct intake *in = log->in;
    tong_code code = flush_state(in, err);
    if (code == TONG_OK) code = db_commit(in->db, err);
    if (code == TONG_OK) code = db_begin(in->db, err);
    in->reached = caseload_now(in->load);
    arena_reset(&in->arena);
    in->room = NULL;
    if (code == TONG_OK && caseload_bytes(in->load) + in->kept.bytes + in->grown.bytes > BYTES)
        code = working_reset(in, err);
    return code;
}

static tong_code rebuild_next_step(struct rebuild_log *log, struct rebuild_step *step, struct err *err)
{
    struct db *db = log->source;
    if (!db_next(db, sql_chain_steps)) {
        step->last_fact = INT64_MAX;
        return TONG_OK;
    }
    *step = (struct rebuild_step){db_int(db, sql_chain_steps, 0, 0),
                                  {db_int(db, sql_chain_steps, 1, 0)},
                                  {db_int(db, sql_chain_steps, 2, 0), db_int(db, sql_chain_steps, 3, 0)}};
    log->report->transactions++;
    tong_code code = rebuild_commit(log, err);
    return code == TONG_OK ? advance_to(log->in, step->cursor, err) : code;
}

static tong_code rebuild_walk(struct rebuild_log *log, const struct rebuild_options *o, int64_t all, struct err *err)
{
    enum { TOLD = 10000 };
    const struct db_value from[] = {DB_I(0), DB_I(INT64_MAX)};
    struct rebuild_step step = {.last_fact = 0};
    tong_code code = db_ask(log->source, sql_chain_steps, from, 1, err);
    if (code == TONG_OK) code = db_ask(log->source, sql_chain_walk, from, 2, err);
    while (code == TONG_OK && db_next(log->source, sql_chain_walk)) {
        struct chain_stored s;
        chain_stored_read(log->source, sql_chain_walk, &s);
        while (code == TONG_OK && s.row.fact.id > step.last_fact) code = rebuild_next_step(log, &step, err);
        if (code == TONG_OK) code = rebuild_one(log, &s, &step, err);
        if (o->progress != NULL && log->report->facts % TOLD == 0) o->progress(o->payload, log->report->facts, all);
    }
    tong_code walked = db_done(log->source, sql_chain_walk, code == TONG_OK ? err : NULL);
    tong_code stepped = db_done(log->source, sql_chain_steps, NULL);
    return code != TONG_OK ? code : walked != TONG_OK ? walked : stepped;
}

// Time passes up to where it has in the database.
static tong_code rebuild_end(struct rebuild_log *log, struct err *err)
{
    struct intake *in = log->in;
    struct str text, part;
    int64_t v[4] = {0, 0, INT32_MIN, 0};
    int32_t n = 0;
    tong_code code = db_ask(log->source, sql_meta_get, &DB_T(STR("now")), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(log->source, sql_meta_get)) {
        text = db_text(log->source, sql_meta_get, 0);
        while (n < 4 && str_cut(&text, ' ', &part) && str_int(part, &v[n])) n++;
    }
    code = db_done(log->source, sql_meta_get, err);
    int32_t edition;
    while (code == TONG_OK && n == 4 && editions_waiting(in, (utc_sec){v[0]}, &edition))
        code = edition_enter(in, edition, err);
    if (code == TONG_OK && n == 4) code = advance_to(in, (struct intake_cursor){v[2], v[3]}, err);
    if (code == TONG_OK) code = flush_state(in, err);
    return code == TONG_OK ? db_commit(in->db, err) : code;
}

static void rebuild_derivers(struct intake *in)
{
    const struct deriver *const all[] = {intake_record_derivers, intake_edition_derivers};
    for (size_t i = 0; i < 2; i++)
        for (const struct deriver *d = all[i]; d->kind >= 0; d++) in->deriver[d->kind] = *d;
}

static tong_code rebuild_open(struct rebuild_log *log, const struct rebuild_options *o, struct err *err)
{
    struct intake *in = calloc(1, sizeof *in);
    if (in == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory to rebuild");
    log->in = in;
    in->log = log;
    in->rebuilding = true;
    in->in_force = in->moving = -1;
    rebuild_derivers(in);
    size_t n = strlen(o->where) + sizeof ".vault";
    char *file = o->vault == NULL ? malloc(n) : NULL;
    if (file != NULL) (void)snprintf(file, n, "%s.vault", o->where);
    tong_code code = vault_open_read(file == NULL ? o->vault : file, &in->vault, err);
    free(file);
    if (code == TONG_OK && access(o->scratch, F_OK) == 0)
        return tong_fail(err, TONG_E_CONFLICT, "%s is there already", o->scratch);
    if (code == TONG_OK) code = db_open(o->scratch, DB_CREATE, &in->db, err);
    if (code == TONG_OK) code = intake_read_state(in, err);
    in->store.fact_id = rebuild_fact_id;
    return code == TONG_OK ? db_begin(in->db, err) : code;
}

static void rebuild_remove(const char *scratch)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    char name[1024];
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        (void)snprintf(name, sizeof name, "%s%s", scratch, ends[i]);
        (void)unlink(name);
    }
}

static tong_code rebuild_replace_all(struct rebuild_log *log, struct err *err)
{
    char layout[32];
    (void)snprintf(layout, sizeof layout, "%d", PACK_LAYOUT);
    const struct db_value meta[] = {DB_T(STR("layout")), DB_T(str_z(layout))};
    tong_code code = db_begin(log->source, err);
    if (code == TONG_OK) code = rebuild_copy(log->source, log->in->db, err);
    if (code == TONG_OK) code = db_run(log->source, sql_meta_put, meta, 2, NULL, err);
    if (code == TONG_OK) return db_commit(log->source, err);
    db_rollback(log->source);
    return code;
}

static tong_code rebuild_run(const struct rebuild_options *o, bool replace, struct rebuild_report *out, struct err *err)
{
    struct rebuild_report *report = calloc(1, sizeof *report);
    struct rebuild_log log = {.report = report};
    if (report == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory to rebuild");
    bool made = access(o->scratch, F_OK) != 0;
    int64_t all = 0;
    tong_code code = db_open(o->where, replace ? DB_WRITE : DB_READ, &log.source, err);
    if (code == TONG_OK && !replace) code = db_begin(log.source, err); // one snapshot, should a server be running
    if (code == TONG_OK) code = rebuild_open(&log, o, err);
    if (code == TONG_OK) code = db_ask(log.source, sql_fact_last, NULL, 0, err);
    if (code == TONG_OK) {
        all = db_next(log.source, sql_fact_last) ? db_int(log.source, sql_fact_last, 0, 0) : 0;
        code = db_done(log.source, sql_fact_last, err);
    }
    if (code == TONG_OK) code = rebuild_walk(&log, o, all, err);
    if (code == TONG_OK) code = rebuild_end(&log, err);
    int64_t facts_differ = report->differences;
    if (code == TONG_OK) code = rebuild_compare(log.source, log.in->db, report, err);
    if (log.parted) code = TONG_OK; // said in the report
    if (code == TONG_OK && replace && facts_differ > 0)
        code = tong_fail(err, TONG_E_INVALID, "the rules do not give the facts of the chain: nothing was replaced");
    if (code == TONG_OK && replace && report->differences > 0) code = rebuild_replace_all(&log, err);
    intake_close(log.in);
    db_close(log.source);
    if (made) rebuild_remove(o->scratch);
    *out = *report;
    free(report);
    return code;
}

tong_code rebuild_check(const struct rebuild_options *options, struct rebuild_report *out, struct err *err)
{
    return rebuild_run(options, false, out, err);
}

tong_code rebuild_replace(const struct rebuild_options *options, struct rebuild_report *out, struct err *err)
{
    return rebuild_run(options, true, out, err);
}
