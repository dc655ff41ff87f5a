#include "intake/records.h"

#include "base/record_read.h"

#include <assert.h>
#include <string.h>

enum places_fault {
    PLACES_NO_RECORD,
    PLACES_NO_PARENT,
    PLACES_CIRCLE,
    PLACES_NOT_A_PLACE,
    PLACES_NOT_A_GATHERING,
    PLACES_TIMES,
    PLACES_UID,
    PLACES_FAULT_COUNT
};

static const struct message places_message[PLACES_FAULT_COUNT] = {
    [PLACES_NO_RECORD] = {"place-record-missing", PROBLEM_ERROR, LABEL("nothing is described", "没有填写内容"),
                          LABEL("send the record with its identifier", "请提交带标识的记录")},
    [PLACES_NO_PARENT] = {"place-parent-unknown", PROBLEM_ERROR,
                          LABEL("the place it belongs to is not known here", "所属场所不存在"),
                          LABEL("describe the larger place first", "请先登记上级场所")},
    [PLACES_CIRCLE] = {"place-circle", PROBLEM_ERROR,
                       LABEL("a place cannot lie inside itself", "场所不能隶属于自己或自己的下级"),
                       LABEL("choose a place that is not part of this one", "请选择不在其下级中的场所")},
    [PLACES_NOT_A_PLACE] = {"subject-not-place", PROBLEM_ERROR,
                            LABEL("this identifier belongs to something that is no place", "该标识不属于场所"),
                            LABEL("use an identifier of its own for each", "每条记录请使用各自的标识")},
    [PLACES_NOT_A_GATHERING] = {"subject-not-gathering", PROBLEM_ERROR,
                                LABEL("this identifier belongs to something that is no gathering",
                                      "该标识不属于聚集活动"),
                                LABEL("use an identifier of its own for each", "每条记录请使用各自的标识")},
    [PLACES_TIMES] = {"gathering-times", PROBLEM_ERROR, LABEL("it ends before it begins", "结束时间早于开始时间"),
                      LABEL("correct one of the times", "请更正时间")},
    [PLACES_UID] = {"uid-malformed", PROBLEM_ERROR, LABEL("{1} is no identifier", "{2}不是有效的标识"),
                    LABEL("36 characters like 01890a5d-ac96-774b-bcce-b302099a8057",
                          "应为 36 个字符，形如 01890a5d-ac96-774b-bcce-b302099a8057")},
};

static bool places_good(struct intake *in, const struct record_kind *kind, const void *record, struct str uid,
                        struct str other, const char *other_field, struct intake_outcome *out)
{
    struct problem_list unseen = {.arena = intake_arena(in)};
    struct problem_list *problems = out->problems != NULL ? out->problems : &unseen;
    const struct record_reading reading = {
        .arena = intake_arena(in), .problems = problems, .at = {.file = "", .path = ""}};
    unsigned char bytes[UID_BYTES];
    bool good = record_check(kind, record, &reading);
    if (uid.n > 0 && !uid_parse(uid, bytes)) {
        problem_add(problems, (struct problem_at){.file = "", .path = "uid"}, &places_message[PLACES_UID], "uid",
                    "标识", NULL, NULL);
        good = false;
    }
    if (other.n > 0 && !uid_parse(other, bytes)) {
        problem_add(problems, (struct problem_at){.file = "", .path = other_field}, &places_message[PLACES_UID],
                    other_field, "所属场所", NULL, NULL);
        good = false;
    }
    if (!good) out->code = TONG_E_INVALID;
    return good;
}

// The subject of the record and the place it refers to.
static tong_code places_subjects(struct intake *in, const struct command *c, int32_t entry, subject_kind want,
                                 struct str uid, struct str place, struct draft *d, struct intake_outcome *out,
                                 struct err *err)
{
    unsigned char place_uid[UID_BYTES];
    int64_t id = 0, parent = 0;
    subject_kind kind = want;
    bool is_place = want == SUBJECT_PLACE;
    (void)uid_parse(uid, d->subject_uid);
    tong_code code = intake_find_subject(in, 0, d->subject_uid, &id, &kind, NULL, err);
    if (code != TONG_OK) return code;
    if (id != 0 && kind != want) {
        intake_refuse(out, TONG_E_CONFLICT, &places_message[is_place ? PLACES_NOT_A_PLACE : PLACES_NOT_A_GATHERING],
                      NULL, NULL, NULL);
        return TONG_OK;
    }
    if (uid_parse(place, place_uid)) {
        kind = SUBJECT_PLACE;
        code = intake_find_subject(in, 0, place_uid, &parent, &kind, NULL, err);
        if (code != TONG_OK) return code;
        if (parent == 0 || kind != SUBJECT_PLACE) {
            bool itself = is_place && memcmp(place_uid, d->subject_uid, UID_BYTES) == 0;
            intake_refuse(out, itself ? TONG_E_INVALID : TONG_E_NOT_FOUND,
                          &places_message[itself ? PLACES_CIRCLE : PLACES_NO_PARENT], NULL, NULL, NULL);
            return TONG_OK;
        }
    }
    d->new_subject = id == 0;
    d->kind = want;
    d->row = records_row(entry, id != 0 ? id : intake_next_subject(in), c);
    d->row.fact.link = parent;
    return TONG_OK;
}

