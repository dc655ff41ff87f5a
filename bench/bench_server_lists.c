// 50 users at work: which requests there are is read from the server's OpenAPI document.
#include "bench_server.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { URLS_MOST = 3000, URL = 240, USERS = 50, PEOPLE_MOST = 100, WORDS_A_FILTER = 6, BODY = 600 };
static const double think_s = 0.5, warm_s = 3;

struct url {
    char path[URL];
    int32_t list;
    struct http_times times;
    int64_t failed;
};
struct work {
    struct bench *b;
    struct url urls[URLS_MOST];
    int32_t url_count, list_count, search_first, search_count;
    bool has_state; // of the list at hand
    char list[40][64];
    char people[PEOPLE_MOST][40];
    int32_t people_count;
    struct http_times person, write;
    int64_t failed, requests;
    double from;           // times before it are not counted: everybody has to come in first
    char path[USERS][URL], body[USERS][BODY];
    int32_t status;        // of the last failure
    char failure[160];
};
enum { GROUP_PERSON = -1, GROUP_WRITE = -2 };

static void work_url_one(struct work *w, const char *list, const char *query, const char *more)
{
    if (w->url_count == URLS_MOST) return;
    struct url *u = &w->urls[w->url_count++];
    (void)snprintf(u->path, sizeof u->path, "%.90s%.120s%.20s", list, query, more);
    u->list = w->list_count - 1;
}

// What is open if not said otherwise is also asked for with all that has ended: those pages are harder.
static void work_url(struct work *w, const char *list, const char *query)
{
    work_url_one(w, list, query, "");
    if (w->has_state && strstr(query, "state=") == NULL) work_url_one(w, list, query, query[0] == 0 ? "?state=all" : "&state=all");
}

static bool work_has_state(json_t *parameters)
{
    json_t *p, *word;
    size_t i, k;
    json_array_foreach(parameters, i, p) {
        const char *name = json_string_value(json_object_get(p, "name"));
        if (name == NULL || strcmp(name, "state") != 0) continue;
        json_array_foreach(json_object_get(json_object_get(p, "schema"), "enum"), k, word)
            if (strcmp(json_string_value(word), "all") == 0) return true;
    }
    return false;
}

static void work_words(struct work *w, const char *list, const char *name, json_t *words)
{
    json_t *word;
    size_t i;
    bool sort = strcmp(name, "sort") == 0;
    json_array_foreach(words, i, word) {
        char query[130];
        if (!sort && i >= WORDS_A_FILTER) break;
        (void)snprintf(query, sizeof query, "?%.40s=%.60s", name, json_string_value(word));
        work_url(w, list, query);
    }
}

// A filter by each of its words, by yes, by a day of some weeks ago; names are searched elsewhere.
static void work_parameter(struct work *w, const char *list, json_t *p)
{
    const char *name = json_string_value(json_object_get(p, "name"));
    json_t *schema = json_object_get(p, "schema"), *words = json_object_get(schema, "enum");
    json_t *inner = json_object_get(schema, "items");
    const char *type = json_string_value(json_object_get(schema, "type")), *format = json_string_value(json_object_get(schema, "format"));
    char query[80];
    if (name == NULL || type == NULL || strcmp(name, "cursor") == 0 || strcmp(name, "limit") == 0) return;
    if (words == NULL && inner != NULL) words = json_object_get(inner, "enum");
    if (words != NULL) {
        work_words(w, list, name, words);
    } else if (strcmp(type, "boolean") == 0) {
        (void)snprintf(query, sizeof query, "?%.60s=true", name);
        work_url(w, list, query);
    } else if (format != NULL && strcmp(format, "date") == 0) {
        char day[16];
        time_t then = time(NULL) - 30 * 86400;
        struct tm tm;
        (void)strftime(day, sizeof day, "%Y-%m-%d", gmtime_r(&then, &tm));
        (void)snprintf(query, sizeof query, "?%.50s=%s", name, day);
        work_url(w, list, query);
    }
}

static void work_list(struct work *w, const char *path, json_t *get)
{
    static const char *const lists[] = {"people", "cases", "contacts", "tasks", "measures", "samples", "objections", "hand-overs", "zones", "places"};
    json_t *parameters = json_object_get(get, "parameters"), *p;
    size_t i;
    bool is = false;
    for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++) is = is || strcmp(strrchr(path, '/') + 1, lists[k]) == 0;
    if (!is || strchr(path, '{') != NULL || strncmp(path, "/api/v1/me", 10) == 0 || w->list_count == 40) return;
    (void)snprintf(w->list[w->list_count++], sizeof w->list[0], "%s", path);
    w->has_state = work_has_state(parameters);
    work_url(w, path, "");
    json_array_foreach(parameters, i, p) work_parameter(w, path, p);
}

