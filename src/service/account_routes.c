// /api/v1/accounts: opening, changing and closing accounts, one-time passwords, second factors; grants are in grant_routes.c.
#include "service/account_out.h"
#include "service/account_routes.h"
#include "service/account_scope.h"
#include "service/accounts.h"
#include "service/audit.h"
#include "service/courier.h"
#include "service/held.h"
#include "service/page.h"
#include "service/route.h"
#include "service/service.h"
#include "service/session.h"

#include <string.h>

static const struct record_word account_languages[] = {{"en", LABEL("English", "英文")}, {"zh", LABEL("Chinese", "中文")}};

static const struct message account_taken = {
    "login-taken", PROBLEM_ERROR, LABEL("Somebody has this login already.", "该登录名已被使用。"),
    LABEL("Choose another one.", "请换一个登录名。")};
static const struct message account_login_wrong = {
    "login-wrong", PROBLEM_ERROR, LABEL("This cannot be a login.", "登录名不符合要求。"),
    LABEL("3 to 64 letters, digits and . - _ @ of ASCII, beginning with a letter or digit.",
          "请使用 3 至 64 个英文字母、数字或 . - _ @，并以字母或数字开头。")};
static const struct message account_contact_wrong = {
    "contact-wrong", PROBLEM_ERROR,
    LABEL("This is neither a mail address nor a telephone number.", "既不是电子邮箱，也不是电话号码。"),
    LABEL("Write one of them, or leave it empty.", "请填写其中之一，或留空。")};
static const struct message account_self = {
    "own-account", PROBLEM_ERROR, LABEL("Nobody does this to their own account.", "不能对本人账号进行此操作。"),
    LABEL("Ask another administrator.", "请由其他管理员办理。")};
static const struct message account_last = {
    "last-administrator", PROBLEM_ERROR, LABEL("This is the last administrator.", "这是最后一名管理员。"),
    LABEL("Appoint another one first.", "请先任命其他管理员。")};

struct account_body {
    struct str login, name, contact;
    int32_t language;
};
static const struct record_field account_fields[] = {
    RECORD_TEXT(struct account_body, login, .most = ACCOUNT_LOGIN_MOST, .label = LABEL("login", "登录名")),
    RECORD_TEXT(struct account_body, name, .required = true, .most = ACCOUNT_NAME_MOST, .label = LABEL("name", "姓名")),
    RECORD_TEXT(struct account_body, contact, .most = ACCOUNT_CONTACT_MOST, .class = RECORD_IDENTITY,
                .label = LABEL("mail address or telephone for messages", "接收通知的邮箱或电话")),
    RECORD_ENUM(struct account_body, language, account_languages, .label = LABEL("language", "语言")),
};
static const struct record_kind account_kind = RECORD_KIND("account", struct account_body, account_fields);

// A one-time password and its hash. False with the reply made when too many are at it.
static tong_code account_one_time(struct request *rq, char password[PASSWORD_ONE_TIME], char hash[PASSWORD_HASH],
                                  struct err *err)
{
    password_one_time(password);
    tong_code code = password_hash(accounts_of(rq)->gate, str_z(password), hash, err);
    return code == TONG_E_LIMIT ? tong_fail(err, TONG_E_IO, "too many passwords at once") : code;
}

// ---- looking ----

static tong_code account_list_get(struct request *rq, struct reply *rp, struct err *err)
{
    enum { BATCH = 200 };
    bool given = false, more = true, full = false, within = false;
    struct cursor c = {0};
    if (!page_cursor(rq, &given, &c)) return TONG_E_INVALID;
    size_t limit = page_limit(rq), n = 0;
    struct cursor next = {.scope = page_scope(rq), .id = given ? c.id : 0};
    struct account *batch = arena_array(rq->arena, BATCH, sizeof batch[0]);
    if (batch == NULL) return tong_fail(err, TONG_E_NOMEM, "page");
    struct json_out j = page_begin(rp);
    int64_t after = next.id;
    while (more && !full) {
        size_t count = 0;
        tong_code code = account_list(rq->db, rq->service->vault, after, batch, BATCH, &count, rq->arena, err);
        for (size_t i = 0; code == TONG_OK && i < count && !full; i++) {
            code = account_within(rq, batch[i].id, &within, err);
            if (code != TONG_OK || !within) continue;
            full = n == limit;
            if (full) break;
            n++;
            next.id = batch[i].id;
            json_out_object(&j, NULL);
            account_out(rq, &j, &batch[i]);
            json_out_end(&j);
        }
        if (code != TONG_OK) return code;
        more = count == BATCH;
        if (count > 0) after = batch[count - 1].id;
    }
    return page_close(&j, full ? &next : NULL, -1, err);
}

