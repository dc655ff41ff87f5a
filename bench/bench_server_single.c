// What is asked for once in a while and is large: many facts in one request, exports, the graph of chains, imports.
#include "bench_server.h"

#include "base/rng.h"
#include "base/sink.h"
#include "store/uid.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BULK = 300, IMPORT_ROWS = 50000 };

// A pause between two looks at what an import does.
static void single_pause(void)
{
    const struct timespec pause = {0, 20000000};
    (void)nanosleep(&pause, NULL);
}

static void single_uid(struct rng *r, char out[UID_TEXT])
{
    unsigned char uid[UID_BYTES], random[UID_RANDOM];
    for (size_t i = 0; i < sizeof random; i++) random[i] = (unsigned char)rng_below(r, 256);
    uid_make((utc_sec){(int64_t)time(NULL)}, 0, random, uid);
    uid_format(uid, out);
}

// The same outcome for 300 cases, in one request.
static bool single_bulk(struct http_user *u, struct rng *r)
{
    struct http_reply page = http_get(u, "/api/v1/cases?limit=300&state=all");
    if (page.status != 200) page = http_get(u, "/api/v1/cases?limit=300");
    json_t *document = json_loads(page.body, 0, NULL), *items = json_object_get(document, "items"), *item;
    struct sink body = {0};
    size_t i, count = 0;
    char uid[UID_TEXT], at[40];
    time_t now = time(NULL) - 60;
    struct tm tm;
    (void)strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
    sink_text(&body, "{\"facts\":[");
    json_array_foreach(items, i, item) {
        json_t *person = json_object_get(item, "person");
        if (person == NULL) person = json_object_get(item, "subject");
        const char *who = json_string_value(json_object_get(person, "uid"));
        if (who == NULL || count == BULK) continue;
        single_uid(r, uid);
        sink_printf(&body, "%s{\"uid\":\"%s\",\"subject\":\"%s\",\"kind\":\"well\",\"happened\":\"%s\"}", count++ == 0 ? "" : ",", uid, who, at);
    }
    sink_text(&body, "]}");
    json_decref(document);
    struct http_reply reply = http_ask(u, "PUT", "/api/v1/facts", NULL, sink_kept(&body).p, sink_kept(&body).n, true);
    sink_close(&body);
    char what[80];
    (void)snprintf(what, sizeof what, "%zu cases changed in one request (status %d)", count, reply.status);
    return bench_line(what, reply.seconds, 0.5, "s", false, "SORMAS: bulk edits time out (field.md, 2)") && reply.status == 200 && count > 0;
}

static bool single_get(struct http_user *u, const char *path, const char *what, double goal, const char *peer)
{
    struct http_reply r = http_ask(u, "GET", path, NULL, NULL, 0, false);
    char text[100];
    (void)snprintf(text, sizeof text, "%s (status %d, %.1f MB)", what, r.status, (double)r.bytes / 1e6);
    return bench_line(text, r.seconds, goal, "s", false, peer) && r.status == 200;
}

// ---- imports ----

static json_t *single_import(struct http_user *u, const char *path)
{
    struct http_reply r = http_get(u, path);
    return r.status == 200 ? json_loads(r.body, 0, NULL) : NULL;
}

// Until its stage is this one; seconds, or -1.
static double single_wait(struct http_user *u, const char *path, const char *stage, double begun, char at[40])
{
    for (;;) {
        json_t *import = single_import(u, path), *now = json_object_get(import, "stage");
        const char *word = json_string_value(json_object_get(now, "name"));
        if (word == NULL) word = json_string_value(json_object_get(now, "word"));
        (void)snprintf(at, 40, "%s", word == NULL ? "?" : word);
        json_decref(import);
        if (strcmp(at, stage) == 0) return http_now() - begun;
        if (at[0] == '?' || http_now() - begun > 300) return -1;
        single_pause();
    }
}

static void single_list(struct rng *r, struct sink *out)
{
    sink_text(out, "id,name,sex,age,onset,reported,class\n");
    for (int32_t i = 0; i < IMPORT_ROWS; i++) {
        int32_t onset = 1 + (int32_t)rng_below(r, 28);
        sink_printf(out, "bench-%lld-%d,测试%d,%s,%u,2022-10-%02d,2022-11-%02d,confirmed\n", (long long)time(NULL) % 100000, i, i,
                    rng_below(r, 2) == 0 ? "male" : "female", 1 + rng_below(r, 90), onset, 1 + onset % 28);
    }
}