static bool work_read(struct work *w)
{
    struct http_user *u = http_user_open(w->b->server.port, w->b->token, 60);
    struct http_reply r = http_get(u, "/api/v1/openapi.json");
    json_t *document = json_loads(r.body, 0, NULL), *paths = json_object_get(document, "paths"), *methods;
    const char *path;
    json_object_foreach(paths, path, methods) {
        json_t *get = json_object_get(methods, "get");
        if (get != NULL) work_list(w, path, get);
    }
    json_decref(document);
    // One Chinese character up, as percent escapes: 王 李 陈 欧 晓 宁 安, two and three of them, and letters.
    static const char *const names[] = {"%E7%8E%8B", "%E6%9D%8E", "%E9%99%88", "%E6%AC%A7", "%E6%99%93", "%E5%AE%81", "%E5%AE%89",
                                        "%E7%8E%8B%E6%99%93", "%E6%9D%8E%E5%AE%89%E5%AE%81", "chen", "ou"};
    w->search_first = w->url_count;
    w->has_state = false;
    (void)snprintf(w->list[w->list_count++], sizeof w->list[0], "search for people");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char query[80];
        (void)snprintf(query, sizeof query, "?name=%s", names[i]);
        work_url(w, "/api/v1/people", query);
    }
    w->search_count = w->url_count - w->search_first;
    r = http_get(u, "/api/v1/cases?limit=100&state=all");
    json_t *page = json_loads(r.body, 0, NULL), *items = json_object_get(page, "items"), *item;
    size_t i;
    json_array_foreach(items, i, item) {
        json_t *person = json_object_get(item, "person");
        if (person == NULL) person = json_object_get(item, "subject");
        const char *uid = json_string_value(json_object_get(person, "uid"));
        if (uid != NULL && w->people_count < PEOPLE_MOST) (void)snprintf(w->people[w->people_count++], sizeof w->people[0], "%s", uid);
    }
    json_decref(page);
    http_user_close(u);
    return w->url_count > w->search_count && w->people_count > 0;
}

// ---- at work ----

static void work_write(struct work *w, int32_t user, uint64_t random)
{
    (void)snprintf(w->path[user], URL, "/api/v1/facts/0190a000-%04x-7%03x-8%03x-%012llx", (unsigned)(random & 0xFFFF),
                   (unsigned)(random >> 16 & 0xFFF), (unsigned)(random >> 28 & 0xFFF), (unsigned long long)(random >> 16));
    char at[40];
    time_t now = time(NULL) - 60;
    struct tm tm;
    (void)strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
    char who[40];
    memcpy(who, w->people[random % (uint64_t)w->people_count], sizeof who);
    (void)snprintf(w->body[user], BODY, "{\"subject\":\"%s\",\"kind\":\"seen_well\",\"happened\":\"%s\"}",
                   who, at);
}

static void work_next(void *payload, int32_t user, uint64_t random, struct http_request *out)
{
    struct work *w = payload;
    uint64_t kind = random % 100, pick = random >> 20;
    *out = (struct http_request){.method = "GET", .path = w->path[user]};
    bool everywhere = user % 2 == 0 || w->b->workers == 0; // the people at hand are not all in somebody's community
    if (kind < 20 && everywhere) { // work done: the outcome of a visit
        work_write(w, user, random >> 7);
        *out = (struct http_request){"PUT", w->path[user], w->body[user], strlen(w->body[user]), GROUP_WRITE};
    } else if (kind < 30 && everywhere) {
        char who[40];
        memcpy(who, w->people[pick % (uint64_t)w->people_count], sizeof who);
        (void)snprintf(w->path[user], URL, "/api/v1/people/%s", who);
        out->group = GROUP_PERSON;
    } else if (kind < 45) {
        out->group = w->search_first + (int32_t)(pick % (uint64_t)w->search_count);
        out->path = w->urls[out->group].path;
    } else {
        out->group = (int32_t)(pick % (uint64_t)w->search_first);
        out->path = w->urls[out->group].path;
    }
}

static void work_done(void *payload, int32_t user, const struct http_request *rq, const struct http_reply *reply)
{
    struct work *w = payload;
    (void)user;
    bool good = reply->status >= 200 && reply->status < 300;
    if (http_now() < w->from || reply->status == 0) return;
    w->requests++;
    if (!good) {
        w->failed++;
        w->status = reply->status;
        (void)snprintf(w->failure, sizeof w->failure, "%.150s", rq->path);
        if (rq->group >= 0) w->urls[rq->group].failed++;
        return;
    }
    struct http_times *t = rq->group == GROUP_PERSON ? &w->person : rq->group == GROUP_WRITE ? &w->write : &w->urls[rq->group].times;
    http_times_add(t, reply->seconds);
}

// ---- the figures ----

