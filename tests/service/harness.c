#include "harness.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static utc_sec harness_clock(void *payload)
{
    return ((struct harness *)payload)->now;
}

// "Test NAME" names an actor of the test.
static tong_code harness_who(struct request *rq, struct err *err)
{
    const struct harness *h = rq->service->options.clock_payload;
    (void)err;
    if (!str_starts(rq->authorization, "Test ")) return TONG_OK;
    struct str name = {rq->authorization.p + 5, rq->authorization.n - 5};
    for (size_t i = 0; i < h->actor_count; i++)
        if (str_eq_z(name, h->actor[i].name)) rq->actor = h->actor[i].actor;
    return TONG_OK;
}

static char *harness_file(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    char *text = calloc(1, (1 << 20) + 1);
    *n = f == NULL || text == NULL ? 0 : fread(text, 1, 1 << 20, f);
    if (f != NULL) (void)fclose(f);
    return text;
}

// Proposed by the system, signed by accounts 1 and 2.
static bool harness_protocol(struct harness *h, const char *path, char *fault, size_t room)
{
    size_t n;
    char *text = harness_file(path, &n);
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    struct intake_outcome out = {.problems = &problems};
    struct err err = {0};
    struct command propose = {.kind = COMMAND_EDITION_PROPOSE, .at = h->now, .text = {text, n}};
    tong_code code = writer_take(h->service->writer, &propose, 1, &out, &err);
    bool good = code == TONG_OK && out.code == TONG_OK;
    for (int64_t signer = 1; signer <= 2 && good; signer++) {
        struct command sign = {.kind = COMMAND_EDITION_SIGN, .at = h->now, .about = out.made, .account = signer};
        code = writer_take(h->service->writer, &sign, 1, &out, &err);
        good = code == TONG_OK && out.code == TONG_OK;
    }
    if (good) good = writer_advance(h->service->writer, &err) == TONG_OK && service_edition(h->service) >= 0;
    const char *why = problems.count == 0 ? err.text : problem_text(&problems.items[0], LANG_EN, &arena);
    if (!good) (void)snprintf(fault, room, "%s: %s", path, why == NULL ? "" : why);
    arena_free(&arena);
    free(text);
    return good;
}

bool harness_start(struct harness *h, const struct harness_options *options, char *fault, size_t room)
{
    struct harness_options none = {0};
    struct err err = {0};
    const char *tmp = getenv("TMPDIR");
    if (options == NULL) options = &none;
    *h = (struct harness){.now = {1656662400}}; // 2022-07-01T08:00:00Z
    (void)snprintf(h->folder, sizeof h->folder, "%.400s/tongzhou-test-XXXXXX",
                   tmp == NULL || tmp[0] == 0 ? "/tmp" : tmp);
    if (mkdtemp(h->folder) == NULL) {
        (void)snprintf(fault, room, "%s cannot be made", h->folder);
        h->folder[0] = 0;
        return false;
    }
    (void)snprintf(h->store, sizeof h->store, "%.460s/store.db", h->folder);
    (void)snprintf(h->vault, sizeof h->vault, "%.460s/store.vault", h->folder); // of a database that is no file
    struct service_options service = {
        .where = options->store == NULL ? h->store : options->store,
        .vault = options->store != NULL && db_where_is_postgresql(options->store) ? h->vault : NULL,
        .web = options->web,
        .version = "test",
        .name = "Test",
        .language = LANG_EN,
        .who = options->who == NULL ? harness_who : options->who,
        .look = options->look,
        .clock = harness_clock,
        .clock_payload = h,
        .still = !options->threads,
        .feed_beat_s = options->feed_beat_s,
        .log = {options->log, options->log_file > 0 ? options->log_file : 2},
    };
    zone_fixed(8 * 3600, "UTC+8", &service.zone);
    if (service_open(&service, &h->service, &err) != TONG_OK) {
        (void)snprintf(fault, room, "%s", err.text);
        return false;
    }
    return options->protocol == NULL || harness_protocol(h, options->protocol, fault, room);
}

static void harness_forget(struct harness *h)
{
    json_decref(h->json);
    h->json = NULL;
    reply_close(&h->reply);
    h->reply = (struct reply){0};
    arena_free(&h->arena);
}

