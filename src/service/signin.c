#include "service/signin.h"

#include "service/accounts.h"
#include "service/audit.h"
#include "service/route.h"
#include "service/service.h"

#include <string.h>

// Five slips are free. One login guessed from one address waits up to a quarter of an hour; from many addresses up to a
// minute, so that nobody can lock another out for long; one address with many logins, as a shared office has, after fifty.
const struct throttle_limits signin_limits_pair = {.free = 5, .first_s = 5, .most_s = 900};
const struct throttle_limits signin_limits_login = {.free = 20, .first_s = 5, .most_s = 60};
const struct throttle_limits signin_limits_address = {.free = 50, .first_s = 5, .most_s = 900};
// 10^6 codes, three of which are good at a time: after five slips one guess a quarter of an hour finds one in ten years.
const struct throttle_limits signin_limits_factor = {.free = 5, .first_s = 15, .most_s = 900};

static const struct message signin_wrong = {
    "sign-in-wrong", PROBLEM_ERROR, LABEL("The login or the password is wrong.", "登录名或密码不正确。"),
    LABEL("Try again; your administrator can give you a new one-time password.", "请重试；管理员可为您重置一次性密码。")};
static const struct message signin_slow = {
    "sign-in-slow-down", PROBLEM_ERROR, LABEL("Too many tries one after another.", "尝试次数过多。"),
    LABEL("Wait {1} seconds, then try again.", "请等待 {1} 秒后重试。")};
static const struct message signin_crowd = {
    "sign-in-crowd", PROBLEM_ERROR, LABEL("Many people are signing in at this moment.", "当前登录人数较多。"),
    LABEL("Try again in a second.", "请一秒后重试。")};
static const struct message signin_code_wrong = {
    "code-wrong", PROBLEM_ERROR, LABEL("The code is wrong, or was used before.", "验证码不正确或已使用过。"),
    LABEL("Wait for the next one; check that your telephone's clock is right.", "请等待下一个验证码；并确认手机时间准确。")};
static const struct message signin_no_factor = {
    "no-second-factor-asked", PROBLEM_ERROR, LABEL("No code is asked for now.", "当前不需要验证码。"),
    LABEL("Sign in with your password first.", "请先用密码登录。")};

// ---- counting ----

struct signin_keys {
    struct str login, address, pair;
};

// An IPv6 address counts by its /64, which is what one household or attacker has.
static bool signin_keys_of(struct request *rq, struct str login, struct signin_keys *out)
{
    struct str address = rq->remote;
    size_t colons = 0;
    for (size_t i = 0; i < address.n; i++) {
        if (address.p[i] == ':' && ++colons == 4) address.n = i;
    }
    if (login.n > ACCOUNT_LOGIN_MOST) login.n = ACCOUNT_LOGIN_MOST;
    out->login = str_z(arena_printf(rq->arena, "login %.*s", STR_ARG(login)));
    out->address = str_z(arena_printf(rq->arena, "address %.*s", STR_ARG(address)));
    out->pair = str_z(arena_printf(rq->arena, "both %.*s %.*s", STR_ARG(address), STR_ARG(login)));
    return out->login.n > 0 && out->address.n > 0 && out->pair.n > 0;
}

static tong_code signin_wait_reply(struct request *rq, struct reply *rp, int64_t seconds)
{
    char *text = arena_printf(rq->arena, "%lld", (long long)seconds);
    if (text != NULL) reply_header(rp, "Retry-After", str_z(text));
    return reply_problem(rq, rp, 429, &signin_slow, NULL, text, NULL);
}

static int64_t signin_wait(struct request *rq, const struct signin_keys *keys)
{
    struct throttle *t = accounts_of(rq)->throttle;
    int64_t wait = throttle_wait(t, keys->pair, rq->now), login = throttle_wait(t, keys->login, rq->now);
    int64_t address = throttle_wait(t, keys->address, rq->now);
    if (login > wait) wait = login;
    return address > wait ? address : wait;
}

struct signin_note {
    utc_sec at;
    int64_t account;
    audit_word what;
};

static tong_code signin_note_run(struct db *db, void *payload, struct err *err)
{
    const struct signin_note *note = payload;
    return audit_add(db, note->at, note->account, note->what, note->account, NULL, err);
}

// Failures are audited without waiting; how many there can be, the throttle sees to. One that finds the queue full is lost.
static void signin_note_failed(struct request *rq, int64_t account, audit_word what)
{
    struct signin_note note = {.at = rq->now, .account = account, .what = what};
    bool posted = writer_post(rq->service->writer, signin_note_run, &note, sizeof note);
    (void)posted;
}

