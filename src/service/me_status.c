#include "service/me_status.h"

#include "response/decision.h"
#include "response/standing.h"
#include "service/page.h"
#include "service/service.h"
#include "service/show.h"
#include "service/story_says.h"

#include <string.h>

enum { ME_MEASURES = 64 };

struct me_measure { // in force
    int64_t id;
    const struct protocol *protocol;
    const struct measure *measure;
    int32_t index, place;
    struct decision why;
    utc_sec ordered, started, until;
};

// Columns of measure_live: 0 id, 3 edition, 4 measure, 5 place, 6 why, 7 rule, 9 stage, 12 ordered, 13 started, 15 until.
static bool me_measure_read(struct request *rq, struct me_measure *out)
{
    const sql_id q = sql_measure_live;
    struct rulebook book = service_book(rq->service);
    int64_t edition = db_int(rq->db, q, 3, -1), index = db_int(rq->db, q, 4, -1);
    const struct protocol *p = edition >= 0 && (size_t)edition < book.count ? book.editions[edition] : NULL;
    if (p == NULL || index < 0 || (size_t)index >= p->measure_count) return false;
    *out = (struct me_measure){
        .id = db_int(rq->db, q, 0, 0),
        .protocol = p,
        .measure = &p->measures[index],
        .index = (int32_t)index,
        .place = (int32_t)db_int(rq->db, q, 5, PROTOCOL_NONE),
        .why = {.kind = DECISION_MEASURE_PROPOSED, .why = (uint8_t)db_int(rq->db, q, 6, WHY_ANYTHING_ELSE),
                .rule = (uint16_t)db_int(rq->db, q, 7, 0), .stage = (uint8_t)db_int(rq->db, q, 9, 0),
                .what = (uint8_t)index},
        .ordered = {db_int(rq->db, q, 12, UTC_NONE.s)},
        .started = {db_int(rq->db, q, 13, UTC_NONE.s)},
        .until = {db_int(rq->db, q, 15, UTC_NONE.s)},
    };
    // A restriction binds once it is signed; what is voluntary or advice holds from its start.
    bool bound = out->ordered.s != UTC_NONE.s;
    return bound || (!measure_restricts(out->measure) && out->started.s != UTC_NONE.s);
}

static tong_code me_measures(struct request *rq, struct me_measure *out, size_t *count, struct err *err)
{
    *count = 0;
    tong_code code = db_ask(rq->db, sql_measure_live, &DB_I(rq->actor.person), 1, err);
    if (code != TONG_OK) return code;
    while (*count < ME_MEASURES && db_next(rq->db, sql_measure_live))
        if (me_measure_read(rq, &out[*count])) (*count)++;
    return db_done(rq->db, sql_measure_live, err);
}

// The strictest code of each protocol's measures that hold; the mildest of the edition in force when nothing binds.
static void me_code_out(struct request *rq, struct json_out *j, const struct me_measure *m, size_t count)
{
    struct standing standing[ME_MEASURES];
    const struct protocol *p = NULL;
    uint8_t best = PROTOCOL_NONE;
    for (size_t i = 0; i < count; i++)
        standing[i] = (struct standing){m[i].protocol, (uint8_t)m[i].index, (uint8_t)m[i].place};
    for (size_t i = 0; i < count; i++) {
        struct standing same[ME_MEASURES];
        size_t n = 0;
        for (size_t k = 0; k < count; k++)
            if (standing[k].protocol == m[i].protocol) same[n++] = standing[k];
        uint8_t code = standing_status(m[i].protocol, same, n);
        if (code != PROTOCOL_NONE && (p == NULL || code > best)) {
            p = m[i].protocol;
            best = code;
        }
    }
    int32_t edition = service_edition(rq->service);
    if (p == NULL && edition >= 0 && service_book(rq->service).editions[edition]->status_count > 0) {
        p = service_book(rq->service).editions[edition];
        best = 0;
    }
    if (p == NULL) json_out_null(j, "status");
    else show_named(j, "status", p->statuses[best].name, &p->statuses[best].label, rq->language);
}

