// Every endpoint, asked wrongly: what is missing, of the wrong type, over-long, given twice, injected -- and by whoever
// may not.
//
// Nothing may be answered by a 5xx; what is refused is refused with problem details, and a fault of a parameter names
// it.
#include "tap.h"

#include "harness.h"

#include "service/page.h"

enum { TARGET = 16000, LONG = 6000, MALFORMED = 2 };

// A path of the route: its names replaced by `part`, or by something of their type when it is NULL.
static void target_of(const struct route *r, const char *part, char *out, size_t room)
{
    size_t n = 0, names = 0;
    for (const char *c = r->path; *c != 0 && n + 1 < room; c++) {
        if (*c != '{') {
            out[n++] = *c;
            continue;
        }
        const char *fill = r->part[names] == PARAMETER_UID       ? "018f1e9a-7b1c-7c3e-9d3a-1f2e3d4c5b6a"
                           : r->part[names] == PARAMETER_INTEGER ? "123456"
                                                                 : "nothing";
        n += (size_t)snprintf(out + n, room - n, "%s", part == NULL ? fill : part);
        c += strcspn(c, "}");
        names++;
    }
    out[n < room ? n : room - 1] = 0;
}

// A 4xx is problem details with a slug; nothing is a 5xx.
static bool sound(struct harness *h, const struct route *r, const char *what)
{
    const char *slug = harness_text(h, "slug");
    bool good = h->status < 500 && (h->status < 400 || (slug[0] != 0 && harness_text(h, "title")[0] != 0 &&
                                                        harness_int(h, "status") == h->status));
    return CHECK(good, "%s, %s: %d %.300s", r->name, what, (int)h->status, h->body.p == NULL ? "" : h->body.p);
}

static bool refused(struct harness *h, const struct route *r, const char *what)
{
    return sound(h, r, what) && CHECK(h->status >= 400, "%s, %s: refused, not %d", r->name, what, (int)h->status);
}

static const char *const bodies[] = {
    "",
    " ",
    "null",
    "1",
    "\"text\"",
    "[]",
    "[1,2,3]",
    "{",
    "{\"a\":1,\"a\":2}",
    "{\"a\":\"\\u0000\"}",
    "{}}",
    "{\"\":1}",
    "{\"uid\":1}",
    "{\"name\":[\"a\"]}",
    "\xFF\xFE",
    "{\"a\":\"\xC3\x28\"}",
    "NaN",
    "{\"a\":1e999}",
    "'single'",
    "{\"a\":99999999999999999999}",
    "{\"name\":\"x'; DROP TABLE fact; --\",\"login\":\"x'; DROP TABLE account; --\"}",
    "{\"name\":\"<script>alert(1)</script>\"}",
    "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]",
};

static void wrong_bodies(struct harness *h, const struct route *r, const char *as)
{
    char target[TARGET], what[80];
    target_of(r, NULL, target, sizeof target);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0] && r->body != BODY_NONE; i++) {
        (void)snprintf(what, sizeof what, "body %zu", i);
        (void)harness_send(h, http_method_name(r->method), target, as, bodies[i]);
        sound(h, r, what);
    }
    if (r->body == BODY_RECORD) {
        (void)harness_send(h, http_method_name(r->method), target, as, "{\"no_such_field\":1}");
        refused(h, r, "an unknown field");
        (void)harness_ask(h, &(struct question){.method = http_method_name(r->method),
                                                .target = target,
                                                .as = as,
                                                .body = "a=b",
                                                .type = "text/plain"});
        refused(h, r, "another type of content");
    }
    if (r->body == BODY_NONE) {
        (void)harness_send(h, http_method_name(r->method), target, as, "{\"a\":1}");
        refused(h, r, "a body nobody asked for");
    } else {
        char *large = malloc((size_t)(r->body_max > 0 ? r->body_max : HTTP_BODY_BYTES) + 2);
        size_t n = (size_t)(r->body_max > 0 ? r->body_max : HTTP_BODY_BYTES) + 1;
        if (large != NULL && n < 4u << 20) {
            memset(large, ' ', n);
            large[n] = 0;
            (void)harness_ask(
                h,
                &(struct question){
                    .method = http_method_name(r->method), .target = target, .as = as, .body = large, .body_bytes = n});
            CHECK(h->status == 413, "%s: a byte too much is a 413, not %d", r->name, (int)h->status);
        }
        free(large);
    }
}

// Does the answer name the field?
static void named(struct harness *h, const struct route *r, const char *field, const char *what)
{
    if (!refused(h, r, what)) return;
    bool found = false;
    for (size_t i = 0; i < json_array_size(harness_at(h, "errors")); i++) {
        char path[40];
        (void)snprintf(path, sizeof path, "errors.%zu.field", i);
        found = found || strcmp(harness_text(h, path), field) == 0;
    }
    CHECK(found && h->status == 400, "%s, %s: names the parameter %s: %.300s", r->name, what, field,
          h->body.p == NULL ? "" : h->body.p);
}

static const char *wrong_value(parameter_type type)
{
    switch (type) {
    case PARAMETER_INTEGER: return "twelve";
    case PARAMETER_DAY: return "2022-02-30";
    case PARAMETER_INSTANT: return "soon";
    case PARAMETER_UID: return "0000";
    case PARAMETER_WORD:
    case PARAMETER_WORDS:
    case PARAMETER_SORT: return "no_such_word";
    case PARAMETER_BOOLEAN: return "perhaps";
    case PARAMETER_TEXT:
    case PARAMETER_CURSOR:
    case PARAMETER_TYPE_COUNT: break;
    }
    return NULL;
}

