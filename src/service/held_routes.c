#include "service/accounts.h"
#include "service/audit.h"
#include "service/held_row.h"
#include "service/page.h"
#include "service/route.h"
#include "service/service.h"

#include <string.h>

#define HELD_WORD(id, name, en, zh) {(name), LABEL((en), (zh))},
static const struct record_word held_kinds[] = {HELD_KINDS(HELD_WORD)};
static const struct record_word held_states[] = {HELD_STATES(HELD_WORD)};

static const struct message held_decided = {
    "held-decided", PROBLEM_ERROR, LABEL("This request was decided already, or has lapsed.", "该申请已处理或已失效。"),
    LABEL("Ask whoever sent it to send it again if it is still needed.", "如仍需要，请原申请人重新提交。")};
static const struct message held_own = {
    "held-own", PROBLEM_ERROR, LABEL("Nobody is their own second person.", "不能由本人作为第二人确认。"),
    LABEL("Somebody else must look at it.", "请由另一人审核。")};

// May the asker decide about this request? About facts: who may confirm, and reaches all the people with their identity, for
// what is confirmed must be seen. About accounts: who gives rights themselves, everywhere the account may be.
static tong_code held_reaches(struct request *rq, const struct held_row *row, bool *reaches, struct err *err)
{
    *reaches = false;
    if (!held_of_people(row->kind)) {
        bool everywhere = false;
        int64_t places[1];
        (void)actor_scopes(&rq->actor, RIGHT_ACCOUNT_WRITE, rq->now, places, 1, &everywhere);
        *reaches = everywhere && actor_may(&rq->actor, RIGHT_CONFIRM, rq->now);
        return TONG_OK;
    }
    int64_t *people = arena_array(rq->arena, HELD_PEOPLE_KEPT, sizeof people[0]);
    size_t count = 0;
    if (people == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a held request");
    tong_code code = held_subjects(rq->db, row->id, people, HELD_PEOPLE_KEPT, &count, err);
    if (code != TONG_OK) return code;
    const struct roll *roll = rq->service->roll;
    roll_read_begin(rq->service->roll);
    bool all = count > 0;
    for (size_t i = 0; i < count && all; i++) {
        int64_t place = roll_place_of(roll, people[i]);
        all = actor_reaches(&rq->actor, RIGHT_CONFIRM, rq->now, roll, place) &&
              actor_reaches(&rq->actor, RIGHT_PERSON_IDENTITY, rq->now, roll, place);
    }
    roll_read_end(rq->service->roll);
    *reaches = all;
    return TONG_OK;
}

static void held_out(struct request *rq, struct json_out *j, const struct held_row *row)
{
    const struct record_word *kind = &held_kinds[row->kind < HELD_KIND_COUNT ? row->kind : 0];
    const struct record_word *state = &held_states[row->state < HELD_STATE_COUNT ? row->state : 0];
    bool lapsed = row->state == HELD_STATE_WAITING && rq->now.s >= row->at.s + HELD_LAPSE_S;
    json_out_int(j, "id", row->id);
    json_out_z(j, "kind", kind->word);
    json_out_z(j, "label", kind->label.text[rq->language]);
    json_out_z(j, "state", lapsed ? held_states[HELD_STATE_LAPSED].word : state->word);
    json_out_int(j, "account", row->account);
    json_out_instant(j, "at", row->at);
    json_out_int(j, "people", row->people);
    if (row->about == 0) json_out_null(j, "about");
    else json_out_int(j, "about", row->about);
    json_out_instant(j, "decided", row->decided);
    if (row->decided_by == 0) json_out_null(j, "decided_by");
    else json_out_int(j, "decided_by", row->decided_by);
}

static tong_code held_page(struct request *rq, struct reply *rp, bool for_auditor, struct err *err)
{
    bool given = false, more = false;
    struct cursor c = {0};
    if (!page_cursor(rq, &given, &c)) return TONG_E_INVALID;
    size_t limit = page_limit(rq), count = 0;
    struct held_row *rows = arena_array(rq->arena, limit + 1, sizeof rows[0]);
    if (rows == NULL) return tong_fail(err, TONG_E_NOMEM, "page");
    tong_code code = held_rows(rq->db, given ? c.id : INT64_MAX, !for_auditor, rows, limit + 1, &count, err);
    if (code != TONG_OK) return code;
    more = count > limit;
    if (more) count = limit;
    struct json_out j = page_begin(rp);
    for (size_t i = 0; i < count; i++) {
        bool shown = for_auditor;
        if (!shown) code = held_reaches(rq, &rows[i], &shown, err);
        if (code != TONG_OK) return code;
        if (!shown) continue;
        json_out_object(&j, NULL);
        held_out(rq, &j, &rows[i]);
        json_out_end(&j);
    }
    struct cursor next = {.scope = page_scope(rq), .id = count == 0 ? 0 : rows[count - 1].id};
    return page_close(&j, more ? &next : NULL, -1, err);
}

static tong_code held_list_get(struct request *rq, struct reply *rp, struct err *err)
{
    return held_page(rq, rp, false, err);
}

static tong_code held_audit_get(struct request *rq, struct reply *rp, struct err *err)
{
    return held_page(rq, rp, true, err);
}

static tong_code held_one_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct held_row row;
    struct str plain;
    bool reaches = false;
    tong_code code = held_get(rq->db, rq->service->vault, rq->part_number[0], rq->arena, &row, &plain, err);
    bool own = code == TONG_OK && row.account == rq->actor.account;
    if (code == TONG_OK && !own) code = held_reaches(rq, &row, &reaches, err);
    if (code != TONG_OK) return code;
    if (!own && !reaches) return tong_fail(err, TONG_E_NOT_FOUND, "a held request out of scope");
    json_t *request = plain.n == 0 ? NULL : json_loadb(plain.p, plain.n, 0, NULL);
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    held_out(rq, &j, &row);
    json_out_z(&j, "method", json_string_value(json_object_get(request, "method")));
    json_out_z(&j, "target", json_string_value(json_object_get(request, "target")));
    json_out_z(&j, "body", json_string_value(json_object_get(request, "body")));
    json_out_end(&j);
    json_decref(request);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "reply");
}

