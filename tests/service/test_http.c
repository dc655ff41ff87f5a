// The way of a request: addresses, methods, origins, languages, rights, parameters, problem details, header fields.
#include "tap.h"

#include "harness.h"

#include "service/dispatch.h"
#include "service/page.h"

static const struct scenario ways[] = {
    {"anybody may ask what this is", "GET", "/api/v1/about", NULL, NULL, 200,
     "version=test; edition=null; languages.#=2; signed_in=false"},
    {"a resource that is not there", "GET", "/api/v1/nothing", NULL, NULL, 404,
     "slug=not-found; status=404; type=/api/v1/problems#not-found; errors.#=0"},
    {"a trailing slash is another address", "GET", "/api/v1/about/", NULL, NULL, 404, NULL},
    {"a method that the path does not have", "DELETE", "/api/v1/about", NULL, NULL, 405,
     "slug=method-not-allowed; detail~GET, HEAD, OPTIONS"},
    {"a method nobody knows", "BREW", "/api/v1/about", NULL, NULL, 405, "slug=method-not-allowed"},
    {"an address that is not one", "GET", "api/v1/about", NULL, NULL, 400, "slug=address-malformed"},
    {"an empty address", "GET", "", NULL, NULL, 400, "slug=address-malformed"},
    {"bytes that are not ASCII", "GET", "/api/v1/\xE4\xBD\xA0", NULL, NULL, 400, "slug=address-malformed"},
    {"a parameter that does not exist", "GET", "/api/v1/about?color=red", NULL, NULL, 400,
     "slug=parameters-wrong; errors.#=1; errors.0.field=color; errors.0.slug=parameter-unknown"},
    {"a parameter of nonsense", "GET", "/api/v1/about?%FF=1", NULL, NULL, 400, "errors.0.slug=parameter-malformed"},
    {"half an escape", "GET", "/api/v1/about?a=%4", NULL, NULL, 400, "errors.0.field=a"},
    {"a body nobody asked for", "GET", "/api/v1/about", NULL, "{}", 413, "slug=body-too-large"},
    {"the feed is for who is signed in", "GET", "/api/v1/feed", NULL, NULL, 401, "slug=sign-in-needed"},
    {"the metrics need a right", "GET", "/api/v1/metrics", "guard", NULL, 403, "slug=right-missing; title~metrics"},
    {"the metrics are not open", "GET", "/metrics", NULL, NULL, 404, NULL},
    {"the administrator reads them", "GET", "/api/v1/metrics", "administrator", NULL, 200, NULL},
    {"the server is well", "GET", "/healthz", NULL, NULL, 200, "status=ok; store=true; lists=true"},
};

static void problems_speak_the_language(struct harness *h)
{
    (void)harness_ask(
        h, &(struct question){.method = "GET", .target = "/api/v1/nothing", .language = "zh-CN,zh;q=0.9,en;q=0.5"});
    EQ_TEXT(harness_text(h, "title"), "没有找到所请求的内容", "a Chinese reader gets Chinese");
    EQ_TEXT(harness_header(h, "Content-Language"), "zh-CN", "and is told so");
    EQ_TEXT(h->reply.type, "application/problem+json", "as problem details");
    (void)harness_ask(h, &(struct question){.method = "GET", .target = "/api/v1/nothing", .language = "fr"});
    EQ_TEXT(harness_text(h, "title"), "there is nothing here", "others get the service's own");
}

