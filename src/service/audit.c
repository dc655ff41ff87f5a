#include "service/audit.h"

#include "service/account.h"
#include "service/page.h"
#include "service/service.h"

#define AUDIT_WORD(id, name, en, zh) {(name), LABEL((en), (zh))},
const struct record_word audit_words[AUDIT_WORD_COUNT] = {AUDIT_WORDS(AUDIT_WORD)};

tong_code audit_add(struct db *db, utc_sec at, int64_t account, audit_word what, int64_t about, const char *detail,
                    struct err *err)
{
    int64_t id = 0;
    tong_code code = db_ask(db, sql_audit_next, NULL, 0, err);
    if (code != TONG_OK) return code;
    if (db_next(db, sql_audit_next)) id = db_int(db, sql_audit_next, 0, 0);
    code = db_done(db, sql_audit_next, err);
    if (code != TONG_OK) return code;
    const struct db_value in[] = {DB_I(id), DB_I(at.s), db_i_or_null(account, 0), DB_T(str_z(audit_words[what].word)),
                                  db_i_or_null(about, 0), detail == NULL ? DB_N : DB_T(str_z(detail))};
    return db_run(db, sql_audit_put, in, sizeof in / sizeof in[0], NULL, err);
}

static void audit_row(struct request *rq, struct json_out *j)
{
    const sql_id q = sql_audit_list;
    struct str what = db_text(rq->db, q, 4), detail = db_text(rq->db, q, 6);
    json_out_object(j, NULL);
    json_out_int(j, "id", db_int(rq->db, q, 0, 0));
    json_out_instant(j, "at", (utc_sec){db_int(rq->db, q, 1, UTC_NONE.s)});
    int64_t account = db_int(rq->db, q, 2, 0);
    if (account == 0) json_out_null(j, "account");
    else json_out_int(j, "account", account);
    struct str login = {NULL, 0}, name;
    account_names(rq->service->vault, account, db_int(rq->db, q, 7, 0), db_text(rq->db, q, 3), rq->arena, &login, &name);
    if (login.p == NULL) json_out_null(j, "login");
    else json_out_text(j, "login", login);
    json_out_text(j, "what", what);
    const char *label = NULL;
    for (size_t i = 0; i < AUDIT_WORD_COUNT; i++)
        if (str_eq_z(what, audit_words[i].word)) label = audit_words[i].label.text[rq->language];
    json_out_z(j, "label", label);
    int64_t about = db_int(rq->db, q, 5, 0);
    if (about == 0) json_out_null(j, "about");
    else json_out_int(j, "about", about);
    // Only words and numbers of ours stand in a detail; it goes out as the text it is, so that no row can break the list.
    if (detail.p == NULL) json_out_null(j, "detail");
    else json_out_text(j, "detail", detail);
    json_out_end(j);
}

static tong_code audit_get(struct request *rq, struct reply *rp, struct err *err)
{
    bool given = false;
    struct cursor c = {0};
    if (!page_cursor(rq, &given, &c)) return TONG_E_INVALID;
    size_t limit = page_limit(rq), n = 0;
    utc_sec from = request_parameter_instant(rq, "from"), to = request_parameter_instant(rq, "to");
    const struct db_value in[] = {
        DB_I(given ? c.id : INT64_MAX),
        DB_I(request_parameter_int(rq, "account", 0)),
        DB_T(request_parameter(rq, "what").p == NULL ? STR("") : request_parameter(rq, "what")),
        DB_I(request_parameter_int(rq, "about", 0)),
        DB_I(from.s == UTC_NONE.s ? 0 : from.s),
        DB_I(to.s == UTC_NONE.s ? INT64_MAX : to.s),
        DB_I((int64_t)limit + 1),
    };
    tong_code code = db_ask(rq->db, sql_audit_list, in, sizeof in / sizeof in[0], err);
    if (code != TONG_OK) return code;
    struct json_out j = page_begin(rp);
    int64_t last = 0;
    bool more = false;
    while (db_next(rq->db, sql_audit_list)) {
        if (n++ == limit) {
            more = true;
            break;
        }
        last = db_int(rq->db, sql_audit_list, 0, 0);
        audit_row(rq, &j);
    }
    code = db_done(rq->db, sql_audit_list, err);
    if (code != TONG_OK) return code;
    struct cursor next = {.scope = page_scope(rq), .id = last};
    return page_close(&j, more ? &next : NULL, -1, err);
}

static const struct parameter audit_parameters[] = {
    {.name = "account", .type = PARAMETER_INTEGER, .least = 1, .most = INT64_MAX,
     .label = LABEL("done by this account", "操作账号")},
    {.name = "what", .type = PARAMETER_WORD, .words = audit_words, .word_count = AUDIT_WORD_COUNT,
     .label = LABEL("what was done", "操作类型")},
    {.name = "about", .type = PARAMETER_INTEGER, .least = 1, .most = INT64_MAX,
     .label = LABEL("about this number (an account, a request)", "操作对象编号")},
    {.name = "from", .type = PARAMETER_INSTANT, .label = LABEL("from this instant on", "起始时间")},
    {.name = "to", .type = PARAMETER_INSTANT, .label = LABEL("before this instant", "截止时间（不含）")},
};

static const struct schema audit_schemas[] = {
    {"audit_row",
     "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"},\"at\":{\"type\":\"string\",\"format\":\"date-time\"},"
     "\"account\":{\"type\":[\"integer\",\"null\"]},\"login\":{\"type\":[\"string\",\"null\"]},\"what\":{\"type\":\"string\"},"
     "\"label\":{\"type\":[\"string\",\"null\"]},\"about\":{\"type\":[\"integer\",\"null\"]},"
     "\"detail\":{\"type\":[\"string\",\"null\"]}}}"},
};

static const struct route audit_rows[] = {
    {.method = HTTP_GET, .path = "/api/v1/audit", .name = "audit_list", .right = RIGHT_AUDIT_SEE, .handler = audit_get,
     .schema_out = "audit_row", ROUTE_PARAMETERS(audit_parameters), .list = true,
     .label = LABEL("what accounts did, the newest first", "操作审计，最新在前")},
};
const struct route_table audit_routes = {.rows = audit_rows, .count = sizeof audit_rows / sizeof audit_rows[0],
                                         .schemas = audit_schemas,
                                         .schema_count = sizeof audit_schemas / sizeof audit_schemas[0]};
