// /api/v1/accounts/{account}/grants and /api/v1/roles: giving and taking rights.
#include "service/account_out.h"
#include "service/account_routes.h"
#include "service/account_scope.h"
#include "service/audit.h"
#include "service/held.h"
#include "service/page.h"
#include "service/route.h"
#include "service/service.h"

static const struct message grant_role_unknown = {
    "role-unknown", PROBLEM_ERROR, LABEL("There is no role \"{1}\" to be given.", "没有可授予的角色“{1}”。"),
    LABEL("See the list of roles.", "请查看角色列表。")};
static const struct message grant_place_unknown = {
    "place-unknown", PROBLEM_ERROR, LABEL("There is no such place within your scope.", "您的管辖范围内没有该场所。"),
    LABEL("Give rights only where you may give them yourself.", "只能在本人有权授权的范围内授予权限。")};
static const struct message grant_dates = {
    "grant-dates", PROBLEM_ERROR, LABEL("The right would end before it begins, or has ended already.", "权限结束时间早于开始时间或已过期。"),
    LABEL("Correct the two dates.", "请更正起止时间。")};
static const struct message grant_self = {
    "grant-self", PROBLEM_ERROR, LABEL("Nobody gives rights to themselves.", "不能给本人授予权限。"),
    LABEL("Ask another administrator.", "请由其他管理员办理。")};
static const struct message grant_resident = {
    "grant-resident", PROBLEM_ERROR, LABEL("A resident's account belongs to a person's record.", "居民账号须与人员档案关联。"),
    LABEL("Open it from that record.", "请从人员档案中开设。")};
static const struct message grant_conflict = {
    "grant-conflict", PROBLEM_ERROR,
    LABEL("One account cannot be \"{1}\" and \"{2}\" as well: the one watches over the other.", "同一账号不能兼任“{1}”与“{2}”：两者相互监督。"),
    LABEL("Give it to somebody else, or take the other role away first.", "请授予他人，或先收回另一角色。")};
static const struct message grant_many = {
    "grant-many", PROBLEM_ERROR, LABEL("The account has {1} rights already.", "该账号已有 {1} 项权限。"),
    LABEL("Take some away first, or give them for a larger place.", "请先收回一部分，或按更大的场所授权。")};
static const struct message grant_last = {
    "last-administrator", PROBLEM_ERROR, LABEL("This is the last administrator.", "这是最后一名管理员。"),
    LABEL("Appoint another one first.", "请先任命其他管理员。")};

struct grant_body {
    struct str role, place;
    utc_sec from, until;
};
static const struct record_field grant_fields[] = {
    RECORD_TEXT(struct grant_body, role, .required = true, .most = 64, .label = LABEL("role", "角色")),
    RECORD_TEXT(struct grant_body, place, .most = 36, .label = LABEL("place (uid); empty: everywhere", "场所编号；空表示不限")),
    RECORD_INSTANT(struct grant_body, from, .label = LABEL("from; empty: now", "生效时间；空表示立即")),
    RECORD_INSTANT(struct grant_body, until, .label = LABEL("until; empty: until taken away", "截止时间；空表示长期")),
};
static const struct record_kind grant_kind = RECORD_KIND("grant_given", struct grant_body, grant_fields);

struct grant_job {
    struct grant grant;
    int64_t id, account, by, confirmed_by;
    utc_sec at;
};

static tong_code grant_give_run(struct db *db, void *payload, struct err *err)
{
    struct grant_job *job = payload;
    char detail[160];
    tong_code code = grant_add(db, job->account, &job->grant, job->by, &job->id, err);
    (void)snprintf(detail, sizeof detail, "{\"grant\":%lld,\"role\":\"%s\",\"place\":%lld,\"confirmed_by\":%lld}",
                   (long long)job->id, role_word_at(job->grant.role)->word, (long long)job->grant.place,
                   (long long)job->confirmed_by);
    return code == TONG_OK ? audit_add(db, job->at, job->by, AUDIT_GRANT_GIVEN, job->account, detail, err) : code;
}

static bool grant_over(const struct grant *g, utc_sec now)
{
    return g->ends.s != UTC_NONE.s && g->ends.s <= now.s;
}

