// One's own account: GET and PATCH /api/v1/me, the password, the second factor, the sessions.
#include "service/account_out.h"
#include "service/account_routes.h"
#include "service/accounts.h"
#include "service/audit.h"
#include "service/look.h"
#include "service/page.h"
#include "service/route.h"
#include "service/service.h"
#include "service/signin.h"
#include "store/person.h"

#include <sodium.h>
#include <string.h>

static const struct record_word me_languages[] = {{"en", LABEL("English", "英文")}, {"zh", LABEL("Chinese", "中文")}};

static const struct message me_contact_wrong = {
    "contact-wrong", PROBLEM_ERROR,
    LABEL("This is neither a mail address nor a telephone number.", "既不是电子邮箱，也不是电话号码。"),
    LABEL("Write one of them, or leave it empty.", "请填写其中之一，或留空。")};
static const struct message me_factor_none = {
    "second-factor-not-begun", PROBLEM_ERROR, LABEL("No second factor is being set up.", "尚未开始设置第二验证。"),
    LABEL("Begin again: a new secret is made.", "请重新开始，系统会生成新的密钥。")};
static const struct message me_factor_code = {
    "second-factor-code-missing", PROBLEM_ERROR,
    LABEL("This account has a second factor already.", "该账号已启用第二验证。"),
    LABEL("Give a code of the old one to set up a new one.", "如需更换，请提供现用的验证码。")};

static tong_code me_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct account a;
    tong_code code = account_get(rq->db, rq->service->vault, rq->actor.account, rq->arena, &a, err);
    if (code != TONG_OK) return code;
    struct str contact = account_contact(&a, rq->service->vault, rq->arena);
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    account_out(rq, &j, &a);
    json_out_z(&j, "state", signin_state(rq));
    if (contact.p == NULL) json_out_null(&j, "contact");
    else json_out_text(&j, "contact", contact);
    account_rights_out(rq, &j);
    code = account_grants_out(rq, &j, a.id, false, err);
    if (code == TONG_OK) code = db_ask(rq->db, sql_message_unread, &DB_I(a.id), 1, err);
    if (code == TONG_OK) {
        json_out_int(&j, "unread", db_next(rq->db, sql_message_unread) ? db_int(rq->db, sql_message_unread, 0, 0) : 0);
        code = db_done(rq->db, sql_message_unread, err);
    }
    if (code != TONG_OK) return code;
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "reply");
}

struct me_body {
    int32_t language;
    struct str contact;
};
static const struct record_field me_fields[] = {
    RECORD_ENUM(struct me_body, language, me_languages, .required = true, .label = LABEL("language", "语言")),
    RECORD_TEXT(struct me_body, contact, .most = ACCOUNT_CONTACT_MOST, .class = RECORD_IDENTITY,
                .label = LABEL("mail address or telephone for messages", "接收通知的邮箱或电话")),
};
static const struct record_kind me_kind = RECORD_KIND("me", struct me_body, me_fields);

struct me_job {
    struct service *service;
    struct account was;
    struct str contact;
    lang language;
    utc_sec at;
};

static tong_code me_run(struct db *db, void *payload, struct err *err)
{
    const struct me_job *job = payload;
    tong_code code = account_change(db, job->service->vault, &job->was, job->was.name, job->contact, job->language,
                                    job->was.closed, err);
    if (code != TONG_OK) return code;
    return audit_add(db, job->at, job->was.id, AUDIT_ACCOUNT_CHANGED, job->was.id, NULL, err);
}

bool account_contact_fits(struct str contact)
{
    char phone[PHONE_TEXT];
    const char *at = contact.n == 0 ? NULL : memchr(contact.p, '@', contact.n);
    if (at == NULL) return contact.n == 0 || phone_normalise(contact, phone);
    size_t left = (size_t)(at - contact.p), right = contact.n - left - 1;
    bool plain = left > 0 && right >= 3 && memchr(at + 1, '.', right) != NULL;
    for (size_t i = 0; plain && i < contact.n; i++) // nothing that could end the line of an envelope
        plain = (unsigned char)contact.p[i] > ' ' && contact.p[i] != 127 && strchr("<>(),;:\"\\[]", contact.p[i]) == NULL;
    return plain;
}

