// What handlers and derivers ask: subjects, rows, measures, tasks, the tree of places.
#include "intake/intake_state.h"

#include "base/sink.h"
#include "store/payload.h"
#include "store/roll_row.h"

#include <assert.h>
#include <string.h>

struct db *intake_db(struct intake *in)
{
    return in->db;
}
struct vault *intake_vault(struct intake *in)
{
    return in->vault;
}
struct arena *intake_arena(struct intake *in)
{
    return &in->arena;
}
bool intake_is_preview(const struct intake *in)
{
    return in->preview;
}
utc_sec intake_at(const struct intake *in)
{
    return in->at;
}
int64_t intake_next_subject(const struct intake *in)
{
    return in->last_subject + 1;
}

bool intake_is_made_now(const struct intake *in, int64_t subject)
{
    return subject == in->fresh && subject != 0;
}

bool intake_is_newest(const struct intake *in, int64_t row)
{
    return row == in->last_row;
}

const struct protocol *intake_protocol(const struct intake *in, int32_t edition)
{
    return edition < 0 || (size_t)edition >= in->editions.count ? NULL : in->protocols[edition];
}

void intake_refuse(struct intake_outcome *out, tong_code code, const struct message *message, const char *arg1,
                   const char *arg2, const char *arg3)
{
    assert(code != TONG_OK);
    if (out->code == TONG_OK) out->code = code;
    if (out->problems != NULL)
        problem_add(out->problems, (struct problem_at){.path = ""}, message, arg1, arg2, arg3, NULL);
}

// Names are made in the order of time: one that is later than all cannot be there, and need not be looked for.
bool intake_is_later(const struct intake *in, const unsigned char uid[UID_BYTES])
{
    return memcmp(uid, in->last_uid, UID_BYTES) > 0;
}

void intake_seen_uid(struct intake *in, const unsigned char uid[UID_BYTES])
{
    if (intake_is_later(in, uid)) memcpy(in->last_uid, uid, UID_BYTES);
}

tong_code intake_find_subject(struct intake *in, int64_t number, const unsigned char uid[UID_BYTES], int64_t *id,
                              subject_kind *kind, int64_t *place, struct err *err)
{
    tong_code code = TONG_OK;
    int64_t found = number;
    *id = 0;
    if (number == 0) {
        const struct str key = {(const char *)uid, UID_BYTES};
        if (uid_is_none(uid) || intake_is_later(in, uid)) return TONG_OK;
        if (!map_get_text(in->subject_uid, key, &found)) {
            code = db_ask(in->db, sql_subject_by_uid, &DB_B(key), 1, err);
            if (code != TONG_OK) return code;
            found = db_next(in->db, sql_subject_by_uid) ? db_int(in->db, sql_subject_by_uid, 0, 0) : 0;
            code = db_done(in->db, sql_subject_by_uid, err);
            if (code != TONG_OK || found == 0) return code;
        }
    }
    const struct intake_subject *s = intake_subject_get(in, found, &code, err);
    if (s == NULL || !s->there || s->erased) return code;
    *id = found;
    if (kind != NULL) *kind = (subject_kind)s->kind;
    if (place != NULL) *place = s->place;
    return TONG_OK;
}

tong_code intake_find_kept(struct intake *in, int64_t *id, struct err *err)
{
    enum { MERGES_MAX = 64 }; // one after the other
    for (int32_t i = 0; i < MERGES_MAX; i++) {
        tong_code code;
        const struct intake_subject *s = intake_subject_get(in, *id, &code, err);
        if (s == NULL) return code;
        if (s->merged_into == 0) return TONG_OK;
        *id = s->merged_into;
    }
    return TONG_OK;
}

int64_t intake_last_row(const struct intake *in)
{
    return in->last_row;
}

tong_code intake_find_row(struct intake *in, int64_t number, const unsigned char uid[UID_BYTES], bool *found,
                          struct fact_row *out, struct err *err)
{
    *found = false;
    if (number == 0 && (uid_is_none(uid) || intake_is_later(in, uid))) return TONG_OK;
    const sql_id q = number != 0 ? sql_fact_get : sql_fact_by_uid;
    const struct db_value key = number != 0 ? DB_I(number) : DB_B(((struct str){(const char *)uid, UID_BYTES}));
    tong_code code = db_ask(in->db, q, &key, 1, err);
    if (code != TONG_OK) return code;
    if (db_next(in->db, q)) {
        struct chain_stored s;
        chain_stored_read(in->db, q, &s);
        *found = true;
        *out = s.row;
        out->payload = s.payload;
        if (s.payload.n > 0 && s.row.fact.subject > 0 && vault_has(in->vault, s.row.fact.subject))
            out->payload = vault_unseal(in->vault, s.row.fact.subject, s.row.fact.id, s.payload, &in->arena);
        else if (s.payload.n > 0) out->payload.p = arena_copy(&in->arena, s.payload.p, s.payload.n);
        if (out->payload.p == NULL) out->payload.n = 0;
    }
    return db_done(in->db, q, err);
}

