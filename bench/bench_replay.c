// bench_replay.c -- what a replay costs, end to end: ./dev bench replay
//
// An invented outbreak of 10,000 cases and 100,000 contacts is written as CSV files (not timed), then `tongzhou
// replay` reads them, runs them through the 9th edition and builds every figure. The time of the fastest of RUNS runs
// counts: what a run takes longer is other work on the machine. The goal is 2 seconds for the line list and the
// contacts. Beside it, for scale, what others have published about reading as many records in (nobody else runs a
// protocol over them).
#include "cli/generate.h"
#include "cli/replay.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 5, CASES = 10000, CONTACTS_PER_CASE = 10, WORDS = 24 };
static const double goal_seconds = 2.0;

static const struct cli_command commands[] = {
    {"generate", LABEL("", ""), cli_generate},
    {"replay", LABEL("", ""), cli_replay},
};

// Records taken in per second: DHIS2 2.43 and 2.42 in their own soak test with 6 users (dhis2-releases,
// releases/2.43/tracker-performance.md); SORMAS by its interface, an hour for a thousand (issues 3481 and 4153).
static const struct {
    const char *who;
    double per_second;
} peers[] = {
    {"DHIS2 2.43, import, 6 users", 3220},
    {"DHIS2 2.42, import, 6 users", 690},
    {"SORMAS, import by its interface", 1000.0 / 3600},
};

static double clock_of(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// The command as a user gives it, its output thrown away; what it complains of is shown when it fails.
static int command(const char *const *words)
{
    char *argv[WORDS];
    int argc = 0;
    for (; words[argc] != NULL && argc < WORDS; argc++) argv[argc] = strdup(words[argc]);
    char *given[WORDS];
    memcpy(given, argv, sizeof given);
    FILE *out = tmpfile(), *err = tmpfile();
    if (out == NULL || err == NULL) return CLI_FAULT;
    struct cli cli = {.out = out, .err = err, .program = "bench"};
    cli_find_protocols(&cli);
    int code = cli_run(&cli, commands, sizeof commands / sizeof commands[0], argc, argv);
    char line[400];
    rewind(err);
    while (code != CLI_DONE && fgets(line, sizeof line, err) != NULL) (void)fputs(line, stderr);
    (void)fclose(out);
    (void)fclose(err);
    for (int i = 0; i < argc; i++) free(given[i]);
    return code;
}

struct measured {
    double seconds, processor;
};

// The fastest of RUNS runs; seconds 0 when the command failed.
static struct measured measure(const char *const *words)
{
    struct measured best = {0, 0};
    for (int i = 0; i < RUNS; i++) {
        double wall = clock_of(CLOCK_MONOTONIC), cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID);
        if (command(words) != CLI_DONE) return (struct measured){0, 0};
        wall = clock_of(CLOCK_MONOTONIC) - wall;
        cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        if (i == 0 || wall < best.seconds) best = (struct measured){wall, cpu};
    }
    return best;
}

static void name_of(char out[200], const char *folder, const char *file)
{
    (void)snprintf(out, 200, "%.150s/%s", folder, file);
}

int main(void)
{
    static const char *const files[] = {"linelist.csv", "contacts.csv", "followups.csv", "labs.csv",
                                        "truth.csv",    "README.txt",   "faults.csv"};
    char folder[] = "bench_replay.XXXXXX", path[7][200], cases[16], each[16];
    if (mkdtemp(folder) == NULL) return 1;
    (void)snprintf(cases, sizeof cases, "%d", CASES);
    (void)snprintf(each, sizeof each, "%d", CONTACTS_PER_CASE);
    for (size_t i = 0; i < 7; i++) name_of(path[i], folder, files[i]);
    const char *const make[] = {"bench", "generate", "outbreak", "--cases", cases, "--contacts-per-case",
                                each,    "--out",    folder,     "--force", NULL};
    const char *const lists[] = {"bench",     "replay",  "--protocol", "covid19-cn", "--mapping",
                                 "generated", "--quiet", path[0],      path[1],      NULL};
    const char *const all[] = {"bench", "replay", "--protocol",  "covid19-cn", "--mapping", "generated", "--quiet",
                               path[0], path[1],  "--followups", path[2],      "--labs",    path[3],     NULL};
    int result = 1;
    if (command(make) == CLI_DONE) {
        const struct measured list = measure(lists), full = measure(all);
        struct rusage usage = {0};
        (void)getrusage(RUSAGE_SELF, &usage);
        double records = (double)CASES * (1 + CONTACTS_PER_CASE);
        printf("replay of %d cases and %d contacts, fastest of %d runs\n", CASES, CASES * CONTACTS_PER_CASE, RUNS);
        printf("  line list and contacts       %6.2f s (%.2f s of processor time)   goal %.0f s: %.2f of it, %s\n",
               list.seconds, list.processor, goal_seconds, list.seconds / goal_seconds,
               list.seconds > 0 && list.seconds <= goal_seconds ? "reached" : "MISSED");
        printf("  with follow-ups and results  %6.2f s (%.2f s of processor time)\n", full.seconds, full.processor);
        printf("  peak memory %ld MB\n", usage.ru_maxrss / 1024);
        printf("  for scale: what others publish for taking in %.0f records, without running a protocol\n", records);
        for (size_t i = 0; i < sizeof peers / sizeof peers[0]; i++)
            printf("    %-34s %10.0f s\n", peers[i].who, records / peers[i].per_second);
        result = list.seconds > 0 && list.seconds <= goal_seconds && full.seconds > 0 ? 0 : 1;
    }
    for (size_t i = 0; i < 7; i++) (void)unlink(path[i]);
    (void)rmdir(folder);
    return result;
}
