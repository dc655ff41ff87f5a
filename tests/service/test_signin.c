#define _GNU_SOURCE // memmem
// Signing in: passwords, second factors, sessions, delays; and that nothing tells whether a login exists.
#include "tap.h"

#include "harness.h"
#include "people.h"
#include "within.h"

static const struct harness_options options = {.who = session_actor};

static bool body_has(const struct harness *h, const char *text)
{
    return within(h->body.p, h->body.n, text);
}

// The bytes of the database and its log: is this text in them?
static bool stored(const struct harness *h, const char *text)
{
    static const char *const ends[] = {"", "-wal"};
    bool found = false;
    for (size_t i = 0; i < 2; i++) {
        char path[HARNESS_PATH + 8];
        (void)snprintf(path, sizeof path, "%s%s", h->store, ends[i]);
        FILE *f = fopen(path, "rb");
        char *bytes = f == NULL ? NULL : calloc(1, 1 << 24);
        size_t n = bytes == NULL ? 0 : fread(bytes, 1, 1 << 24, f);
        CHECK(n > 0 || i == 1, "the database can be read");
        found = found || within(bytes == NULL ? "" : bytes, n, text);
        free(bytes);
        if (f != NULL) (void)fclose(f);
    }
    return found;
}

static void first_start(struct harness *h, struct browser *b)
{
    struct err err = {0};
    bool made = false;
    char password[PASSWORD_ONE_TIME], body[400];
    *b = (struct browser){.login = "administrator"};
    CHECK(accounts_password_cost(h->service, PASSWORD_COST_LEAST), "cheap passwords for the test");
    EQ_INT(browser_get(h, b, "/api/v1/me"), 401, "before there is anybody nobody is signed in");
    OK(account_first(h->service, &made, password, &err) == TONG_OK && made && strlen(password) == PASSWORD_ONE_TIME - 1,
       "the first start makes an administrator");
    (void)snprintf(b->password, sizeof b->password, "%s", password);
    OK(account_first(h->service, &made, password, &err) == TONG_OK && !made && password[0] == 0, "the second start makes none");

    EQ_INT(browser_password(h, b), 200, "the one-time password opens");
    EQ_TEXT(harness_text(h, "state"), "change_password", "and asks for one of one's own");
    const char *cookie = harness_header(h, "Set-Cookie");
    OK(cookie != NULL && strstr(cookie, "; HttpOnly") != NULL && strstr(cookie, "; SameSite=Lax") != NULL &&
           strstr(cookie, "; Path=/") != NULL && strstr(cookie, "Secure") == NULL, "the cookie is for us alone: %s", cookie);
    OK(!stored(h, "administrator") && !stored(h, strchr(b->cookie, '=') + 1), "neither who it is nor what the cookie holds is stored");
    OK(!stored(h, b->password), "nor the password");
    EQ_INT(browser_get(h, b, "/api/v1/accounts"), 403, "nothing else before");
    EQ_TEXT(harness_text(h, "errors.0.slug")[0] != 0 ? harness_text(h, "errors.0.slug") : harness_text(h, "type"),
            "/api/v1/problems#password-must-change", "and it says why");
    EQ_INT(browser_get(h, b, "/api/v1/me"), 200, "one's own account can be seen");

    (void)snprintf(body, sizeof body, "{\"old\": \"%s\", \"password\": \"short\"}", b->password);
    EQ_INT(browser_post(h, b, "POST", "/api/v1/me/password", body), 422, "a short one is refused");
    (void)snprintf(body, sizeof body, "{\"old\": \"wrong-old-one\", \"password\": \"all of us in one boat\"}");
    EQ_INT(browser_post(h, b, "POST", "/api/v1/me/password", body), 401, "the old one is asked for");
    (void)snprintf(body, sizeof body, "{\"old\": \"%s\", \"password\": \"%s\"}", b->password, b->password);
    EQ_INT(browser_post(h, b, "POST", "/api/v1/me/password", body), 422, "the same again is no change");
    (void)snprintf(body, sizeof body, "{\"old\": \"%s\", \"password\": \"all of us in one boat\"}", b->password);
    EQ_INT(browser_post(h, b, "POST", "/api/v1/me/password", body), 200, "a good one is taken");
    EQ_TEXT(harness_text(h, "state"), "set_up_second_factor", "next the second factor");
    OK(browser_password(h, b) == 401, "the one-time password is used up");
    (void)snprintf(b->password, sizeof b->password, "all of us in one boat");
    EQ_INT(browser_password(h, b), 200, "the new one opens");
    EQ_INT(browser_get(h, b, "/api/v1/accounts"), 403, "an administrator without second factor does nothing");
    EQ_TEXT(harness_text(h, "type"), "/api/v1/problems#second-factor-needed", "and is told");

    EQ_INT(browser_post(h, b, "PUT", "/api/v1/me/second-factor", "{\"code\": \"123456\"}"), 409, "no code before there is a secret");
    EQ_INT(browser_post(h, b, "POST", "/api/v1/me/second-factor", "{}"), 200, "a secret");
    OK(browser_secret(b, harness_text(h, "secret")) && strstr(harness_text(h, "uri"), "otpauth://totp/Tongzhou:administrator?") != NULL,
       "for the app");
    OK(!stored(h, (const char *)b->secret), "sealed in the database");
    EQ_INT(browser_post(h, b, "PUT", "/api/v1/me/second-factor", "{\"code\": \"000000\"}"), 422, "a wrong first code");
    EQ_INT(browser_get(h, b, "/api/v1/accounts"), 403, "a secret alone is no second factor");
    (void)snprintf(body, sizeof body, "{\"code\": \"%s\"}", browser_code(h, b, 0));
    EQ_INT(browser_post(h, b, "PUT", "/api/v1/me/second-factor", body), 200, "the first code");
    EQ_TEXT(harness_text(h, "state"), "signed_in", "done");
    EQ_INT(browser_get(h, b, "/api/v1/accounts"), 200, "now the administrator works");
    EQ_TEXT(harness_text(h, "items.0.login"), "administrator", "and sees the account");
    OK(!body_has(h, "argon2"), "never its password");
}

