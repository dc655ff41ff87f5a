#include "intake/records.h"

#include <assert.h>
#include <string.h>

enum assign_fault {
    ASSIGN_NO_TASK,
    ASSIGN_CLOSED,
    ASSIGN_NO_ACCOUNT,
    SITE_NO_MEASURE,
    SITE_OVER,
    SITE_NO_PLACE,
    SITE_CLOSED,
    SITE_KIND,
    SITE_FULL,
    SITE_GUARDIAN,
    ASSIGN_FAULT_COUNT
};

static const struct message assign_message[ASSIGN_FAULT_COUNT] = {
    [ASSIGN_NO_TASK] = {"task-unknown", PROBLEM_ERROR, LABEL("there is no such task", "没有该任务"),
                        LABEL("look at the list again", "请刷新列表后再试")},
    [ASSIGN_CLOSED] = {"task-closed", PROBLEM_ERROR, LABEL("this task is closed", "该任务已关闭"),
                       LABEL("closed tasks are not given to anybody", "已关闭的任务不能指派")},
    [ASSIGN_NO_ACCOUNT] = {"account-unknown", PROBLEM_ERROR,
                           LABEL("there is no such account, or it is closed", "没有该账号，或账号已停用"),
                           LABEL("choose somebody who works here", "请选择在岗人员")},
    [SITE_NO_MEASURE] = {"measure-unknown", PROBLEM_ERROR, LABEL("there is no such measure", "没有该措施"),
                         LABEL("look at the list again", "请刷新列表后再试")},
    [SITE_OVER] = {"measure-over", PROBLEM_ERROR, LABEL("this measure has ended", "该措施已结束"),
                   LABEL("nobody needs a place for it any more", "无需再安置")},
    [SITE_NO_PLACE] = {"site-unknown", PROBLEM_ERROR, LABEL("the place is not known here", "场所不存在"),
                       LABEL("choose one from the list, or describe it first", "请从列表中选择，或先登记该场所")},
    [SITE_CLOSED] = {"site-closed", PROBLEM_ERROR, LABEL("the place is no longer used", "该场所已停用"),
                     LABEL("choose another", "请另选场所")},
    [SITE_KIND] = {"site-kind", PROBLEM_ERROR,
                   LABEL("the measure is spent in another kind of place: {1}", "该措施须在其他类型的场所执行：{2}"),
                   LABEL("choose a place of this kind, or a room or bed in one", "请选择该类场所，或其中的房间、床位")},
    [SITE_FULL] = {"site-full", PROBLEM_ERROR, LABEL("the place is full: {1} of {2}", "该场所已满：{1}/{2}"),
                   LABEL("choose another, or correct its capacity", "请另选场所，或更正其容量")},
    [SITE_GUARDIAN] = {"site-minor-unguarded", PROBLEM_ERROR,
                       LABEL("a minor is not placed without a named guardian", "未指定监护人的未成年人不得安置"),
                       LABEL("name the guardian first; until then the child stays at home",
                             "请先指定监护人，在此之前未成年人留在家中")},
};

// ---- tasks ----

static tong_code assign_draft(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                              struct err *err)
{
    struct task_row task;
    bool found = false;
    tong_code code = intake_find_task(in, c->about, &found, &task, err);
    if (code != TONG_OK) return code;
    if (!found) {
        intake_refuse(out, TONG_E_NOT_FOUND, &assign_message[ASSIGN_NO_TASK], NULL, NULL, NULL);
        return TONG_OK;
    }
    d->kind = SUBJECT_PERSON;
    d->row = records_row(ENTRY_ASSIGNED, task.subject, c);
    d->row.about = task.id;
    d->row.fact.signer = (int32_t)c->account_about; // to whom; 0: to nobody any more
    d->row.payload = records_note(c->note, intake_arena(in));
    d->made = task.id;
    return TONG_OK;
}