static void me_measure_out(struct request *rq, struct json_out *j, const struct me_measure *m)
{
    const struct measure *measure = m->measure;
    const char *why = story_why(m->protocol, &m->why, rq->language, rq->arena);
    json_out_object(j, NULL);
    json_out_int(j, "id", m->id);
    show_named(j, "measure", measure->name, &measure->label, rq->language);
    show_word(j, "kind", WORDS_MEASURE_KIND, (int32_t)measure->kind, rq->language);
    json_out_bool(j, "restricts", measure_restricts(measure));
    show_word(j, "place", WORDS_PLACE, m->place, rq->language);
    json_out_instant(j, "ordered", m->ordered);
    json_out_instant(j, "since", m->started.s == UTC_NONE.s ? m->ordered : m->started);
    json_out_instant(j, "until", m->until);
    json_out_z(j, "why", why);
    json_out_z(j, "basis", measure->basis.text[rq->language]);
    show_word(j, "authority", WORDS_ROLE, measure->order_by < ROLE_WORD_COUNT ? (int32_t)measure->order_by : -1, rq->language);
    json_out_array(j, "entitled_to");
    for (int32_t w = 0; w < words_count(WORDS_PROVISION); w++)
        if (measure->provide >> w & 1U) json_out_z(j, NULL, words_at(WORDS_PROVISION, w)->label.text[rq->language]);
    json_out_end(j);
    json_out_object(j, "objection");
    show_word(j, "to", WORDS_ROLE, measure->objection_to < ROLE_WORD_COUNT ? (int32_t)measure->objection_to : -1, rq->language);
    json_out_int(j, "answered_within_minutes", measure->objection_minutes);
    json_out_z(j, "how", "POST /api/v1/me/objections");
    json_out_end(j);
    json_out_end(j);
}

static tong_code me_status_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct me_measure measures[ME_MEASURES];
    size_t count = 0;
    tong_code code = me_measures(rq, measures, &count, err);
    if (code != TONG_OK) return code;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_instant(&j, "at", rq->now);
    me_code_out(rq, &j, measures, count);
    json_out_array(&j, "measures");
    for (size_t i = 0; i < count; i++) me_measure_out(rq, &j, &measures[i]);
    json_out_end(&j);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "reply");
}

// Columns of sample_of_subject: 1 uid, 3 specimen, 4 taken, 5 tube, 8 resulted, 9 test, 10 outcome.
static tong_code me_results_get(struct request *rq, struct reply *rp, struct err *err)
{
    const sql_id q = sql_sample_of_subject;
    tong_code code = db_ask(rq->db, q, &DB_I(rq->actor.person), 1, err);
    if (code != TONG_OK) return code;
    struct json_out j = page_begin(rp);
    size_t n = 0, limit = page_limit(rq);
    while (n < limit && db_next(rq->db, q)) {
        struct str uid = db_text(rq->db, q, 1);
        utc_sec resulted = {db_int(rq->db, q, 8, UTC_NONE.s)};
        json_out_object(&j, NULL);
        if (uid.n == UID_BYTES) show_uid(&j, "uid", (const unsigned char *)uid.p);
        show_word(&j, "specimen", WORDS_SPECIMEN, (int32_t)db_int(rq->db, q, 3, -1), rq->language);
        json_out_instant(&j, "taken", (utc_sec){db_int(rq->db, q, 4, UTC_NONE.s)});
        json_out_bool(&j, "pooled", db_text(rq->db, q, 5).n > 0);
        json_out_instant(&j, "resulted", resulted);
        show_word(&j, "test", WORDS_TEST, resulted.s == UTC_NONE.s ? -1 : (int32_t)db_int(rq->db, q, 9, -1), rq->language);
        show_word(&j, "outcome", WORDS_OUTCOME, resulted.s == UTC_NONE.s ? -1 : (int32_t)db_int(rq->db, q, 10, -1), rq->language);
        json_out_end(&j);
        n++;
    }
    code = db_done(rq->db, q, err);
    return code == TONG_OK ? page_close(&j, NULL, -1, err) : code;
}

static tong_code me_objections_get(struct request *rq, struct reply *rp, struct err *err)
{
    const sql_id q = sql_me_objections;
    tong_code code = db_ask(rq->db, q, &DB_I(rq->actor.person), 1, err);
    if (code != TONG_OK) return code;
    struct json_out j = page_begin(rp);
    while (db_next(rq->db, q)) {
        utc_sec decided = {db_int(rq->db, q, 5, UTC_NONE.s)};
        json_out_object(&j, NULL);
        json_out_int(&j, "id", db_int(rq->db, q, 0, 0));
        json_out_int(&j, "measure", db_int(rq->db, q, 1, 0));
        json_out_instant(&j, "made", (utc_sec){db_int(rq->db, q, 2, UTC_NONE.s)});
        json_out_instant(&j, "deadline", (utc_sec){db_int(rq->db, q, 3, UTC_NONE.s)});
        show_word(&j, "to", WORDS_ROLE, (int32_t)db_int(rq->db, q, 4, -1), rq->language);
        json_out_instant(&j, "decided", decided);
        if (decided.s == UTC_NONE.s) json_out_null(&j, "upheld");
        else json_out_bool(&j, "upheld", db_int(rq->db, q, 6, 0) != 0);
        json_out_end(&j);
    }
    code = db_done(rq->db, q, err);
    return code == TONG_OK ? page_close(&j, NULL, -1, err) : code;
}