static void languages_are_chosen(void)
{
    static const struct {
        const char *field;
        lang want;
    } rows[] = {
        {"zh", LANG_ZH},
        {"zh-CN", LANG_ZH},
        {"ZH-hant;q=0.8, en;q=0.7", LANG_ZH},
        {"en-GB,zh;q=0.9", LANG_EN},
        {"fr, zh;q=0.1", LANG_ZH},
        {"", LANG_EN},
        {"*", LANG_EN},
        {"zha", LANG_EN},
        {"zh;q=x, en", LANG_EN},
        {"zh;q=0", LANG_EN},
        {"en;q=0.5, zh;q=0.5", LANG_EN},
        {"zh;q=9", LANG_EN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        EQ_INT(language_choose(str_z(rows[i].field), LANG_EN), rows[i].want, "Accept-Language: %s", rows[i].field);
}

static void methods(struct harness *h)
{
    (void)harness_send(h, "OPTIONS", "/api/v1/about", NULL, NULL);
    EQ_INT(h->status, 204, "OPTIONS answers nothing");
    EQ_TEXT(harness_header(h, "Allow"), "GET, HEAD, OPTIONS", "but what is possible");
    (void)harness_send(h, "POST", "/api/v1/about", NULL, NULL);
    EQ_TEXT(harness_header(h, "Allow"), "GET, HEAD, OPTIONS", "so does a 405");
    (void)harness_send(h, "HEAD", "/api/v1/about", NULL, NULL);
    EQ_INT(h->status, 200, "HEAD is answered as GET is");
    (void)harness_send(h, "POST", "/some/page", NULL, NULL);
    EQ_INT(h->status, 405, "a page is only read");
}

static void tags(struct harness *h)
{
    char tag[60];
    (void)harness_get(h, "/api/v1/openapi.json", NULL);
    (void)snprintf(tag, sizeof tag, "%s", harness_header(h, "ETag") == NULL ? "" : harness_header(h, "ETag"));
    OK(strlen(tag) == 18 && tag[0] == '"', "a reply has a tag: %s", tag);
    (void)harness_ask(h, &(struct question){.method = "GET", .target = "/api/v1/openapi.json", .if_none_match = tag});
    EQ_INT(h->status, 304, "the same again");
    EQ_INT(h->body.n, 0, "without its body");
    EQ_TEXT(harness_header(h, "ETag"), tag, "but with its tag");
    (void)harness_ask(
        h, &(struct question){.method = "GET", .target = "/api/v1/openapi.json", .if_none_match = "\"x\", W/\"y\""});
    EQ_INT(h->status, 200, "another tag");
    OK(request_matches(STR("W/\"a\""), "a", true) && !request_matches(STR("W/\"a\""), "a", false),
       "weak tags count when they may");
    OK(request_matches(STR("*"), "a", false) && !request_matches(STR("*"), "", false), "* names all that is there");
    OK(!request_matches(STR("\"a"), "a", false) && !request_matches(STR(""), "a", false), "half a tag is none");
}

static void writes_from_elsewhere(struct harness *h)
{
    static const struct {
        const char *name, *cookie, *origin, *fetch_site, *host;
        bool refused;
    } rows[] = {
        {"another site's page", "session=x", NULL, "cross-site", NULL, true},
        {"a sister site's page", "session=x", NULL, "same-site", NULL, true},
        {"our own page", "session=x", NULL, "same-origin", NULL, false},
        {"another origin", "session=x", "https://evil.example", NULL, NULL, true},
        {"no origin to speak of", "session=x", "null", NULL, NULL, true},
        {"our own origin", "session=x", "https://tongzhou.test", NULL, NULL, false},
        {"our own origin, in capitals", "session=x", "https://TongZhou.test", NULL, NULL, false},
        {"a port makes another origin", "session=x", "https://tongzhou.test:444", NULL, NULL, true},
        {"a cookie and not a word of where from", "session=x", NULL, NULL, NULL, true},
        {"a program without a cookie", NULL, NULL, NULL, NULL, false},
        {"signing in from another site", NULL, "https://evil.example", NULL, NULL, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = {0};
        struct request rq = {.arena = &arena,
                             .body_file = -1,
                             .method = HTTP_POST,
                             .target = STR("/api/v1/test/write"),
                             .host = STR("tongzhou.test")};
        struct reply rp = {0};
        if (rows[i].cookie != NULL) rq.cookie = str_z(rows[i].cookie);
        if (rows[i].origin != NULL) rq.origin = str_z(rows[i].origin);
        if (rows[i].fetch_site != NULL) rq.fetch_site = str_z(rows[i].fetch_site);
        rq.service = h->service;
        EQ_INT(request_is_foreign(&rq), rows[i].refused, "%s", rows[i].name);
        rq.method = HTTP_GET;
        CHECK(!request_is_foreign(&rq), "reading is harmless: %s", rows[i].name);
        reply_close(&rp);
        arena_free(&arena);
    }
}

static void every_reply_is_guarded(struct harness *h)
{
    static const char *const targets[] = {"/api/v1/about", "/api/v1/nothing", "/",
                                          "/healthz",      "/assets/none.js", "bad"};
    static const char *const fields[] = {"X-Content-Type-Options",
                                         "Referrer-Policy",
                                         "Content-Security-Policy",
                                         "Cache-Control",
                                         "X-Frame-Options",
                                         "Cross-Origin-Resource-Policy",
                                         "Request-Id"};
    for (size_t t = 0; t < sizeof targets / sizeof targets[0]; t++) {
        (void)harness_get(h, targets[t], NULL);
        for (size_t f = 0; f < sizeof fields / sizeof fields[0]; f++)
            CHECK(harness_header(h, fields[f]) != NULL, "%s has %s", targets[t], fields[f]);
        const char *csp = harness_header(h, "Content-Security-Policy");
        CHECK(csp != NULL && strstr(csp, "unsafe") == NULL && strstr(csp, "frame-ancestors 'none'") != NULL,
              "%s: nothing unsafe in %s", targets[t], csp);
    }
    (void)harness_get(h, "/api/v1/about", NULL);
    EQ_TEXT(harness_header(h, "Cache-Control"), "no-store", "the API is not kept in caches");
}

static void who_is_half_signed_in(struct harness *h)
{
    struct actor *a = harness_actor(h, "new", 9, ACCOUNT_ROLE_ADMINISTRATOR, 0);
    a->must_change = true;
    (void)harness_get(h, "/api/v1/metrics", "new");
    EQ_TEXT(harness_text(h, "slug"), "password-must-change", "with a one-time password nothing else goes");
    (void)harness_get(h, "/api/v1/feed", "new");
    EQ_TEXT(harness_text(h, "slug"), "password-must-change", "not even the feed");
    a->must_change = false;
    a->second_factor = false;
    (void)harness_get(h, "/api/v1/metrics", "new");
    EQ_TEXT(harness_text(h, "slug"), "second-factor-needed", "an administrator needs a second factor");
    a->second_factor = true;
    a->grant[0].ends = h->now;
    (void)harness_get(h, "/api/v1/metrics", "new");
    EQ_INT(h->status, 403, "a grant that has ended opens nothing");
}

static void cursors(void)
{
    char text[CURSOR_TEXT], other[CURSOR_TEXT];
    struct cursor c = {.scope = 0x0123456789ABCDEFU, .key = -5, .id = INT64_MAX}, back = {0};
    cursor_format(&c, text);
    OK(cursor_parse(str_z(text), &back) && back.scope == c.scope && back.key == -5 && back.id == INT64_MAX,
       "a cursor comes back: %s", text);
    OK(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(text),
       "and goes into an address as it is");
    for (size_t i = 0; i < strlen(text); i++) {
        memcpy(other, text, sizeof other);
        other[i] = other[i] == 'A' ? 'B' : 'A';
        CHECK(!cursor_parse(str_z(other), &back), "digit %zu changed", i);
        CHECK(!cursor_parse((struct str){text, i}, &back), "cut at %zu", i);
    }
    OK(!cursor_parse(STR(""), &back) && !cursor_parse(STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), &back),
       "nonsense is no cursor");
}

static void depths(void)
{
    OK(json_depth_within(STR("[[[1]]]"), 3) && !json_depth_within(STR("[[[[1]]]]"), 3), "three deep and four");
    OK(json_depth_within(STR("[\"[[[[\\\"[[\"]"), 1), "brackets in a text are text");
    OK(json_depth_within(STR("]]]]"), 1) && json_depth_within(STR("\"\\"), 0), "what is not JSON does no harm");
}

static void metrics_count(struct harness *h)
{
    for (int i = 0; i < 3; i++) (void)harness_get(h, "/api/v1/nothing-of-this-name", NULL);
    (void)harness_get(h, "/api/v1/metrics", "administrator");
    EQ_TEXT(h->reply.type, "text/plain; version=0.0.4; charset=utf-8", "the metrics are Prometheus's text");
    static const char *const lines[] = {"tongzhou_requests_total{route=\"about\",status=\"2xx\"} ",
                                        "tongzhou_requests_total{route=\"-\",status=\"4xx\"} ",
                                        "tongzhou_request_seconds_bucket{route=\"about\",le=\"+Inf\"} ",
                                        "tongzhou_store_ok 1\n",
                                        "tongzhou_queue_commands 0\n",
                                        "tongzhou_list_rows{list=\"people\"} 0\n",
                                        "process_resident_memory_bytes ",
                                        "# TYPE tongzhou_commit_seconds histogram\n"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        OK(strstr(h->body.p, lines[i]) != NULL, "they have %.*s", (int)strcspn(lines[i], "\n"), lines[i]);
    OK(strstr(h->body.p, "nothing-of-this-name") == NULL, "and nothing that somebody asked for");
}

// What was asked for, and what was sent, is nobody's business.
static void the_log_keeps_secrets(void)
{
    struct harness h;
    char text[20000];
    FILE *log = tmpfile();
    if (!OK(log != NULL, "a log")) return;
    if (!harness_open(&h, &(struct harness_options){.log = LOG_DEBUG, .log_file = fileno(log)})) return;
    (void)harness_get(&h, "/api/v1/about?secret-name=13800138000", NULL);
    (void)harness_get(&h, "/secret-page/13800138000", NULL);
    (void)harness_send(&h, "POST", "/api/v1/session", NULL,
                       "{\"login\":\"secret-login\",\"password\":\"secret-password\"}");
    (void)harness_ask(
        &h, &(struct question){.method = "GET", .target = "/api/v1/feed", .authorization = "Bearer secret-token"});
    harness_close(&h);
    rewind(log);
    size_t n = fread(text, 1, sizeof text - 1, log);
    text[n] = 0;
    (void)fclose(log);
    OK(strstr(text, "ev=request") != NULL && strstr(text, "route=about") != NULL && strstr(text, "status=400") != NULL,
       "a request is a line");
    OK(strstr(text, "secret") == NULL && strstr(text, "13800138000") == NULL && strstr(text, "192.0.2.1") == NULL,
       "without what was in it");
}

static void an_edition_in_force(void)
{
    struct harness h;
    char path[600];
    if (!harness_open(
            &h, &(struct harness_options){.protocol = tap_source("protocols/covid19-cn-9.yaml", path, sizeof path)}))
        return;
    (void)harness_get(&h, "/api/v1/about", NULL);
    EQ_TEXT(harness_text(&h, "edition.name"), "covid19-cn-9", "the edition in force is told");
    harness_close(&h);
}

int main(void)
{
    struct harness h;
    an_edition_in_force();
    the_log_keeps_secrets();
    if (!harness_open(&h, NULL)) return tap_done();
    (void)harness_actor(&h, "administrator", 1, ACCOUNT_ROLE_ADMINISTRATOR, 0);
    (void)harness_actor(&h, "guard", 2, ACCOUNT_ROLE_GATE, 0);
    harness_play(&h, ways, sizeof ways / sizeof ways[0]);
    problems_speak_the_language(&h);
    languages_are_chosen();
    methods(&h);
    tags(&h);
    writes_from_elsewhere(&h);
    every_reply_is_guarded(&h);
    who_is_half_signed_in(&h);
    metrics_count(&h);
    cursors();
    depths();
    harness_close(&h);
    return tap_done();
}