static tong_code assign_may(struct intake *in, const struct command *c, const struct draft *d,
                            struct intake_outcome *out, struct err *err)
{
    struct task_row task;
    bool found = false, open = c->account_about == 0;
    struct db *db = intake_db(in);
    tong_code code = intake_find_task(in, d->made, &found, &task, err);
    if (code != TONG_OK) return code;
    if (!found || task.closed.s != INT64_MIN) {
        intake_refuse(out, TONG_E_CONFLICT, &assign_message[ASSIGN_CLOSED], NULL, NULL, NULL);
        return TONG_OK;
    }
    if (open) return TONG_OK;
    code = db_ask(db, sql_account_open, &DB_I(c->account_about), 1, err);
    if (code != TONG_OK) return code;
    open = db_next(db, sql_account_open);
    code = db_done(db, sql_account_open, err);
    if (code == TONG_OK && (!open || c->account_about > INT32_MAX))
        intake_refuse(out, TONG_E_NOT_FOUND, &assign_message[ASSIGN_NO_ACCOUNT], NULL, NULL, NULL);
    return code;
}

const struct command_handler handler_assign = {assign_draft, assign_may};

tong_code assigned_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    return intake_set_assigned(in, row->about, row->fact.signer, err);
}

// Back to whom it was given before.
tong_code assigned_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err)
{
    static const unsigned char none[UID_BYTES];
    const struct standing s = {was->fact.subject, was->about, was->fact.id, {ENTRY_ASSIGNED, -1, -1}};
    int64_t id = 0;
    bool found = false;
    struct fact_row row;
    (void)by;
    tong_code code = records_standing(in, &s, &id, err);
    if (code == TONG_OK && id != 0) code = intake_find_row(in, id, none, &found, &row, err);
    return code == TONG_OK ? intake_set_assigned(in, was->about, found ? row.fact.signer : 0, err) : code;
}

// ---- where a measure is spent ----

static tong_code site_draft(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                            struct err *err)
{
    struct measure_row m;
    int64_t place = 0;
    bool found = false;
    subject_kind kind = SUBJECT_PLACE;
    tong_code code = intake_find_measure(in, c->about, &found, &m, err);
    if (code != TONG_OK) return code;
    if (!found) {
        intake_refuse(out, TONG_E_NOT_FOUND, &assign_message[SITE_NO_MEASURE], NULL, NULL, NULL);
        return TONG_OK;
    }
    code = intake_find_subject(in, c->fact.link, c->link_uid, &place, &kind, NULL, err);
    if (code != TONG_OK) return code;
    if (place == 0 || kind != SUBJECT_PLACE) {
        intake_refuse(out, TONG_E_NOT_FOUND, &assign_message[SITE_NO_PLACE], NULL, NULL, NULL);
        return TONG_OK;
    }
    d->kind = SUBJECT_PERSON;
    d->row = records_row(ENTRY_SITE, m.subject, c);
    d->row.about = m.id;
    d->row.fact.link = place;
    d->row.payload = records_note(c->note, intake_arena(in));
    d->made = m.id;
    return TONG_OK;
}

static bool site_away(int32_t place_of_measure)
{
    return place_of_measure >= 0 && place_of_measure < PLACE_WORD_COUNT && place_of_measure != PLACE_HOME &&
           place_of_measure != PLACE_WHERE_THEY_ARE;
}

// The age is that of the record: the core knows it too, and holds back the transfer (guardian: first); here the bed is
// held back.
static tong_code site_guarded(struct intake *in, const struct measure_row *m, bool *good, struct err *err)
{
    enum { ADULT = 18 };
    struct db *db = intake_db(in);
    const struct standing s = {m->subject, 0, 0, {EVENT_GUARDIAN_NAMED, -1, -1}};
    int64_t named = 0;
    tong_code code = db_ask(db, sql_person_get, &DB_I(m->subject), 1, err);
    if (code != TONG_OK) return code;
    civil_day born = {db_next(db, sql_person_get) ? (int32_t)db_int(db, sql_person_get, 3, CIVIL_DAY_NONE)
                                                  : CIVIL_DAY_NONE};
    code = db_done(db, sql_person_get, err);
    *good = true;
    if (code != TONG_OK || born.d == CIVIL_DAY_NONE) return code;
    struct civil_date b = civil_to_date(born), t = civil_to_date((civil_day){(int32_t)(intake_at(in).s / 86400)});
    bool before = t.month < b.month || (t.month == b.month && t.day < b.day);
    if (t.year - b.year - (before ? 1 : 0) >= ADULT) return TONG_OK;
    code = records_standing(in, &s, &named, err);
    *good = named != 0;
    return code;
}

