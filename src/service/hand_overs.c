#include "service/hand_overs.h"

#include "service/page.h"
#include "service/service.h"
#include "service/show.h"
#include "store/chain.h"
#include "store/entry.h"
#include "store/roll_row.h"

struct hand_overs_row {
    int64_t id, subject, version;
    utc_sec sent, acknowledged, accepted;
};

static tong_code hand_overs_read(struct request *rq, int64_t id, struct hand_overs_row *out, struct err *err)
{
    const sql_id q = sql_hand_over_get;
    tong_code code = db_ask(rq->db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    bool there = db_next(rq->db, q);
    if (there)
        *out = (struct hand_overs_row){.id = id,
                                       .subject = db_int(rq->db, q, 1, 0),
                                       .sent = {db_int(rq->db, q, 2, UTC_NONE.s)},
                                       .acknowledged = {db_int(rq->db, q, 3, UTC_NONE.s)},
                                       .accepted = {db_int(rq->db, q, 4, UTC_NONE.s)},
                                       .version = db_int(rq->db, q, 5, 0)};
    tong_code done = db_done(rq->db, q, err);
    return done != TONG_OK || there ? done : tong_fail(err, TONG_E_NOT_FOUND, "no such hand-over");
}

static tong_code hand_overs_out(struct request *rq, struct json_out *j, const struct hand_overs_row *h, struct err *err)
{
    json_out_int(j, "hand_over", h->id);
    json_out_instant(j, "sent", h->sent);
    json_out_instant(j, "acknowledged", h->acknowledged);
    json_out_instant(j, "accepted", h->accepted);
    json_out_int(j, "version", h->version);
    return show_subject(rq, j, "person", h->subject, err);
}

static const struct record_word hand_overs_states[] = {{"waiting", LABEL("not accepted yet", "尚未接收")},
                                                       {"unanswered", LABEL("not even acknowledged", "尚未签收")},
                                                       {"accepted", LABEL("accepted", "已接收")},
                                                       {"all", LABEL("all", "全部")}};
static const struct record_word hand_overs_sorts[] = {{"sent", LABEL("sent", "发出时间")},
                                                      {"accepted", LABEL("accepted", "接收时间")},
                                                      {"place", LABEL("place", "场所")}};
static const struct page_sort hand_overs_columns[] = {
    {ROLL_HAND_OVER_SENT, false}, {ROLL_HAND_OVER_ACCEPTED, true}, {ROLL_SUBJECT_PLACE, false}};

static tong_code hand_overs_list(struct request *rq, struct reply *rp, struct err *err)
{
    struct roll_query q = {.list = ROLL_HAND_OVERS};
    struct roll_page page = {0};
    int64_t place = 0;
    tong_code code = TONG_OK;
    bool any = show_scopes(rq, RIGHT_HAND_OVER, &q), good = show_place_parameter(rq, "place", &place, err);
    good = page_read(rq, hand_overs_columns, sizeof hand_overs_columns / sizeof hand_overs_columns[0], 0, &q) && good;
    if (!good) return TONG_E_INVALID;
    int32_t state = request_parameter_word(rq, "state");
    if (state <= 1) show_filter(&q, ROLL_HAND_OVER_ACCEPTED, ROLL_ABSENT, 0);
    if (state == 1) show_filter(&q, ROLL_HAND_OVER_ACKNOWLEDGED, ROLL_ABSENT, 0);
    if (state == 2) show_filter(&q, ROLL_HAND_OVER_ACCEPTED, ROLL_PRESENT, 0);
    q.name = request_parameter(rq, "q");
    any = any && show_within(rq, &q, place);
    if (any && !page_ask(rq, &q, &page)) return tong_fail(err, TONG_E_NOMEM, "hand-overs");
    show_etag(rq, rp, ROLL_HAND_OVERS);
    struct json_out j = page_begin(rp);
    for (size_t i = 0; i < page.count && code == TONG_OK; i++) {
        struct hand_overs_row h;
        code = hand_overs_read(rq, page.rows[i].id, &h, err);
        if (code == TONG_E_NOT_FOUND) { // went away between the list and the table
            code = TONG_OK;
            continue;
        }
        if (code != TONG_OK) break;
        json_out_object(&j, NULL);
        code = hand_overs_out(rq, &j, &h, err);
        json_out_end(&j);
    }
    return code == TONG_OK ? page_end(rq, rp, &j, &q, &page, err) : code;
}

// What was written to the other side: the note of its first fact.
static tong_code hand_overs_note(struct request *rq, struct json_out *j, const struct hand_overs_row *h,
                                 struct err *err)
{
    struct chain_stored stored;
    struct str note = {NULL, 0};
    tong_code code = db_ask(rq->db, sql_fact_get, &DB_I(h->id), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(rq->db, sql_fact_get)) {
        chain_stored_read(rq->db, sql_fact_get, &stored);
        struct str plain = stored.payload.n == 0
                               ? note
                               : vault_unseal(rq->service->vault, h->subject, h->id, stored.payload, rq->arena);
        if (plain.n > 0) note = payload_text(plain, "note", rq->arena);
    }
    code = db_done(rq->db, sql_fact_get, err);
    if (note.n > 0) json_out_text(j, "note", note);
    else json_out_null(j, "note");
    return code;
}

static tong_code hand_overs_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct hand_overs_row h;
    tong_code code = hand_overs_read(rq, rq->part_number[0], &h, err);
    if (code == TONG_OK && !show_reaches(rq, RIGHT_HAND_OVER, h.subject))
        code = tong_fail(err, TONG_E_NOT_FOUND, "not in scope");
    if (code != TONG_OK) return code;
    rq->looked_at = h.subject;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    code = hand_overs_out(rq, &j, &h, err);
    if (code == TONG_OK && show_class(rq, h.subject) >= RECORD_PERSONAL) code = hand_overs_note(rq, &j, &h, err);
    json_out_end(&j);
    if (code != TONG_OK) return code;
    bool good = json_out_finish(&j);
    show_version_etag(rp, h.version);
    return good ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "hand-over");
}

