// The routes of the demo: where it stands, entering as one of the staff, its clock.
#include "service/account.h"
#include "service/accounts.h"
#include "service/demo.h"
#include "service/route.h"
#include "service/session.h"

#include <string.h>

static tong_code demo_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct demo *d = demo_of(rq->service);
    struct demo_state state;
    if (d == NULL) return TONG_E_NOT_FOUND;
    demo_look(d, &state);
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_instant(&j, "now", state.now);
    json_out_bool(&j, "paused", state.paused);
    json_out_bool(&j, "over", state.over);
    json_out_real(&j, "speed", state.speed);
    json_out_z(&j, "left_to_you", state.leave == ROLE_WORD_COUNT ? NULL : words_at(WORDS_ROLE, (int32_t)state.leave)->name);
    json_out_bool(&j, "real", demo_people(d) == 0);
    json_out_int(&j, "people", demo_people(d));
    json_out_z(&j, "password", DEMO_PASSWORD);
    json_out_array(&j, "accounts");
    for (int64_t i = 0; i < demo_account_count(d); i++) {
        struct demo_account a;
        demo_account_at(d, i, rq->language, &a);
        const struct record_word *role = role_word_at(role_find(str_z(a.role)));
        json_out_object(&j, NULL);
        json_out_z(&j, "login", a.login);
        json_out_z(&j, "name", a.name);
        json_out_z(&j, "role", a.role);
        json_out_z(&j, "role_label", role == NULL ? a.role : role->label.text[rq->language]);
        json_out_z(&j, "place", a.place[rq->language]);
        json_out_end(&j);
    }
    json_out_end(&j);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "reply");
}

// ---- entering ----

struct demo_enter_body {
    struct str login;
};
static const struct record_field demo_enter_fields[] = {
    RECORD_TEXT(struct demo_enter_body, login, .required = true, .most = ACCOUNT_LOGIN_MOST, .label = LABEL("login", "登录名")),
};
static const struct record_kind demo_enter_kind = RECORD_KIND("demo_enter", struct demo_enter_body, demo_enter_fields);

struct demo_enter_job {
    struct session_token token;
    int64_t account;
    utc_sec at;
    struct str device;
};

static tong_code demo_enter_run(struct db *db, void *payload, struct err *err)
{
    const struct demo_enter_job *job = payload;
    return session_add(db, &job->token, job->account, job->at, SESSION_FACTOR_GIVEN, job->device, err);
}

static tong_code demo_enter_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct demo *d = demo_of(rq->service);
    const struct demo_enter_body *body = rq->row;
    if (d == NULL) return TONG_E_NOT_FOUND;
    struct demo_enter_job job = {.account = demo_account(d, body->login), .at = rq->now, .device = rq->agent};
    if (job.account == 0) return TONG_E_NOT_FOUND;
    session_token_make(&job.token);
    tong_code code = writer_call(rq->service->writer, demo_enter_run, &job, err);
    if (code != TONG_OK) return code;
    session_cookie(rq, rp, &job.token, SESSION_MOST_S);
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_z(&j, "state", "signed_in");
    json_out_int(&j, "seconds", SESSION_MOST_S);
    json_out_z(&j, "token", job.token.text);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "reply");
}

// ---- the clock ----

struct demo_clock_body {
    int8_t pause;
    double speed;
    int64_t step;
};
static const struct record_field demo_clock_fields[] = {
    RECORD_BOOLEAN(struct demo_clock_body, pause, .label = LABEL("let it stand still", "暂停")),
    RECORD_REAL(struct demo_clock_body, speed, .least_real = 0, .most_real = DEMO_SPEED_MOST,
                .label = LABEL("seconds that pass in one", "每秒推进的秒数")),
    RECORD_INTEGER(struct demo_clock_body, step, .least = 1, .most = 7 * 86400,
                   .label = LABEL("let so many seconds pass at once", "立即推进的秒数")),
};
static const struct record_kind demo_clock_kind = RECORD_KIND("demo_clock", struct demo_clock_body, demo_clock_fields);

static tong_code demo_clock_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct demo *d = demo_of(rq->service);
    const struct demo_clock_body *body = rq->row;
    if (d == NULL) return TONG_E_NOT_FOUND;
    demo_clock(d, body->pause, isnan(body->speed) ? -1 : body->speed, body->step == RECORD_INTEGER_NONE ? 0 : body->step);
    return demo_get(rq, rp, err);
}

static const struct schema demo_schemas[] = {
    {"demo", "{\"type\":\"object\",\"required\":[\"now\",\"paused\",\"over\",\"speed\",\"accounts\"],\"properties\":{"
             "\"now\":{\"type\":\"string\",\"format\":\"date-time\"},\"real\":{\"type\":\"boolean\"},\"paused\":{\"type\":\"boolean\"},\"over\":{\"type\":\"boolean\"},"
             "\"speed\":{\"type\":\"number\"},\"left_to_you\":{\"type\":[\"string\",\"null\"]},\"people\":{\"type\":\"integer\"},"
             "\"password\":{\"type\":\"string\"},\"accounts\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
             "\"login\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},\"role\":{\"type\":\"string\"},"
             "\"role_label\":{\"type\":\"string\"},\"place\":{\"type\":\"string\"}}}}}}"},
    {"demo_entered", "{\"type\":\"object\",\"required\":[\"state\",\"seconds\",\"token\"],\"properties\":{\"state\":{\"type\":\"string\"},"
                     "\"seconds\":{\"type\":\"integer\"},\"token\":{\"type\":\"string\"}}}"},
};

static const struct route demo_rows[] = {
    {.method = HTTP_GET, .path = "/api/v1/demo", .name = "demo", .right = RIGHT_OPEN, .handler = demo_get, .entry = true,
     .storeless = true, .schema_out = "demo",
     .label = LABEL("where the demonstration stands, and its accounts; 404 where there is none", "演示进度与演示账号；非演示系统返回 404")},
    {.method = HTTP_POST, .path = "/api/v1/demo/enter", .name = "demo_enter", .right = RIGHT_OPEN, .handler = demo_enter_post,
     .entry = true, .body = BODY_RECORD, .record = &demo_enter_kind, .schema_out = "demo_entered",
     .label = LABEL("sign in as one of the invented staff; 404 where there is no demonstration", "以演示账号登录；非演示系统返回 404")},
    {.method = HTTP_POST, .path = "/api/v1/demo/clock", .name = "demo_clock", .right = RIGHT_SIGNED_IN, .handler = demo_clock_post,
     .body = BODY_RECORD, .record = &demo_clock_kind, .schema_out = "demo",
     .label = LABEL("pause, speed up or step the demonstration's clock; 404 where there is none", "暂停、调速或步进演示时钟；非演示系统返回 404")},
};

const struct route_table demo_routes = {.rows = demo_rows, .count = sizeof demo_rows / sizeof demo_rows[0],
                                        .schemas = demo_schemas, .schema_count = sizeof demo_schemas / sizeof demo_schemas[0]};