static tong_code site_room(struct intake *in, const struct draft *d, struct intake_outcome *out, struct err *err)
{
    struct db *db = intake_db(in);
    int64_t capacity = INT64_MIN, closed = INT64_MIN, count = 0;
    char taken[24], room[24];
    tong_code code = db_ask(db, sql_place_get, &DB_I(d->row.fact.link), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(db, sql_place_get)) {
        capacity = db_int(db, sql_place_get, 10, INT64_MIN);
        closed = db_int(db, sql_place_get, 11, INT64_MIN);
    }
    code = db_done(db, sql_place_get, err);
    if (code == TONG_OK && closed != INT64_MIN) {
        intake_refuse(out, TONG_E_CONFLICT, &assign_message[SITE_CLOSED], NULL, NULL, NULL);
        return TONG_OK;
    }
    if (code == TONG_OK && capacity != INT64_MIN)
        code = records_number(in, sql_site_count, &DB_I(d->row.fact.link), 1, 0, &count, err);
    if (code != TONG_OK || capacity == INT64_MIN || count < capacity) return code;
    (void)snprintf(taken, sizeof taken, "%lld", (long long)count);
    (void)snprintf(room, sizeof room, "%lld", (long long)capacity);
    intake_refuse(out, TONG_E_CONFLICT, &assign_message[SITE_FULL], taken, room, NULL);
    return TONG_OK;
}

static tong_code site_may(struct intake *in, const struct command *c, const struct draft *d, struct intake_outcome *out,
                          struct err *err)
{
    struct measure_row m;
    bool found = false, guarded = true;
    int64_t fits = 1;
    (void)c;
    tong_code code = intake_find_measure(in, d->made, &found, &m, err);
    if (code != TONG_OK) return code;
    if (!found || m.ended.s != INT64_MIN) {
        intake_refuse(out, TONG_E_CONFLICT, &assign_message[SITE_OVER], NULL, NULL, NULL);
        return TONG_OK;
    }
    int32_t want = site_away(m.place) && m.place != PLACE_VENUE ? place_kind_of_word(m.place) : -1;
    if (want >= 0) code = intake_place_up(in, d->row.fact.link, want, &fits, err);
    if (code != TONG_OK) return code;
    if (fits == 0) {
        struct place_kind_word kind = place_kind_at(want);
        intake_refuse(out, TONG_E_INVALID, &assign_message[SITE_KIND], kind.label.text[LANG_EN],
                      kind.label.text[LANG_ZH], NULL);
        return TONG_OK;
    }
    if (site_away(m.place)) code = site_guarded(in, &m, &guarded, err);
    if (code != TONG_OK) return code;
    if (!guarded) {
        intake_refuse(out, TONG_E_CONFLICT, &assign_message[SITE_GUARDIAN], NULL, NULL, NULL);
        return TONG_OK;
    }
    return m.site == d->row.fact.link ? TONG_OK : site_room(in, d, out, err);
}

const struct command_handler handler_site = {site_draft, site_may};

tong_code site_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    return intake_set_site(in, row->about, row->fact.link, err);
}

tong_code site_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err)
{
    static const unsigned char none[UID_BYTES];
    const struct standing s = {was->fact.subject, was->about, was->fact.id, {ENTRY_SITE, -1, -1}};
    int64_t id = 0;
    bool found = false;
    struct fact_row row;
    (void)by;
    tong_code code = records_standing(in, &s, &id, err);
    if (code == TONG_OK && id != 0) code = intake_find_row(in, id, none, &found, &row, err);
    return code == TONG_OK ? intake_set_site(in, was->about, found ? row.fact.link : 0, err) : code;
}