static void second_factor(struct harness *h, struct browser *b)
{
    EQ_INT(browser_post(h, b, "DELETE", "/api/v1/session", NULL), 204, "out");
    EQ_INT(browser_get(h, b, "/api/v1/me"), 401, "is out");
    EQ_INT(browser_password(h, b), 200, "in again");
    EQ_TEXT(harness_text(h, "state"), "second_factor", "half");
    EQ_INT(browser_get(h, b, "/api/v1/me"), 401, "half is not in");
    EQ_INT(browser_get(h, b, "/api/v1/session"), 200, "but can be asked about");
    EQ_TEXT(harness_text(h, "state"), "second_factor", "what is missing");
    EQ_INT(browser_factor(h, b, browser_code(h, b, 0)), 401, "a code that was used does not open again");
    struct browser half = *b;
    h->now.s += TOTP_STEP_S;
    EQ_INT(browser_factor(h, b, browser_code(h, b, 0)), 200, "the next one does");
    OK(strcmp(half.cookie, b->cookie) != 0, "with a new cookie");
    EQ_INT(browser_get(h, &half, "/api/v1/session"), 200, "the old one");
    EQ_TEXT(harness_text(h, "state"), "nobody", "is nobody's");
    EQ_INT(browser_factor(h, b, browser_code(h, b, 1)), 401, "a code is not asked for twice");
    struct browser other = *b;
    OK(browser_password(h, &other) == 200 && browser_factor(h, &other, browser_code(h, &other, 0)) == 401, "nor taken twice in one step");

    for (int i = 0; i < 4; i++) EQ_INT(browser_factor(h, &other, "000000"), 401, "guess %d", i);
    EQ_INT(browser_factor(h, &other, "000000"), 401, "the sixth in a row");
    EQ_INT(browser_factor(h, &other, browser_code(h, &other, 1)), 429, "then even the right one waits");
    OK(harness_header(h, "Retry-After") != NULL && atol(harness_header(h, "Retry-After")) == 15, "and is told how long");
    h->now.s += 15;
    EQ_INT(browser_factor(h, &other, browser_code(h, &other, 1)), 200, "afterwards it opens");
    EQ_INT(browser_post(h, &other, "DELETE", "/api/v1/session?everywhere=true", NULL), 204, "out everywhere");
    EQ_INT(browser_get(h, b, "/api/v1/me"), 401, "is out everywhere");
    (void)browser_password(h, &other);
    h->now.s += SESSION_ASKED_S;
    EQ_INT(browser_factor(h, &other, browser_code(h, &other, 0)), 401, "half a session lasts five minutes");
    *b = other;
    (void)browser_password(h, b);
    EQ_INT(browser_factor(h, b, browser_code(h, b, 0)), 200, "in again");
}