tong_code signin_password(struct request *rq, struct reply *rp, const struct account *account, struct str login,
                          struct str password, bool *same, struct err *err)
{
    struct accounts *accounts = accounts_of(rq);
    struct signin_keys keys;
    *same = false;
    if (!signin_keys_of(rq, login, &keys)) return tong_fail(err, TONG_E_NOMEM, "no memory to sign in");
    int64_t wait = signin_wait(rq, &keys);
    if (wait > 0) return signin_wait_reply(rq, rp, wait);
    bool usable = account != NULL && account->closed.s == UTC_NONE.s;
    char *stored = usable ? arena_copy(rq->arena, account->password.p, account->password.n) : NULL;
    tong_code code = password_verify(accounts->gate, stored, password, same, err);
    if (code == TONG_E_LIMIT) {
        reply_header(rp, "Retry-After", STR("1"));
        return reply_problem(rq, rp, 503, &signin_crowd, NULL, NULL, NULL);
    }
    if (code != TONG_OK) return code;
    if (*same) {
        throttle_forget(accounts->throttle, keys.pair);
        throttle_forget(accounts->throttle, keys.login);
        return TONG_OK;
    }
    throttle_fail(accounts->throttle, keys.pair, &signin_limits_pair, rq->now);
    throttle_fail(accounts->throttle, keys.login, &signin_limits_login, rq->now);
    throttle_fail(accounts->throttle, keys.address, &signin_limits_address, rq->now);
    // Both ways a row is posted, so that neither the time nor the queue tells which it was.
    signin_note_failed(rq, account == NULL ? 0 : account->id, AUDIT_SIGN_IN_FAILED);
    return reply_problem(rq, rp, 401, &signin_wrong, NULL, NULL, NULL);
}

struct signin_code_job {
    int64_t account, step;
    int32_t failed;
    utc_sec at;
    bool good;
};

static tong_code signin_code_run(struct db *db, void *payload, struct err *err)
{
    struct signin_code_job *job = payload;
    job->good = false;
    tong_code code = TONG_OK;
    if (job->step >= 0) code = account_totp_use(db, job->account, job->step, &job->good, err);
    if (code != TONG_OK || job->good) return code;
    int64_t wait = throttle_delay(&signin_limits_factor, job->failed + 1);
    utc_sec until = wait == 0 ? UTC_NONE : (utc_sec){job->at.s + wait};
    code = account_failed_set(db, job->account, job->failed + 1, until, err);
    if (code == TONG_OK) code = audit_add(db, job->at, job->account, AUDIT_SECOND_FACTOR_FAILED, job->account, NULL, err);
    return code;
}

tong_code signin_code(struct request *rq, struct reply *rp, const struct account *account, struct str code, bool *good,
                      struct err *err)
{
    unsigned char secret[TOTP_SECRET];
    *good = false;
    if (account->locked_until.s != UTC_NONE.s && rq->now.s < account->locked_until.s)
        return signin_wait_reply(rq, rp, account->locked_until.s - rq->now.s);
    if (!account_secret(account, rq->service->vault, rq->arena, secret))
        return tong_fail(err, TONG_E_IO, "a second factor cannot be unsealed");
    struct signin_code_job job = {.account = account->id, .failed = account->failed, .at = rq->now,
                                  .step = totp_match(secret, code, rq->now, account->totp_used)};
    tong_code done = writer_call(rq->service->writer, signin_code_run, &job, err);
    *good = done == TONG_OK && job.good;
    if (done != TONG_OK || job.good) return done;
    return reply_problem(rq, rp, 401, &signin_code_wrong, "code", NULL, NULL);
}

// ---- the session ----

const char *signin_state(const struct request *rq)
{
    if (rq->actor.account == 0) return "nobody";
    if (rq->actor.must_change) return "change_password";
    return actor_needs_second_factor(&rq->actor, rq->now) ? "set_up_second_factor" : "signed_in";
}

struct signin_job {
    struct session_token token;
    const unsigned char *old; // the session it takes the place of; NULL: none
    int64_t account;
    utc_sec at;
    session_factor factor;
    struct str device;
};

static tong_code signin_run(struct db *db, void *payload, struct err *err)
{
    const struct signin_job *job = payload;
    tong_code code = TONG_OK;
    if (job->old != NULL) code = session_drop(db, job->old, err);
    if (code == TONG_OK) code = session_add(db, &job->token, job->account, job->at, job->factor, job->device, err);
    if (code == TONG_OK && job->factor != SESSION_FACTOR_ASKED)
        code = audit_add(db, job->at, job->account, AUDIT_SIGNED_IN, job->account, NULL, err);
    return code;
}

