// Accounts and rights: opening, giving only inside one's own scope, two administrators, taking away, closing, recovering.
#include "tap.h"

#include "harness.h"
#include "people.h"
#include "service/audit.h"
#include "service/courier.h"
#include "service/session.h"
#include "store/engines.h"
#include "store/person.h"

static struct browser root, second, district, worker, other;
static int64_t second_id, district_id, worker_id, other_id;
static char district_uid[UID_TEXT], beside_uid[UID_TEXT], community_uid[UID_TEXT];

// A place under another ("": the top); its uid as text.
static bool place(struct harness *h, unsigned char n, const char *parent, int32_t kind, char uid[UID_TEXT])
{
    unsigned char bytes[16] = {1, [15] = n};
    struct err err = {0};
    struct place_record p = place_record_none();
    struct intake_outcome out = {0};
    uid_format(bytes, uid);
    p.uid = str_z(uid);
    p.parent = str_z(parent);
    p.kind = kind;
    p.name = STR("somewhere");
    struct command c = {.kind = COMMAND_PLACE, .at = h->now, .place = &p};
    memcpy(c.subject_uid, bytes, sizeof bytes);
    memcpy(c.uid, bytes, sizeof bytes);
    c.uid[14] = 9;
    return writer_take(h->service->writer, &c, 1, &out, &err) == TONG_OK && out.code == TONG_OK;
}

static const char *grants(int64_t account)
{
    static char target[80];
    (void)snprintf(target, sizeof target, "/api/v1/accounts/%lld/grants", (long long)account);
    return target;
}

static const char *account(int64_t id, const char *more)
{
    static char target[80];
    (void)snprintf(target, sizeof target, "/api/v1/accounts/%lld%s", (long long)id, more);
    return target;
}

static const char *role_at_place(const char *role, const char *where)
{
    static char body[200];
    (void)snprintf(body, sizeof body, "{\"role\": \"%s\", \"place\": \"%s\"}", role, where);
    return body;
}

static void two_administrators(struct harness *h)
{
    EQ_INT(browser_post(h, &root, "POST", grants(1), role_at_place("auditor", "")), 403, "nobody gives rights to themselves");
    EQ_TEXT(harness_text(h, "type"), "/api/v1/problems#grant-self", "and it says so");
    second = (struct browser){.login = "second"};
    second_id = browser_open(h, &root, &second, "administrator", "");
    OK(second_id > 0, "as long as there is one administrator, it appoints the second alone");
    OK(browser_arrive(h, &second, "two pairs of eyes see more", true), "who signs in");

    other = (struct browser){.login = "other"};
    other_id = browser_open(h, &root, &other, NULL, "");
    EQ_INT(browser_post(h, &root, "POST", grants(other_id), role_at_place("administrator", "")), 202, "a third needs a second person");
    int64_t held = harness_int(h, "held");
    char target[80];
    EQ_INT(browser_get(h, &root, account(other_id, "")), 200, "meanwhile");
    EQ_INT((int64_t)json_array_size(harness_at(h, "grants")), 0, "nothing was given");
    (void)snprintf(target, sizeof target, "/api/v1/held/%lld/confirm", (long long)held);
    EQ_INT(browser_post(h, &root, "POST", target, NULL), 403, "nobody is their own second person");
    struct err err = {0};
    OK(courier_tick(h->service, &err) == TONG_OK && browser_get(h, &second, "/api/v1/me/messages") == 200 &&
           strcmp(harness_text(h, "items.0.template"), "held_waits") == 0, "the second one is told");
    EQ_INT(browser_get(h, &second, "/api/v1/held"), 200, "and sees it waiting");
    EQ_INT(harness_int(h, "items.0.id"), held, "it is the one");
    EQ_INT(browser_post(h, &second, "POST", target, NULL), 200, "and confirms");
    EQ_TEXT(harness_text(h, "state"), "confirmed", "it is carried out");
    EQ_INT(browser_get(h, &root, account(other_id, "")), 200, "now");
    EQ_TEXT(harness_text(h, "grants.0.role"), "administrator", "there are three");
    EQ_INT(browser_post(h, &second, "POST", target, NULL), 409, "twice is once");
    EQ_INT(browser_get(h, &second, account(other_id, "")), 200, "still");
    EQ_INT((int64_t)json_array_size(harness_at(h, "grants")), 1, "one grant");
    char grant[100];
    (void)snprintf(grant, sizeof grant, "/api/v1/accounts/%lld/grants/%lld", (long long)other_id, (long long)harness_int(h, "grants.0.id"));
    EQ_INT(browser_post(h, &second, "DELETE", grant, NULL), 200, "one is enough to take it away");

    EQ_INT(browser_post(h, &root, "POST", grants(other_id), role_at_place("administrator", "")), 202, "asked again");
    held = harness_int(h, "held");
    (void)snprintf(target, sizeof target, "/api/v1/held/%lld/refuse", (long long)held);
    EQ_INT(browser_post(h, &second, "POST", target, NULL), 200, "refused");
    (void)snprintf(target, sizeof target, "/api/v1/held/%lld/confirm", (long long)held);
    EQ_INT(browser_post(h, &second, "POST", target, NULL), 409, "is refused");
    EQ_INT(browser_post(h, &root, "POST", grants(other_id), role_at_place("administrator", "")), 202, "and again");
    (void)snprintf(target, sizeof target, "/api/v1/held/%lld/confirm", (long long)harness_int(h, "held"));
    h->now.s += HELD_LAPSE_S;
    (void)browser_password(h, &second);
    CHECK(browser_factor(h, &second, browser_code(h, &second, 0)) == 200, "a day later");
    (void)browser_password(h, &root);
    CHECK(browser_factor(h, &root, browser_code(h, &root, 0)) == 200, "both are back");
    EQ_INT(browser_post(h, &second, "POST", target, NULL), 409, "after a day it has lapsed");
    EQ_INT(browser_get(h, &second, "/api/v1/held/999"), 404, "one that never was");
}