// What is asked for, as far as the body says it; faults are reported. False: there were some.
static tong_code grant_asked(struct request *rq, const struct account *account, struct grant *out, struct err *err)
{
    const struct grant_body *body = rq->row;
    char role_text[65];
    struct str role = str_trim(body->role), place = str_trim(body->place);
    struct grant g = {.role = role_find(role), .begins = body->from.s == UTC_NONE.s ? rq->now : body->from,
                      .ends = body->until};
    if (g.role < 0) {
        (void)snprintf(role_text, sizeof role_text, "%.*s", (int)(role.n < 64 ? role.n : 64), role.p);
        request_fault(rq, &grant_role_unknown, "role", role_text, NULL, NULL, NULL);
    }
    if (g.role == ACCOUNT_ROLE_RESIDENT && account->person == 0)
        request_fault(rq, &grant_resident, "role", NULL, NULL, NULL, NULL);
    if (g.ends.s != UTC_NONE.s && (g.ends.s <= g.begins.s || g.ends.s <= rq->now.s))
        request_fault(rq, &grant_dates, "until", NULL, NULL, NULL, NULL);
    tong_code code = place.n == 0 ? TONG_OK : account_place(rq->db, place, &g.place, err);
    if (code != TONG_OK) return code;
    roll_read_begin(rq->service->roll);
    bool reaches = (place.n == 0 || g.place != 0) &&
                   actor_reaches(&rq->actor, RIGHT_ACCOUNT_WRITE, rq->now, rq->service->roll, g.place);
    roll_read_end(rq->service->roll);
    if (!reaches) request_fault(rq, &grant_place_unknown, "place", NULL, NULL, NULL, NULL);
    *out = g;
    return rq->problems.errors > 0 ? TONG_E_INVALID : TONG_OK;
}

// Against the grants the account has: *same is the number of one that says the same, 0 none.
static tong_code grant_against(struct request *rq, int64_t account, const struct grant *g, int64_t *same, struct err *err)
{
    enum { ROWS = 256 };
    struct grant_row *rows = arena_array(rq->arena, ROWS, sizeof rows[0]);
    size_t count = 0, live = 0;
    char limit[16];
    *same = 0;
    if (rows == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for grants");
    tong_code code = grant_list(rq->db, account, rows, ROWS, &count, err);
    if (code != TONG_OK) return code;
    for (size_t i = 0; i < count; i++) {
        const struct grant *has = &rows[i].grant;
        if (grant_over(has, rq->now)) continue;
        live++;
        bool equal = has->role == g->role && has->place == g->place && has->ends.s == g->ends.s;
        if (equal && has->begins.s <= g->begins.s) *same = rows[i].id;
        if (!roles_conflict(has->role, g->role)) continue;
        request_fault(rq, &grant_conflict, "role", role_word_at(has->role)->label.text[rq->language],
                      role_word_at(g->role)->label.text[rq->language], NULL, NULL);
        return TONG_E_INVALID;
    }
    if (*same != 0 || live < GRANTS_MAX) return TONG_OK;
    (void)snprintf(limit, sizeof limit, "%d", (int)GRANTS_MAX);
    request_fault(rq, &grant_many, "role", limit, NULL, NULL, NULL);
    return TONG_E_INVALID;
}

static tong_code grant_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct account account;
    struct grant_job job = {.by = rq->actor.account, .confirmed_by = rq->actor.confirmed_by, .at = rq->now};
    int64_t same = 0;
    size_t others = 0;
    tong_code code = account_in_scope(rq, &account, err);
    if (code != TONG_OK) return code;
    job.account = account.id;
    // Neither by themselves nor by confirming it as the second person.
    if (account.id == rq->actor.account || account.id == rq->actor.confirmed_by)
        return reply_problem(rq, rp, 403, &grant_self, NULL, NULL, NULL);
    code = grant_asked(rq, &account, &job.grant, err);
    if (code == TONG_OK) code = grant_against(rq, account.id, &job.grant, &same, err);
    if (code == TONG_OK) code = account_administrators(rq, rq->actor.account, &others, err);
    if (code != TONG_OK) return code;
    if (same != 0) return account_reply(rq, rp, account.id, NULL, err);
    // A second administrator is needed as soon as there is one who could be it.
    bool alone = job.grant.role != ACCOUNT_ROLE_ADMINISTRATOR || rq->actor.confirmed_by != 0 || others == 0;
    if (!alone) return held_keep(rq, rp, HELD_ADMINISTRATOR, NULL, 0, account.id, err);
    code = writer_call(rq->service->writer, grant_give_run, &job, err);
    if (code == TONG_OK) code = account_reply(rq, rp, account.id, NULL, err);
    if (code == TONG_OK) rp->status = 201;
    return code;
}

static tong_code grant_take_run(struct db *db, void *payload, struct err *err)
{
    const struct grant_job *job = payload;
    char detail[120];
    tong_code code = grant_take(db, job->id, job->by, job->at, err);
    (void)snprintf(detail, sizeof detail, "{\"grant\":%lld,\"role\":\"%s\",\"place\":%lld}", (long long)job->id,
                   role_word_at(job->grant.role)->word, (long long)job->grant.place);
    return code == TONG_OK ? audit_add(db, job->at, job->by, AUDIT_GRANT_TAKEN, job->account, detail, err) : code;
}