struct me_objection {
    struct str uid;
    int64_t measure;
    struct str text;
};
static const struct record_field me_objection_fields[] = {
    RECORD_ID(struct me_objection, uid, .required = true, .most = 36, .label = LABEL("uid of the objection", "异议编号（uid）")),
    RECORD_INTEGER(struct me_objection, measure, .required = true, .least = 1, .most = INT64_MAX,
                   .label = LABEL("the measure objected to", "所异议的措施")),
    RECORD_TEXT(struct me_objection, text, .most = 4000, .class = RECORD_PERSONAL, .label = LABEL("why", "理由")),
};
static const struct record_kind me_objection_kind = RECORD_KIND("own_objection", struct me_objection, me_objection_fields);

static const struct message me_objection_uid = {
    "uid-malformed", PROBLEM_ERROR, LABEL("This is no uid.", "编号（uid）格式有误。"),
    LABEL("36 characters, made by the client, the same when it is sent again.", "应为由客户端生成的 36 个字符，重发时保持不变。")};

static tong_code me_objection_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct me_objection *body = rq->row;
    struct me_measure measures[ME_MEASURES];
    struct intake_outcome out = {.problems = &rq->problems};
    struct command c = show_command(rq, COMMAND_OBJECT);
    size_t count = 0;
    bool own = false, held = false;
    if (!uid_parse(body->uid, c.uid)) {
        request_fault(rq, &me_objection_uid, "uid", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    tong_code code = me_measures(rq, measures, &count, err);
    if (code != TONG_OK) return code;
    for (size_t i = 0; i < count; i++) own = own || measures[i].id == body->measure;
    if (!own) return tong_fail(err, TONG_E_NOT_FOUND, "no measure in force on the asker");
    c.about = body->measure;
    c.fact.subject = rq->actor.person;
    c.note = body->text;
    code = show_take(rq, rp, &c, 1, &out, &held, err);
    if (code != TONG_OK || held) return code;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_int(&j, "id", out.fact);
    json_out_end(&j);
    rp->status = out.repeated ? 200 : 201;
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "reply");
}

static const struct schema me_status_schemas[] = {
    {"own_status", "{\"type\":\"object\",\"properties\":{\"at\":{\"type\":\"string\",\"format\":\"date-time\"},"
                   "\"status\":{\"type\":[\"object\",\"null\"]},\"measures\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
                   "\"properties\":{\"id\":{\"type\":\"integer\"},\"measure\":{\"type\":\"object\"},\"why\":{\"type\":\"string\"},"
                   "\"until\":{\"type\":[\"string\",\"null\"]},\"basis\":{\"type\":\"string\"},"
                   "\"objection\":{\"type\":\"object\"}}}}}}"},
    {"own_result", "{\"type\":\"object\",\"properties\":{\"uid\":{\"type\":\"string\"},\"specimen\":{\"type\":[\"object\",\"null\"]},"
                   "\"taken\":{\"type\":\"string\",\"format\":\"date-time\"},\"pooled\":{\"type\":\"boolean\"},"
                   "\"resulted\":{\"type\":[\"string\",\"null\"]},\"test\":{\"type\":[\"object\",\"null\"]},"
                   "\"outcome\":{\"type\":[\"object\",\"null\"]}}}"},
    {"own_objection_made", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"}}}"},
    {"own_objection_row", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"},\"measure\":{\"type\":\"integer\"},"
                          "\"made\":{\"type\":\"string\",\"format\":\"date-time\"},\"deadline\":{\"type\":\"string\",\"format\":\"date-time\"},"
                          "\"to\":{\"type\":[\"object\",\"null\"]},\"decided\":{\"type\":[\"string\",\"null\"]},"
                          "\"upheld\":{\"type\":[\"boolean\",\"null\"]}}}"},
};
static const struct route me_status_table[] = {
    {.method = HTTP_GET, .path = "/api/v1/me/status", .name = "me_status", .right = RIGHT_OWN, .handler = me_status_get,
     .schema_out = "own_status",
     .label = LABEL("what binds one, why, by whom, until when, how to object", "本人所受措施：理由、签发机关、期限及异议方式")},
    {.method = HTTP_GET, .path = "/api/v1/me/results", .name = "me_results", .right = RIGHT_OWN, .handler = me_results_get,
     .schema_out = "own_result", .list = true, .label = LABEL("one's own samples and results", "本人的采样与检测结果")},
    {.method = HTTP_GET, .path = "/api/v1/me/objections", .name = "me_objections", .right = RIGHT_OWN,
     .handler = me_objections_get, .schema_out = "own_objection_row", .list = true,
     .label = LABEL("one's own objections", "本人提出的异议")},
    {.method = HTTP_POST, .path = "/api/v1/me/objections", .name = "me_objection_post", .right = RIGHT_OWN,
     .handler = me_objection_post, .body = BODY_RECORD, .record = &me_objection_kind, .schema_out = "own_objection_made",
     .label = LABEL("object to a measure in force on oneself", "对本人所受措施提出异议")},
};
const struct route_table me_status_routes = {.rows = me_status_table,
                                             .count = sizeof me_status_table / sizeof me_status_table[0],
                                             .schemas = me_status_schemas,
                                             .schema_count = sizeof me_status_schemas / sizeof me_status_schemas[0]};