static void scopes(struct harness *h)
{
    OK(place(h, 1, "", PLACE_KIND_DISTRICT, district_uid) && place(h, 2, "", PLACE_KIND_DISTRICT, beside_uid) &&
           place(h, 3, district_uid, PLACE_KIND_COMMUNITY, community_uid), "two districts, a community");
    district = (struct browser){.login = "district"};
    district_id = browser_open(h, &root, &district, NULL, "");
    EQ_INT(browser_post(h, &root, "POST", grants(district_id), role_at_place("administrator", district_uid)), 202, "held");
    char target[80];
    (void)snprintf(target, sizeof target, "/api/v1/held/%lld/confirm", (long long)harness_int(h, "held"));
    EQ_INT(browser_post(h, &second, "POST", target, NULL), 200, "an administrator of one district");
    OK(browser_arrive(h, &district, "everything in its own place", true), "signs in");

    EQ_INT(browser_get(h, &district, "/api/v1/accounts"), 200, "sees accounts");
    bool sees_root = false, sees_self = false;
    for (size_t i = 0; i < json_array_size(harness_at(h, "items")); i++) {
        const char *login = json_string_value(json_object_get(json_array_get(harness_at(h, "items"), i), "login"));
        sees_root = sees_root || strcmp(login, "administrator") == 0;
        sees_self = sees_self || strcmp(login, "district") == 0;
    }
    OK(sees_self && !sees_root, "those of its district, not those above");
    EQ_INT(browser_get(h, &district, account(1, "")), 404, "which do not exist for it");
    EQ_INT(browser_post(h, &district, "POST", account(1, "/password"), NULL), 404, "nor give up their password");
    EQ_INT(browser_post(h, &district, "POST", account(second_id, "/close"), NULL), 404, "nor close");
    worker = (struct browser){.login = "worker"};
    worker_id = browser_open(h, &district, &worker, "follow_up_worker", community_uid);
    OK(worker_id > 0, "it gives rights inside its district");
    EQ_INT(browser_post(h, &district, "POST", grants(worker_id), role_at_place("sampler", "")), 422, "not everywhere");
    EQ_INT(browser_post(h, &district, "POST", grants(worker_id), role_at_place("sampler", beside_uid)), 422, "not beside it");
    EQ_INT(browser_post(h, &district, "POST", grants(worker_id), role_at_place("sampler", "00000000-0000-7000-8000-000000000000")), 422,
           "not where there is nothing");
    EQ_INT(browser_post(h, &district, "POST", grants(district_id), role_at_place("sampler", district_uid)), 403, "not to itself");
    EQ_INT(browser_post(h, &root, "POST", grants(worker_id), role_at_place("sampler", beside_uid)), 201, "who may, gives it beside");
    EQ_INT(browser_get(h, &district, account(worker_id, "")), 404, "whoever reaches beyond is no longer the district's");
    OK(browser_arrive(h, &worker, "knocking on many doors", false), "the worker needs no second factor");
    EQ_TEXT(harness_text(h, "state"), "signed_in", "and is in");
}