// At once: rights are looked up with every request. One's own may be given up, but not the last administrator's.
static tong_code grant_delete(struct request *rq, struct reply *rp, struct err *err)
{
    struct account account;
    struct grant_row row;
    size_t others = 0;
    tong_code code = account_in_scope(rq, &account, err);
    if (code == TONG_OK) code = grant_get(rq->db, rq->part_number[1], &row, err);
    if (code == TONG_OK && row.account != account.id) code = tong_fail(err, TONG_E_NOT_FOUND, "a grant of another account");
    if (code == TONG_OK) code = account_administrators(rq, account.id, &others, err);
    if (code != TONG_OK) return code;
    if (row.grant.role == ACCOUNT_ROLE_ADMINISTRATOR && others == 0 && !grant_over(&row.grant, rq->now))
        return reply_problem(rq, rp, 409, &grant_last, NULL, NULL, NULL);
    if (grant_over(&row.grant, rq->now)) return account_reply(rq, rp, account.id, NULL, err); // as it was the first time
    struct grant_job job = {.grant = row.grant, .id = row.id, .account = account.id, .by = rq->actor.account, .at = rq->now};
    code = writer_call(rq->service->writer, grant_take_run, &job, err);
    return code == TONG_OK ? account_reply(rq, rp, account.id, NULL, err) : code;
}

static tong_code grant_roles_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct json_out j = page_begin(rp);
    for (size_t i = 0; role_at(i) >= 0; i++) {
        int32_t role = role_at(i);
        json_out_object(&j, NULL);
        json_out_z(&j, "role", role_word_at(role)->word);
        json_out_z(&j, "name", role_word_at(role)->label.text[rq->language]);
        json_out_z(&j, "reason", role_reason(role)->text[rq->language]);
        json_out_bool(&j, "needs_second_factor", role_needs_second_factor(role));
        json_out_array(&j, "rights");
        for (int r = RIGHT_NONE + 1; r < RIGHT_WORD_COUNT; r++)
            if (role_has(role, (right_word)r)) json_out_z(&j, NULL, right_at((right_word)r)->word);
        json_out_end(&j);
        json_out_end(&j);
    }
    return page_close(&j, NULL, -1, err);
}

static const struct schema grant_schemas[] = {
    {"grant", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"},\"role\":{\"type\":\"string\"},"
              "\"role_name\":{\"type\":\"string\"},\"place\":{\"type\":[\"string\",\"null\"]},"
              "\"place_name\":{\"type\":[\"string\",\"null\"]},\"from\":{\"type\":\"string\",\"format\":\"date-time\"},"
              "\"until\":{\"type\":[\"string\",\"null\"]},\"in_force\":{\"type\":\"boolean\"},"
              "\"needs_second_factor\":{\"type\":\"boolean\"}}}"},
    {"role", "{\"type\":\"object\",\"properties\":{\"role\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},"
             "\"reason\":{\"type\":\"string\"},\"needs_second_factor\":{\"type\":\"boolean\"},"
             "\"rights\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}"},
};

static const struct route grant_table[] = {
    {.method = HTTP_POST, .path = "/api/v1/accounts/{account}/grants", .name = "grant_post",
     .right = RIGHT_ACCOUNT_WRITE, .handler = grant_post, .part = {PARAMETER_INTEGER}, .body = BODY_RECORD,
     .body_max = 8192, .record = &grant_kind, .schema_out = "account_out",
     .label = LABEL("give a right within one's own scope", "在本人授权范围内授予权限")},
    {.method = HTTP_DELETE, .path = "/api/v1/accounts/{account}/grants/{grant}", .name = "grant_delete",
     .right = RIGHT_ACCOUNT_WRITE, .handler = grant_delete, .part = {PARAMETER_INTEGER, PARAMETER_INTEGER},
     .schema_out = "account_out", .label = LABEL("take a right away, at once", "立即收回权限")},
    {.method = HTTP_GET, .path = "/api/v1/roles", .name = "role_list", .right = RIGHT_SIGNED_IN,
     .handler = grant_roles_get, .schema_out = "role", .list = true,
     .label = LABEL("the roles, what each may do and why", "角色、权限及理由")},
};
const struct route_table grant_routes = {.rows = grant_table, .count = sizeof grant_table / sizeof grant_table[0],
                                         .schemas = grant_schemas,
                                         .schema_count = sizeof grant_schemas / sizeof grant_schemas[0]};
