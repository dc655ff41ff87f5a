#include "service/objections.h"

#include "service/page.h"
#include "service/service.h"
#include "service/show.h"
#include "store/chain.h"
#include "store/roll_row.h"

static const struct message objections_not_yours = {"objection-of-another-office", PROBLEM_ERROR,
                                                    LABEL("this objection is decided by: {1}", "该异议由{1}裁决"),
                                                    LABEL("have it decided there", "请由该机构裁决")};

struct objections_row {
    int64_t id, subject, measure, decided_by;
    utc_sec made, deadline, decided;
    int32_t role, upheld;
};

static tong_code objections_read(struct request *rq, int64_t id, struct objections_row *out, struct err *err)
{
    const sql_id q = sql_objection_get;
    tong_code code = db_ask(rq->db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    bool there = db_next(rq->db, q);
    if (there)
        *out = (struct objections_row){.id = id,
                                       .subject = db_int(rq->db, q, 1, 0),
                                       .measure = db_int(rq->db, q, 2, 0),
                                       .made = {db_int(rq->db, q, 3, UTC_NONE.s)},
                                       .deadline = {db_int(rq->db, q, 4, UTC_NONE.s)},
                                       .role = (int32_t)db_int(rq->db, q, 5, 0),
                                       .decided = {db_int(rq->db, q, 6, UTC_NONE.s)},
                                       .upheld = (int32_t)db_int(rq->db, q, 7, -1),
                                       .decided_by = db_int(rq->db, q, 8, 0)};
    tong_code done = db_done(rq->db, q, err);
    return done != TONG_OK || there ? done : tong_fail(err, TONG_E_NOT_FOUND, "no such objection");
}

static tong_code objections_seen(struct request *rq, right_word right, struct objections_row *out, struct err *err)
{
    tong_code code = objections_read(rq, rq->part_number[0], out, err);
    if (code != TONG_OK) return code;
    return show_reaches(rq, right, out->subject) ? TONG_OK : tong_fail(err, TONG_E_NOT_FOUND, "not in scope");
}

// The office that the protocol names, and no other.
static bool objections_may_decide(const struct request *rq, const struct objections_row *o)
{
    struct roll *roll = rq->service->roll;
    roll_read_begin(roll);
    bool may = actor_decides(&rq->actor, (role_word)o->role, rq->now, roll, roll_place_of(roll, o->subject));
    roll_read_end(roll);
    return may;
}

// What is objected to: its name and state, from its own row.
static tong_code objections_measure(struct request *rq, struct json_out *j, int64_t measure, struct err *err)
{
    const sql_id q = sql_measure_get;
    const struct rulebook book = service_book(rq->service);
    tong_code code = db_ask(rq->db, q, &DB_I(measure), 1, err);
    if (code != TONG_OK) return code;
    bool there = db_next(rq->db, q);
    size_t edition = there ? (size_t)db_int(rq->db, q, 3, -1) : SIZE_MAX,
           index = there ? (size_t)db_int(rq->db, q, 4, -1) : SIZE_MAX;
    if (edition < book.count && index < book.editions[edition]->measure_count)
        show_named(j, "what", book.editions[edition]->measures[index].name,
                   &book.editions[edition]->measures[index].label, rq->language);
    else json_out_null(j, "what");
    json_out_instant(j, "measure_until", there ? (utc_sec){db_int(rq->db, q, 15, UTC_NONE.s)} : UTC_NONE);
    json_out_instant(j, "measure_ended", there ? (utc_sec){db_int(rq->db, q, 14, UTC_NONE.s)} : UTC_NONE);
    return db_done(rq->db, q, err);
}

static tong_code objections_out(struct request *rq, struct json_out *j, const struct objections_row *o, struct err *err)
{
    json_out_int(j, "objection", o->id);
    json_out_int(j, "measure", o->measure);
    json_out_instant(j, "made", o->made);
    json_out_instant(j, "deadline", o->deadline);
    json_out_bool(j, "overdue", o->decided.s == UTC_NONE.s && o->deadline.s < rq->now.s);
    show_role(j, "decided_by_role", o->role, rq->language);
    json_out_instant(j, "decided", o->decided);
    if (o->upheld < 0) json_out_null(j, "upheld");
    else json_out_bool(j, "upheld", o->upheld != 0);
    json_out_int(j, "decided_by", o->decided_by); // an account; 0 nobody
    json_out_bool(j, "may_decide", o->decided.s == UTC_NONE.s && objections_may_decide(rq, o));
    tong_code code = objections_measure(rq, j, o->measure, err);
    return code == TONG_OK ? show_subject(rq, j, "subject", o->subject, err) : code;
}

// ---- reading ----

static const struct record_word objections_states[] = {{"open", LABEL("not decided", "待裁决")},
                                                       {"overdue", LABEL("late", "已超时限")},
                                                       {"decided", LABEL("decided", "已裁决")},
                                                       {"all", LABEL("all", "全部")}};
#define OBJECTIONS_WORD(id, name, en, zh) {(name), LABEL((en), (zh))},
static const struct record_word objections_roles[] = {ROLE_WORDS(OBJECTIONS_WORD)};
static const struct record_word objections_sorts[] = {{"deadline", LABEL("deadline", "时限")},
                                                      {"made", LABEL("made", "提出时间")},
                                                      {"decided", LABEL("decided", "裁决时间")},
                                                      {"place", LABEL("place", "场所")}};
static const struct page_sort objections_columns[] = {{ROLL_OBJECTION_DEADLINE, false},
                                                      {ROLL_OBJECTION_MADE, true},
                                                      {ROLL_OBJECTION_DECIDED, true},
                                                      {ROLL_SUBJECT_PLACE, false}};
enum { OBJECTIONS_SORTS = sizeof objections_columns / sizeof objections_columns[0] };
_Static_assert(sizeof objections_sorts / sizeof objections_sorts[0] == OBJECTIONS_SORTS, "a column for each sort");

static tong_code objections_list(struct request *rq, struct reply *rp, struct err *err)
{
    struct roll_query q = {.list = ROLL_OBJECTIONS};
    struct roll_page page = {0};
    int64_t place = 0;
    tong_code code = TONG_OK;
    bool any = show_scopes(rq, RIGHT_OBJECTION_SEE, &q), good = show_place_parameter(rq, "place", &place, err);
    good = page_read(rq, objections_columns, OBJECTIONS_SORTS, 0, &q) && good;
    if (!good) return TONG_E_INVALID;
    int32_t state = request_parameter_word(rq, "state");
    if (state <= 1) show_filter(&q, ROLL_OBJECTION_DECIDED, ROLL_ABSENT, 0);
    if (state == 1) show_filter(&q, ROLL_OBJECTION_DEADLINE, ROLL_TO, roll_minute(rq->now));
    if (state == 2) show_filter(&q, ROLL_OBJECTION_DECIDED, ROLL_PRESENT, 0);
    int32_t role = request_parameter_word(rq, "role");
    if (role >= 0) show_filter(&q, ROLL_OBJECTION_ROLE, ROLL_IS, role);
    q.name = request_parameter(rq, "q");
    any = any && show_within(rq, &q, place);
    if (any && !page_ask(rq, &q, &page)) return tong_fail(err, TONG_E_NOMEM, "objections");
    show_etag(rq, rp, ROLL_OBJECTIONS);
    struct json_out j = page_begin(rp);
    for (size_t i = 0; i < page.count && code == TONG_OK; i++) {
        struct objections_row o;
        code = objections_read(rq, page.rows[i].id, &o, err);
        if (code == TONG_E_NOT_FOUND) { // went away between the list and the table
            code = TONG_OK;
            continue;
        }
        if (code != TONG_OK) break;
        json_out_object(&j, NULL);
        code = objections_out(rq, &j, &o, err);
        json_out_end(&j);
    }
    return code == TONG_OK ? page_end(rq, rp, &j, &q, &page, err) : code;
}

// What was written when the objection was made: the OBJECTED fact's note.
static tong_code objections_note(struct request *rq, struct json_out *j, const struct objections_row *o,
                                 struct err *err)
{
    struct chain_stored stored;
    struct str note = {NULL, 0};
    tong_code code = db_ask(rq->db, sql_fact_get, &DB_I(o->id), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(rq->db, sql_fact_get)) {
        chain_stored_read(rq->db, sql_fact_get, &stored);
        struct str plain = vault_unseal(rq->service->vault, o->subject, o->id, stored.payload, rq->arena);
        note = plain.n == 0 ? note : payload_text(plain, "note", rq->arena);
    }
    code = db_done(rq->db, sql_fact_get, err);
    if (code == TONG_OK && note.n > 0) json_out_text(j, "note", note);
    return code;
}

static tong_code objections_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct objections_row o;
    tong_code code = objections_seen(rq, RIGHT_OBJECTION_SEE, &o, err);
    if (code != TONG_OK) return code;
    rq->looked_at = o.subject;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    code = objections_out(rq, &j, &o, err);
    if (code == TONG_OK && show_class(rq, o.subject) >= RECORD_PERSONAL) code = objections_note(rq, &j, &o, err);
    json_out_end(&j);
    if (code != TONG_OK) return code;
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "objection");
}