static tong_code account_one_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct account a;
    tong_code code = account_in_scope(rq, &a, err);
    return code == TONG_OK ? account_reply(rq, rp, a.id, NULL, err) : code;
}

// ---- opening ----

struct account_open_job {
    struct service *service;
    struct account_new account;
    int64_t id;
};

static tong_code account_open_run(struct db *db, void *payload, struct err *err)
{
    struct account_open_job *job = payload;
    return account_add(db, job->service->vault, &job->account, &job->id, err);
}

static tong_code account_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct account_body *body = rq->row;
    char password[PASSWORD_ONE_TIME], hash[PASSWORD_HASH];
    struct str login = account_login_fold(body->login, rq->arena);
    if (login.n == 0) request_fault(rq, &account_login_wrong, "login", NULL, NULL, NULL, NULL);
    if (!account_contact_fits(str_trim(body->contact)))
        request_fault(rq, &account_contact_wrong, "contact", NULL, NULL, NULL, NULL);
    if (rq->problems.errors > 0) return TONG_E_INVALID;
    tong_code code = account_one_time(rq, password, hash, err);
    struct account_open_job job = {
        .service = rq->service,
        .account = {.login = login, .name = str_trim(body->name), .contact = str_trim(body->contact),
                    .language = body->language == LANG_ZH ? LANG_ZH : LANG_EN, .password = hash, .must_change = true,
                    .by = rq->actor.account, .at = rq->now},
    };
    if (body->language == RECORD_ENUM_NONE) job.account.language = rq->service->options.language;
    if (code == TONG_OK) code = writer_call(rq->service->writer, account_open_run, &job, err);
    if (code == TONG_E_CONFLICT) return reply_problem(rq, rp, 409, &account_taken, "login", NULL, NULL);
    if (code == TONG_OK) code = account_reply(rq, rp, job.id, password, err);
    if (code == TONG_OK) rp->status = 201;
    return code;
}

// ---- changing ----

struct account_change_job {
    struct service *service;
    struct account was;
    struct str name, contact;
    lang language;
    utc_sec closed, at;
    int64_t by;
    audit_word what;
};

static tong_code account_change_run(struct db *db, void *payload, struct err *err)
{
    const struct account_change_job *job = payload;
    tong_code code = account_change(db, job->service->vault, &job->was, job->name, job->contact, job->language,
                                    job->closed, err);
    if (code == TONG_OK && job->closed.s != UTC_NONE.s) code = session_drop_all(db, job->was.id, NULL, err);
    return code == TONG_OK ? audit_add(db, job->at, job->by, job->what, job->was.id, NULL, err) : code;
}