// The answer to a wrong password and to a login that does not exist differ in nothing but the request's number.
static void telling_nothing(struct harness *h)
{
    char known[4000], unknown[4000];
    struct browser b = {.login = "administrator", .password = "not the password"}, nobody = {.login = "nobody-here", .password = "x"};
    EQ_INT(browser_password(h, &b), 401, "a wrong password");
    (void)snprintf(known, sizeof known, "%.*s", STR_ARG(h->body));
    EQ_INT(browser_password(h, &nobody), 401, "an unknown login");
    (void)snprintf(unknown, sizeof unknown, "%.*s", STR_ARG(h->body));
    char *a = strstr(known, "\"instance\""), *c = strstr(unknown, "\"instance\"");
    if (OK(a != NULL && c != NULL, "problems have a number")) {
        memset(a, ' ', strcspn(a, ",}"));
        memset(c, ' ', strcspn(c, ",}"));
    }
    EQ_TEXT(known, unknown, "the same answer");
    for (int i = 0; i < 5; i++) {
        CHECK(browser_password(h, &b) == 401, "known, guess %d", i);
        CHECK(browser_password(h, &nobody) == 401, "unknown, guess %d", i);
    }
    EQ_INT(browser_password(h, &b), 429, "the seventh guess waits");
    const char *wait = harness_header(h, "Retry-After");
    EQ_TEXT(wait, "5", "five seconds");
    EQ_INT(browser_password(h, &nobody), 429, "for a login that does not exist as well");
    EQ_TEXT(harness_header(h, "Retry-After"), "5", "as long");
    h->now.s += 5;
    EQ_INT(browser_password(h, &b), 401, "then one more");
    EQ_INT(browser_password(h, &b), 429, "and a longer wait");
    EQ_TEXT(harness_header(h, "Retry-After"), "10", "twice as long");
    h->now.s += 900;
}