// ---- writing ----

struct objections_made {
    struct str uid, note;
};
static const struct record_field objections_made_fields[] = {
    RECORD_ID(struct objections_made, uid, .least = UID_TEXT - 1, .most = UID_TEXT - 1,
              .label = LABEL("identifier made by the client", "客户端生成的标识")),
    RECORD_TEXT(struct objections_made, note, .class = RECORD_PERSONAL,
                .label = LABEL("what the person says", "当事人意见")),
};
static const struct record_kind objections_made_kind =
    RECORD_KIND("objection_made", struct objections_made, objections_made_fields);

struct objections_decision {
    struct str uid, note;
    int8_t upheld;
};
static const struct record_field objections_decision_fields[] = {
    RECORD_ID(struct objections_decision, uid, .least = UID_TEXT - 1, .most = UID_TEXT - 1,
              .label = LABEL("identifier made by the client", "客户端生成的标识")),
    RECORD_BOOLEAN(struct objections_decision, upheld, .required = true, .label = LABEL("upheld", "异议成立")),
    RECORD_TEXT(struct objections_decision, note, .required = true, .class = RECORD_PERSONAL,
                .label = LABEL("reasons", "理由")),
};
static const struct record_kind objections_decision_kind =
    RECORD_KIND("objection_decision", struct objections_decision, objections_decision_fields);

