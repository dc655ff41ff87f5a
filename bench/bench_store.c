#include "bench_store.h"
#include "bench_http.h"

#include "protocol/read.h"
#include "service/account.h"
#include "service/demo_load.h"
#include "service/session.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STORE_TEXTS = 8, DAY_S = 86400, STORE_CACHE_MIB = 1536 };

static bool store_said(const char *what, const struct err *err)
{
    (void)fprintf(stderr, "bench: %s: %s\n", what, err->text);
    return false;
}

// ---- protocols ----

static tong_code store_open_file(void *payload, const char *path, struct arena *arena, struct str *out, struct err *err)
{
    (void)payload;
    FILE *f = fopen(path, "rb");
    if (f == NULL) return tong_fail(err, TONG_E_NOT_FOUND, "%s", path);
    char *text = arena_alloc(arena, (size_t)1 << 20);
    out->p = text;
    out->n = text == NULL ? 0 : fread(text, 1, (size_t)1 << 20, f);
    (void)fclose(f);
    return text == NULL ? TONG_E_NOMEM : TONG_OK;
}

static void store_protocol_path(const char *name, char out[BENCH_PATH])
{
    const char *folder = getenv("TONGZHOU_PROTOCOLS");
    (void)snprintf(out, BENCH_PATH, "%s/%s.yaml", folder == NULL ? "protocols" : folder, name);
}

// ---- making ----

struct store_making {
    struct arena arena;
    struct protocol protocol;
    const struct protocol *editions[1];
    struct rulebook book;
    struct str texts[STORE_TEXTS];
    struct district *district;
    struct intake *intake;
    struct demo_load *load;
};

static tong_code store_take(void *payload, const struct command *c, size_t count, struct intake_outcome *out, struct err *err)
{
    return intake_take(payload, c, count, out, err);
}

static tong_code store_advance(void *payload, utc_sec now, struct err *err)
{
    return intake_advance(payload, now, err);
}

static tong_code store_protocols(struct store_making *m, const struct bench_size *size, struct err *err)
{
    const struct protocol_source source = {store_open_file, NULL};
    struct problem_list problems = {.arena = &m->arena};
    char path[BENCH_PATH];
    tong_code code = TONG_OK;
    for (int32_t i = 0; i < size->protocol_count && code == TONG_OK; i++) {
        store_protocol_path(size->protocols[i], path);
        code = store_open_file(NULL, path, &m->arena, &m->texts[i], err);
    }
    if (code == TONG_OK) code = protocol_read(path, &source, &m->protocol, &problems, err);
    m->editions[0] = &m->protocol;
    m->book = (struct rulebook){m->editions, 1};
    return code;
}

static tong_code store_fill(struct store_making *m, const char *store, const struct bench_size *size, struct err *err)
{
    int64_t now = (int64_t)time(NULL);
    struct district_options o = district_options_default();
    o.people = (int32_t)size->people;
    o.cases = (int32_t)size->cases;
    o.contacts = size->contacts;
    o.facts = size->facts;
    o.general_share = size->general_share;
    o.start = (civil_day){(int32_t)(now / DAY_S) - size->days};
    tong_code code = store_protocols(m, size, err);
    if (code == TONG_OK) code = district_open(&o, &m->book, &m->district, err);
    char vault[BENCH_PATH + 16];
    bench_vault_of(store, vault);
    const struct intake_options in = {.where = store, .vault = vault, .bytes_max = (size_t)1 << 30};
    if (code == TONG_OK) code = intake_open(&in, &m->intake, err);
    if (code == TONG_OK) code = db_bulk(intake_db(m->intake), STORE_CACHE_MIB, err);
    const struct demo_taker taker = {store_take, store_advance, m->intake, store, NULL};
    if (code == TONG_OK) code = demo_load_open(m->district, &m->protocol, &taker, &m->load, err);
    if (code == TONG_OK) code = demo_load_world(m->load, err);
    if (code == TONG_OK) code = demo_load_edition(m->load, m->texts, (size_t)size->protocol_count, err);
    double begun = http_now();
    for (int64_t at = district_begin(m->district).s; code == TONG_OK && at < now; at += 7 * (int64_t)DAY_S) {
        code = demo_load_until(m->load, (utc_sec){at + 7 * (int64_t)DAY_S < now ? at + 7 * (int64_t)DAY_S : now - 60}, err);
        struct demo_counts k = demo_load_counts(m->load);
        (void)fprintf(stderr, "  week %lld: %lld facts, %lld orders, %.0f s\n", (long long)((at - district_begin(m->district).s) / DAY_S / 7 + 1),
                      (long long)k.facts, (long long)k.orders, http_now() - begun);
    }
    return code;
}

