#include "intake/records.h"

#include "store/roll_row.h"

#include <assert.h>
#include <string.h>

// Three steps, each recorded by whoever takes it: sent (the jurisdiction that hands over), acknowledged (the other one
// has seen it), accepted (the other one follows the person from now on: only then does the enrolment here end).

enum hand_over_fault {
    HAND_OVER_STEP,
    HAND_OVER_NOBODY,
    HAND_OVER_WAITING,
    HAND_OVER_UNKNOWN,
    HAND_OVER_DONE,
    HAND_OVER_FAULT_COUNT
};

static const struct message hand_over_message[HAND_OVER_FAULT_COUNT] = {
    [HAND_OVER_STEP] = {"hand-over-step", PROBLEM_ERROR,
                        LABEL("there is no such step of a hand-over", "没有该移交步骤"),
                        LABEL("it is sent, acknowledged or accepted", "移交步骤为：发出、签收、接收")},
    [HAND_OVER_NOBODY] = {"subject-unknown", PROBLEM_ERROR, LABEL("there is no such person", "没有该人员"),
                          LABEL("look at the list again", "请刷新列表后再试")},
    [HAND_OVER_WAITING] = {"hand-over-waiting", PROBLEM_ERROR,
                           LABEL("a hand-over of this person already waits to be accepted", "该人员已有待接收的移交"),
                           LABEL("ask the other jurisdiction, or retract the first one",
                                 "请与对方联系，或先撤回原移交")},
    [HAND_OVER_UNKNOWN] = {"hand-over-unknown", PROBLEM_ERROR, LABEL("there is no such hand-over", "没有该移交"),
                           LABEL("look at the list again", "请刷新列表后再试")},
    [HAND_OVER_DONE] = {"hand-over-done", PROBLEM_ERROR, LABEL("this step was recorded already", "该步骤已登记"),
                        LABEL("a wrong one is retracted first", "如有误，请先撤回")},
};

struct hand_over_row {
    int64_t id, subject, version;
    utc_sec sent, acknowledged, accepted;
};