static void wrong_parameters(struct harness *h, const struct route *r, const char *as)
{
    static char target[TARGET], query[TARGET * 2];
    static const char *const injected[] = {"%27%20OR%201%3D1%20--",
                                           "%22%3E%3Cscript%3E",
                                           "%2e%2e%2f%2e%2e%2f",
                                           "%F0%9F%98%80",
                                           "-1",
                                           "9223372036854775808",
                                           "%25s%25n",
                                           ""};
    const struct parameter *p;
    target_of(r, NULL, target, sizeof target);
    const char *method = http_method_name(r->method), *body = r->body == BODY_NONE ? NULL : "{}";
    for (size_t i = 0; (p = route_parameter_at(r, i)) != NULL; i++) {
        const char *wrong = wrong_value(p->type);
        (void)snprintf(query, sizeof query, "%s?%s=%s", target, p->name, wrong == NULL ? "%00" : wrong);
        (void)harness_send(h, method, query, as, body);
        named(h, r, p->name, wrong == NULL ? "a NUL" : "of the wrong type");
        (void)snprintf(query, sizeof query, "%s?%s=1&%s=1", target, p->name, p->name);
        (void)harness_send(h, method, query, as, body);
        named(h, r, p->name, "given twice");
        int n = snprintf(query, sizeof query, "%s?%s=", target, p->name);
        memset(query + n, 'a', LONG);
        query[n + LONG] = 0;
        (void)harness_send(h, method, query, as, body);
        named(h, r, p->name, "over-long");
        (void)snprintf(query, sizeof query, "%s?%s=%%FF%%FE", target, p->name);
        (void)harness_send(h, method, query, as, body);
        named(h, r, p->name, "bad UTF-8");
        for (size_t k = 0; k < sizeof injected / sizeof injected[0]; k++) {
            (void)snprintf(query, sizeof query, "%s?%s=%s", target, p->name, injected[k]);
            (void)harness_send(h, method, query, as, body);
            sound(h, r, injected[k]);
        }
    }
    (void)snprintf(query, sizeof query, "%s?no_such_parameter=1", target);
    (void)harness_send(h, method, query, as, body);
    named(h, r, "no_such_parameter", "an unknown parameter");
}

static void wrong_paths(struct harness *h, const struct route *r, const char *as)
{
    static char target[TARGET], part[LONG + 1];
    static const char *const parts[] = {
        "%00",      "%FF", "..%2F..%2F",          "%27%20OR%201=1",
        "-1",       "0",   "9223372036854775808", "00000000-0000-0000-0000-000000000000",
        "%E4%BD%A0"};
    if (strchr(r->path, '{') == NULL) return;
    const char *method = http_method_name(r->method), *body = r->body == BODY_NONE ? NULL : "{}";
    bool free_text = true; // a name that may be anything: what is not there may be put, or be gone already
    for (size_t i = 0; i < HTTP_PATH_PARTS; i++) free_text = free_text && r->part[i] == PARAMETER_TEXT;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        target_of(r, parts[i], target, sizeof target);
        (void)harness_send(h, method, target, as, body);
        if (i < MALFORMED || !free_text) refused(h, r, parts[i]);
        else sound(h, r, parts[i]);
    }
    memset(part, 'a', LONG);
    target_of(r, part, target, sizeof target);
    (void)harness_send(h, method, target, as, body);
    if (free_text) sound(h, r, "an over-long part");
    else refused(h, r, "an over-long part");
    target_of(r, NULL, target, sizeof target);
    (void)harness_send(h, method, target, as, body);
    sound(h, r, "what is not there");
}

static void who_may_not(struct harness *h, const struct route *r)
{
    char target[TARGET];
    target_of(r, NULL, target, sizeof target);
    const char *method = http_method_name(r->method);
    const char *const bad[] = {NULL, "{", "{}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0] && r->right != RIGHT_OPEN; i++) {
        const char *body = r->body == BODY_NONE ? NULL : bad[i];
        (void)harness_send(h, method, target, NULL, body);
        CHECK(h->status == 401, "%s: nobody gets a 401, not %d", r->name, (int)h->status);
        (void)harness_send(h, method, target, "nothing", body);
        bool own = r->right == RIGHT_SIGNED_IN || r->right == RIGHT_PROTOCOL_SEE;
        CHECK(own || r->entry ? h->status < 500 : h->status == 403, "%s: an account without a grant gets a 403, not %d",
              r->name, (int)h->status);
        (void)harness_send(h, method, target, "ended", body);
        CHECK(own || r->entry ? h->status < 500 : h->status == 403,
              "%s: one whose grants have ended gets a 403, not %d", r->name, (int)h->status);
    }
}

int main(void)
{
    struct harness h;
    const struct route *r;
    size_t count = 0;
    if (!harness_open(&h, NULL)) return tap_done();
    struct actor *all = harness_actor_all(&h, "all", 1);
    for (int right = RIGHT_NONE + 1; right < RIGHT_WORD_COUNT; right++)
        CHECK(actor_may(all, (right_word)right, h.now), "one account may everything, right %d too", right);
    harness_actor(&h, "nothing", 2, ACCOUNT_ROLE_RESIDENT, 0)->grant_count = 0;
    *harness_actor(&h, "ended", 3, ACCOUNT_ROLE_ADMINISTRATOR, 0) = *all;
    struct actor *ended = &h.actor[2].actor;
    ended->account = 3;
    ended->person = 0;
    for (size_t i = 0; i < ended->grant_count; i++) ended->grant[i].ends = h.now;
    for (size_t i = 0; (r = routes_at(i)) != NULL; i++, count++) {
        wrong_bodies(&h, r, "all");
        wrong_parameters(&h, r, "all");
        wrong_paths(&h, r, "all");
        who_may_not(&h, r);
    }
    OK(count > 0, "%zu endpoints were asked wrongly", count);
    harness_close(&h);
    return tap_done();
}