// What changed of it since the last flush is written first; of others it may wait.
static bool find_is_behind(const struct intake *in, int64_t measure)
{
    size_t changed, count;
    const uint32_t *which = caseload_changes(in->load, CASELOAD_MEASURE_CHANGED, &changed);
    const struct caseload_measure *all = caseload_measures(in->load, &count);
    for (size_t i = 0; i < changed; i++)
        if (all[which[i]].number == measure) return true;
    return false;
}

tong_code intake_find_measure(struct intake *in, int64_t id, bool *found, struct measure_row *out, struct err *err)
{
    const sql_id q = sql_measure_get;
    tong_code code = find_is_behind(in, id) ? flush_state(in, err) : TONG_OK;
    if (code == TONG_OK) code = db_ask(in->db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    *found = db_next(in->db, q);
    if (*found)
        *out = (struct measure_row){
            .id = id,
            .subject = db_int(in->db, q, 1, 0),
            .enrolment = db_int(in->db, q, 2, 0),
            .edition = (int32_t)db_int(in->db, q, 3, 0),
            .measure = (int32_t)db_int(in->db, q, 4, 0),
            .place = (int32_t)db_int(in->db, q, 5, 0),
            .how = (int32_t)db_int(in->db, q, 8, 0),
            .stage = (int32_t)db_int(in->db, q, 9, 0),
            .fact = db_int(in->db, q, 10, 0),
            .proposed = {db_int(in->db, q, 11, INT64_MIN)},
            .ordered = {db_int(in->db, q, 12, INT64_MIN)},
            .started = {db_int(in->db, q, 13, INT64_MIN)},
            .ended = {db_int(in->db, q, 14, INT64_MIN)},
            .until = {db_int(in->db, q, 15, INT64_MIN)},
            .first_signer = db_int(in->db, q, 16, 0),
            .second_signer = db_int(in->db, q, 17, 0),
            .order_fact = db_int(in->db, q, 18, 0),
            .site = db_int(in->db, q, 19, 0),
        };
    return db_done(in->db, q, err);
}

tong_code intake_find_task(struct intake *in, int64_t id, bool *found, struct task_row *out, struct err *err)
{
    const sql_id q = sql_task_get;
    tong_code code = db_ask(in->db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    *found = db_next(in->db, q);
    if (*found)
        *out = (struct task_row){
            .id = id,
            .subject = db_int(in->db, q, 1, 0),
            .enrolment = db_int(in->db, q, 2, 0),
            .edition = (int32_t)db_int(in->db, q, 3, 0),
            .task = (int32_t)db_int(in->db, q, 4, 0),
            .slot = (int32_t)db_int(in->db, q, 5, 0),
            .stage = (int32_t)db_int(in->db, q, 6, 0),
            .why = (int32_t)db_int(in->db, q, 7, 0),
            .rule = (int32_t)db_int(in->db, q, 8, 0),
            .role = (int32_t)db_int(in->db, q, 9, 0),
            .how = (int32_t)db_int(in->db, q, 10, 0),
            .marks = (int32_t)db_int(in->db, q, 11, 0),
            .opened = {db_int(in->db, q, 12, INT64_MIN)},
            .deadline = {db_int(in->db, q, 13, INT64_MIN)},
            .n = (int32_t)db_int(in->db, q, 14, 0),
            .fact = db_int(in->db, q, 15, 0),
            .closed = {db_int(in->db, q, 16, INT64_MIN)},
            .closed_by = db_int(in->db, q, 17, 0),
            .assigned = db_int(in->db, q, 18, 0),
            .place = db_int(in->db, q, 19, 0),
        };
    return db_done(in->db, q, err);
}

// ---- what entries change in rows that are kept here ----

tong_code intake_set_site(struct intake *in, int64_t measure, int64_t site, struct err *err)
{
    struct measure_row m;
    bool found;
    tong_code code = intake_find_measure(in, measure, &found, &m, err);
    if (code != TONG_OK || !found) return code;
    const struct db_value v[] = {DB_I(measure), db_i_or_null(site, 0)};
    code = db_run(in->db, sql_measure_site, v, 2, NULL, err);
    if (code != TONG_OK) return code;
    intake_tell_change(in, CHANGE_MEASURE, measure, m.subject);
    if (in->roll == NULL) return TONG_OK;
    int32_t columns[ROLL_COLUMNS_MAX];
    const struct roll_measure row = {
        .subject = m.subject,
        .site = site,
        .first_signer = m.first_signer,
        .edition = (uint8_t)m.edition,
        .measure = (uint8_t)m.measure,
        .proposed = m.proposed,
        .ordered = m.ordered,
        .started = m.started,
        .ended = m.ended,
        .until = m.until,
    };
    roll_row_measure(in->roll, &in->book, &row, columns);
    intake_tell_row(in, ROLL_MEASURES, measure, columns, ROLL_MEASURE_COLUMN_COUNT);
    return TONG_OK;
}

tong_code intake_set_signers(struct intake *in, int64_t measure, int64_t first, int64_t second, struct err *err)
{
    struct measure_row m;
    bool found;
    tong_code code = flush_state(in, err);
    const struct db_value v[] = {DB_I(measure), db_i_or_null(first, 0), db_i_or_null(second, 0)};
    if (code == TONG_OK) code = db_run(in->db, sql_measure_signers, v, 3, NULL, err);
    if (code == TONG_OK) code = intake_find_measure(in, measure, &found, &m, err);
    if (code != TONG_OK || !found) return code;
    return intake_set_site(in, measure, m.site, err); // told to the roll
}

tong_code intake_set_assigned(struct intake *in, int64_t task, int64_t account, struct err *err)
{
    struct task_row t;
    bool found;
    tong_code code = flush_state(in, err);
    in->assigned = true;
    if (code == TONG_OK) code = intake_find_task(in, task, &found, &t, err);
    if (code != TONG_OK || !found) return code;
    const struct db_value v[] = {DB_I(task), db_i_or_null(account, 0)};
    code = db_run(in->db, sql_task_assigned, v, 2, NULL, err);
    if (code != TONG_OK) return code;
    intake_tell_change(in, CHANGE_TASK, task, t.subject);
    if (in->roll == NULL) return TONG_OK;
    int32_t columns[ROLL_COLUMNS_MAX];
    const struct roll_task row = {
        .subject = t.subject,
        .assigned = account,
        .place = t.place,
        .edition = (uint8_t)t.edition,
        .task = (uint8_t)t.task,
        .role = t.role,
        .how = t.how,
        .marks = t.marks,
        .opened = t.opened,
        .deadline = t.deadline,
        .closed = t.closed,
    };
    roll_row_task(in->roll, &in->book, &row, columns);
    intake_tell_row(in, ROLL_TASKS, task, columns, ROLL_TASK_COLUMN_COUNT);
    return TONG_OK;
}

// ---- places ----

tong_code intake_place_up(struct intake *in, int64_t place, int32_t kind, int64_t *out, struct err *err)
{
    enum { LEVELS_MAX = 32 };
    *out = 0;
    for (int32_t level = 0; place != 0 && level < LEVELS_MAX; level++) {
        tong_code code;
        const struct intake_subject *s = intake_subject_get(in, place, &code, err);
        if (s == NULL) return code;
        if (!s->there || s->kind != SUBJECT_PLACE) return TONG_OK;
        if (s->place_kind == kind) {
            *out = place;
            return TONG_OK;
        }
        place = s->place;
    }
    return TONG_OK;
}

void intake_place_changed(struct intake *in, int64_t place, int64_t parent, int32_t kind)
{
    int64_t at;
    if (!map_get_number(in->subject_at, place, &at)) return;
    in->subjects[at].place = parent;
    in->subjects[at].place_kind = kind;
}

void intake_home_changed(struct intake *in, int64_t subject, int64_t place)
{
    int64_t at;
    if (map_get_number(in->subject_at, subject, &at)) in->subjects[at].place = place;
}

void intake_person_changed(struct intake *in, int64_t person, int64_t place, int64_t guardian)
{
    int64_t at;
    if (!map_get_number(in->subject_at, person, &at)) return;
    in->subjects[at].place = place;
    in->subjects[at].guardian = guardian;
    in->subjects[at].there = true;
}

// ---- texts ----

tong_code intake_meta_get(struct intake *in, const char *key, struct str *out, struct err *err)
{
    *out = (struct str){NULL, 0};
    tong_code code = db_ask(in->db, sql_meta_get, &DB_T(str_z(key)), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(in->db, sql_meta_get)) {
        struct str s = db_text(in->db, sql_meta_get, 0);
        out->p = arena_copy(&in->arena, s.p, s.n);
        out->n = out->p == NULL ? 0 : s.n;
    }
    return db_done(in->db, sql_meta_get, err);
}

tong_code intake_meta_put(struct intake *in, const char *key, const char *value, struct err *err)
{
    const struct db_value v[] = {DB_T(str_z(key)), DB_T(str_z(value))};
    return db_run(in->db, sql_meta_put, v, 2, NULL, err);
}

struct str intake_note(struct intake *in, const struct command *c, const char *tube)
{
    struct sink sink = {0};
    if (c->note.n == 0 && tube == NULL) return (struct str){NULL, 0};
    struct json_out j = json_out_to(&sink);
    json_out_object(&j, NULL);
    if (tube != NULL) json_out_text(&j, "tube", str_z(tube));
    if (c->note.n > 0) json_out_text(&j, "note", c->note);
    json_out_end(&j);
    bool good = json_out_finish(&j);
    struct str text = str_trim(sink_kept(&sink));
    struct str out = {good ? arena_copy(&in->arena, text.p, text.n) : NULL, text.n};
    if (out.p == NULL) out.n = 0;
    sink_close(&sink);
    return out;
}