// ---- places ----

static tong_code place_draft(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out,
                             struct err *err)
{
    if (c->place == NULL) {
        intake_refuse(out, TONG_E_INVALID, &places_message[PLACES_NO_RECORD], NULL, NULL, NULL);
        return TONG_OK;
    }
    const struct place_record *p = c->place;
    if (!places_good(in, &place_record_kind, p, p->uid, p->parent, "parent", out)) return TONG_OK;
    tong_code code = places_subjects(in, c, ENTRY_PLACE, SUBJECT_PLACE, p->uid, p->parent, d, out, err);
    if (code != TONG_OK || out->code != TONG_OK) return code;
    d->row.payload = payload_make(&place_record_kind, p, intake_arena(in));
    if (d->row.payload.p == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a place");
    return TONG_OK;
}

// Up from the new parent: the tree is some ten levels high.
static tong_code place_may(struct intake *in, const struct command *c, const struct draft *d,
                           struct intake_outcome *out, struct err *err)
{
    enum { LEVELS_MAX = 64 };
    struct db *db = intake_db(in);
    int64_t at = d->row.fact.link;
    (void)c;
    for (int32_t level = 0; at != 0; level++) {
        if (at == d->row.fact.subject || level == LEVELS_MAX) {
            intake_refuse(out, TONG_E_INVALID, &places_message[PLACES_CIRCLE], NULL, NULL, NULL);
            return TONG_OK;
        }
        tong_code code = db_ask(db, sql_place_get, &DB_I(at), 1, err);
        if (code != TONG_OK) return code;
        at = db_next(db, sql_place_get) ? db_int(db, sql_place_get, 2, 0) : 0;
        code = db_done(db, sql_place_get, err);
        if (code != TONG_OK) return code;
    }
    return TONG_OK;
}

const struct command_handler handler_place = {place_draft, place_may};

static tong_code place_before(struct intake *in, int64_t place, int64_t *closed, int64_t *version, struct err *err)
{
    struct db *db = intake_db(in);
    *closed = INT64_MIN;
    *version = 0;
    tong_code code = db_ask(db, sql_place_get, &DB_I(place), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(db, sql_place_get)) {
        *closed = db_int(db, sql_place_get, 11, INT64_MIN);
        *version = db_int(db, sql_place_get, 12, 0);
    }
    return db_done(db, sql_place_get, err);
}

static struct db_value places_real(double v)
{
    return isfinite(v) ? DB_R(v) : DB_N;
}

static tong_code place_put(struct intake *in, const struct fact_row *row, int64_t closed, struct err *err)
{
    struct place_record p;
    unsigned char uid[UID_BYTES];
    tong_code code = payload_read(&place_record_kind, row->payload, intake_arena(in), &p, err);
    if (code != TONG_OK) return code;
    if (!uid_parse(p.uid, uid) || p.kind < 0)
        return tong_fail(err, TONG_E_INVALID, "the description of a place is not whole");
    if (p.closed != 1) closed = INT64_MIN;
    else if (closed == INT64_MIN)
        closed = row->fact.happened.s; // closed from then on, however often it is described again
    const struct db_value values[] = {DB_I(row->fact.subject),
                                      DB_B(((struct str){(const char *)uid, sizeof uid})),
                                      db_i_or_null(row->fact.link, 0),
                                      DB_I(p.kind),
                                      DB_T(p.name),
                                      db_t_or_null(p.name_en),
                                      db_t_or_null(p.code),
                                      places_real(p.latitude),
                                      places_real(p.longitude),
                                      db_t_or_null(p.shape),
                                      db_i_or_null(p.capacity, RECORD_INTEGER_NONE),
                                      db_i_or_null(closed, INT64_MIN),
                                      DB_I(row->fact.id)};
    code = db_run(intake_db(in), sql_place_put, values, sizeof values / sizeof values[0], NULL, err);
    if (code != TONG_OK) return code;
    intake_place_changed(in, row->fact.subject, row->fact.link, p.kind);
    intake_tell_place(in, row->fact.subject, row->fact.link, p.kind);
    intake_tell_change(in, CHANGE_PLACE, row->fact.subject, row->fact.subject);
    return TONG_OK;
}

tong_code place_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    int64_t closed, version;
    tong_code code = place_before(in, row->fact.subject, &closed, &version, err);
    return code != TONG_OK || version > row->fact.id ? code : place_put(in, row, closed, err);
}