static tong_code signin_reply(struct request *rq, struct reply *rp, const struct signin_job *job, bool bearer,
                              struct err *err)
{
    const char *state = "second_factor";
    int64_t seconds = SESSION_ASKED_S;
    if (job->factor != SESSION_FACTOR_ASKED) {
        struct account a;
        tong_code code = account_get(rq->db, rq->service->vault, job->account, rq->arena, &a, err);
        if (code != TONG_OK) return code;
        rq->actor = (struct actor){.account = a.id, .person = a.person, .must_change = a.must_change,
                                   .second_factor = job->factor == SESSION_FACTOR_GIVEN};
        code = account_actor(rq->db, a.id, rq->now, &rq->actor, err);
        if (code != TONG_OK) return code;
        state = signin_state(rq);
        seconds = SESSION_MOST_S;
    }
    if (!bearer) session_cookie(rq, rp, &job->token, seconds);
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_z(&j, "state", state);
    json_out_int(&j, "seconds", seconds);
    if (bearer) json_out_z(&j, "token", job->token.text);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "reply");
}

struct signin_body {
    struct str login, password, code;
    int8_t bearer;
};
static const struct record_field signin_fields[] = {
    RECORD_TEXT(struct signin_body, login, .required = true, .most = ACCOUNT_LOGIN_MOST, .class = RECORD_IDENTITY,
                .label = LABEL("login", "登录名")),
    RECORD_TEXT(struct signin_body, password, .required = true, .most = PASSWORD_MOST, .class = RECORD_IDENTITY,
                .label = LABEL("password", "密码")),
    RECORD_TEXT(struct signin_body, code, .most = 16, .class = RECORD_IDENTITY,
                .label = LABEL("code of the second factor, if at hand", "第二验证码（如已有）")),
    RECORD_BOOLEAN(struct signin_body, bearer,
                   .label = LABEL("answer the token instead of setting a cookie: for programs", "返回令牌而不设置 Cookie（供程序使用）")),
};
static const struct record_kind signin_kind = RECORD_KIND("sign_in", struct signin_body, signin_fields);

static tong_code signin_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct signin_body *body = rq->row;
    struct account found, *account = NULL;
    struct str login = account_login_fold(body->login, rq->arena);
    tong_code code = account_by_login(rq->db, rq->service->vault, login.n == 0 ? STR("?") : login, rq->arena, &found, NULL);
    if (code != TONG_OK && code != TONG_E_NOT_FOUND) return tong_fail(err, code, "accounts cannot be read");
    if (code == TONG_OK) account = &found;
    bool same = false, good = true;
    code = signin_password(rq, rp, account, login, body->password, &same, err);
    if (code != TONG_OK || !same) return code;
    struct signin_job job = {.account = found.id, .at = rq->now, .device = rq->agent, .factor = SESSION_FACTOR_NONE};
    if (account_has_second_factor(&found)) job.factor = SESSION_FACTOR_ASKED;
    if (job.factor == SESSION_FACTOR_ASKED && body->code.n > 0) {
        code = signin_code(rq, rp, &found, body->code, &good, err);
        if (code != TONG_OK || !good) return code;
        job.factor = SESSION_FACTOR_GIVEN;
    }
    session_token_make(&job.token);
    code = writer_call(rq->service->writer, signin_run, &job, err);
    return code == TONG_OK ? signin_reply(rq, rp, &job, body->bearer == 1, err) : code;
}

struct signin_factor_body {
    struct str code;
};
static const struct record_field signin_factor_fields[] = {
    RECORD_TEXT(struct signin_factor_body, code, .required = true, .most = 16, .class = RECORD_IDENTITY,
                .label = LABEL("code of the second factor", "第二验证码")),
};
static const struct record_kind signin_factor_kind =
    RECORD_KIND("second_factor_code", struct signin_factor_body, signin_factor_fields);