void bench_vault_of(const char *store, char out[BENCH_PATH + 16])
{
    const char *named = db_where_is_postgresql(store) ? getenv("TONGZHOU_VAULT") : NULL;
    if (named != NULL) (void)snprintf(out, BENCH_PATH + 16, "%.1000s", named);
    else (void)snprintf(out, BENCH_PATH + 16, "%.1000s.vault", store);
}

bool bench_store_fill(const char *where, const struct bench_size *size, struct bench_made *made)
{
    struct err err = {0};
    struct store_making *m = calloc(1, sizeof *m);
    if (m == NULL) return false;
    double begun = http_now();
    tong_code code = store_fill(m, where, size, &err);
    if (m->load != NULL) {
        struct demo_counts k = demo_load_counts(m->load);
        *made = (struct bench_made){http_now() - begun, k.places, k.people, k.facts, k.orders, k.refused};
    }
    demo_load_close(m->load);
    intake_close(m->intake);
    district_close(m->district);
    if (m->protocol.pathway_count > 0) protocol_free(&m->protocol);
    arena_free(&m->arena);
    free(m);
    if (code != TONG_OK) return store_said("the store cannot be made", &err);
    return true;
}

bool bench_store_make(const char *folder, const struct bench_size *size, char store[BENCH_PATH], bool *was_there,
                      struct bench_made *made)
{
    char marker[BENCH_PATH], beside[BENCH_PATH + 16];
    struct stat st;
    (void)mkdir(folder, 0777);
    (void)snprintf(store, BENCH_PATH, "%.900s/store-%lld.db", folder, (long long)size->people);
    (void)snprintf(marker, BENCH_PATH, "%.900s/store-%lld.made", folder, (long long)size->people);
    *was_there = stat(marker, &st) == 0;
    if (*was_there) return true;
    static const char *const old[] = {"", "-wal", "-shm", "-writer", ".vault"};
    for (size_t i = 0; i < sizeof old / sizeof old[0]; i++) {
        (void)snprintf(beside, sizeof beside, "%s%s", store, old[i]);
        (void)unlink(beside);
    }
    if (!bench_store_fill(store, size, made)) return false;
    int fd = open(marker, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (fd >= 0) (void)close(fd);
    return true;
}

// ---- somebody who may do everything ----

static tong_code store_account(struct db *db, struct vault *v, int64_t place, char token[BENCH_TOKEN], struct err *err)
{
    static const char *const roles[] = {"health_officer", "case_investigator", "epidemiologist", "clerk", "commander",
                                        "community_worker", "follow_up_worker", "sampler", "laboratory", "quarantine_site"};
    utc_sec now = {(int64_t)time(NULL)};
    char login[40];
    int64_t id = 0, grant_id;
    struct session_token made;
    (void)snprintf(login, sizeof login, "bench-%lld", (long long)(http_now() * 1e9));
    const struct account_new a = {.login = str_z(login), .name = STR("bench"), .password = "!", .at = now};
    tong_code code = account_add(db, v, &a, &id, err);
    for (size_t i = 0; i < sizeof roles / sizeof roles[0] && code == TONG_OK; i++) {
        const struct grant g = {.role = role_find(str_z(roles[i])), .place = place, .begins = {now.s - 60}, .ends = UTC_NONE};
        code = grant_add(db, id, &g, 0, &grant_id, err);
    }
    session_token_make(&made);
    if (code == TONG_OK) code = session_add(db, &made, id, now, SESSION_FACTOR_GIVEN, STR("bench"), err);
    (void)snprintf(token, BENCH_TOKEN, "%s", made.text);
    return code;
}

bool bench_store_migrate(const char *store)
{
    struct db *db = NULL;
    struct err err = {0};
    if (db_open(store, DB_CREATE, &db, &err) != TONG_OK) return store_said(store, &err);
    db_close(db);
    return true;
}

size_t bench_store_places(const char *store, int32_t kind, int64_t *out, size_t room)
{
    struct db *db = NULL;
    struct err err = {0};
    size_t seen = 0, step = 1, count = 0;
    if (db_open(store, DB_READ, &db, &err) != TONG_OK || db_ask(db, sql_roll_places, NULL, 0, &err) != TONG_OK) {
        db_close(db);
        return 0;
    }
    while (db_next(db, sql_roll_places)) {
        if (db_int(db, sql_roll_places, 2, -1) != kind || seen++ % step != 0) continue;
        if (count == room) { // every second one of those there are, and from here on only so many
            for (size_t i = 0; i < room / 2; i++) out[i] = out[2 * i];
            count = room / 2;
            step *= 2;
        }
        out[count++] = db_int(db, sql_roll_places, 0, 0);
    }
    if (db_done(db, sql_roll_places, &err) != TONG_OK) count = 0;
    db_close(db);
    return count;
}

int64_t bench_store_facts(const char *store)
{
    struct db *db = NULL;
    struct err err = {0};
    int64_t last = -1;
    if (db_open(store, DB_READ, &db, &err) == TONG_OK && db_ask(db, sql_fact_last, NULL, 0, &err) == TONG_OK)
        last = db_next(db, sql_fact_last) ? db_int(db, sql_fact_last, 0, 0) : 0;
    db_close(db);
    return last;
}

bool bench_store_token(const char *store, int64_t place, char token[BENCH_TOKEN])
{
    struct db *db = NULL;
    struct vault *v = NULL;
    struct err err = {0};
    char keys[BENCH_PATH + 16];
    bench_vault_of(store, keys);
    tong_code code = db_open(store, DB_WRITE, &db, &err);
    if (code == TONG_OK) code = vault_open(keys, false, &v, &err);
    if (code == TONG_OK) code = db_begin(db, &err);
    if (code == TONG_OK) code = store_account(db, v, place, token, &err);
    if (code == TONG_OK) code = db_commit(db, &err);
    db_close(db);
    vault_close(v);
    return code == TONG_OK || store_said("an account for the bench", &err);
}

// ---- a server ----

void bench_program(const char *argv0, char out[BENCH_PATH])
{
    const char *slash = strrchr(argv0, '/');
    (void)snprintf(out, BENCH_PATH, "%.*s/../tongzhou", slash == NULL ? 1 : (int)(slash - argv0), slash == NULL ? "." : argv0);
    const char *given = getenv("TONGZHOU_PROGRAM");
    if (given != NULL) (void)snprintf(out, BENCH_PATH, "%s", given);
}

static bool server_well(uint16_t port, int32_t *status)
{
    struct http_user *u = http_user_open(port, NULL, 2);
    struct http_reply r = http_get(u, "/healthz");
    *status = r.status;
    http_user_close(u);
    return r.status == 200;
}

bool bench_server_start(const char *program, const char *store, uint16_t port, double wait_s, struct bench_server *out)
{
    char path[BENCH_PATH], vault[BENCH_PATH + 16], listen[40];
    bench_program(program, path);
    bench_vault_of(store, vault);
    (void)snprintf(listen, sizeof listen, "127.0.0.1:%u", port);
    *out = (struct bench_server){.port = port};
    double begun = http_now();
    out->pid = fork();
    if (out->pid == 0) {
        (void)execl(path, path, "serve", "--store", store, "--vault", vault, "--listen", listen, "--log", "error", (char *)NULL);
        (void)fprintf(stderr, "bench: %s: %s\n", path, strerror(errno)); // NOLINT(concurrency-mt-unsafe): a child of its own
        _exit(127);
    }
    while (out->pid > 0 && http_now() - begun < wait_s) {
        int32_t status = 0;
        bool well = server_well(port, &status);
        if (status != 0 && out->answered_s == 0) out->answered_s = http_now() - begun;
        out->ready_s = http_now() - begun;
        if (well) return true;
        if (waitpid(out->pid, NULL, WNOHANG) == out->pid) break;
        const struct timespec pause = {0, 5000000};
        (void)nanosleep(&pause, NULL);
    }
    (void)fprintf(stderr, "bench: the server did not come up\n");
    return false;
}

int bench_server_stop(struct bench_server *s, int sig)
{
    int status = -1;
    if (s->pid <= 0) return status;
    (void)kill(s->pid, sig);
    while (waitpid(s->pid, &status, 0) < 0 && errno == EINTR) continue;
    s->pid = 0;
    return status;
}

int64_t bench_server_rss(const struct bench_server *s, bool peak)
{
    char path[64], line[200];
    int64_t kib = -1;
    (void)snprintf(path, sizeof path, "/proc/%ld/status", (long)s->pid);
    FILE *f = fopen(path, "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (strncmp(line, peak ? "VmHWM:" : "VmRSS:", 6) == 0) kib = strtoll(line + 6, NULL, 10);
    if (f != NULL) (void)fclose(f);
    return kib < 0 ? -1 : kib * 1024;
}
