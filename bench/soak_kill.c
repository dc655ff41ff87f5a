// A real server, killed in the middle of its work, again and again.
#include "soak_load.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *const soak_protocols[] = {"covid19-cn-9"};
const struct bench_size soak_size = {.people = 4000, .cases = 30, .general_share = 0.3, .protocols = soak_protocols, .protocol_count = 1, .days = 25};

static void soak_body(struct soak *s, size_t first, size_t count, char out[SOAK_BODY])
{
    char uid[UID_TEXT], who[UID_TEXT];
    size_t n = (size_t)snprintf(out, SOAK_BODY, "{\"facts\":[");
    for (size_t i = 0; i < count; i++) {
        const unsigned char *raw = s->log.sent[first + i].uid;
        uid_format(raw, uid);
        memcpy(who, s->people[raw[15] % s->people_count], sizeof who); // the same person whenever it is sent again
        n += (size_t)snprintf(out + n, SOAK_BODY - n, "%s{\"uid\":\"%s\",\"subject\":\"%s\",\"kind\":\"seen_well\",\"happened\":\"%s\"}",
                              i == 0 ? "" : ",", uid, who, "2022-01-01T08:00:00Z");
    }
    (void)snprintf(out + n, SOAK_BODY - n, "]}");
}

static void soak_next(void *payload, int32_t user, uint64_t random, struct http_request *out)
{
    struct soak *s = payload;
    size_t count = 1 + random % SOAK_BATCH;
    s->user[user].first = s->log.count;
    s->user[user].count = count;
    for (size_t i = 0; i < count; i++) (void)soak_send(&s->log, &s->rng);
    soak_body(s, s->user[user].first, count, s->user[user].body);
    *out = (struct http_request){"PUT", "/api/v1/facts", s->user[user].body, strlen(s->user[user].body), user};
}

static void soak_done(void *payload, int32_t user, const struct http_request *rq, const struct http_reply *reply)
{
    struct soak *s = payload;
    (void)rq;
    if (reply->status == 200 && strstr(reply->body, "\"refused\":0") != NULL) {
        for (size_t i = 0; i < s->user[user].count; i++) s->log.sent[s->user[user].first + i].acknowledged = true;
    } else if (reply->status != 0) {
        s->last_status = reply->status;
        bool says = strstr(reply->body, "the disk is full") != NULL;
        if (reply->status == 503 || reply->status == 507 || says) s->clear++;
        if (s->refused++ == 0 && getenv("SOAK_SAY") != NULL) (void)fprintf(stderr, "soak: %d %.300s\n", reply->status, reply->body);
    }
    if (s->answered != NULL) s->answered(s, reply->status == 200);
    if (!s->killed && s->kill_at > 0 && http_now() >= s->kill_at) {
        (void)kill(s->server.pid, SIGKILL);
        s->killed = true;
    }
}

void soak_load(struct soak *s, double seconds, double kill_after)
{
    s->killed = false;
    s->kill_at = kill_after > 0 ? http_now() + kill_after : 0;
    const char *const token = s->token;
    const struct http_crowd crowd = {.port = s->server.port, .tokens = &token, .token_count = 1, .users = SOAK_USERS, .seconds = seconds, .think_s = 0.002,
                                     .seed = rng_u64(&s->rng), .next = soak_next, .done = soak_done, .payload = s, .stop = &s->killed};
    (void)http_crowd_run(&crowd);
}

bool soak_find_people(struct soak *s)
{
    struct http_user *u = http_user_open(s->server.port, s->token, 10);
    struct http_reply r = http_get(u, "/api/v1/people?limit=200");
    json_t *page = json_loads(r.body, 0, NULL), *items = json_object_get(page, "items"), *item;
    size_t i;
    json_array_foreach(items, i, item) {
        const char *uid = json_string_value(json_object_get(json_object_get(item, "person"), "uid"));
        if (uid == NULL || s->people_count == SOAK_PEOPLE) continue;
        (void)snprintf(s->people[s->people_count++], UID_TEXT, "%s", uid);
    }
    if (s->people_count == 0) (void)fprintf(stderr, "soak: people: %d %.200s\n", r.status, r.body);
    json_decref(page);
    http_user_close(u);
    return s->people_count > 0;
}

// Whatever was acknowledged is sent again: it is answered as the first time, and nothing is added.
void soak_again(struct soak *s, size_t from)
{
    struct http_user *u = http_user_open(s->server.port, s->token, 10);
    char body[SOAK_BODY];
    for (size_t i = from; i < s->log.count && i < from + 40; i++) {
        if (!s->log.sent[i].acknowledged) continue;
        soak_body(s, i, 1, body);
        struct http_reply r = http_ask(u, "PUT", "/api/v1/facts", NULL, body, strlen(body), true);
        if (r.status != 200 || strstr(r.body, "\"repeated\":true") == NULL) {
            if (s->totals.repeated_wrong++ == 0) (void)fprintf(stderr, "soak: sent again: %d %.300s\n", r.status, r.body);
        }
    }
    http_user_close(u);
}