void harness_close(struct harness *h)
{
    harness_forget(h);
    service_close(h->service);
    h->service = NULL;
    DIR *d = h->folder[0] == 0 ? NULL : opendir(h->folder);
    for (struct dirent *entry; d != NULL && (entry = readdir(d)) != NULL;) {
        char path[HARNESS_PATH * 2];
        (void)snprintf(path, sizeof path, "%s/%s", h->folder, entry->d_name);
        if (entry->d_name[0] != '.') (void)unlink(path);
    }
    if (d != NULL) (void)closedir(d);
    if (h->folder[0] != 0) (void)rmdir(h->folder);
}

struct actor *harness_actor(struct harness *h, const char *name, int64_t account, int32_t role, int64_t place)
{
    struct harness_actor *a = NULL;
    for (size_t i = 0; i < h->actor_count; i++)
        if (strcmp(h->actor[i].name, name) == 0) a = &h->actor[i];
    if (a == NULL && h->actor_count < HARNESS_ACTORS) a = &h->actor[h->actor_count++];
    if (a == NULL) return NULL;
    *a = (struct harness_actor){.name = name, .actor = {.account = account, .second_factor = true, .grant_count = 1}};
    a->actor.grant[0] = (struct grant){.role = role, .place = place, .begins = {0}, .ends = UTC_NONE};
    return &a->actor;
}

// Has the role a right that the actor has not?
static bool role_adds(const struct actor *a, int32_t role, utc_sec now)
{
    for (int right = RIGHT_NONE + 1; right < RIGHT_WORD_COUNT; right++)
        if (role_has(role, (right_word)right) && !actor_may(a, (right_word)right, now)) return true;
    return false;
}

struct actor *harness_actor_all(struct harness *h, const char *name, int64_t account)
{
    struct actor *a = harness_actor(h, name, account, ACCOUNT_ROLE_ADMINISTRATOR, 0);
    int32_t role;
    if (a == NULL) return NULL;
    a->person = 1;
    for (size_t i = 0; (role = role_at(i)) >= 0 && a->grant_count < GRANTS_MAX; i++)
        if (role_adds(a, role, h->now))
            a->grant[a->grant_count++] = (struct grant){.role = role, .begins = {0}, .ends = UTC_NONE};
    return a;
}

int32_t harness_ask(struct harness *h, const struct question *q)
{
    struct request *rq = &h->request;
    harness_forget(h);
    *rq = (struct request){.arena = &h->arena, .body_file = -1, .target = str_z(q->target)};
    h->arena.bytes_max = HTTP_ARENA_BYTES_MAX;
    rq->method = http_method_find(q->method);
    rq->host = str_z(q->host == NULL ? "tongzhou.test" : q->host);
    rq->remote = STR("192.0.2.1");
    if (q->body != NULL) {
        rq->body = (struct str){q->body, q->body_bytes > 0 ? q->body_bytes : strlen(q->body)};
        rq->content_type = str_z(q->type == NULL ? "application/json" : q->type);
    }
    if (q->language != NULL) rq->accept_language = str_z(q->language);
    if (q->if_match != NULL) rq->if_match = str_z(q->if_match);
    if (q->if_none_match != NULL) rq->if_none_match = str_z(q->if_none_match);
    if (q->accept_encoding != NULL) rq->accept_encoding = str_z(q->accept_encoding);
    if (q->last_event != NULL) rq->last_event = str_z(q->last_event);
    if (q->origin != NULL) rq->origin = str_z(q->origin);
    if (q->fetch_site != NULL) rq->fetch_site = str_z(q->fetch_site);
    if (q->authorization != NULL) rq->authorization = str_z(q->authorization);
    bool own = h->service->options.who == harness_who;
    if (q->as != NULL && own) rq->authorization = str_z(arena_printf(&h->arena, "Test %s", q->as));
    if (q->as != NULL && !own) {
        rq->cookie = str_z(q->as);
        if (q->origin == NULL && q->fetch_site == NULL) rq->fetch_site = STR("same-origin");
    }
    http_dispatch(h->service, rq, &h->reply);
    h->status = h->reply.status;
    h->body = h->reply.fixed.p != NULL ? h->reply.fixed : sink_kept(&h->reply.body);
    h->json = json_loadb(h->body.p, h->body.n, JSON_REJECT_DUPLICATES, NULL);
    return h->status;
}

int32_t harness_get(struct harness *h, const char *target, const char *as)
{
    return harness_ask(h, &(struct question){.method = "GET", .target = target, .as = as});
}