static tong_code account_patch(struct request *rq, struct reply *rp, struct err *err)
{
    const struct account_body *body = rq->row;
    char etag[40];
    struct account_change_job job = {.service = rq->service, .name = str_trim(body->name), .at = rq->now,
                                     .contact = str_trim(body->contact), .by = rq->actor.account,
                                     .what = AUDIT_ACCOUNT_CHANGED};
    tong_code code = account_in_scope(rq, &job.was, err);
    if (code != TONG_OK) return code;
    (void)snprintf(etag, sizeof etag, "a%lld-%lld", (long long)job.was.id, (long long)job.was.version);
    code = request_if_match(rq, rp, etag);
    if (code != TONG_OK) return code;
    if (!account_contact_fits(job.contact)) {
        request_fault(rq, &account_contact_wrong, "contact", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    // The contact is not shown to administrators; left out, it stays.
    if (job.contact.n == 0) job.contact = account_contact(&job.was, rq->service->vault, rq->arena);
    job.language = body->language == RECORD_ENUM_NONE ? job.was.language : body->language == LANG_ZH ? LANG_ZH : LANG_EN;
    job.closed = job.was.closed;
    code = writer_call(rq->service->writer, account_change_run, &job, err);
    return code == TONG_OK ? account_reply(rq, rp, job.was.id, NULL, err) : code;
}

static tong_code account_close_or_open(struct request *rq, struct reply *rp, bool close, struct err *err)
{
    size_t others = 0;
    struct account_change_job job = {.service = rq->service, .at = rq->now, .by = rq->actor.account,
                                     .what = close ? AUDIT_ACCOUNT_CLOSED : AUDIT_ACCOUNT_REOPENED,
                                     .closed = close ? rq->now : UTC_NONE};
    tong_code code = account_in_scope(rq, &job.was, err);
    if (code != TONG_OK) return code;
    if (job.was.id == rq->actor.account) return reply_problem(rq, rp, 403, &account_self, NULL, NULL, NULL);
    if ((job.was.closed.s != UTC_NONE.s) == close) return account_reply(rq, rp, job.was.id, NULL, err);
    code = account_administrators(rq, job.was.id, &others, err);
    if (code != TONG_OK) return code;
    if (close && others == 0) return reply_problem(rq, rp, 409, &account_last, NULL, NULL, NULL);
    job.name = job.was.name;
    job.language = job.was.language;
    job.contact = account_contact(&job.was, rq->service->vault, rq->arena);
    code = writer_call(rq->service->writer, account_change_run, &job, err);
    return code == TONG_OK ? account_reply(rq, rp, job.was.id, NULL, err) : code;
}

static tong_code account_close_post(struct request *rq, struct reply *rp, struct err *err)
{
    return account_close_or_open(rq, rp, true, err);
}

static tong_code account_reopen_post(struct request *rq, struct reply *rp, struct err *err)
{
    return account_close_or_open(rq, rp, false, err);
}

struct account_reset_job {
    struct service *service;
    const char *hash; // NULL: the second factor is taken away
    int64_t account, by, confirmed_by;
    utc_sec at;
};

static tong_code account_reset_run(struct db *db, void *payload, struct err *err)
{
    const struct account_reset_job *job = payload;
    bool password = job->hash != NULL;
    tong_code code = password ? account_password_set(db, job->account, job->hash, true, err)
                              : account_totp_set(db, job->service->vault, job->account, NULL, 0, err);
    if (code == TONG_OK) code = session_drop_all(db, job->account, NULL, err);
    char detail[48];
    (void)snprintf(detail, sizeof detail, "{\"confirmed_by\":%lld}", (long long)job->confirmed_by);
    if (code != TONG_OK) return code;
    return audit_add(db, job->at, job->by, password ? AUDIT_PASSWORD_RESET : AUDIT_SECOND_FACTOR_TAKEN, job->account,
                     job->confirmed_by == 0 ? NULL : detail, err);
}

static tong_code account_password_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct account a;
    char password[PASSWORD_ONE_TIME], hash[PASSWORD_HASH];
    tong_code code = account_in_scope(rq, &a, err);
    if (code != TONG_OK) return code;
    if (a.id == rq->actor.account) return reply_problem(rq, rp, 403, &account_self, NULL, NULL, NULL);
    code = account_one_time(rq, password, hash, err);
    struct account_reset_job job = {.service = rq->service, .hash = hash, .account = a.id, .by = rq->actor.account,
                                    .at = rq->now};
    if (code == TONG_OK) code = writer_call(rq->service->writer, account_reset_run, &job, err);
    struct telling t = {.name = TEMPLATE_PASSWORD_RESET, .account = a.id, .role = -1, .until = UTC_NONE, .at = UTC_NONE};
    if (code == TONG_OK) (void)courier_tell(rq->service, &t); // should somebody do it who was not asked to
    return code == TONG_OK ? account_reply(rq, rp, a.id, password, err) : code;
}

// With a new password alone an administrator cannot become somebody else; taking the second factor away as well would let
// them. So it takes two.
static tong_code account_factor_delete(struct request *rq, struct reply *rp, struct err *err)
{
    struct account a;
    tong_code code = account_in_scope(rq, &a, err);
    if (code != TONG_OK) return code;
    if (a.id == rq->actor.account || a.id == rq->actor.confirmed_by)
        return reply_problem(rq, rp, 403, &account_self, NULL, NULL, NULL);
    if (a.totp.n == 0) return account_reply(rq, rp, a.id, NULL, err);
    if (rq->actor.confirmed_by == 0) return held_keep(rq, rp, HELD_SECOND_FACTOR, NULL, 0, a.id, err);
    struct account_reset_job job = {.service = rq->service, .account = a.id, .by = rq->actor.account, .at = rq->now,
                                    .confirmed_by = rq->actor.confirmed_by};
    code = writer_call(rq->service->writer, account_reset_run, &job, err);
    return code == TONG_OK ? account_reply(rq, rp, a.id, NULL, err) : code;
}

static const struct schema account_schemas[] = {
    {"account_out",
     "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"},\"login\":{\"type\":\"string\"},"
     "\"name\":{\"type\":\"string\"},\"language\":{\"type\":\"string\"},\"resident\":{\"type\":\"boolean\"},"
     "\"must_change\":{\"type\":\"boolean\"},\"second_factor\":{\"type\":\"boolean\"},"
     "\"created\":{\"type\":\"string\",\"format\":\"date-time\"},\"closed\":{\"type\":[\"string\",\"null\"]},"
     "\"version\":{\"type\":\"integer\"},\"grants\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/grant\"}},"
     "\"password\":{\"type\":\"string\"}}}"},
};