static tong_code me_patch(struct request *rq, struct reply *rp, struct err *err)
{
    const struct me_body *body = rq->row;
    struct me_job job = {.service = rq->service, .contact = str_trim(body->contact), .at = rq->now,
                         .language = body->language == LANG_ZH ? LANG_ZH : LANG_EN};
    if (!account_contact_fits(job.contact)) {
        request_fault(rq, &me_contact_wrong, "contact", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    tong_code code = account_get(rq->db, rq->service->vault, rq->actor.account, rq->arena, &job.was, err);
    if (code == TONG_OK) code = writer_call(rq->service->writer, me_run, &job, err);
    return code == TONG_OK ? me_get(rq, rp, err) : code;
}

// ---- the password ----

struct me_password_body {
    struct str old, password;
};
static const struct record_field me_password_fields[] = {
    RECORD_TEXT(struct me_password_body, old, .required = true, .most = PASSWORD_MOST, .class = RECORD_IDENTITY,
                .label = LABEL("the password until now", "原密码")),
    RECORD_TEXT(struct me_password_body, password, .required = true, .most = 2 * PASSWORD_MOST, .class = RECORD_IDENTITY,
                .label = LABEL("the new password", "新密码")),
};
static const struct record_kind me_password_kind = RECORD_KIND("password_change", struct me_password_body, me_password_fields);

struct me_password_job {
    int64_t account;
    const char *hash;
    const unsigned char *keep;
    utc_sec at;
};

static tong_code me_password_run(struct db *db, void *payload, struct err *err)
{
    const struct me_password_job *job = payload;
    tong_code code = account_password_set(db, job->account, job->hash, false, err);
    if (code == TONG_OK) code = session_drop_all(db, job->account, job->keep, err);
    if (code == TONG_OK) code = audit_add(db, job->at, job->account, AUDIT_PASSWORD_CHANGED, job->account, NULL, err);
    return code;
}

// All other sessions end: whoever had the old password is out.
static tong_code me_password_post(struct request *rq, struct reply *rp, struct err *err)
{
    static const struct message again = {
        "password-again", PROBLEM_ERROR, LABEL("This is the password you have.", "新密码与原密码相同。"),
        LABEL("Choose another one.", "请换一个密码。")};
    const struct me_password_body *body = rq->row;
    struct account a;
    struct session s;
    char hash[PASSWORD_HASH];
    bool same = false;
    tong_code code = account_get(rq->db, rq->service->vault, rq->actor.account, rq->arena, &a, err);
    if (code != TONG_OK) return code;
    struct problem_at at = {.path = "password"};
    bool fits = password_fits(body->password, a.login, &rq->problems, at);
    if (fits && str_eq(body->old, body->password)) {
        request_fault(rq, &again, "password", NULL, NULL, NULL, NULL);
        fits = false;
    }
    if (!fits) return TONG_E_INVALID;
    code = signin_password(rq, rp, &a, a.login, body->old, &same, err);
    if (code != TONG_OK || !same) return code;
    code = password_hash(accounts_of(rq)->gate, body->password, hash, err);
    if (code == TONG_E_LIMIT) return tong_fail(err, TONG_E_IO, "too many passwords at once");
    if (code == TONG_OK) code = session_of(rq, &s, err);
    if (code != TONG_OK) return code;
    struct me_password_job job = {.account = a.id, .hash = hash, .keep = s.token.hash, .at = rq->now};
    code = writer_call(rq->service->writer, me_password_run, &job, err);
    if (code == TONG_OK) rq->actor.must_change = false;
    return code == TONG_OK ? me_get(rq, rp, err) : code;
}

// ---- the second factor ----

struct me_factor_job {
    struct service *service;
    const unsigned char *secret; // NULL: confirmed
    int64_t account, step;
    unsigned char session[SESSION_HASH];
    utc_sec at;
    bool good;
};

static tong_code me_factor_run(struct db *db, void *payload, struct err *err)
{
    struct me_factor_job *job = payload;
    if (job->secret != NULL)
        return account_totp_set(db, job->service->vault, job->account, job->secret, ACCOUNT_TOTP_UNCONFIRMED, err);
    tong_code code = account_totp_use(db, job->account, job->step, &job->good, err);
    if (code != TONG_OK || !job->good) return code;
    const struct db_value in[] = {DB_I(SESSION_FACTOR_GIVEN),
                                  DB_B(((struct str){(const char *)job->session, SESSION_HASH}))};
    code = db_run(db, sql_session_factor, in, 2, NULL, err);
    if (code == TONG_OK) code = session_drop_all(db, job->account, job->session, err);
    if (code == TONG_OK) code = audit_add(db, job->at, job->account, AUDIT_SECOND_FACTOR_SET, job->account, NULL, err);
    return code;
}

struct me_factor_body {
    struct str code;
};
static const struct record_field me_factor_fields[] = {
    RECORD_TEXT(struct me_factor_body, code, .most = 16, .class = RECORD_IDENTITY,
                .label = LABEL("a code of the authenticator app", "验证器应用中的验证码")),
};
static const struct record_kind me_factor_kind = RECORD_KIND("second_factor", struct me_factor_body, me_factor_fields);

// A new secret; it counts once a first code was given (PUT). Where there is one already, a code of it is asked for.
static tong_code me_factor_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct me_factor_body *body = rq->row;
    struct account a;
    bool good = true;
    unsigned char secret[TOTP_SECRET];
    char base32[TOTP_BASE32];
    tong_code code = account_get(rq->db, rq->service->vault, rq->actor.account, rq->arena, &a, err);
    if (code != TONG_OK) return code;
    if (account_has_second_factor(&a)) {
        if (body->code.n == 0) {
            request_fault(rq, &me_factor_code, "code", NULL, NULL, NULL, NULL);
            return TONG_E_INVALID;
        }
        code = signin_code(rq, rp, &a, body->code, &good, err);
        if (code != TONG_OK || !good) return code;
    }
    vault_random(secret, sizeof secret);
    totp_base32(secret, base32);
    char *uri = totp_uri(secret, STR("Tongzhou"), a.login, rq->arena);
    struct me_factor_job job = {.service = rq->service, .secret = secret, .account = a.id, .at = rq->now};
    code = uri == NULL ? tong_fail(err, TONG_E_NOMEM, "reply") : writer_call(rq->service->writer, me_factor_run, &job, err);
    sodium_memzero(secret, sizeof secret);
    if (code != TONG_OK) return code;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_z(&j, "secret", base32);
    json_out_z(&j, "uri", uri);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "reply");
}