// ---- deciding ----

struct held_decide_job {
    int64_t id, by;
    utc_sec at;
    held_state state;
    bool erased, decided;
};

static tong_code held_decide_run(struct db *db, void *payload, struct err *err)
{
    struct held_decide_job *job = payload;
    const struct db_value in[] = {DB_I(job->state), DB_I(job->at.s), DB_I(job->by), DB_I(job->id)};
    int64_t changed = 0;
    // An erasure that was carried out let everything lapse that named the person, this request among it.
    sql_id q = job->erased ? sql_held_erased : sql_held_decide;
    tong_code code = db_run(db, q, in, 4, &changed, err);
    job->decided = changed == 1;
    if (code != TONG_OK || !job->decided) return code;
    audit_word what = job->state == HELD_STATE_CONFIRMED ? AUDIT_HELD_CONFIRMED : AUDIT_HELD_REFUSED;
    return audit_add(db, job->at, job->by, what, job->id, NULL, err);
}

// The row that the asker may decide about: otherwise the reply is made, or the code says why not.
static tong_code held_to_decide(struct request *rq, struct reply *rp, struct held_row *row, struct str *plain,
                                bool *go_on, struct err *err)
{
    bool reaches = false;
    *go_on = false;
    tong_code code = held_get(rq->db, rq->service->vault, rq->part_number[0], rq->arena, row, plain, err);
    if (code == TONG_OK) code = held_reaches(rq, row, &reaches, err);
    if (code != TONG_OK) return code;
    bool own = row->account == rq->actor.account;
    if (!reaches && !own) return tong_fail(err, TONG_E_NOT_FOUND, "a held request out of scope");
    if (own) return reply_problem(rq, rp, 403, &held_own, NULL, NULL, NULL);
    bool over = row->state != HELD_STATE_WAITING || plain->n == 0 || rq->now.s >= row->at.s + HELD_LAPSE_S;
    if (over) return reply_problem(rq, rp, 409, &held_decided, NULL, NULL, NULL);
    *go_on = true;
    return TONG_OK;
}

// Carry the request out as its author: through the same dispatcher, with the rights they have now.
static tong_code held_dispatch(struct request *rq, const struct held_row *row, struct str plain, struct reply *inner,
                               struct err *err)
{
    json_t *held = json_loadb(plain.p, plain.n, 0, NULL);
    const char *method = json_string_value(json_object_get(held, "method"));
    const char *target = json_string_value(json_object_get(held, "target"));
    const char *type = json_string_value(json_object_get(held, "type"));
    const char *body = json_string_value(json_object_get(held, "body"));
    char pass[PASS_TEXT];
    tong_code code = TONG_OK;
    if (method == NULL || target == NULL || type == NULL || body == NULL)
        code = tong_fail(err, TONG_E_INVALID, "a held request cannot be read");
    else if (!passes_give(accounts_of(rq)->passes, row->account, rq->actor.account, pass))
        code = tong_fail(err, TONG_E_IO, "too many held requests at once");
    struct request as_author = {.service = rq->service, .arena = rq->arena, .body_file = -1, .now = rq->now,
                                .language = rq->language, .remote = rq->remote, .id = rq->id};
    if (code == TONG_OK) {
        as_author.method = http_method_find(method);
        as_author.target = str_z(target);
        as_author.content_type = str_z(type);
        as_author.body = str_z(body);
        as_author.authorization = str_z(pass);
        http_dispatch(rq->service, &as_author, inner);
    }
    json_decref(held);
    return code;
}

