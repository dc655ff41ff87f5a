// Derived rows written: enrolments, tasks, measures and links that changed since the last time.
#include "intake/intake_state.h"
#include "intake/pack.h"
#include "store/roll_row.h"

static tong_code flush_issued(struct intake *in, uint32_t enrolment, struct str *out, struct err *err)
{
    bool unpacked;
    size_t count;
    struct str packed = caseload_packed_of(in->load, enrolment, &unpacked);
    const struct decision *all = caseload_decisions(in->load, enrolment, &count);
    *out = packed;
    if (count == 0 && !unpacked) return TONG_OK;
    struct packing p = {.arena = &in->arena};
    pack_begin(&p, unpacked ? (struct str){NULL, 0} : packed);
    for (size_t i = 0; i < count; i++) {
        struct decision d = all[i];
        if (d.other != 0) d.other = caseload_key(in->load, (uint32_t)d.other);
        pack_decision(&p, &d);
    }
    *out = pack_done(&p);
    if (p.full) return tong_fail(err, TONG_E_NOMEM, "no memory for the decisions of an enrolment");
    if (unpacked) return TONG_OK;
    struct str kept = {arena_copy(&in->kept, out->p, out->n), out->n};
    if (kept.p == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the decisions of an enrolment");
    caseload_packed(in->load, enrolment, kept);
    return TONG_OK;
}

static struct str flush_slots(struct intake *in, uint32_t enrolment, bool *full)
{
    struct packing p = {.arena = &in->arena};
    size_t count;
    const struct caseload_task *tasks = caseload_tasks(in->load, &count);
    pack_begin(&p, (struct str){NULL, 0});
    for (uint8_t slot = 0; slot < PROTOCOL_SLOTS; slot++) {
        uint32_t t = caseload_slot_task(in->load, enrolment, slot);
        if (t == CASELOAD_NONE) continue;
        struct caseload_task task = tasks[t];
        task.slot = slot;
        pack_task(&p, &task);
    }
    *full = p.full;
    return pack_done(&p);
}

static void flush_enrolment_tell(struct intake *in, const struct caseload_stored_enrolment *s, int64_t subject)
{
    intake_tell_change(in, CHANGE_ENROLMENT, s->number, subject);
    if (in->roll == NULL) return;
    int32_t columns[ROLL_COLUMNS_MAX];
    const struct roll_enrolment row = {
        .subject = subject,
        .source = s->source,
        .opened = {s->known},
        .ended = enrolment_has_ended(&s->e) ? (utc_sec){s->ended} : UTC_NONE,
        .state = &s->e,
    };
    roll_row_enrolment(in->roll, &in->book, &row, columns);
    intake_tell_row(in, ROLL_ENROLMENTS, s->number, columns, ROLL_ENROLMENT_COLUMN_COUNT);
}

static tong_code flush_enrolment(struct intake *in, uint32_t enrolment, struct err *err)
{
    struct caseload_stored_enrolment s = caseload_stored(in->load, enrolment);
    int64_t subject = caseload_key(in->load, s.subject);
    struct enrolment state = s.e;
    struct str issued;
    bool full;
    state.subject = 0;
    event_word class = enrolment_class(&s.e);
    tong_code code = flush_issued(in, enrolment, &issued, err);
    if (code != TONG_OK) return code;
    struct str slots = flush_slots(in, enrolment, &full);
    if (full) return tong_fail(err, TONG_E_NOMEM, "no memory for the tasks of an enrolment");
    int32_t due = caseload_due(in->load, enrolment);
    const struct db_value v[] = {
        // what may change stands first
        DB_I(s.number),
        DB_I(s.e.edition),
        DB_I(s.e.pathway),
        DB_I(s.e.stage),
        DB_I(class == EVENT_WORD_COUNT ? PROTOCOL_NONE : (int64_t) class),
        DB_I(enrolment_final(&s.e)),
        enrolment_has_ended(&s.e) ? DB_I(s.ended) : DB_N,
        DB_I(s.version),
        DB_I(s.turns),
        DB_B(((struct str){(const char *)&state, sizeof state})),
        db_b_or_null(slots),
        db_b_or_null(issued),
        DB_I(due),
        DB_I(subject),
        db_i_or_null(s.source, 0),
        DB_I(s.known),
        DB_I(s.since),
        DB_I(s.opened),
        DB_I(s.first_edition),
        DB_I(s.first_pathway),
    };
    enum { MAY_CHANGE = 13, MAY_CHANGE_AND_KEEP = MAY_CHANGE - 1 };
    if (!s.stored) code = db_run(in->db, sql_enrolment_put, v, sizeof v / sizeof v[0], NULL, err);
    else if (s.due == due) code = db_run(in->db, sql_enrolment_keep, v, MAY_CHANGE_AND_KEEP, NULL, err);
    else code = db_run(in->db, sql_enrolment_change, v, MAY_CHANGE, NULL, err);
    if (code != TONG_OK) return code;
    caseload_stored_due(in->load, enrolment, due);
    flush_enrolment_tell(in, &s, subject);
    return TONG_OK;
}

// Whom a task was given to is not the caseload's business: as the roll has it, or the database.
static tong_code flush_task_tell(struct intake *in, const struct caseload_task *t, int64_t subject, int32_t marks,
                                 struct err *err)
{
    int32_t columns[ROLL_COLUMNS_MAX];
    struct task_row stored = {0};
    intake_tell_change(in, CHANGE_TASK, t->number, subject);
    if (in->roll == NULL || in->preview) return TONG_OK;
    if (t->stored) {
        roll_read_begin(in->roll);
        bool found = !in->assigned && roll_get(in->roll, ROLL_TASKS, t->number, columns);
        roll_read_end(in->roll);
        if (found) {
            stored.assigned = columns[ROLL_TASK_ASSIGNED] == ROLL_NONE ? 0 : columns[ROLL_TASK_ASSIGNED];
            stored.place = columns[ROLL_TASK_PLACE] == ROLL_NONE ? 0 : columns[ROLL_TASK_PLACE];
        } else {
            tong_code code = intake_find_task(in, t->number, &found, &stored, err);
            if (code != TONG_OK) return code;
        }
    }
    const struct roll_task row = {
        .subject = subject,
        .assigned = stored.assigned,
        .place = stored.place,
        .edition = t->edition,
        .task = t->task,
        .role = t->role,
        .how = t->how,
        .marks = marks,
        .opened = t->opened,
        .deadline = t->deadline,
        .closed = t->closed,
    };
    roll_row_task(in->roll, &in->book, &row, columns);
    intake_tell_row(in, ROLL_TASKS, t->number, columns, ROLL_TASK_COLUMN_COUNT);
    return TONG_OK;
}

static tong_code flush_task(struct intake *in, uint32_t index, struct err *err)
{
    size_t count;
    const struct caseload_task *t = &caseload_tasks(in->load, &count)[index];
    int64_t subject = caseload_key(in->load, t->subject);
    bool asked = t->enrolment == CASELOAD_NONE;
    int32_t marks = (t->overdue ? ROLL_MARK_OVERDUE : 0) | (t->escalated ? ROLL_MARK_ESCALATED : 0);
    int64_t enrolment = asked ? 0 : caseload_stored(in->load, t->enrolment).number;
    const struct db_value v[] = {
        // what may change stands first
        DB_I(t->number),
        DB_I(t->slot),
        DB_I(t->how),
        DB_I(marks),
        db_i_or_null(t->closed.s, INT64_MIN),
        db_i_or_null(t->closed_by, 0),
        DB_I(subject),
        db_i_or_null(enrolment, 0),
        DB_I(t->edition),
        DB_I(t->task),
        DB_I(t->stage),
        DB_I(t->why),
        DB_I(t->rule),
        DB_I(t->role),
        DB_I(t->opened.s),
        db_i_or_null(t->deadline.s, INT64_MIN),
        db_i_or_null(t->n, 0),
        db_i_or_null(t->fact, 0),
    };
    enum { MAY_CHANGE = 6 };
    tong_code code = t->stored ? db_run(in->db, sql_task_change, v, MAY_CHANGE, NULL, err)
                               : db_run(in->db, asked ? sql_task_ask : sql_task_put, v, sizeof v / sizeof v[0], NULL, err);
    return code == TONG_OK ? flush_task_tell(in, t, subject, marks, err) : code;
}

static tong_code flush_measure(struct intake *in, uint32_t index, struct err *err)
{
    size_t count;
    const struct caseload_measure *m = &caseload_measures(in->load, &count)[index];
    int64_t subject = caseload_key(in->load, m->subject), first = 0, second = 0;
    const struct fact *order = m->order > in->flushed ? caseload_fact(in->load, m->order) : NULL;
    if (order != NULL) {
        first = order->signer;
        second = order->second;
    }
    const struct db_value v[] = {
        DB_I(m->number),
        DB_I(subject),
        DB_I(caseload_stored(in->load, m->enrolment).number),
        DB_I(m->edition),
        DB_I(m->measure),
        DB_I(m->place),
        DB_I(m->why),
        DB_I(m->rule),
        DB_I(m->how),
        DB_I(m->stage),
        db_i_or_null(m->fact, 0),
        db_i_or_null(m->proposed.s, INT64_MIN),
        db_i_or_null(m->ordered.s, INT64_MIN),
        db_i_or_null(m->started.s, INT64_MIN),
        db_i_or_null(m->ended.s, INT64_MIN),
        db_i_or_null(m->until.s, INT64_MIN),
        db_i_or_null(first, 0),
        db_i_or_null(second, 0),
        db_i_or_null(m->order, 0),
    };
    tong_code code = db_run(in->db, sql_measure_put, v, sizeof v / sizeof v[0], NULL, err);
    if (code != TONG_OK) return code;
    intake_tell_change(in, CHANGE_MEASURE, m->number, subject);
    if (in->roll == NULL || in->preview) return TONG_OK;
    struct roll_measure row = {
        .subject = subject,
        .first_signer = first,
        .edition = m->edition,
        .measure = m->measure,
        .proposed = m->proposed,
        .ordered = m->ordered,
        .started = m->started,
        .ended = m->ended,
        .until = m->until,
    };
    if (m->stored) {
        struct measure_row was;
        bool found;
        code = db_ask(in->db, sql_measure_get, &DB_I(m->number), 1, err);
        if (code != TONG_OK) return code;
        found = db_next(in->db, sql_measure_get);
        was.site = found ? db_int(in->db, sql_measure_get, 19, 0) : 0;
        was.first_signer = found ? db_int(in->db, sql_measure_get, 16, 0) : 0;
        code = db_done(in->db, sql_measure_get, err);
        if (code != TONG_OK) return code;
        row.site = was.site;
        row.first_signer = was.first_signer;
    }
    int32_t columns[ROLL_COLUMNS_MAX];
    roll_row_measure(in->roll, &in->book, &row, columns);
    intake_tell_row(in, ROLL_MEASURES, m->number, columns, ROLL_MEASURE_COLUMN_COUNT);
    return TONG_OK;
}

static tong_code flush_link(struct intake *in, uint32_t index, struct err *err)
{
    size_t count;
    const struct caseload_link *l = &caseload_links(in->load, &count)[index];
    const struct db_value v[] = {
        DB_I(l->opened_by),
        DB_I(caseload_key(in->load, l->from)),
        DB_I(caseload_key(in->load, l->to)),
        DB_I(caseload_stored(in->load, l->by_enrolment).number),
        DB_I(l->fact),
        DB_I(l->opened_by),
        DB_I(l->withdrawn ? 1 : 0),
    };
    return db_run(in->db, sql_link_put, v, sizeof v / sizeof v[0], NULL, err);
}

tong_code flush_state(struct intake *in, struct err *err)
{
    static const struct {
        caseload_change what;
        tong_code (*put)(struct intake *in, uint32_t index, struct err *err);
    } parts[] = {
        {CASELOAD_ENROLMENT_CHANGED, flush_enrolment},
        {CASELOAD_MEASURE_CHANGED, flush_measure},
        {CASELOAD_TASK_CHANGED, flush_task},
        {CASELOAD_LINK_CHANGED, flush_link},
    };
    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++) {
        size_t count;
        const uint32_t *all = caseload_changes(in->load, parts[p].what, &count);
        tong_code code = TONG_OK;
        for (size_t i = 0; i < count && code == TONG_OK; i++) code = parts[p].put(in, all[i], err);
        if (code != TONG_OK) return code;
        caseload_clean(in->load, parts[p].what);
    }
    in->flushed = caseload_last_id(in->load);
    return TONG_OK;
}
