// bench_server.c -- the server under many users, on a large store: ./dev bench server
//
// bench_server [STORE.db]. Without an argument the store is made once, under BENCH_STORE or build-release/bench-store, and
// kept: 1,000,000 people, 100,000 infections, 1,000,000 contacts, 10,000,000 facts of an invented district
// (twin/district.h); BENCH_SCALE=0.1 makes all of it a tenth. With one it is that store, which is worked on but not made
// (its keys lie beside it): copy it first if it is to stay as it is. BENCH_SECONDS is how long the users work, 60 if not
// said; BENCH_PARTS=lists or singles leaves the other half out.
//
// Then the release build of `tongzhou serve` runs on it, and the load generator on the same cores. Lists, their filters and
// their sorts are read from the server's own OpenAPI document, so that none is left out. Beside each figure stand the goal
// and what others have published (field.md, parts 2 and 5).
#include "bench_server.h"

#include "store/place.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PORT = 22080 };
static const char *const bench_protocols[] = {"covid19-cn-9", "covid19-cn-20", "covid19-cn-10"};

bool bench_line(const char *what, double value, double goal, const char *unit, bool more, const char *peer)
{
    bool good = more ? value >= goal : value <= goal;
    (void)printf("%-58s %10.3f %-5s goal %s %g: %s%s%s\n", what, value, unit, more ? "at least" : "at most", goal,
                 good ? "reached" : "MISSED", peer[0] == 0 ? "" : "; ", peer);
    (void)fflush(stdout);
    return good;
}

static double bench_scale(void)
{
    const char *given = getenv("BENCH_SCALE");
    double scale = given == NULL ? 1 : strtod(given, NULL);
    return scale > 0.004 && scale <= 2 ? scale : 1;
}

static void bench_folder(const char *argv0, char out[BENCH_PATH])
{
    const char *given = getenv("BENCH_STORE"), *slash = strrchr(argv0, '/');
    if (given != NULL) (void)snprintf(out, BENCH_PATH, "%s", given);
    else (void)snprintf(out, BENCH_PATH, "%.*s/../bench-store", slash == NULL ? 1 : (int)(slash - argv0), slash == NULL ? "." : argv0);
}

static int64_t bench_bytes(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

static bool bench_figures(struct bench *b, const char *argv0)
{
    char program[BENCH_PATH];
    bench_program(argv0, program);
    bool good = bench_line("start: to the first answer", b->server.answered_s, 1, "s", false, "");
    (void)printf("%-58s %10.3f s\n", "start: to complete lists", b->server.ready_s);
    good = bench_line("program, as built (strip makes it smaller)", (double)bench_bytes(program) / 1e6, 10, "MB", false, "") && good;
    (void)printf("%-58s %10.3f GB\n", "database", (double)bench_bytes(b->store) / 1e9);
    (void)printf("store: %lld people, %lld cases, %lld contacts, %lld facts in the chain\n", (long long)bench_total(b, "people"),
                 (long long)bench_total(b, "cases"), (long long)bench_total(b, "contacts"), (long long)bench_store_facts(b->store));
    return good;
}

static bool bench_make(struct bench *b, const char *argv0)
{
    struct bench_made made = {0};
    char folder[BENCH_PATH];
    bool was_there = false;
    double scale = bench_scale();
    const struct bench_size size = {.people = (int64_t)(1e6 * scale), .cases = (int64_t)(1e5 * scale), .contacts = (int64_t)(1e6 * scale),
                                    .facts = (int64_t)(1e7 * scale), .general_share = 0.3, .protocols = bench_protocols,
                                    .protocol_count = 3, .days = 100};
    bench_folder(argv0, folder);
    if (!bench_store_make(folder, &size, b->store, &was_there, &made)) return false;
    if (was_there) (void)printf("store: %s, made before\n", b->store);
    else
        (void)printf("store: %lld people, %lld places, %lld facts, %lld orders in %.0f s (%.0f commands a second)\n", (long long)made.people,
                     (long long)made.places, (long long)made.facts, (long long)made.orders, made.seconds,
                     (double)(made.people + made.places + made.facts + made.orders) / made.seconds);
    return true;
}

static bool bench_accounts(struct bench *b)
{
    int64_t place[BENCH_WORKERS];
    bool good = bench_store_migrate(b->store) && bench_store_token(b->store, 0, b->token) && bench_store_token(b->store, 0, b->second);
    b->workers = (int32_t)bench_store_places(b->store, PLACE_KIND_COMMUNITY, place, BENCH_WORKERS);
    for (int32_t i = 0; i < b->workers && good; i++) good = bench_store_token(b->store, place[i], b->worker[i]);
    return good;
}

int main(int argc, char **argv)
{
    static struct bench bench;
    struct bench *b = &bench;
    const char *seconds = getenv("BENCH_SECONDS"), *parts = getenv("BENCH_PARTS");
    (void)signal(SIGPIPE, SIG_IGN);
    b->seconds = seconds == NULL ? 60 : strtod(seconds, NULL);
    if (argc > 1) (void)snprintf(b->store, sizeof b->store, "%s", argv[1]);
    else if (!bench_make(b, argv[0])) return 1;
    if (!bench_accounts(b)) return 1;
    if (!bench_server_start(argv[0], b->store, PORT, 300, &b->server)) return 1;
    bool good = bench_figures(b, argv[0]);
    if (parts == NULL || strcmp(parts, "lists") == 0) good = bench_lists(b) && good;
    if (parts == NULL || strcmp(parts, "singles") == 0) good = bench_singles(b) && good;
    good = bench_line("memory, at the end", (double)bench_server_rss(&b->server, false) / 1e6, 512, "MB", false, "") && good;
    good = bench_line("memory, at its peak", (double)bench_server_rss(&b->server, true) / 1e6, 512, "MB", false, "") && good;
    (void)bench_server_stop(&b->server, SIGTERM);
    return good ? 0 : 1;
}
