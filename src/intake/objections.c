#include "intake/records.h"

#include "store/roll_row.h"

#include <assert.h>
#include <string.h>

enum objections_fault {
    OBJECTIONS_NO_MEASURE,
    OBJECTIONS_OVER,
    OBJECTIONS_NO_OFFICE,
    OBJECTIONS_TWICE,
    OBJECTIONS_UNKNOWN,
    OBJECTIONS_DECIDED,
    OBJECTIONS_OWN_ORDER,
    OBJECTIONS_FAULT_COUNT
};

static const struct message objections_message[OBJECTIONS_FAULT_COUNT] = {
    [OBJECTIONS_NO_MEASURE] = {"measure-unknown", PROBLEM_ERROR, LABEL("there is no such measure", "没有该措施"),
                               LABEL("look at the list again", "请刷新列表后再试")},
    [OBJECTIONS_OVER] = {"measure-over", PROBLEM_ERROR, LABEL("this measure has ended", "该措施已结束"),
                         LABEL("there is nothing left to object to", "已无需提出异议")},
    [OBJECTIONS_NO_OFFICE] = {"objection-no-office", PROBLEM_ERROR,
                              LABEL("the protocol names nobody who decides objections to this measure: it binds nobody",
                                    "防控方案未指定该措施的异议受理机构：该措施不具约束力"),
                              LABEL("it may simply be declined", "可直接不接受")},
    [OBJECTIONS_TWICE] = {"objection-waiting", PROBLEM_ERROR,
                          LABEL("an objection to this measure already waits to be decided", "对该措施的异议正在受理中"),
                          LABEL("wait for the decision; what is new can be added as a note",
                                "请等待裁决，新的情况可作为说明补充")},
    [OBJECTIONS_UNKNOWN] = {"objection-unknown", PROBLEM_ERROR, LABEL("there is no such objection", "没有该异议"),
                            LABEL("look at the list again", "请刷新列表后再试")},
    [OBJECTIONS_DECIDED] = {"objection-decided", PROBLEM_ERROR,
                            LABEL("this objection is decided already", "该异议已裁决"),
                            LABEL("a decision is changed by retracting it first", "如需更改，请先撤回原裁决")},
    [OBJECTIONS_OWN_ORDER] = {"objection-own-order", PROBLEM_ERROR,
                              LABEL("who signed the order does not decide about it",
                                    "签发人不得裁决对本人所签指令的异议"),
                              LABEL("somebody else of the office decides", "请由受理机构的其他人员裁决")},
};

// ---- objecting ----

static tong_code object_draft(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                              struct err *err)
{
    struct measure_row m;
    bool found = false;
    tong_code code = intake_find_measure(in, c->about, &found, &m, err);
    if (code != TONG_OK) return code;
    const struct protocol *p = found ? intake_protocol(in, m.edition) : NULL;
    if (p == NULL || m.measure < 0 || (size_t)m.measure >= p->measure_count) {
        intake_refuse(out, TONG_E_NOT_FOUND, &objections_message[OBJECTIONS_NO_MEASURE], NULL, NULL, NULL);
        return TONG_OK;
    }
    d->kind = SUBJECT_PERSON;
    d->row = records_row(EVENT_OBJECTED, m.subject, c);
    d->row.about = m.id;
    d->row.fact.name = p->measures[m.measure].name_id;
    d->row.payload = records_note(c->note, intake_arena(in));
    d->made = m.id;
    return TONG_OK;
}

static tong_code object_may(struct intake *in, const struct command *c, const struct draft *d,
                            struct intake_outcome *out, struct err *err)
{
    struct measure_row m;
    bool found = false;
    int64_t waiting = 0;
    (void)c;
    tong_code code = intake_find_measure(in, d->made, &found, &m, err);
    if (code != TONG_OK) return code;
    if (!found || m.ended.s != INT64_MIN) {
        intake_refuse(out, TONG_E_CONFLICT, &objections_message[OBJECTIONS_OVER], NULL, NULL, NULL);
        return TONG_OK;
    }
    const struct measure *rule = &intake_protocol(in, m.edition)->measures[m.measure];
    if (rule->objection_to == ROLE_WORD_COUNT) {
        intake_refuse(out, TONG_E_INVALID, &objections_message[OBJECTIONS_NO_OFFICE], NULL, NULL, NULL);
        return TONG_OK;
    }
    const struct db_value key[] = {DB_I(m.subject), DB_I(m.id)};
    code = records_number(in, sql_objection_open, key, 2, 0, &waiting, err);
    if (code == TONG_OK && waiting != 0)
        intake_refuse(out, TONG_E_CONFLICT, &objections_message[OBJECTIONS_TWICE], NULL, NULL, NULL);
    return code;
}

const struct command_handler handler_object = {object_draft, object_may};

// ---- deciding ----

struct objection_row {
    int64_t id, subject, measure, decided_fact;
    utc_sec made, deadline, decided;
    int32_t role, upheld;
};

