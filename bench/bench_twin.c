// The twin's speed: agent-days a second of the baseline model of OpenABM-Covid19, beside that program's recorded figures
// (reference/simulation/README.md) and, where its executable is named, beside itself in the same run.
//
//     bench_twin [--large] [--peer COMMAND]
//
// --large adds 22 million people. COMMAND runs the peer's baseline at 100,000 people once and prints what it likes.
// Set-up is timed apart; seconds of one core are CPU seconds, those of two are of the clock.
#include "../tests/twin/peer.h"
#include "twin/spread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DAYS = 100, REPEATS = 3 };

static double clock_of(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x, int n)
{
    qsort(x, (size_t)n, sizeof *x, by_size);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

struct timing {
    double setup, cpu, wall, attack, attempts, bytes;
};

static bool run_once(const struct peer *peer, const struct population *population, uint64_t seed, int32_t threads, struct timing *out)
{
    struct err err = {0};
    struct spread *s;
    struct spread_options o = {.seed = seed, .days = DAYS, .threads = threads, .tie = TIE_FRESHEST};
    if (spread_open(&peer->disease, population, &o, &s, &err) != TONG_OK) {
        fprintf(stderr, "bench_twin: %s\n", err.text);
        return false;
    }
    double cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID), wall = clock_of(CLOCK_MONOTONIC);
    (void)spread_import(s, 100, 0);
    for (int d = 0; d < DAYS; d++) {
        if (spread_step(s, &err) != TONG_OK) {
            fprintf(stderr, "bench_twin: %s\n", err.text);
            spread_close(s);
            return false;
        }
    }
    out->cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    out->wall = clock_of(CLOCK_MONOTONIC) - wall;
    out->attack = 0;
    for (int d = 0; d <= DAYS; d++) {
        for (int a = 0; a < DISEASE_AGES; a++) out->attack += (double)spread_infected_on(s, a, d);
    }
    out->attempts = (double)spread_attempts(s) / out->attack;
    out->attack /= population->persons;
    out->bytes = (double)spread_bytes(s) / population->persons;
    spread_close(s);
    return true;
}

static bool run_size(uint32_t persons, double peer_seconds, double goal_rate)
{
    struct peer peer;
    struct population population;
    struct err err = {0};
    if (!peer_read(persons, &peer)) {
        printf("the peer's parameter files are not there (../shared/reference/simulation): nothing to run\n");
        return false;
    }
    double before = clock_of(CLOCK_MONOTONIC);
    if (population_make(&peer.plan, 1, &population, &err) != TONG_OK) {
        fprintf(stderr, "bench_twin: %s\n", err.text);
        return false;
    }
    printf("\n%u people, %d days, baseline; population set up in %.2f s\n", persons, DAYS, clock_of(CLOCK_MONOTONIC) - before);
    double one[REPEATS], wall_one[REPEATS], two[REPEATS];
    struct timing t = {0};
    int repeats = persons > 5000000 ? 1 : REPEATS;
    bool ok = true;
    for (int i = 0; i < repeats && ok; i++) {
        ok = run_once(&peer, &population, (uint64_t)i + 1, 1, &t);
        one[i] = t.cpu, wall_one[i] = t.wall;
        ok = ok && run_once(&peer, &population, (uint64_t)i + 1, 2, &t);
        two[i] = t.wall;
    }
    if (ok) {
        double work = (double)persons * DAYS, cpu = median(one, repeats), wall = median(wall_one, repeats), both = median(two, repeats);
        printf("  one thread     %8.3f s   %6.1f M agent-days/s (goal %.0f)   %.2f us an infection, %.2f attempts each\n", cpu,
               work / cpu / 1e6, goal_rate / 1e6, cpu * 1e6 / (t.attack * persons), t.attempts);
        printf("  two threads    %8.3f s   %6.1f M agent-days/s; %.2f times one (goal 1.7)\n", both, work / both / 1e6, wall / both);
        if (peer_seconds > 0) printf("  OpenABM -O3    %8.2f s (recorded): %.0f times as long\n", peer_seconds, peer_seconds / cpu);
        printf("  ever infected %.1f %%; %.0f bytes a person (goal 200)\n", 100 * t.attack, t.bytes);
    }
    population_free(&population);
    peer_free(&peer);
    return ok;
}

static void run_peer(const char *command)
{
    double seconds[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
        double before = clock_of(CLOCK_MONOTONIC);
        if (system(command) != 0) {
            printf("\nthe peer's command failed: %s\n", command);
            return;
        }
        seconds[i] = clock_of(CLOCK_MONOTONIC) - before;
    }
    double s = median(seconds, REPEATS);
    printf("\nthe peer in this run (taken to be 100,000 people): %.2f s, %.2f M agent-days/s\n", s, 100000.0 * DAYS / s / 1e6);
}

int main(int argc, char **argv)
{
    bool large = false;
    const char *peer = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--large") == 0) large = true;
        else if (strcmp(argv[i], "--peer") == 0 && i + 1 < argc) peer = argv[++i];
    }
    bool ok = run_size(100000, 8.09, 80e6) && run_size(1000000, 127, 80e6) && (!large || run_size(22000000, 0, 0));
    if (peer) run_peer(peer);
    return ok ? 0 : 1;
}