// Carried out first and noted as confirmed afterwards: should the power fail in between, it can be confirmed again, and what
// was recorded is recognised by its uid.
static tong_code held_confirm(struct request *rq, struct reply *rp, struct err *err)
{
    struct held_row row;
    struct str plain;
    bool go_on = false;
    tong_code code = held_to_decide(rq, rp, &row, &plain, &go_on, err);
    if (code != TONG_OK || !go_on) return code;
    struct reply inner = {0};
    code = held_dispatch(rq, &row, plain, &inner, err);
    int32_t status = inner.status == 0 ? 200 : inner.status;
    bool done = code == TONG_OK && status < 300;
    struct held_decide_job job = {.id = row.id, .by = rq->actor.account, .at = rq->now, .state = HELD_STATE_CONFIRMED,
                                  .erased = row.kind == HELD_ERASURE};
    if (done) code = writer_call(rq->service->writer, held_decide_run, &job, err);
    if (code == TONG_OK) {
        struct str kept = sink_kept(&inner.body);
        struct json_out j = json_out_to(&rp->body);
        json_out_object(&j, NULL);
        json_out_int(&j, "id", row.id);
        json_out_z(&j, "state", done ? held_states[HELD_STATE_CONFIRMED].word : held_states[HELD_STATE_WAITING].word);
        json_out_int(&j, "status", status);
        json_out_text(&j, "answer", kept);
        json_out_end(&j);
        if (!json_out_finish(&j)) code = tong_fail(err, TONG_E_NOMEM, "reply");
        rp->status = done ? 200 : 409;
        rp->type = "application/json";
    }
    reply_close(&inner);
    return code;
}

static tong_code held_refuse(struct request *rq, struct reply *rp, struct err *err)
{
    struct held_row row;
    struct str plain;
    bool go_on = false;
    tong_code code = held_to_decide(rq, rp, &row, &plain, &go_on, err);
    if (code != TONG_OK || !go_on) return code;
    struct held_decide_job job = {.id = row.id, .by = rq->actor.account, .at = rq->now, .state = HELD_STATE_REFUSED};
    code = writer_call(rq->service->writer, held_decide_run, &job, err);
    if (code != TONG_OK) return code;
    if (!job.decided) return reply_problem(rq, rp, 409, &held_decided, NULL, NULL, NULL);
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_int(&j, "id", row.id);
    json_out_z(&j, "state", held_states[HELD_STATE_REFUSED].word);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "reply");
}

static const struct schema held_schemas[] = {
    {"held", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"},\"kind\":{\"type\":\"string\"},"
             "\"label\":{\"type\":\"string\"},\"state\":{\"type\":\"string\"},\"account\":{\"type\":\"integer\"},"
             "\"at\":{\"type\":\"string\",\"format\":\"date-time\"},\"people\":{\"type\":\"integer\"},"
             "\"about\":{\"type\":[\"integer\",\"null\"]},\"decided\":{\"type\":[\"string\",\"null\"]},"
             "\"decided_by\":{\"type\":[\"integer\",\"null\"]},\"method\":{\"type\":\"string\"},"
             "\"target\":{\"type\":\"string\"},\"body\":{\"type\":\"string\"}}}"},
    {"held_decision", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"},\"state\":{\"type\":\"string\"},"
                      "\"status\":{\"type\":\"integer\"},\"answer\":{\"type\":\"string\"}}}"},
};

static const struct route held_table[] = {
    {.method = HTTP_GET, .path = "/api/v1/held", .name = "held_list", .right = RIGHT_CONFIRM, .handler = held_list_get,
     .schema_out = "held", .list = true,
     .label = LABEL("what waits for you as the second person", "待您作为第二人确认的申请")},
    {.method = HTTP_GET, .path = "/api/v1/held/{held}", .name = "held_get", .right = RIGHT_SIGNED_IN,
     .handler = held_one_get, .part = {PARAMETER_INTEGER}, .schema_out = "held",
     .label = LABEL("a request that waits for a second person", "查看待第二人确认的申请")},
    {.method = HTTP_POST, .path = "/api/v1/held/{held}/confirm", .name = "held_confirm", .right = RIGHT_CONFIRM,
     .handler = held_confirm, .part = {PARAMETER_INTEGER}, .schema_out = "held_decision",
     .label = LABEL("confirm it as the second person: it is carried out", "作为第二人确认并执行")},
    {.method = HTTP_POST, .path = "/api/v1/held/{held}/refuse", .name = "held_refuse", .right = RIGHT_CONFIRM,
     .handler = held_refuse, .part = {PARAMETER_INTEGER}, .schema_out = "held_decision",
     .label = LABEL("refuse it as the second person", "作为第二人拒绝")},
    {.method = HTTP_GET, .path = "/api/v1/audit/held", .name = "audit_held", .right = RIGHT_AUDIT_SEE,
     .handler = held_audit_get, .schema_out = "held", .list = true,
     .label = LABEL("what needed a second person, decided or not", "需第二人确认的全部申请")},
};
const struct route_table held_routes = {.rows = held_table, .count = sizeof held_table / sizeof held_table[0],
                                        .schemas = held_schemas,
                                        .schema_count = sizeof held_schemas / sizeof held_schemas[0]};