static void sessions(struct harness *h, struct browser *b)
{
    struct browser second = *b;
    EQ_INT(browser_get(h, b, "/api/v1/me"), 200, "signed in");
    (void)browser_password(h, &second);
    h->now.s += TOTP_STEP_S;
    EQ_INT(browser_factor(h, &second, browser_code(h, &second, 0)), 200, "from a second device");
    EQ_INT(browser_get(h, b, "/api/v1/me/sessions"), 200, "where am I signed in?");
    EQ_INT((int64_t)json_array_size(harness_at(h, "items")), 2, "twice");
    char target[100] = "";
    for (size_t i = 0; i < 2; i++) {
        json_t *row = json_array_get(harness_at(h, "items"), i);
        if (!json_is_true(json_object_get(row, "this")))
            (void)snprintf(target, sizeof target, "/api/v1/me/sessions/%s", json_string_value(json_object_get(row, "id")));
    }
    EQ_INT(browser_post(h, b, "DELETE", target, NULL), 204, "the other one is ended");
    EQ_INT(browser_get(h, &second, "/api/v1/me"), 401, "and is out");
    EQ_INT(browser_post(h, b, "DELETE", target, NULL), 404, "it is not there twice");

    struct err err = {0};
    for (int i = 0; i < 3; i++) {
        CHECK(browser_get(h, b, "/api/v1/me") == 200 && service_tick(h->service, &err) == TONG_OK, "its use is written down");
        h->now.s += SESSION_IDLE_S - 2 * SESSION_SEEN_S;
        EQ_INT(browser_get(h, b, "/api/v1/me"), 200, "in use it goes on");
    }
    h->now.s += SESSION_IDLE_S;
    EQ_INT(browser_get(h, b, "/api/v1/me"), 401, "idle it ends");
    (void)browser_password(h, b);
    EQ_INT(browser_factor(h, b, browser_code(h, b, 0)), 200, "in again");
    int64_t until = h->now.s + SESSION_MOST_S;
    while (h->now.s + SESSION_IDLE_S / 2 < until) {
        h->now.s += SESSION_IDLE_S / 2;
        CHECK(browser_get(h, b, "/api/v1/me") == 200 && service_tick(h->service, &err) == TONG_OK, "kept alive");
    }
    h->now.s = until;
    EQ_INT(browser_get(h, b, "/api/v1/me"), 401, "in any case it ends after a week");
    (void)browser_password(h, b);
    EQ_INT(browser_factor(h, b, browser_code(h, b, 0)), 200, "in again");

    static const char *const bad[] = {"tongzhou=", "tongzhou=x", "tongzhou=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                      "tongzhou=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "other=1", "=", ";;;"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EQ_INT(harness_get(h, "/api/v1/me", bad[i]), 401, "no session: %s", bad[i]);
}

static void programs(struct harness *h, const struct browser *b)
{
    char body[400], bearer[128];
    h->now.s += TOTP_STEP_S;
    (void)snprintf(body, sizeof body, "{\"login\": \" Administrator \", \"password\": \"%s\", \"code\": \"%s\", \"bearer\": true}",
                   b->password, browser_code(h, b, 0));
    EQ_INT(harness_send(h, "POST", "/api/v1/session", NULL, body), 200, "a program signs in in one step, the login in any case");
    OK(harness_header(h, "Set-Cookie") == NULL, "without a cookie");
    (void)snprintf(bearer, sizeof bearer, "Bearer %s", harness_text(h, "token"));
    struct question q = {.method = "GET", .target = "/api/v1/accounts", .authorization = bearer};
    EQ_INT(harness_ask(h, &q), 200, "and shows its token");
    q.authorization = "Bearer x";
    EQ_INT(harness_ask(h, &q), 401, "not any");
    q.authorization = "Confirmed 000000000000000000000000000000000000000000000000";
    EQ_INT(harness_ask(h, &q), 401, "nor the word of a confirmation that was never given");
    struct question foreign = {.method = "POST", .target = "/api/v1/me/second-factor", .as = b->cookie, .body = "{}",
                               .origin = "https://elsewhere.example"};
    EQ_INT(harness_ask(h, &foreign), 403, "another site's page cannot use the cookie");
}

static void odd_input(struct harness *h)
{
    static const struct scenario rows[] = {
        {"no body", "POST", "/api/v1/session", NULL, NULL, 400, NULL},
        {"no password", "POST", "/api/v1/session", NULL, "{\"login\": \"administrator\"}", 422, NULL},
        {"wrong types", "POST", "/api/v1/session", NULL, "{\"login\": 1, \"password\": []}", 422, NULL},
        {"twice the same key", "POST", "/api/v1/session", NULL, "{\"login\": \"a\", \"login\": \"b\", \"password\": \"c\"}", 400, NULL},
        {"a quote in a login", "POST", "/api/v1/session", NULL, "{\"login\": \"a' OR 1=1 --\", \"password\": \"c\"}", 401, NULL},
        {"no code asked for", "POST", "/api/v1/session/second-factor", NULL, "{\"code\": \"123456\"}", 401, NULL},
        {"out without being in", "DELETE", "/api/v1/session", NULL, NULL, 204, NULL},
        {"nobody's state", "GET", "/api/v1/session", NULL, NULL, 200, "state=nobody"},
        {"nobody's password", "POST", "/api/v1/me/password", NULL, "{\"old\": \"a\", \"password\": \"b\"}", 401, NULL},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
    char body[10000] = "{\"login\": \"a\", \"password\": \"";
    size_t n = strlen(body);
    memset(body + n, 'x', 6000);
    (void)snprintf(body + n + 6000, sizeof body - n - 6000, "\"}");
    EQ_INT(harness_send(h, "POST", "/api/v1/session", NULL, body), 413, "a very long password");
}

int main(void)
{
    struct harness h;
    struct browser b;
    if (!harness_open(&h, &options)) return tap_done();
    first_start(&h, &b);
    second_factor(&h, &b);
    telling_nothing(&h);
    sessions(&h, &b);
    programs(&h, &b);
    odd_input(&h);
    harness_close(&h);
    return tap_done();
}