static void faults(struct harness *h)
{
    struct scenario rows[] = {
        {"an unknown role", "POST", grants(worker_id), root.cookie, "{\"role\": \"emperor\"}", 422, "errors.0.slug=role-unknown"},
        {"a role nobody has", "POST", grants(worker_id), root.cookie, "{\"role\": \"own_contacts\"}", 422, "errors.0.slug=role-unknown"},
        {"a resident without record", "POST", grants(worker_id), root.cookie, "{\"role\": \"resident\"}", 422, "errors.0.slug=grant-resident"},
        {"over before it begins", "POST", grants(worker_id), root.cookie,
         "{\"role\": \"nurse\", \"from\": \"2030-01-02T00:00:00Z\", \"until\": \"2030-01-01T00:00:00Z\"}", 422, "errors.0.slug=grant-dates"},
        {"over already", "POST", grants(worker_id), root.cookie, "{\"role\": \"nurse\", \"until\": \"2020-01-01T00:00:00Z\"}", 422,
         "errors.0.slug=grant-dates"},
        {"an auditor who works", "POST", grants(worker_id), root.cookie, "{\"role\": \"auditor\"}", 422, "errors.0.slug=grant-conflict"},
        {"an account that is not there", "POST", "/api/v1/accounts/999/grants", root.cookie, "{\"role\": \"nurse\"}", 404, NULL},
        {"no number", "GET", "/api/v1/accounts/x", root.cookie, NULL, 404, NULL},
        {"a login twice", "POST", "/api/v1/accounts", root.cookie, "{\"login\": \"worker\", \"name\": \"x\"}", 409, "type=/api/v1/problems#login-taken"},
        {"in other letters", "POST", "/api/v1/accounts", root.cookie, "{\"login\": \"WORKER\", \"name\": \"x\"}", 409, NULL},
        {"no login", "POST", "/api/v1/accounts", root.cookie, "{\"login\": \"a b\", \"name\": \"x\"}", 422, "errors.0.slug=login-wrong"},
        {"no address", "POST", "/api/v1/accounts", root.cookie, "{\"login\": \"abc\", \"name\": \"x\", \"contact\": \"hello\"}", 422,
         "errors.0.slug=contact-wrong"},
        {"an address with a line of its own", "POST", "/api/v1/accounts", root.cookie,
         "{\"login\": \"abc\", \"name\": \"x\", \"contact\": \"a@b.cn\\r\\nBcc:c@d.cn\"}", 422, "errors.0.slug=contact-wrong"},
        {"a worker opens no accounts", "POST", "/api/v1/accounts", worker.cookie, "{\"login\": \"abc\", \"name\": \"x\"}", 403, NULL},
        {"nor sees the audit", "GET", "/api/v1/audit", worker.cookie, NULL, 403, NULL},
        {"an administrator sees no audit", "GET", "/api/v1/audit", root.cookie, NULL, 403, NULL},
        {"roles are known to all", "GET", "/api/v1/roles", worker.cookie, NULL, 200, "items.0.role=case_investigator"},
        {"but not to strangers", "GET", "/api/v1/roles", NULL, NULL, 401, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) // targets are made in one place
        if (strstr(rows[i].target, "/grants") != NULL && strstr(rows[i].target, "999") == NULL) rows[i].target = grants(worker_id);
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
}

static void changing(struct harness *h)
{
    EQ_INT(browser_get(h, &root, account(worker_id, "")), 200, "an account");
    struct question q = {.method = "PATCH", .target = account(worker_id, ""), .as = root.cookie, .if_match = "\"a0-0\"",
                         .body = "{\"name\": \"the worker\", \"contact\": \"13912345678\", \"language\": \"zh\"}"};
    EQ_INT(harness_ask(h, &q), 412, "of another version");
    q.if_match = NULL;
    EQ_INT(harness_ask(h, &q), 200, "changed");
    EQ_TEXT(harness_text(h, "language"), "zh", "speaks Chinese");
    OK(harness_at(h, "contact") == NULL, "the contact is theirs alone");
    EQ_INT(browser_get(h, &worker, "/api/v1/me"), 200, "for themselves");
    EQ_TEXT(harness_text(h, "contact"), "13912345678", "it is there");
    EQ_INT(browser_post(h, &worker, "PATCH", "/api/v1/me", "{\"language\": \"en\", \"contact\": \"\"}"), 200, "and can be taken back");
    EQ_INT(browser_get(h, &worker, "/api/v1/me"), 200, "again");
    OK(json_is_null(harness_at(h, "contact")), "it is gone");
}

static void at_once(struct harness *h)
{
    EQ_INT(browser_get(h, &worker, "/api/v1/me"), 200, "the worker works");
    EQ_INT((int64_t)json_array_size(harness_at(h, "grants")), 2, "in two places");
    char target[100];
    for (int i = 0; i < 2; i++) {
        CHECK(browser_get(h, &root, account(worker_id, "")) == 200, "the account");
        json_t *rows = json_incref((json_t *)(uintptr_t)harness_at(h, "grants"));
        for (size_t k = 0; k < json_array_size(rows); k++) {
            if (!json_is_true(json_object_get(json_array_get(rows, k), "in_force"))) continue;
            (void)snprintf(target, sizeof target, "/api/v1/accounts/%lld/grants/%lld", (long long)worker_id,
                           (long long)json_integer_value(json_object_get(json_array_get(rows, k), "id")));
        }
        EQ_INT(browser_post(h, &root, "DELETE", target, NULL), 200, "a right is taken");
        json_decref(rows);
    }
    EQ_INT(browser_get(h, &worker, "/api/v1/me"), 200, "the session goes on");
    EQ_INT((int64_t)json_array_size(harness_at(h, "grants")), 0, "without rights");
    EQ_INT(browser_post(h, &root, "DELETE", target, NULL), 200, "taken twice is taken once");
    EQ_INT(browser_post(h, &root, "DELETE", "/api/v1/accounts/1/grants/4", NULL), 404, "a grant of another account is not there");
    (void)snprintf(target, sizeof target, "{\"role\": \"nurse\", \"until\": \"2030-01-01T00:00:00Z\"}");
    EQ_INT(browser_post(h, &root, "POST", grants(worker_id), target), 201, "a right until a day");
    EQ_INT(browser_post(h, &root, "POST", grants(worker_id), target), 200, "given twice");
    EQ_INT(browser_get(h, &worker, "/api/v1/me"), 200, "is given");
    EQ_INT((int64_t)json_array_size(harness_at(h, "grants")), 1, "once");
    EQ_INT(browser_post(h, &root, "POST", account(worker_id, "/password"), NULL), 200, "a new one-time password");
    (void)snprintf(worker.password, sizeof worker.password, "%s", harness_text(h, "password"));
    EQ_INT(browser_get(h, &worker, "/api/v1/me"), 401, "ends the sessions");
    EQ_INT(browser_post(h, &root, "POST", account(1, "/password"), NULL), 403, "not for oneself");
    EQ_INT(browser_post(h, &root, "POST", account(worker_id, "/close"), NULL), 200, "closed");
    EQ_INT(browser_password(h, &worker), 401, "opens no more");
    EQ_INT(browser_post(h, &root, "POST", account(worker_id, "/reopen"), NULL), 200, "opened again");
    EQ_INT(browser_post(h, &root, "POST", account(1, "/close"), NULL), 403, "nobody closes themselves");
}

static void lost_telephone(struct harness *h)
{
    EQ_INT(browser_post(h, &root, "DELETE", account(district_id, "/second-factor"), NULL), 202, "a second factor takes two to take away");
    int64_t held = harness_int(h, "held");
    char target[80];
    EQ_INT(browser_get(h, &district, "/api/v1/accounts"), 200, "until then it counts");
    (void)snprintf(target, sizeof target, "/api/v1/held/%lld/confirm", (long long)held);
    EQ_INT(browser_post(h, &district, "POST", target, NULL), 404, "who is not everywhere does not confirm");
    EQ_INT(browser_post(h, &second, "POST", target, NULL), 200, "another administrator confirms");
    EQ_INT(browser_get(h, &district, "/api/v1/accounts"), 401, "the sessions end");
    EQ_INT(browser_password(h, &district), 200, "the password opens");
    EQ_TEXT(harness_text(h, "state"), "set_up_second_factor", "and a new one is to be set up");
    EQ_INT(browser_get(h, &district, "/api/v1/accounts"), 403, "before anything else");
    EQ_INT(browser_post(h, &root, "DELETE", account(1, "/second-factor"), NULL), 403, "not one's own");
}

static void auditor(struct harness *h)
{
    struct browser a = {.login = "auditor"};
    OK(browser_open(h, &root, &a, "auditor", "") > 0 && browser_arrive(h, &a, "who watches the watchers", true), "an auditor");
    EQ_INT(browser_get(h, &a, "/api/v1/audit?limit=500"), 200, "sees the audit");
    static const char *const must[] = {"account_opened", "grant_given", "grant_taken", "account_closed", "password_reset", "held",
                                       "held_confirmed", "held_refused", "second_factor_taken", "second_factor_set", "signed_in"};
    for (size_t m = 0; m < sizeof must / sizeof must[0]; m++) {
        bool found = false;
        for (size_t i = 0; i < json_array_size(harness_at(h, "items")); i++)
            found = found || strcmp(json_string_value(json_object_get(json_array_get(harness_at(h, "items"), i), "what")), must[m]) == 0;
        CHECK(found, "%s stands in the audit", must[m]);
    }
    EQ_INT(browser_get(h, &a, "/api/v1/audit?what=grant_given&account=1&limit=1"), 200, "by what and by whom");
    EQ_TEXT(harness_text(h, "items.0.what"), "grant_given", "filtered");
    char next[300];
    (void)snprintf(next, sizeof next, "/api/v1/audit?what=grant_given&account=1&limit=1&cursor=%s", harness_text(h, "next"));
    int64_t first = harness_int(h, "items.0.id");
    EQ_INT(browser_get(h, &a, next), 200, "page by page");
    OK(harness_int(h, "items.0.id") < first, "older");
    EQ_INT(browser_get(h, &a, "/api/v1/audit?what=nonsense"), 400, "an unknown word is refused");
    EQ_INT(browser_get(h, &a, "/api/v1/audit/held"), 200, "and what needed two");
    OK(json_array_size(harness_at(h, "items")) >= 5, "decided or not");
    EQ_INT(browser_get(h, &a, "/api/v1/held"), 403, "without a part in deciding");
    EQ_INT(browser_get(h, &a, "/api/v1/accounts"), 403, "or in giving rights");
}

// Rows as a program before schema 4 wrote them, in clear: sealed once, found and shown as before.
static tong_code seal_run(struct db *db, void *payload, struct err *err)
{
    int64_t count = 0;
    const struct vault *v = payload;
    tong_code code = account_seal_all(db, v, &count, err);
    EQ_INT(count, 1, "one account is sealed");
    return code == TONG_OK ? account_seal_all(db, v, &count, err) : code;
}

static void written_before(struct harness *h, const struct engine *e)
{
    struct err err = {0};
    struct arena arena = {0};
    struct account a;
    OK(engine_run(e, "INSERT INTO account (id, login, name, password, must_change, totp_used, failed, language, created, version) "
                     "VALUES (9000, 'okapi.1', 'Zebra Quagga', '', 0, 0, 0, 0, 0, 1)"), "an account in clear");
    struct db *db = service_reader_take(h->service, &err);
    OK(db != NULL && account_get(db, h->service->vault, 9000, &arena, &a, &err) == TONG_OK && str_eq_z(a.login, "okapi.1"),
       "is read as it stands");
    service_reader_give(h->service, db, true);
    OK(writer_call(h->service->writer, seal_run, h->service->vault, &err) == TONG_OK, "sealed: %s", err.text);
    db = service_reader_take(h->service, &err);
    OK(db != NULL && account_by_login(db, h->service->vault, STR("okapi.1"), &arena, &a, &err) == TONG_OK && a.id == 9000 &&
           str_eq_z(a.name, "Zebra Quagga"), "found by its login, with its name");
    service_reader_give(h->service, db, true);
    arena_free(&arena);
}

static void all_of_it(const struct engine *e)
{
    struct harness h;
    struct harness_options options = {.who = session_actor, .look = look_note, .store = e->where};
    if (harness_open(&h, &options) && OK(browser_first(&h, &root), "the first administrator")) {
        two_administrators(&h);
        scopes(&h);
        faults(&h);
        changing(&h);
        at_once(&h);
        lost_telephone(&h);
        auditor(&h);
        written_before(&h, e);
    }
    harness_close(&h);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "accounts", all_of_it);
    engines_close(&engines);
    return tap_done();
}