static tong_code objections_written(struct request *rq, struct reply *rp, const struct command *c, struct err *err)
{
    struct intake_outcome out;
    bool held = false;
    tong_code code = show_take(rq, rp, c, 1, &out, &held, err);
    if (code != TONG_OK || held) return code;
    rp->status = c->kind == COMMAND_OBJECT && !out.repeated ? 201 : 200;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_int(&j, "objection", c->kind == COMMAND_OBJECT ? out.fact : c->about);
    json_out_int(&j, "fact", out.fact);
    json_out_bool(&j, "repeated", out.repeated);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "objection");
}

static tong_code objections_put(struct request *rq, struct reply *rp, struct err *err)
{
    const struct objections_made *body = rq->row;
    int64_t subject = 0;
    tong_code code = db_ask(rq->db, sql_measure_get, &DB_I(rq->part_number[0]), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(rq->db, sql_measure_get)) subject = db_int(rq->db, sql_measure_get, 1, 0);
    code = db_done(rq->db, sql_measure_get, err);
    if (code != TONG_OK) return code;
    if (subject == 0 || !show_reaches(rq, RIGHT_OBJECT, subject))
        return tong_fail(err, TONG_E_NOT_FOUND, "not in scope");
    struct command c = show_command(rq, COMMAND_OBJECT);
    (void)uid_parse(body->uid, c.uid);
    c.about = rq->part_number[0];
    c.note = body->note;
    return objections_written(rq, rp, &c, err);
}