static const struct route account_table[] = {
    {.method = HTTP_GET, .path = "/api/v1/accounts", .name = "account_list", .right = RIGHT_ACCOUNT_WRITE,
     .handler = account_list_get, .schema_out = "account_out", .list = true,
     .label = LABEL("the accounts within one's scope", "管辖范围内的账号")},
    {.method = HTTP_POST, .path = "/api/v1/accounts", .name = "account_post", .right = RIGHT_ACCOUNT_WRITE,
     .handler = account_post, .body = BODY_RECORD, .body_max = 8192, .record = &account_kind, .schema_out = "account_out",
     .label = LABEL("open an account; its one-time password is shown once", "开设账号（一次性密码仅显示一次）")},
    {.method = HTTP_GET, .path = "/api/v1/accounts/{account}", .name = "account_get", .right = RIGHT_ACCOUNT_WRITE,
     .handler = account_one_get, .part = {PARAMETER_INTEGER}, .schema_out = "account_out",
     .label = LABEL("an account with its grants", "账号及其权限")},
    {.method = HTTP_PATCH, .path = "/api/v1/accounts/{account}", .name = "account_patch", .right = RIGHT_ACCOUNT_WRITE,
     .handler = account_patch, .part = {PARAMETER_INTEGER}, .body = BODY_RECORD, .body_max = 8192,
     .record = &account_kind, .schema_out = "account_out", .label = LABEL("change an account", "变更账号")},
    {.method = HTTP_POST, .path = "/api/v1/accounts/{account}/close", .name = "account_close",
     .right = RIGHT_ACCOUNT_WRITE, .handler = account_close_post, .part = {PARAMETER_INTEGER},
     .schema_out = "account_out", .label = LABEL("close an account: all its sessions end", "关闭账号并结束其全部登录")},
    {.method = HTTP_POST, .path = "/api/v1/accounts/{account}/reopen", .name = "account_reopen",
     .right = RIGHT_ACCOUNT_WRITE, .handler = account_reopen_post, .part = {PARAMETER_INTEGER},
     .schema_out = "account_out", .label = LABEL("open a closed account again", "重新启用账号")},
    {.method = HTTP_POST, .path = "/api/v1/accounts/{account}/password", .name = "account_password_reset",
     .right = RIGHT_ACCOUNT_WRITE, .handler = account_password_post, .part = {PARAMETER_INTEGER},
     .schema_out = "account_out", .label = LABEL("give a new one-time password", "重置为一次性密码")},
    {.method = HTTP_DELETE, .path = "/api/v1/accounts/{account}/second-factor", .name = "account_second_factor_take",
     .right = RIGHT_ACCOUNT_WRITE, .handler = account_factor_delete, .part = {PARAMETER_INTEGER},
     .schema_out = "account_out",
     .label = LABEL("take a lost second factor away; needs a second administrator", "解除遗失的第二验证（须第二名管理员确认）")},
};
const struct route_table account_routes = {.rows = account_table, .count = sizeof account_table / sizeof account_table[0],
                                           .schemas = account_schemas,
                                           .schema_count = sizeof account_schemas / sizeof account_schemas[0]};