static tong_code me_factor_put(struct request *rq, struct reply *rp, struct err *err)
{
    static const struct message wrong = {
        "code-wrong", PROBLEM_ERROR, LABEL("The code does not fit the new secret.", "验证码与新密钥不符。"),
        LABEL("Check that your telephone's clock is right, then give the next code.", "请确认手机时间准确，再输入下一个验证码。")};
    const struct me_factor_body *body = rq->row;
    struct account a;
    struct session s;
    unsigned char secret[TOTP_SECRET];
    tong_code code = account_get(rq->db, rq->service->vault, rq->actor.account, rq->arena, &a, err);
    if (code == TONG_OK) code = session_of(rq, &s, err);
    if (code != TONG_OK) return code;
    if (a.totp.n == 0 || a.totp_used != ACCOUNT_TOTP_UNCONFIRMED)
        return reply_problem(rq, rp, 409, &me_factor_none, NULL, NULL, NULL);
    if (!account_secret(&a, rq->service->vault, rq->arena, secret))
        return tong_fail(err, TONG_E_IO, "a second factor cannot be unsealed");
    struct me_factor_job job = {.service = rq->service, .account = a.id, .at = rq->now,
                                .step = totp_match(secret, body->code, rq->now, a.totp_used)};
    memcpy(job.session, s.token.hash, sizeof job.session);
    if (job.step < 0) {
        request_fault(rq, &wrong, "code", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    code = writer_call(rq->service->writer, me_factor_run, &job, err);
    if (code == TONG_OK && job.good) rq->actor.second_factor = true;
    return code == TONG_OK ? me_get(rq, rp, err) : code;
}

// ---- the sessions ----

enum { ME_SESSION_ID = 17 }; // the first 8 bytes of the hash: enough to name one of one's own

static void me_session_id(struct str hash, char out[ME_SESSION_ID])
{
    (void)sodium_bin2hex(out, ME_SESSION_ID, (const unsigned char *)hash.p, (ME_SESSION_ID - 1) / 2);
}

static tong_code me_sessions_get(struct request *rq, struct reply *rp, struct err *err)
{
    const sql_id q = sql_session_of_account;
    struct session own = {0};
    tong_code code = session_of(rq, &own, err);
    if (code == TONG_OK) code = db_ask(rq->db, q, &DB_I(rq->actor.account), 1, err);
    if (code != TONG_OK) return code;
    struct json_out j = page_begin(rp);
    while (db_next(rq->db, q)) {
        char id[ME_SESSION_ID];
        struct str hash = db_text(rq->db, q, 0), device = db_text(rq->db, q, 5);
        me_session_id(hash, id);
        json_out_object(&j, NULL);
        json_out_z(&j, "id", id);
        json_out_instant(&j, "created", (utc_sec){db_int(rq->db, q, 1, 0)});
        json_out_instant(&j, "seen", (utc_sec){db_int(rq->db, q, 2, 0)});
        json_out_instant(&j, "ends", (utc_sec){db_int(rq->db, q, 3, 0)});
        json_out_bool(&j, "second_factor", db_int(rq->db, q, 4, 0) == SESSION_FACTOR_GIVEN);
        json_out_text(&j, "device", device);
        json_out_bool(&j, "this", str_eq(hash, (struct str){(const char *)own.token.hash, SESSION_HASH}));
        json_out_end(&j);
    }
    code = db_done(rq->db, q, err);
    return code == TONG_OK ? page_close(&j, NULL, -1, err) : code;
}

struct me_session_job {
    int64_t account;
    unsigned char hash[SESSION_HASH];
    utc_sec at;
};

static tong_code me_session_run(struct db *db, void *payload, struct err *err)
{
    const struct me_session_job *job = payload;
    tong_code code = session_drop(db, job->hash, err);
    return code == TONG_OK ? audit_add(db, job->at, job->account, AUDIT_SIGNED_OUT, job->account, NULL, err) : code;
}

static tong_code me_session_delete(struct request *rq, struct reply *rp, struct err *err)
{
    const sql_id q = sql_session_of_account;
    struct me_session_job job = {.account = rq->actor.account, .at = rq->now};
    bool found = false;
    tong_code code = db_ask(rq->db, q, &DB_I(rq->actor.account), 1, err);
    if (code != TONG_OK) return code;
    while (db_next(rq->db, q)) {
        char id[ME_SESSION_ID];
        struct str hash = db_text(rq->db, q, 0);
        me_session_id(hash, id);
        if (!str_eq_z(rq->part[0], id) || hash.n != SESSION_HASH) continue;
        memcpy(job.hash, hash.p, SESSION_HASH);
        found = true;
    }
    code = db_done(rq->db, q, err);
    if (code == TONG_OK && !found) code = tong_fail(err, TONG_E_NOT_FOUND, "no such session");
    if (code == TONG_OK) code = writer_call(rq->service->writer, me_session_run, &job, err);
    if (code == TONG_OK) rp->status = 204;
    return code;
}

static tong_code me_looks_get(struct request *rq, struct reply *rp, struct err *err)
{
    return look_page(rq, rp, rq->actor.person, err);
}

static const struct schema me_schemas[] = {
    {"me_account", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"},\"login\":{\"type\":\"string\"},"
                   "\"name\":{\"type\":\"string\"},\"language\":{\"type\":\"string\"},\"state\":{\"type\":\"string\"},"
                   "\"contact\":{\"type\":[\"string\",\"null\"]},\"second_factor\":{\"type\":\"boolean\"},"
                   "\"rights\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
                   "\"grants\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/grant\"}},"
                   "\"unread\":{\"type\":\"integer\"}}}"},
    {"me_secret", "{\"type\":\"object\",\"properties\":{\"secret\":{\"type\":\"string\"},\"uri\":{\"type\":\"string\"}}}"},
    {"me_session", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},"
                   "\"created\":{\"type\":\"string\",\"format\":\"date-time\"},\"seen\":{\"type\":\"string\",\"format\":\"date-time\"},"
                   "\"ends\":{\"type\":\"string\",\"format\":\"date-time\"},\"second_factor\":{\"type\":\"boolean\"},"
                   "\"device\":{\"type\":\"string\"},\"this\":{\"type\":\"boolean\"}}}"},
};

static const struct route me_table[] = {
    {.method = HTTP_GET, .path = "/api/v1/me", .name = "me_get", .right = RIGHT_SIGNED_IN, .handler = me_get,
     .schema_out = "me_account", .entry = true, .label = LABEL("one's own account and rights", "本人账号与权限")},
    {.method = HTTP_PATCH, .path = "/api/v1/me", .name = "me_patch", .right = RIGHT_SIGNED_IN, .handler = me_patch,
     .body = BODY_RECORD, .body_max = 4096, .record = &me_kind, .schema_out = "me_account",
     .label = LABEL("set one's own language and contact", "设置本人语言与联系方式")},
    {.method = HTTP_POST, .path = "/api/v1/me/password", .name = "me_password", .right = RIGHT_SIGNED_IN,
     .handler = me_password_post, .body = BODY_RECORD, .body_max = 4096, .record = &me_password_kind,
     .schema_out = "me_account", .entry = true, .label = LABEL("change one's own password", "修改本人密码")},
    {.method = HTTP_POST, .path = "/api/v1/me/second-factor", .name = "me_second_factor_begin", .right = RIGHT_SIGNED_IN,
     .handler = me_factor_post, .body = BODY_RECORD, .body_max = 4096, .record = &me_factor_kind,
     .schema_out = "me_secret", .entry = true,
     .label = LABEL("begin to set up one's own second factor", "开始设置本人第二验证")},
    {.method = HTTP_PUT, .path = "/api/v1/me/second-factor", .name = "me_second_factor_put", .right = RIGHT_SIGNED_IN,
     .handler = me_factor_put, .body = BODY_RECORD, .body_max = 4096, .record = &me_factor_kind,
     .schema_out = "me_account", .entry = true,
     .label = LABEL("give the first code: the second factor counts from now on", "提交首个验证码并启用")},
    {.method = HTTP_GET, .path = "/api/v1/me/sessions", .name = "me_sessions", .right = RIGHT_SIGNED_IN,
     .handler = me_sessions_get, .schema_out = "me_session", .list = true,
     .label = LABEL("where one is signed in", "本人登录中的设备")},
    {.method = HTTP_DELETE, .path = "/api/v1/me/sessions/{session}", .name = "me_session_delete",
     .right = RIGHT_SIGNED_IN, .handler = me_session_delete, .part = {PARAMETER_TEXT},
     .label = LABEL("end one of one's own sessions", "结束某一设备上的登录")},
    {.method = HTTP_GET, .path = "/api/v1/me/looks", .name = "me_looks", .right = RIGHT_OWN, .handler = me_looks_get,
     .schema_out = "look", .list = true, .label = LABEL("who looked at one's own record", "何人查看过本人档案")},
};
const struct route_table me_routes = {.rows = me_table, .count = sizeof me_table / sizeof me_table[0],
                                      .schemas = me_schemas, .schema_count = sizeof me_schemas / sizeof me_schemas[0]};