static tong_code objections_decision_put(struct request *rq, struct reply *rp, struct err *err)
{
    const struct objections_decision *body = rq->row;
    struct objections_row o;
    tong_code code = objections_seen(rq, RIGHT_OBJECTION_DECIDE, &o, err);
    if (code != TONG_OK) return code;
    if (!objections_may_decide(rq, &o)) {
        const char *by =
            o.role >= 0 && o.role < ROLE_WORD_COUNT ? words_at(WORDS_ROLE, o.role)->label.text[rq->language] : "";
        request_fault(rq, &objections_not_yours, NULL, by, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    struct command c = show_command(rq, COMMAND_DECIDE);
    (void)uid_parse(body->uid, c.uid);
    c.about = o.id;
    c.upheld = body->upheld == 1;
    c.note = body->note;
    return objections_written(rq, rp, &c, err);
}

// ---- the routes ----

#define WORDS_OF(table) .words = (table), .word_count = (int32_t)(sizeof(table) / sizeof(table)[0])
static const struct parameter objections_parameters[] = {
    {.name = "state",
     .type = PARAMETER_WORD,
     WORDS_OF(objections_states),
     .label = LABEL("not decided if not said", "状态，默认待裁决")},
    {.name = "role", .type = PARAMETER_WORD, WORDS_OF(objections_roles), .label = LABEL("who decides", "受理机构")},
    {.name = "place", .type = PARAMETER_UID, .label = LABEL("in this place", "所在场所")},
    {.name = "q", .type = PARAMETER_TEXT, .most = 80, .label = LABEL("part of the person's name", "人员姓名的一部分")},
    {.name = "sort", .type = PARAMETER_SORT, WORDS_OF(objections_sorts), .label = LABEL("sort", "排序")},
};
static const struct schema objections_schemas[] = {
    {"objection", "{\"type\":\"object\",\"properties\":{\"objection\":{\"type\":\"integer\"},\"measure\":{\"type\":"
                  "\"integer\"},\"made\":{\"type\":\"string\"},"
                  "\"deadline\":{\"type\":\"string\"},\"overdue\":{\"type\":\"boolean\"},\"decided\":{\"type\":["
                  "\"string\",\"null\"]},"
                  "\"upheld\":{\"type\":[\"boolean\",\"null\"]},\"what\":{\"type\":[\"object\",\"null\"]},\"subject\":{"
                  "\"type\":[\"object\",\"null\"]}}}"},
    {"objection_written", "{\"type\":\"object\",\"properties\":{\"objection\":{\"type\":\"integer\"},\"fact\":{"
                          "\"type\":\"integer\"},\"repeated\":{\"type\":\"boolean\"}}}"},
};
static const struct route objections_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/objections",
     .name = "objection_list",
     .right = RIGHT_OBJECTION_SEE,
     .handler = objections_list,
     .list = true,
     ROUTE_PARAMETERS(objections_parameters),
     .schema_out = "objection",
     .label = LABEL("objections and their clocks", "异议列表及时限")},
    {.method = HTTP_GET,
     .path = "/api/v1/objections/{objection}",
     .name = "objection_get",
     .right = RIGHT_OBJECTION_SEE,
     .handler = objections_get,
     .part = {PARAMETER_INTEGER},
     .looks = true,
     .schema_out = "objection",
     .label = LABEL("one objection", "异议详情")},
    {.method = HTTP_PUT,
     .path = "/api/v1/measures/{measure}/objection",
     .name = "objection_put",
     .right = RIGHT_OBJECT,
     .handler = objections_put,
     .part = {PARAMETER_INTEGER},
     .body = BODY_RECORD,
     .record = &objections_made_kind,
     .schema_out = "objection_written",
     .label = LABEL("take down an objection", "受理异议")},
    {.method = HTTP_PUT,
     .path = "/api/v1/objections/{objection}/decision",
     .name = "objection_decide",
     .right = RIGHT_OBJECTION_DECIDE,
     .handler = objections_decision_put,
     .part = {PARAMETER_INTEGER},
     .body = BODY_RECORD,
     .record = &objections_decision_kind,
     .schema_out = "objection_written",
     .label = LABEL("decide an objection", "裁决异议")},
};
const struct route_table objections_routes = {.rows = objections_rows,
                                              .count = sizeof objections_rows / sizeof objections_rows[0],
                                              .schemas = objections_schemas,
                                              .schema_count = sizeof objections_schemas / sizeof objections_schemas[0]};