int32_t harness_send(struct harness *h, const char *method, const char *target, const char *as, const char *body)
{
    return harness_ask(h, &(struct question){.method = method, .target = target, .as = as, .body = body});
}

const char *harness_header(const struct harness *h, const char *name)
{
    for (size_t i = 0; i < h->reply.header_count; i++)
        if (str_eq_nocase(h->reply.header[i].name, str_z(name))) return h->reply.header[i].value.p;
    return NULL;
}

const json_t *harness_at(const struct harness *h, const char *path)
{
    static json_t *const nothing = NULL;
    const json_t *at = h->json;
    struct str rest = str_z(path), part;
    while (at != NULL && str_cut(&rest, '.', &part)) {
        char key[100];
        int64_t index;
        (void)snprintf(key, sizeof key, "%.*s", STR_ARG(part));
        if (json_is_array(at)) at = str_int(part, &index) && index >= 0 ? json_array_get(at, (size_t)index) : nothing;
        else at = json_object_get(at, key);
    }
    return at;
}

const char *harness_text(const struct harness *h, const char *path)
{
    const char *text = json_string_value(harness_at(h, path));
    return text == NULL ? "" : text;
}

int64_t harness_int(const struct harness *h, const char *path)
{
    const json_t *at = harness_at(h, path);
    return json_is_integer(at) ? json_integer_value(at) : INT64_MIN;
}

size_t harness_stream(struct harness *h, char *out, size_t most, bool *ended)
{
    size_t n = 0;
    int64_t got = 0;
    while (h->reply.stream != NULL && n < most && (got = h->reply.stream(h->reply.stream_state, out + n, most - n)) > 0)
        n += (size_t)got;
    if (ended != NULL) *ended = got < 0;
    return n;
}

static bool harness_want(const struct harness *h, struct str want)
{
    char path[200], value[400], shown[64];
    size_t at = 0;
    while (at < want.n && strchr("=~!", want.p[at]) == NULL) at++;
    if (at == want.n) return false;
    (void)snprintf(path, sizeof path, "%.*s", (int)at, want.p);
    (void)snprintf(value, sizeof value, "%.*s", (int)(want.n - at - 1), want.p + at + 1);
    size_t n = strlen(path);
    bool count = n > 2 && strcmp(path + n - 2, ".#") == 0;
    if (count) path[n - 2] = 0;
    const json_t *got = harness_at(h, path);
    if (want.p[at] == '!') return got == NULL;
    if (got == NULL) return false;
    const char *text = json_string_value(got);
    if (count) (void)snprintf(shown, sizeof shown, "%zu", json_array_size(got));
    else if (json_is_integer(got)) (void)snprintf(shown, sizeof shown, "%lld", (long long)json_integer_value(got));
    else if (json_is_real(got)) (void)snprintf(shown, sizeof shown, "%g", json_real_value(got));
    else
        (void)snprintf(shown, sizeof shown, "%s",
                       json_is_null(got)    ? "null"
                       : json_is_true(got)  ? "true"
                       : json_is_false(got) ? "false"
                                            : "");
    if (text == NULL || count) text = shown;
    return want.p[at] == '~' ? strstr(text, value) != NULL : strcmp(text, value) == 0;
}

bool harness_wants(const struct harness *h, const char *wants, char *fault, size_t room)
{
    struct str rest = str_z(wants), want;
    while (str_cut(&rest, ';', &want)) {
        want = str_trim(want);
        if (want.n == 0 || harness_want(h, want)) continue;
        (void)snprintf(fault, room, "wanted %.*s in %.*s", STR_ARG(want), (int)(h->body.n < 1500 ? h->body.n : 1500),
                       h->body.p == NULL ? "" : h->body.p);
        return false;
    }
    return true;
}

bool harness_scene(struct harness *h, const struct scenario *scene, char *fault, size_t room)
{
    int32_t status = harness_send(h, scene->method, scene->target, scene->as, scene->body);
    if (status == scene->status) return scene->wants == NULL || harness_wants(h, scene->wants, fault, room);
    (void)snprintf(fault, room, "status %d, not %d: %.*s", (int)status, (int)scene->status,
                   (int)(h->body.n < 1500 ? h->body.n : 1500), h->body.p == NULL ? "" : h->body.p);
    return false;
}