// ---- writing ----

struct hand_overs_step {
    struct str uid, note;
    utc_sec at;
};
static const struct record_field hand_overs_step_fields[] = {
    RECORD_ID(struct hand_overs_step, uid, .least = UID_TEXT - 1, .most = UID_TEXT - 1,
              .label = LABEL("identifier made by the client", "客户端生成的标识")),
    RECORD_INSTANT(struct hand_overs_step, at, .label = LABEL("when; now if not said", "时间，默认当前")),
    RECORD_TEXT(struct hand_overs_step, note, .class = RECORD_PERSONAL,
                .label = LABEL("to whom, and what else", "移交对象及说明")),
};
static const struct record_kind hand_overs_step_kind =
    RECORD_KIND("hand_over_step", struct hand_overs_step, hand_overs_step_fields);

static tong_code hand_overs_written(struct request *rq, struct reply *rp, int32_t kind, int64_t subject, int64_t about,
                                    struct err *err)
{
    const struct hand_overs_step *body = rq->row;
    struct command c = show_command(rq, COMMAND_HAND_OVER);
    struct intake_outcome out;
    bool held = false;
    (void)uid_parse(body->uid, c.uid);
    c.fact.kind = (uint8_t)kind;
    c.fact.subject = subject;
    c.about = about;
    if (body->at.s != UTC_NONE.s) c.fact.happened = c.fact.known = body->at;
    c.note = body->note;
    tong_code code = show_take(rq, rp, &c, 1, &out, &held, err);
    if (code != TONG_OK || held) return code;
    rp->status = about == 0 && !out.repeated ? 201 : 200;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_int(&j, "hand_over", about == 0 ? out.fact : about);
    json_out_int(&j, "fact", out.fact);
    json_out_bool(&j, "repeated", out.repeated);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "hand-over");
}

static tong_code hand_overs_put(struct request *rq, struct reply *rp, struct err *err)
{
    int64_t person = 0;
    tong_code code = show_part(rq, SUBJECT_PERSON, RIGHT_HAND_OVER, &person, err);
    return code == TONG_OK ? hand_overs_written(rq, rp, EVENT_HANDED_OVER, person, 0, err) : code;
}

static tong_code hand_overs_answered(struct request *rq, struct reply *rp, int32_t kind, struct err *err)
{
    struct hand_overs_row h;
    tong_code code = hand_overs_read(rq, rq->part_number[0], &h, err);
    if (code == TONG_OK && !show_reaches(rq, RIGHT_HAND_OVER, h.subject))
        code = tong_fail(err, TONG_E_NOT_FOUND, "not in scope");
    return code == TONG_OK ? hand_overs_written(rq, rp, kind, h.subject, h.id, err) : code;
}