// Sent by one, confirmed by another, as so many people ask for.
static bool single_imports(struct http_user *u, struct http_user *second, struct rng *r)
{
    char uid[UID_TEXT], path[120], confirm[140], state[40];
    struct sink list = {0};
    single_uid(r, uid);
    single_list(r, &list);
    (void)snprintf(path, sizeof path, "/api/v1/imports/%s?format=list&name=bench.csv", uid);
    double begun = http_now();
    struct http_reply sent = http_ask(u, "PUT", path, "text/csv", sink_kept(&list).p, sink_kept(&list).n, true);
    if (sent.status < 200 || sent.status > 299) {
        (void)printf("imports: status %d: %.200s\n", sent.status, sent.body);
        sink_close(&list);
        return false;
    }
    sink_close(&list);
    (void)snprintf(path, sizeof path, "/api/v1/imports/%s", uid);
    double tried = single_wait(u, path, "checked", begun, state);
    bool good = tried > 0;
    if (!good) (void)printf("the dry run ended at the stage %s\n", state);
    if (good) good = bench_line("import, dry run", IMPORT_ROWS / tried, 50000, "rows/s", true, "");
    (void)snprintf(confirm, sizeof confirm, "%s/confirm", path);
    begun = http_now();
    struct http_reply confirmed = http_ask(second, "POST", confirm, NULL, NULL, 0, true);
    if (confirmed.status == 202 || confirmed.status == 200) {
        double done = single_wait(u, path, "ended", begun, state);
        if (done < 0) (void)printf("the import ended at the stage %s\n", state);
        return done > 0 && bench_line("import, recorded with the protocol run", IMPORT_ROWS / done, 8000, "rows/s", true, "DHIS2 2.43: 3,220; SORMAS: about 1") && good;
    }
    (void)printf("import: confirming answered %d: %.200s\n", confirmed.status, confirmed.body);
    return false;
}

// ---- chains ----

static int64_t single_nodes(const struct http_reply *r)
{
    json_t *graph = r->status == 200 ? json_loads(r->body, 0, NULL) : NULL;
    int64_t n = (int64_t)json_array_size(json_object_get(json_object_get(graph, "nodes"), "enrolment"));
    json_decref(graph);
    return n;
}

// As many days as it takes for the graph to have this many nodes, from where the outbreak was young.
static bool single_chains(struct http_user *u)
{
    enum { NODES = 24000, FIRST = 80 };
    char path[160], from[16], to[16], what[100];
    struct http_reply r = {0};
    int64_t nodes = 0;
    for (int days = 1; days < FIRST && nodes < NODES; days += days < 10 ? 1 : 3) {
        time_t first = time(NULL) - (time_t)FIRST * 86400, last = time(NULL) - (time_t)(FIRST - days) * 86400;
        struct tm tm;
        (void)strftime(from, sizeof from, "%Y-%m-%d", gmtime_r(&first, &tm));
        (void)strftime(to, sizeof to, "%Y-%m-%d", gmtime_r(&last, &tm));
        (void)snprintf(path, sizeof path, "/api/v1/chains?from=%s&to=%s", from, to);
        r = http_get(u, path);
        nodes = single_nodes(&r);
    }
    (void)snprintf(what, sizeof what, "graph of chains, %lld people (status %d, %.1f MB)", (long long)nodes, r.status, (double)r.bytes / 1e6);
    return bench_line(what, r.seconds, 1, "s", false, "goal for 24,000; SORMAS: not drawn at 4,700 and 18,900") && r.status == 200;
}

// ---- editions ----

// Everybody who is followed is asked what would become of them under an edition that is not in force.
static bool single_affected(struct http_user *u)
{
    struct http_reply r = http_get(u, "/api/v1/editions");
    json_t *page = r.status == 200 ? json_loads(r.body, 0, NULL) : NULL, *edition;
    int64_t id = -1;
    size_t i;
    json_array_foreach(json_object_get(page, "items"), i, edition) {
        json_t *state = json_object_get(edition, "state"), *number = json_object_get(edition, "edition");
        const char *word = json_string_value(json_is_object(state) ? json_object_get(state, "word") : state);
        if (!json_is_integer(number)) number = json_object_get(edition, "id");
        if (word != NULL && strcmp(word, "in_force") != 0 && json_is_integer(number)) id = json_integer_value(number);
    }
    json_decref(page);
    if (id < 0) {
        (void)printf("there is no edition besides the one in force (status %d): who is affected was not asked\n", r.status);
        return false;
    }
    char path[80], what[100];
    (void)snprintf(path, sizeof path, "/api/v1/editions/%lld/affected", (long long)id);
    r = http_get(u, path);
    json_t *said = r.status == 200 ? json_loads(r.body, 0, NULL) : NULL;
    (void)snprintf(what, sizeof what, "who is affected by an edition (status %d, %lld enrolments)", r.status,
                   (long long)json_integer_value(json_object_get(said, "enrolments")));
    json_decref(said);
    return bench_line(what, r.seconds, 10, "s", false, "") && r.status == 200;
}

bool bench_singles(struct bench *b)
{
    struct http_user *u = http_user_open(b->server.port, b->token, 600);
    struct rng r = rng_stream((uint64_t)time(NULL), 0, 0, 0, 3);
    double cases = (double)bench_total(b, "cases");
    bool good = single_bulk(u, &r);
    char what[80];
    (void)snprintf(what, sizeof what, "export of %.0f cases", cases);
    int64_t before = bench_server_rss(&b->server, false);
    good = single_get(u, "/api/v1/exports/cases", what, 3 * cases / 120000, "goal for 120,000: 3 s; SORMAS: 5,000 take 5 to 10 min, 120,000 end in HTTP 500") && good;
    (void)printf("    memory %.0f MB before it, %.0f MB after\n", (double)before / 1e6, (double)bench_server_rss(&b->server, false) / 1e6);
    good = single_chains(u) && good;
    good = single_affected(u) && good;
    struct http_user *second = http_user_open(b->server.port, b->second, 600);
    good = single_imports(u, second, &r) && good;
    http_user_close(second);
    http_user_close(u);
    return good;
}