// `tongzhou WORD --store STORE`, its output thrown away unless it fails.
bool soak_command(const struct soak *s, const char *word)
{
    char path[BENCH_PATH], vault[BENCH_PATH + 16], scratch[BENCH_PATH + 32];
    int status = -1;
    bench_program(s->program, path);
    bench_vault_of(s->store, vault);
    (void)snprintf(scratch, sizeof scratch, "%.1000s.scratch", vault);
    bool made = strcmp(word, "rebuild") == 0 && db_where_is_postgresql(s->store); // beside a file it finds its own place
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        if (null >= 0) (void)dup2(null, STDOUT_FILENO);
        (void)execl(path, path, word, "--store", s->store, "--vault", vault, made ? "--scratch" : (char *)NULL, scratch, (char *)NULL);
        _exit(127);
    }
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void soak_check(struct soak *s)
{
    struct soak_found found;
    if (!soak_look(s->store, &s->log, &found)) s->totals.failed++;
    else soak_add(&s->totals, &found);
    if (!soak_command(s, "verify")) s->totals.chain_bad++;
    if (!soak_command(s, "rebuild")) s->totals.rebuild_bad++;
    s->totals.sent = (int64_t)s->log.count;
}

bool soak_open(struct soak *s, const char *program, const char *folder, char store[BENCH_PATH])
{
    struct bench_made made;
    bool was_there = false;
    return bench_store_make(folder, &soak_size, store, &was_there, &made) && soak_begin(s, program, store);
}

bool soak_begin(struct soak *s, const char *program, const char *store)
{
    *s = (struct soak){.program = program, .store = store};
    if (!bench_store_migrate(store) || !bench_store_token(store, 0, s->token)) return false;
    s->log.before = soak_last_fact(store);
    s->rng = rng_stream((uint64_t)s->log.before, 0, 0, 0, 1); // other uids when the store was soaked before
    return s->log.before >= 0;
}

bool soak_kill(const char *program, const char *folder, int32_t runs)
{
    static struct soak soak;
    struct soak *s = &soak;
    char store[BENCH_PATH];
    if (!soak_open(s, program, folder, store)) return false;
    double begun = http_now();
    for (int32_t i = 0; i < runs && s->totals.failed == 0; i++) {
        size_t from = s->log.count > 30 ? s->log.count - 30 : 0;
        if (!bench_server_start(program, store, (uint16_t)(SOAK_PORTS + i % 900), 30, &s->server) || (s->people_count == 0 && !soak_find_people(s))) {
            s->totals.failed++;
            break;
        }
        if (s->log.count > 0) soak_again(s, from);
        double after = 0.1 + rng_uniform(&s->rng) * 0.9;
        soak_load(s, after + 5, after);
        (void)bench_server_stop(&s->server, SIGKILL);
        s->totals.runs++;
        soak_check(s);
    }
    (void)bench_server_stop(&s->server, SIGKILL);
    if (s->totals.acknowledged == 0 && runs > 0) s->totals.failed++;
    soak_print("kill -9 under load", &s->totals, http_now() - begun);
    if (s->refused > 0) (void)printf("  (%lld requests were refused, the last with %d)\n", (long long)s->refused, s->last_status);
    free(s->log.sent);
    return soak_good(&s->totals);
}

// ---- no room ----

static bool soak_limit(pid_t pid, const char *bytes)
{
    char of[32], to[48];
    int status = -1;
    (void)snprintf(of, sizeof of, "%ld", (long)pid);
    (void)snprintf(to, sizeof to, "--fsize=%s:", bytes);
    pid_t child = fork();
    if (child == 0) {
        (void)execlp("prlimit", "prlimit", "--pid", of, to, (char *)NULL);
        _exit(127);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool soak_full(const char *program, const char *folder)
{
    static struct soak soak;
    struct soak *s = &soak;
    char store[BENCH_PATH];
    if (!soak_open(s, program, folder, store)) return false;
    double begun = http_now();
    (void)signal(SIGXFSZ, SIG_IGN); // as systemd and shells leave it for services; inherited
    bool up = bench_server_start(program, store, SOAK_PORTS + 950, 30, &s->server) && soak_find_people(s);
    if (!up) s->totals.failed++;
    bool limited = up && soak_limit(s->server.pid, "65536"); // no file grows beyond that: the log of the database cannot
    if (limited) {
        soak_load(s, 2, 0);
        int64_t refused = s->refused, before = (int64_t)s->log.count;
        bool clear = refused > 0 && s->clear == refused;
        (void)printf("no room on the disk: %lld requests refused, %lld of them with the reason\n", (long long)refused, (long long)s->clear);
        if (!clear) s->totals.failed++;
        if (!soak_limit(s->server.pid, "unlimited")) s->totals.failed++;
        const struct timespec moment = {1, 0};
        (void)nanosleep(&moment, NULL);
        soak_load(s, 2, 0);
        int64_t later = 0;
        for (int64_t i = before; i < (int64_t)s->log.count; i++) later += s->log.sent[i].acknowledged ? 1 : 0;
        (void)printf("room again: %lld facts taken, without a restart\n", (long long)later);
        if (later == 0) s->totals.failed++;
    } else if (up) {
        (void)printf("no room on the disk: left out, there is no prlimit here\n");
    }
    (void)bench_server_stop(&s->server, SIGTERM);
    s->totals.runs = 1;
    soak_check(s);
    soak_print("no room on the disk", &s->totals, http_now() - begun);
    free(s->log.sent);
    return soak_good(&s->totals);
}