static tong_code hand_over_find(struct intake *in, int64_t id, bool *found, struct hand_over_row *h, struct err *err)
{
    struct db *db = intake_db(in);
    const sql_id q = sql_hand_over_get;
    tong_code code = db_ask(db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    *found = db_next(db, q);
    if (*found)
        *h = (struct hand_over_row){.id = id,
                                    .subject = db_int(db, q, 1, 0),
                                    .sent = {db_int(db, q, 2, INT64_MIN)},
                                    .acknowledged = {db_int(db, q, 3, INT64_MIN)},
                                    .accepted = {db_int(db, q, 4, INT64_MIN)},
                                    .version = db_int(db, q, 5, 0)};
    return db_done(db, q, err);
}

static tong_code hand_over_draft(struct intake *in, const struct command *c, struct draft *d,
                                 struct intake_outcome *out, struct err *err)
{
    int32_t kind = c->fact.kind;
    struct hand_over_row h;
    bool found = false;
    int64_t subject = 0;
    subject_kind is = SUBJECT_PERSON;
    tong_code code;
    if (kind != EVENT_HANDED_OVER && kind != ENTRY_ACKNOWLEDGED && kind != EVENT_ACCEPTED) {
        intake_refuse(out, TONG_E_INVALID, &hand_over_message[HAND_OVER_STEP], NULL, NULL, NULL);
        return TONG_OK;
    }
    if (kind == EVENT_HANDED_OVER) {
        code = intake_find_subject(in, c->fact.subject, c->subject_uid, &subject, &is, NULL, err);
        if (code != TONG_OK) return code;
        if (subject == 0 || is != SUBJECT_PERSON) {
            intake_refuse(out, TONG_E_NOT_FOUND, &hand_over_message[HAND_OVER_NOBODY], NULL, NULL, NULL);
            return TONG_OK;
        }
    } else {
        code = hand_over_find(in, c->about, &found, &h, err);
        if (code != TONG_OK) return code;
        if (!found) {
            intake_refuse(out, TONG_E_NOT_FOUND, &hand_over_message[HAND_OVER_UNKNOWN], NULL, NULL, NULL);
            return TONG_OK;
        }
        subject = h.subject;
        d->made = h.id;
    }
    d->kind = SUBJECT_PERSON;
    d->row = records_row(kind, subject, c);
    d->row.about = d->made;
    d->row.payload = records_note(c->note, intake_arena(in));
    return TONG_OK;
}

static tong_code hand_over_may(struct intake *in, const struct command *c, const struct draft *d,
                               struct intake_outcome *out, struct err *err)
{
    struct hand_over_row h;
    bool found = false;
    int64_t waiting = 0;
    (void)c;
    if (d->row.fact.kind == EVENT_HANDED_OVER) {
        tong_code code = records_number(in, sql_hand_over_open, &DB_I(d->row.fact.subject), 1, 0, &waiting, err);
        if (code == TONG_OK && waiting != 0)
            intake_refuse(out, TONG_E_CONFLICT, &hand_over_message[HAND_OVER_WAITING], NULL, NULL, NULL);
        return code;
    }
    tong_code code = hand_over_find(in, d->made, &found, &h, err);
    if (code != TONG_OK) return code;
    bool accepted = found && h.accepted.s != INT64_MIN, seen = found && h.acknowledged.s != INT64_MIN;
    if (accepted || (d->row.fact.kind == ENTRY_ACKNOWLEDGED && seen))
        intake_refuse(out, TONG_E_CONFLICT, &hand_over_message[HAND_OVER_DONE], NULL, NULL, NULL);
    return TONG_OK;
}

const struct command_handler handler_hand_over = {hand_over_draft, hand_over_may};

// ---- the rows ----

static tong_code hand_over_write(struct intake *in, const struct hand_over_row *h, struct err *err)
{
    int32_t columns[ROLL_COLUMNS_MAX];
    const struct db_value values[] = {DB_I(h->id),
                                      DB_I(h->subject),
                                      DB_I(h->sent.s),
                                      db_i_or_null(h->acknowledged.s, INT64_MIN),
                                      db_i_or_null(h->accepted.s, INT64_MIN),
                                      DB_I(h->version)};
    tong_code code = db_run(intake_db(in), sql_hand_over_put, values, 6, NULL, err);
    if (code != TONG_OK) return code;
    const struct roll_hand_over row = {
        .subject = h->subject, .sent = h->sent, .acknowledged = h->acknowledged, .accepted = h->accepted};
    roll_row_hand_over(&row, columns);
    intake_tell_row(in, ROLL_HAND_OVERS, h->id, columns, ROLL_HAND_OVER_COLUMN_COUNT);
    intake_tell_change(in, CHANGE_FACT, h->id, h->subject);
    return TONG_OK;
}

tong_code handed_over_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    const struct hand_over_row h = {row->fact.id,       row->fact.subject, row->fact.id,
                                    row->fact.happened, UTC_NONE,          UTC_NONE};
    return hand_over_write(in, &h, err);
}

tong_code handed_over_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err)
{
    (void)by;
    intake_tell_drop(in, ROLL_HAND_OVERS, was->fact.id);
    return db_run(intake_db(in), sql_hand_over_drop, &DB_I(was->fact.id), 1, NULL, err);
}

// A step that names no hand-over (an old list says "accepted") belongs to the one that waits.
static tong_code hand_over_part(struct intake *in, const struct fact_row *row, utc_sec at, struct err *err)
{
    struct hand_over_row h;
    bool found = false;
    int64_t id = row->about;
    tong_code code = TONG_OK;
    if (id == 0) code = records_number(in, sql_hand_over_open, &DB_I(row->fact.subject), 1, 0, &id, err);
    if (code == TONG_OK) code = hand_over_find(in, id, &found, &h, err);
    if (code != TONG_OK || !found) return code;
    if (row->fact.kind == ENTRY_ACKNOWLEDGED) h.acknowledged = at;
    else h.accepted = at;
    if (row->fact.id > h.version) h.version = row->fact.id;
    return hand_over_write(in, &h, err);
}

tong_code hand_over_part_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    return hand_over_part(in, row, row->fact.happened, err);
}

tong_code hand_over_part_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err)
{
    (void)by;
    return hand_over_part(in, was, UTC_NONE, err);
}