static bool work_print(struct work *w)
{
    bool good = true;
    for (int32_t list = 0; list < w->list_count; list++) {
        struct http_times all = {0};
        double worst = 0;
        const char *worst_path = "";
        int32_t urls = 0;
        for (int32_t i = 0; i < w->url_count; i++) {
            struct url *u = &w->urls[i];
            if (u->list != list) continue;
            urls++;
            for (size_t k = 0; k < u->times.count; k++) http_times_add(&all, u->times.s[k]);
            double p95 = http_times_at(&u->times, 0.95);
            if (p95 > worst) {
                worst = p95;
                worst_path = u->path;
            }
        }
        char what[80];
        (void)snprintf(what, sizeof what, "%s: %d filters and sorts, p95", w->list[list], urls);
        bool search = strncmp(w->list[list], "search", 6) == 0;
        good = bench_line(what, 1000 * http_times_at(&all, 0.95), 50, "ms", false,
                          search ? "" : strstr(what, "contacts") != NULL ? "SORMAS 32.7 s for 2,934 rows" : "DHIS2 2.43: 162 ms for 150,000") && good;
        (void)printf("    p50 %.1f ms, p99 %.1f ms; the slowest, p95 %.1f ms: %s\n", 1000 * http_times_at(&all, 0.5),
                     1000 * http_times_at(&all, 0.99), 1000 * worst, worst_path);
        http_times_free(&all);
    }
    (void)printf("a person's page: p50 %.1f ms, p95 %.1f ms, p99 %.1f ms\n", 1000 * http_times_at(&w->person, 0.5),
                 1000 * http_times_at(&w->person, 0.95), 1000 * http_times_at(&w->person, 0.99));
    (void)printf("an outcome recorded, durable: p50 %.1f ms, p95 %.1f ms, p99 %.1f ms\n", 1000 * http_times_at(&w->write, 0.5),
                 1000 * http_times_at(&w->write, 0.95), 1000 * http_times_at(&w->write, 0.99));
    (void)printf("%lld requests, %.0f a second, %lld failed", (long long)w->requests, (double)w->requests / w->b->seconds, (long long)w->failed);
    if (w->failed > 0) (void)printf(" (the last with %d: %s)", w->status, w->failure);
    (void)printf("\n");
    return good && w->failed == 0;
}

int64_t bench_total(struct bench *b, const char *list)
{
    char path[100];
    struct http_user *u = http_user_open(b->server.port, b->token, 60);
    bool state = strcmp(list, "people") != 0;
    (void)snprintf(path, sizeof path, "/api/v1/%s?limit=1&count=true%s", list, state ? "&state=all" : "");
    struct http_reply r = http_get(u, path);
    json_t *page = r.status == 200 ? json_loads(r.body, 0, NULL) : NULL, *total = json_object_get(page, "total");
    int64_t out = json_is_integer(total) ? json_integer_value(total) : -1;
    json_decref(page);
    http_user_close(u);
    return out;
}

// Names are read last: until as many are found twice over as before.
static void work_names(struct bench *b)
{
    enum { SAME = 4, TURNS = 600 };
    const struct timespec pause = {0, 500000000};
    struct http_user *u = http_user_open(b->server.port, b->token, 60);
    double begun = http_now();
    int64_t last = -1;
    for (int32_t same = 0, turn = 0; same < SAME && turn < TURNS; turn++) {
        struct http_reply r = http_get(u, "/api/v1/people?limit=1&count=true&name=%E7%8E%8B");
        json_t *page = r.status == 200 ? json_loads(r.body, 0, NULL) : NULL;
        int64_t total = json_integer_value(json_object_get(page, "total"));
        json_decref(page);
        same = total == last ? same + 1 : 0;
        last = total;
        (void)nanosleep(&pause, NULL);
    }
    (void)printf("%-58s %10.3f s\n", "start: until everybody is found by name", b->server.ready_s + http_now() - begun - 2);
    http_user_close(u);
}

bool bench_lists(struct bench *b)
{
    struct work *w = calloc(1, sizeof *w);
    if (w == NULL) return false;
    w->b = b;
    bool good = work_read(w);
    if (good) {
        work_names(b);
        (void)printf("%d users, %.1f s of thought between requests, %d different requests\n", USERS, think_s, w->url_count);
        w->from = http_now() + warm_s;
        const char *tokens[2 * BENCH_WORKERS]; // every second one everywhere, the others in their community
        for (int32_t i = 0; i < 2 * BENCH_WORKERS; i++)
            tokens[i] = i % 2 == 0 || b->workers == 0 ? b->token : b->worker[i / 2 % b->workers];
        const struct http_crowd crowd = {.port = b->server.port, .tokens = tokens, .token_count = 2 * BENCH_WORKERS, .users = USERS,
                                         .seconds = warm_s + b->seconds, .think_s = think_s, .seed = (uint64_t)time(NULL), .next = work_next, .done = work_done,
                                         .payload = w};
        good = http_crowd_run(&crowd) && work_print(w);
    } else {
        (void)fprintf(stderr, "bench: the lists could not be read from the server\n");
    }
    for (int32_t i = 0; i < w->url_count; i++) http_times_free(&w->urls[i].times);
    http_times_free(&w->person);
    http_times_free(&w->write);
    free(w);
    return good;
}
