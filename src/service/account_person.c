// POST /api/v1/people/{person}/account: a resident's own account, opened at a desk where somebody saw their papers.
#include "service/account_out.h"
#include "service/account_routes.h"
#include "service/account_scope.h"
#include "service/accounts.h"
#include "service/audit.h"
#include "service/service.h"
#include "service/session.h"
#include "service/show.h"

#include <sodium.h>
#include <string.h>

static const struct message person_staff = {
    "account-of-staff", PROBLEM_ERROR, LABEL("This person's account has other roles as well.", "此人的账号还有其他角色。"),
    LABEL("An administrator gives it a new password.", "请由管理员重置其密码。")};

struct person_account_job {
    struct service *service;
    struct account_new account;
    struct grant grant;
    int64_t id; // 0: it is to be opened
};

// Opened with the role of a resident; one that is there gets a new one-time password, and its sessions end.
static tong_code person_account_run(struct db *db, void *payload, struct err *err)
{
    struct person_account_job *job = payload;
    int64_t grant = 0, id = job->id;
    tong_code code = TONG_OK;
    if (id == 0) {
        code = account_add(db, job->service->vault, &job->account, &id, err);
        if (code == TONG_OK) code = grant_add(db, id, &job->grant, job->account.by, &grant, err);
        if (code == TONG_OK) code = audit_add(db, job->account.at, job->account.by, AUDIT_GRANT_GIVEN, id, "{\"role\":\"resident\"}", err);
    } else {
        code = account_password_set(db, id, job->account.password, true, err);
        if (code == TONG_OK) code = session_drop_all(db, id, NULL, err);
        if (code == TONG_OK) code = audit_add(db, job->account.at, job->account.by, AUDIT_PASSWORD_RESET, id, NULL, err);
    }
    if (code == TONG_OK) job->id = id;
    return code;
}

static tong_code person_account_only_resident(struct request *rq, int64_t account, bool *only, struct err *err)
{
    enum { ROWS = 64 };
    struct grant_row rows[ROWS];
    size_t count = 0;
    *only = true;
    tong_code code = grant_list(rq->db, account, rows, ROWS, &count, err);
    for (size_t i = 0; code == TONG_OK && i < count; i++) {
        bool over = rows[i].grant.ends.s != UTC_NONE.s && rows[i].grant.ends.s <= rq->now.s;
        *only = *only && (over || rows[i].grant.role == ACCOUNT_ROLE_RESIDENT);
    }
    return code;
}

// "r-" and eight letters and digits that cannot be mistaken for each other.
static void person_account_login(char out[12])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    (void)snprintf(out, 12, "r-");
    for (size_t i = 2; i < 10; i++) out[i] = letters[randombytes_uniform((uint32_t)sizeof letters - 1)];
    out[10] = 0;
}

static tong_code person_account_reply(struct request *rq, struct reply *rp, int64_t id, const char *password, struct err *err)
{
    struct account a;
    tong_code code = account_get(rq->db, rq->service->vault, id, rq->arena, &a, err);
    if (code != TONG_OK) return code;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_int(&j, "id", a.id);
    json_out_text(&j, "login", a.login);
    json_out_z(&j, "password", password);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "reply");
}

static tong_code person_account_post(struct request *rq, struct reply *rp, struct err *err)
{
    char password[PASSWORD_ONE_TIME], hash[PASSWORD_HASH], login[12];
    struct account has;
    int64_t person = 0;
    bool only = true;
    tong_code code = show_part(rq, SUBJECT_PERSON, RIGHT_PERSON_WRITE, &person, err);
    if (code != TONG_OK) return code;
    if (!show_reaches(rq, RIGHT_PERSON_IDENTITY, person)) return tong_fail(err, TONG_E_NOT_FOUND, "identity is not in scope");
    rq->looked_at = person;
    struct person_account_job job = {.service = rq->service};
    code = account_by_person(rq->db, rq->service->vault, person, rq->arena, &has, NULL);
    if (code == TONG_OK) {
        job.id = has.id;
        code = person_account_only_resident(rq, has.id, &only, err);
        if (code == TONG_OK && (!only || has.id == rq->actor.account)) return reply_problem(rq, rp, 409, &person_staff, NULL, NULL, NULL);
    } else if (code == TONG_E_NOT_FOUND) {
        code = TONG_OK;
    }
    if (code != TONG_OK) return tong_fail(err, code, "accounts cannot be read");
    roll_read_begin(rq->service->roll);
    int64_t place = roll_place_of(rq->service->roll, person);
    roll_read_end(rq->service->roll);
    password_one_time(password);
    person_account_login(login);
    code = password_hash(accounts_of(rq)->gate, str_z(password), hash, err);
    if (code == TONG_E_LIMIT) return tong_fail(err, TONG_E_IO, "too many passwords at once");
    job.account = (struct account_new){.login = str_z(login), .name = str_z(login), .person = person, .password = hash,
                                       .language = rq->service->options.language, .must_change = true,
                                       .by = rq->actor.account, .at = rq->now};
    job.grant = (struct grant){.role = ACCOUNT_ROLE_RESIDENT, .place = place, .begins = rq->now, .ends = UTC_NONE};
    bool opened = job.id == 0;
    if (code == TONG_OK) code = writer_call(rq->service->writer, person_account_run, &job, err);
    if (code == TONG_OK) code = person_account_reply(rq, rp, job.id, password, err);
    if (code == TONG_OK) rp->status = opened ? 201 : 200;
    return code;
}

static const struct schema person_account_schemas[] = {
    {"resident_account", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"},\"login\":{\"type\":\"string\"},"
                         "\"password\":{\"type\":\"string\"}}}"},
};
static const struct route person_account_table[] = {
    {.method = HTTP_POST, .path = "/api/v1/people/{person}/account", .name = "person_account_post", .right = RIGHT_PERSON_WRITE,
     .handler = person_account_post, .part = {PARAMETER_UID}, .schema_out = "resident_account", .looks = true,
     .label = LABEL("open a resident's own account, or give it a new one-time password", "为居民开设本人账号或重置其一次性密码")},
};
const struct route_table account_person_routes = {.rows = person_account_table,
                                                  .count = sizeof person_account_table / sizeof person_account_table[0],
                                                  .schemas = person_account_schemas,
                                                  .schema_count = sizeof person_account_schemas / sizeof person_account_schemas[0]};