static tong_code objections_find(struct intake *in, int64_t id, bool *found, struct objection_row *o, struct err *err)
{
    struct db *db = intake_db(in);
    const sql_id q = sql_objection_get;
    tong_code code = db_ask(db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    *found = db_next(db, q);
    if (*found)
        *o = (struct objection_row){.id = id,
                                    .subject = db_int(db, q, 1, 0),
                                    .measure = db_int(db, q, 2, 0),
                                    .made = {db_int(db, q, 3, 0)},
                                    .deadline = {db_int(db, q, 4, 0)},
                                    .role = (int32_t)db_int(db, q, 5, 0),
                                    .decided = {db_int(db, q, 6, INT64_MIN)},
                                    .upheld = (int32_t)db_int(db, q, 7, -1),
                                    .decided_fact = db_int(db, q, 9, 0)};
    return db_done(db, q, err);
}

static tong_code decide_draft(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                              struct err *err)
{
    struct objection_row o;
    struct measure_row m;
    bool found = false, measured = false;
    tong_code code = objections_find(in, c->about, &found, &o, err);
    if (code == TONG_OK && found) code = intake_find_measure(in, o.measure, &measured, &m, err);
    if (code != TONG_OK) return code;
    if (!found) {
        intake_refuse(out, TONG_E_NOT_FOUND, &objections_message[OBJECTIONS_UNKNOWN], NULL, NULL, NULL);
        return TONG_OK;
    }
    const struct protocol *p = measured ? intake_protocol(in, m.edition) : NULL;
    d->kind = SUBJECT_PERSON;
    d->row = records_row(c->upheld ? (int32_t)EVENT_UPHELD : (int32_t)ENTRY_DISMISSED, o.subject, c);
    d->row.about = o.id;
    if (p != NULL && (size_t)m.measure < p->measure_count) d->row.fact.name = p->measures[m.measure].name_id;
    d->row.payload = records_note(c->note, intake_arena(in));
    d->made = o.id;
    return TONG_OK;
}

static tong_code decide_may(struct intake *in, const struct command *c, const struct draft *d,
                            struct intake_outcome *out, struct err *err)
{
    struct objection_row o;
    struct measure_row m;
    bool found = false, measured = false;
    tong_code code = objections_find(in, d->made, &found, &o, err);
    if (code == TONG_OK && found) code = intake_find_measure(in, o.measure, &measured, &m, err);
    if (code != TONG_OK) return code;
    if (!found || o.decided.s != INT64_MIN) {
        intake_refuse(out, TONG_E_CONFLICT, &objections_message[OBJECTIONS_DECIDED], NULL, NULL, NULL);
        return TONG_OK;
    }
    bool signer = measured && c->account != 0 && (c->account == m.first_signer || c->account == m.second_signer);
    if (signer) intake_refuse(out, TONG_E_CONFLICT, &objections_message[OBJECTIONS_OWN_ORDER], NULL, NULL, NULL);
    return TONG_OK;
}

const struct command_handler handler_decide = {decide_draft, decide_may};

// ---- the rows ----

static tong_code objections_tell(struct intake *in, int64_t id, struct err *err)
{
    struct objection_row o;
    int32_t columns[ROLL_COLUMNS_MAX];
    bool found = false;
    tong_code code = objections_find(in, id, &found, &o, err);
    if (code != TONG_OK || !found) return code;
    const struct roll_objection row = {.subject = o.subject,
                                       .role = o.role,
                                       .upheld = o.upheld,
                                       .made = o.made,
                                       .deadline = o.deadline,
                                       .decided = o.decided};
    roll_row_objection(&row, columns);
    intake_tell_row(in, ROLL_OBJECTIONS, id, columns, ROLL_OBJECTION_COLUMN_COUNT);
    intake_tell_change(in, CHANGE_FACT, id, o.subject);
    return TONG_OK;
}

// The clock runs from when the objection was made known. An objection that came otherwise than through its measure
// (from a list of old facts) is a fact for the core and has no clock here.
tong_code objected_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    struct measure_row m;
    bool found = false;
    if (row->about == 0) return TONG_OK;
    tong_code code = intake_find_measure(in, row->about, &found, &m, err);
    if (code != TONG_OK || !found) return code;
    const struct protocol *p = intake_protocol(in, m.edition);
    if (p == NULL || (size_t)m.measure >= p->measure_count) return TONG_OK;
    const struct measure *rule = &p->measures[m.measure];
    const struct db_value values[] = {DB_I(row->fact.id),
                                      DB_I(row->fact.subject),
                                      DB_I(row->about),
                                      DB_I(row->fact.known.s),
                                      DB_I(row->fact.known.s + (int64_t)rule->objection_minutes * 60),
                                      DB_I(rule->objection_to)};
    code = db_run(intake_db(in), sql_objection_put, values, 6, NULL, err);
    return code == TONG_OK ? objections_tell(in, row->fact.id, err) : code;
}

tong_code objected_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err)
{
    (void)by;
    intake_tell_drop(in, ROLL_OBJECTIONS, was->fact.id);
    return db_run(intake_db(in), sql_objection_drop, &DB_I(was->fact.id), 1, NULL, err);
}

tong_code decided_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    if (row->about == 0) return TONG_OK;
    const struct db_value values[] = {DB_I(row->about), DB_I(row->fact.known.s), DB_I(row->fact.kind == EVENT_UPHELD),
                                      db_i_or_null(row->account, 0), DB_I(row->fact.id)};
    tong_code code = db_run(intake_db(in), sql_objection_decide, values, 5, NULL, err);
    return code == TONG_OK ? objections_tell(in, row->about, err) : code;
}

tong_code decided_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err)
{
    const struct db_value values[] = {DB_I(was->about), DB_N, DB_N, DB_N, DB_N};
    (void)by;
    if (was->about == 0) return TONG_OK;
    tong_code code = db_run(intake_db(in), sql_objection_decide, values, 5, NULL, err);
    return code == TONG_OK ? objections_tell(in, was->about, err) : code;
}
