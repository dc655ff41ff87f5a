// people.h -- for tests of accounts: signing in and out as a browser does. Include harness.h and tests/tap.h first.
#ifndef TONG_TESTS_SERVICE_PEOPLE_H
#define TONG_TESTS_SERVICE_PEOPLE_H

#include "service/account.h"
#include "service/accounts.h"
#include "service/held.h"
#include "service/session.h"

struct browser {
    char cookie[160]; // "name=token", as it is sent; "" none
    unsigned char secret[TOTP_SECRET];
    char password[PASSWORD_MOST + 1];
    const char *login;
};

// Keeps the cookie of the last answer.
TAP_UNUSED static void browser_keep(struct harness *h, struct browser *b)
{
    const char *set = harness_header(h, "Set-Cookie");
    size_t n = set == NULL ? 0 : strcspn(set, ";");
    if (set != NULL && n < sizeof b->cookie) (void)snprintf(b->cookie, sizeof b->cookie, "%.*s", (int)n, set);
}

TAP_UNUSED static bool browser_secret(struct browser *b, const char *base32)
{
    uint64_t bits = 0;
    size_t n = 0, have = 0;
    for (const char *c = base32; *c != 0; c++) {
        int v = *c >= 'A' && *c <= 'Z' ? *c - 'A' : *c >= '2' && *c <= '7' ? *c - '2' + 26 : -1;
        if (v < 0) return false;
        bits = bits << 5 | (uint64_t)v;
        have += 5;
        if (have >= 8 && n < TOTP_SECRET) {
            have -= 8;
            b->secret[n++] = (unsigned char)(bits >> have & 0xFF);
        }
    }
    return n == TOTP_SECRET;
}

TAP_UNUSED static const char *browser_code(const struct harness *h, const struct browser *b, int64_t steps_on)
{
    static char code[8];
    (void)snprintf(code, sizeof code, "%06u", totp_code(b->secret, totp_step(h->now) + steps_on, TOTP_DIGITS));
    return code;
}

TAP_UNUSED static int32_t browser_post(struct harness *h, struct browser *b, const char *method, const char *target, const char *body)
{
    int32_t status = harness_send(h, method, target, b->cookie[0] == 0 ? NULL : b->cookie, body);
    browser_keep(h, b);
    return status;
}

TAP_UNUSED static int32_t browser_get(struct harness *h, struct browser *b, const char *target)
{
    return harness_get(h, target, b->cookie[0] == 0 ? NULL : b->cookie);
}

// The first step alone.
TAP_UNUSED static int32_t browser_password(struct harness *h, struct browser *b)
{
    char body[400];
    b->cookie[0] = 0;
    (void)snprintf(body, sizeof body, "{\"login\": \"%s\", \"password\": \"%s\"}", b->login, b->password);
    return browser_post(h, b, "POST", "/api/v1/session", body);
}

TAP_UNUSED static int32_t browser_factor(struct harness *h, struct browser *b, const char *code)
{
    char body[64];
    (void)snprintf(body, sizeof body, "{\"code\": \"%s\"}", code);
    return browser_post(h, b, "POST", "/api/v1/session/second-factor", body);
}

// From a one-time password to a working account: signs in, chooses `password`, sets up a second factor when `factor`. Moves
// the clock by a step, so that the next code is a new one.
TAP_UNUSED static bool browser_arrive(struct harness *h, struct browser *b, const char *password, bool factor)
{
    char body[400];
    bool good = browser_password(h, b) == 200;
    (void)snprintf(body, sizeof body, "{\"old\": \"%s\", \"password\": \"%s\"}", b->password, password);
    good = good && browser_post(h, b, "POST", "/api/v1/me/password", body) == 200;
    (void)snprintf(b->password, sizeof b->password, "%s", password);
    if (!good || !factor) return good;
    good = browser_post(h, b, "POST", "/api/v1/me/second-factor", "{}") == 200 && browser_secret(b, harness_text(h, "secret"));
    (void)snprintf(body, sizeof body, "{\"code\": \"%s\"}", browser_code(h, b, 0));
    good = good && browser_post(h, b, "PUT", "/api/v1/me/second-factor", body) == 200;
    h->now.s += TOTP_STEP_S;
    return good;
}

// An account opened by `by`, with a role (NULL: none) at a place ("": everywhere). Its number, 0 when it failed.
TAP_UNUSED static int64_t browser_open(struct harness *h, struct browser *by, struct browser *b, const char *role, const char *place)
{
    char body[400], target[80];
    (void)snprintf(body, sizeof body, "{\"login\": \"%s\", \"name\": \"%s\"}", b->login, b->login);
    if (browser_post(h, by, "POST", "/api/v1/accounts", body) != 201) return 0;
    int64_t id = harness_int(h, "id");
    (void)snprintf(b->password, sizeof b->password, "%s", harness_text(h, "password"));
    if (role == NULL) return id;
    (void)snprintf(target, sizeof target, "/api/v1/accounts/%lld/grants", (long long)id);
    (void)snprintf(body, sizeof body, "{\"role\": \"%s\", \"place\": \"%s\"}", role, place);
    return browser_post(h, by, "POST", target, body) == 201 ? id : 0;
}

// The first administrator, wholly signed in.
TAP_UNUSED static bool browser_first(struct harness *h, struct browser *b)
{
    struct err err = {0};
    bool made = false;
    *b = (struct browser){.login = "administrator"};
    if (!accounts_password_cost(h->service, PASSWORD_COST_LEAST)) return false;
    char password[PASSWORD_ONE_TIME];
    if (account_first(h->service, &made, password, &err) != TONG_OK || !made) return false;
    (void)snprintf(b->password, sizeof b->password, "%s", password);
    return browser_arrive(h, b, "all of us in one boat", true);
}

// Puts a protocol of the project in force, proposed by account 1, signed by accounts 2 and 3.
TAP_UNUSED static bool protocol_signed(struct harness *h, const char *relative)
{
    char path[4096], *text = calloc(1, 1 << 20);
    FILE *f = fopen(tap_source(relative, path, sizeof path), "rb");
    size_t n = f == NULL || text == NULL ? 0 : fread(text, 1, 1 << 20, f);
    if (f != NULL) (void)fclose(f);
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    struct intake_outcome out = {.problems = &problems};
    struct err err = {0};
    struct command c = {.kind = COMMAND_EDITION_PROPOSE, .at = h->now, .account = 1, .text = {text, n}};
    bool good = writer_take(h->service->writer, &c, 1, &out, &err) == TONG_OK && out.code == TONG_OK;
    int64_t edition = out.made;
    for (int64_t account = 2; good && account <= 3 && service_edition(h->service) < 0; account++) {
        struct command sign = {.kind = COMMAND_EDITION_SIGN, .at = h->now, .account = account, .about = edition};
        good = writer_take(h->service->writer, &sign, 1, &out, &err) == TONG_OK && out.code == TONG_OK;
    }
    for (size_t i = 0; i < problems.count && !good; i++) (void)printf("# %s\n", problem_text(&problems.items[i], LANG_EN, &arena));
    arena_free(&arena);
    free(text);
    return good && service_edition(h->service) >= 0;
}

#endif