static tong_code hand_overs_acknowledged_put(struct request *rq, struct reply *rp, struct err *err)
{
    return hand_overs_answered(rq, rp, ENTRY_ACKNOWLEDGED, err);
}

static tong_code hand_overs_accepted_put(struct request *rq, struct reply *rp, struct err *err)
{
    return hand_overs_answered(rq, rp, EVENT_ACCEPTED, err);
}

// ---- the routes ----

#define WORDS_OF(table) .words = (table), .word_count = (int32_t)(sizeof(table) / sizeof(table)[0])
static const struct parameter hand_overs_parameters[] = {
    {.name = "state",
     .type = PARAMETER_WORD,
     WORDS_OF(hand_overs_states),
     .label = LABEL("not accepted if not said", "状态，默认尚未接收")},
    {.name = "place", .type = PARAMETER_UID, .label = LABEL("of people who live in this place", "居住在该场所的人员")},
    {.name = "q", .type = PARAMETER_TEXT, .most = 80, .label = LABEL("part of the name", "姓名的一部分")},
    {.name = "sort", .type = PARAMETER_SORT, WORDS_OF(hand_overs_sorts), .label = LABEL("sort", "排序")},
};
static const struct schema hand_overs_schemas[] = {
    {"hand_over", "{\"type\":\"object\",\"properties\":{\"hand_over\":{\"type\":\"integer\"},\"sent\":{\"type\":"
                  "\"string\"},\"acknowledged\":{\"type\":[\"string\",\"null\"]},"
                  "\"accepted\":{\"type\":[\"string\",\"null\"]},\"version\":{\"type\":\"integer\"},\"person\":{"
                  "\"type\":[\"object\",\"null\"]}}}"},
    {"hand_over_written", "{\"type\":\"object\",\"properties\":{\"hand_over\":{\"type\":\"integer\"},\"fact\":{"
                          "\"type\":\"integer\"},\"repeated\":{\"type\":\"boolean\"}}}"},
};
static const struct route hand_overs_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/hand-overs",
     .name = "hand_over_list",
     .right = RIGHT_HAND_OVER,
     .handler = hand_overs_list,
     .list = true,
     ROUTE_PARAMETERS(hand_overs_parameters),
     .schema_out = "hand_over",
     .label = LABEL("people handed over to elsewhere", "协查移交列表")},
    {.method = HTTP_GET,
     .path = "/api/v1/hand-overs/{hand_over}",
     .name = "hand_over_get",
     .right = RIGHT_HAND_OVER,
     .handler = hand_overs_get,
     .part = {PARAMETER_INTEGER},
     .looks = true,
     .schema_out = "hand_over",
     .label = LABEL("one hand-over", "协查移交详情")},
    {.method = HTTP_PUT,
     .path = "/api/v1/people/{person}/hand-over",
     .name = "hand_over_put",
     .right = RIGHT_HAND_OVER,
     .handler = hand_overs_put,
     .part = {PARAMETER_UID},
     .body = BODY_RECORD,
     .record = &hand_overs_step_kind,
     .schema_out = "hand_over_written",
     .label = LABEL("hand somebody over", "发起协查移交")},
    {.method = HTTP_PUT,
     .path = "/api/v1/hand-overs/{hand_over}/acknowledged",
     .name = "hand_over_acknowledged",
     .right = RIGHT_HAND_OVER,
     .handler = hand_overs_acknowledged_put,
     .part = {PARAMETER_INTEGER},
     .body = BODY_RECORD,
     .record = &hand_overs_step_kind,
     .schema_out = "hand_over_written",
     .label = LABEL("the other side has it", "对方已签收")},
    {.method = HTTP_PUT,
     .path = "/api/v1/hand-overs/{hand_over}/accepted",
     .name = "hand_over_accepted",
     .right = RIGHT_HAND_OVER,
     .handler = hand_overs_accepted_put,
     .part = {PARAMETER_INTEGER},
     .body = BODY_RECORD,
     .record = &hand_overs_step_kind,
     .schema_out = "hand_over_written",
     .label = LABEL("the other side has taken over", "对方已接收")},
};
const struct route_table hand_overs_routes = {.rows = hand_overs_rows,
                                              .count = sizeof hand_overs_rows / sizeof hand_overs_rows[0],
                                              .schemas = hand_overs_schemas,
                                              .schema_count = sizeof hand_overs_schemas / sizeof hand_overs_schemas[0]};