static tong_code signin_factor_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct signin_factor_body *body = rq->row;
    struct session s;
    struct account account;
    bool good = false;
    tong_code code = session_of(rq, &s, NULL);
    if (code != TONG_OK && code != TONG_E_NOT_FOUND) return tong_fail(err, code, "sessions cannot be read");
    if (code == TONG_E_NOT_FOUND || s.factor != SESSION_FACTOR_ASKED)
        return reply_problem(rq, rp, 401, &signin_no_factor, NULL, NULL, NULL);
    code = account_get(rq->db, rq->service->vault, s.account, rq->arena, &account, err);
    if (code == TONG_OK) code = signin_code(rq, rp, &account, body->code, &good, err);
    if (code != TONG_OK || !good) return code;
    struct signin_job job = {.account = account.id, .at = rq->now, .device = rq->agent, .old = s.token.hash,
                             .factor = SESSION_FACTOR_GIVEN};
    session_token_make(&job.token); // a new one: who saw the old one has nothing
    code = writer_call(rq->service->writer, signin_run, &job, err);
    return code == TONG_OK ? signin_reply(rq, rp, &job, rq->cookie.n == 0, err) : code;
}

// ---- out ----

struct signout_job {
    struct session session;
    utc_sec at;
    bool everywhere;
};

static tong_code signout_run(struct db *db, void *payload, struct err *err)
{
    const struct signout_job *job = payload;
    tong_code code = job->everywhere ? session_drop_all(db, job->session.account, NULL, err)
                                     : session_drop(db, job->session.token.hash, err);
    if (code != TONG_OK) return code;
    return audit_add(db, job->at, job->session.account, AUDIT_SIGNED_OUT, job->session.account,
                     job->everywhere ? "{\"everywhere\":true}" : NULL, err);
}

// Signing out of nothing is done already. `everywhere` is for who is signed in wholly: half a session ends but itself.
static tong_code signin_delete(struct request *rq, struct reply *rp, struct err *err)
{
    struct signout_job job = {.at = rq->now};
    tong_code code = session_of(rq, &job.session, NULL);
    job.everywhere = request_parameter_bool(rq, "everywhere", false) && rq->actor.account != 0;
    session_cookie_end(rq, rp);
    rp->status = 204;
    if (code == TONG_E_NOT_FOUND) return TONG_OK;
    if (code != TONG_OK) return tong_fail(err, code, "sessions cannot be read");
    return writer_call(rq->service->writer, signout_run, &job, err);
}

static tong_code signin_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct session s;
    tong_code code = session_of(rq, &s, NULL);
    if (code != TONG_OK && code != TONG_E_NOT_FOUND) return tong_fail(err, code, "sessions cannot be read");
    bool asked = code == TONG_OK && s.factor == SESSION_FACTOR_ASKED;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_z(&j, "state", asked ? "second_factor" : signin_state(rq));
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "reply");
}

static const struct parameter signout_parameters[] = {
    {.name = "everywhere", .type = PARAMETER_BOOLEAN, .label = LABEL("end all sessions of the account", "退出该账号的全部登录")},
};
static const struct schema signin_schemas[] = {
    {"session_state", "{\"type\":\"object\",\"properties\":{\"state\":{\"type\":\"string\",\"enum\":[\"nobody\",\"second_factor\","
                      "\"change_password\",\"set_up_second_factor\",\"signed_in\"]},\"seconds\":{\"type\":\"integer\"},"
                      "\"token\":{\"type\":\"string\"}}}"},
};
static const struct route signin_table[] = {
    {.method = HTTP_GET, .path = "/api/v1/session", .name = "session_get", .right = RIGHT_OPEN, .handler = signin_get,
     .schema_out = "session_state", .entry = true,
     .label = LABEL("is somebody signed in, and what is still to be done", "登录状态及尚需完成的步骤")},
    {.method = HTTP_POST, .path = "/api/v1/session", .name = "session_post", .right = RIGHT_OPEN, .handler = signin_post,
     .body = BODY_RECORD, .body_max = 4096, .record = &signin_kind, .schema_out = "session_state", .entry = true,
     .label = LABEL("sign in", "登录")},
    {.method = HTTP_POST, .path = "/api/v1/session/second-factor", .name = "session_second_factor", .right = RIGHT_OPEN,
     .handler = signin_factor_post, .body = BODY_RECORD, .body_max = 4096, .record = &signin_factor_kind,
     .schema_out = "session_state", .entry = true,
     .label = LABEL("give the second factor", "提交第二验证码")},
    {.method = HTTP_DELETE, .path = "/api/v1/session", .name = "session_delete", .right = RIGHT_OPEN,
     .handler = signin_delete, ROUTE_PARAMETERS(signout_parameters), .entry = true,
     .label = LABEL("sign out", "退出登录")},
};
const struct route_table signin_routes = {.rows = signin_table, .count = sizeof signin_table / sizeof signin_table[0],
                                          .schemas = signin_schemas,
                                          .schema_count = sizeof signin_schemas / sizeof signin_schemas[0]};