// A place that nothing describes any more goes, unless something lies in it: then it stays and is closed.
tong_code place_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err)
{
    static const unsigned char none[UID_BYTES];
    const struct standing s = {was->fact.subject, 0, was->fact.id, {ENTRY_PLACE, -1, -1}};
    int64_t id = 0, used = 0, place = was->fact.subject;
    bool found = false;
    struct fact_row row;
    tong_code code = records_standing(in, &s, &id, err);
    if (code == TONG_OK && id != 0) code = intake_find_row(in, id, none, &found, &row, err);
    if (code != TONG_OK) return code;
    if (found) return place_put(in, &row, INT64_MIN, err);
    code = records_number(in, sql_place_used, &DB_I(place), 1, 0, &used, err);
    if (code != TONG_OK) return code;
    const struct db_value close[] = {DB_I(place), DB_I(by->fact.happened.s)};
    code = used != 0 ? db_run(intake_db(in), sql_place_close, close, 2, NULL, err)
                     : db_run(intake_db(in), sql_place_drop, &DB_I(place), 1, NULL, err);
    intake_tell_change(in, CHANGE_PLACE, place, place);
    return code;
}

// ---- gatherings ----

static tong_code gathering_draft(struct intake *in, const struct command *c, struct draft *d,
                                 struct intake_outcome *out, struct err *err)
{
    if (c->gathering == NULL) {
        intake_refuse(out, TONG_E_INVALID, &places_message[PLACES_NO_RECORD], NULL, NULL, NULL);
        return TONG_OK;
    }
    const struct gathering_record *g = c->gathering;
    if (!places_good(in, &gathering_record_kind, g, g->uid, g->place, "place", out)) return TONG_OK;
    if (g->begins.s != INT64_MIN && g->ends.s != INT64_MIN && g->ends.s < g->begins.s) {
        intake_refuse(out, TONG_E_INVALID, &places_message[PLACES_TIMES], NULL, NULL, NULL);
        return TONG_OK;
    }
    tong_code code = places_subjects(in, c, ENTRY_GATHERING, SUBJECT_GROUP, g->uid, g->place, d, out, err);
    if (code != TONG_OK || out->code != TONG_OK) return code;
    d->row.payload = payload_make(&gathering_record_kind, g, intake_arena(in));
    if (d->row.payload.p == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a gathering");
    return TONG_OK;
}

const struct command_handler handler_gathering = {gathering_draft, NULL};

static tong_code gathering_put(struct intake *in, const struct fact_row *row, struct err *err)
{
    struct gathering_record g;
    unsigned char uid[UID_BYTES];
    tong_code code = payload_read(&gathering_record_kind, row->payload, intake_arena(in), &g, err);
    if (code != TONG_OK) return code;
    if (!uid_parse(g.uid, uid))
        return tong_fail(err, TONG_E_INVALID, "the description of a gathering has no identifier");
    const struct db_value values[] = {DB_I(row->fact.subject),
                                      DB_B(((struct str){(const char *)uid, sizeof uid})),
                                      db_i_or_null(row->fact.link, 0),
                                      DB_T(g.name),
                                      db_i_or_null(g.begins.s, INT64_MIN),
                                      db_i_or_null(g.ends.s, INT64_MIN),
                                      DB_I(row->fact.id)};
    code = db_run(intake_db(in), sql_gathering_put, values, sizeof values / sizeof values[0], NULL, err);
    intake_home_changed(in, row->fact.subject, row->fact.link);
    intake_tell_subject(in, row->fact.subject, row->fact.link);
    intake_tell_change(in, CHANGE_PLACE, row->fact.subject, row->fact.subject);
    return code;
}

tong_code gathering_take(struct intake *in, const struct fact_row *row, struct err *err)
{
    int64_t newest = 0;
    struct db *db = intake_db(in);
    tong_code code = db_ask(db, sql_gathering_get, &DB_I(row->fact.subject), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(db, sql_gathering_get)) newest = db_int(db, sql_gathering_get, 6, 0);
    code = db_done(db, sql_gathering_get, err);
    return code != TONG_OK || newest > row->fact.id ? code : gathering_put(in, row, err);
}

tong_code gathering_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err)
{
    static const unsigned char none[UID_BYTES];
    const struct standing s = {was->fact.subject, 0, was->fact.id, {ENTRY_GATHERING, -1, -1}};
    int64_t id = 0;
    bool found = false;
    struct fact_row row;
    (void)by;
    tong_code code = records_standing(in, &s, &id, err);
    if (code == TONG_OK && id != 0) code = intake_find_row(in, id, none, &found, &row, err);
    if (code != TONG_OK) return code;
    return found ? gathering_put(in, &row, err)
                 : db_run(intake_db(in), sql_gathering_drop, &DB_I(was->fact.subject), 1, NULL, err);
}
