// bench_epi.c -- the analytics beside R, the same figures on both sides: ./dev bench epi
//
// R and its packages are run where they are there (Debian: r-cran-epiestim, r-cran-surveillance); beside these times
// stand those recorded with the reference outputs on an idle machine (r_timings.csv). outbreaker2 is not in Debian:
// recorded times only. Ours are the fastest of RUNS runs. "on all cores" is the processor time of all threads over the
// cores, which is what a run takes when nothing else runs; the time by the clock stands beside it. R's goals are
// counted against its faster time.
#include "base/rng.h"
#include "base/team.h"
#include "epi/ears.h"
#include "epi/farrington.h"
#include "epi/nowcast.h"
#include "epi/rt.h"
#include "epi/sheet_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 5, REGIONS = 300, DAYS = 1000, WINDOW = 7, PLACES = 10000, PLACE_DAYS = 730, WEEKS_MAX = 600 };
static const double quantile[] = {0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975}; // as EpiEstim gives them
enum { QUANTILES = sizeof quantile / sizeof *quantile };

static double clock_of(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct bench {
    struct team *team;
    struct arena arena;
    const char *shared;
    struct arena scratch[TEAM_MEMBERS_MAX];
    double sum[TEAM_MEMBERS_MAX]; // of results, so that nothing can be left out
    bool good;
};

struct timing {
    double cores, wall;
};

static struct timing timed(struct bench *b, uint32_t pieces, void (*work)(void *, uint32_t, int32_t), void *context)
{
    struct timing best = {1e9, 1e9};
    for (int run = 0; run < RUNS; run++) {
        double cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID), wall = clock_of(CLOCK_MONOTONIC);
        team_run(b->team, pieces, work, context);
        cpu = (clock_of(CLOCK_PROCESS_CPUTIME_ID) - cpu) / team_members(b->team);
        wall = clock_of(CLOCK_MONOTONIC) - wall;
        if (cpu < best.cores) best.cores = cpu;
        if (wall < best.wall) best.wall = wall;
    }
    return best;
}

// ---- R ----

struct beside {
    double rt_region, farrington, nowcast; // seconds, 0: not there
};

static struct beside run_r(const char *shared)
{
    struct beside r = {0};
    const char *source = getenv("TONGZHOU_SOURCE");
    char command[1024], name[64];
    double seconds;
    if (system("command -v Rscript >/dev/null 2>&1") != 0) return r; // NOLINT: a benchmark
    (void)snprintf(command, sizeof command, "Rscript '%s/bench/beside.R' '%s' 2>/dev/null",
                   source != NULL ? source : ".", shared);
    FILE *f = popen(command, "r"); // NOLINT: a benchmark
    char line[256];
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        if (sscanf(line, "%63s %lf", name, &seconds) != 2) continue;
        if (strcmp(name, "rt_region") == 0) r.rt_region = seconds;
        if (strcmp(name, "farrington") == 0) r.farrington = seconds;
        if (strcmp(name, "nowcast") == 0) r.nowcast = seconds;
    }
    if (f != NULL) (void)pclose(f);
    return r;
}

static void tell(struct bench *b, const char *what, struct timing ours, double recorded, double here, double goal)
{
    double least = here > 0 && here < recorded ? here : recorded, ratio = least / ours.cores;
    char now[32] = "not run";
    if (here > 0) (void)snprintf(now, sizeof now, "%.3f s", here);
    (void)printf("%s\n    ours %.6f s on all cores (%.6f s by the clock); R recorded %.3f s, here %s: %.0f times, goal "
                 "%.0f: %s\n",
                 what, ours.cores, ours.wall, recorded, now, ratio, goal, ratio >= goal ? "met" : "MISSED");
    b->good = b->good && ratio >= goal;
}

// ---- reproduction numbers ----

struct rt_bench {
    struct bench *b;
    const double *local;
    double si[DAYS];
    struct rt_window window[DAYS];
    size_t windows;
    struct gamma_table table;
    struct rt_estimate *estimate[TEAM_MEMBERS_MAX];
    double *value[TEAM_MEMBERS_MAX];
};

static void rt_piece(void *context, uint32_t region, int32_t member)
{
    struct rt_bench *r = context;
    struct bench *b = r->b;
    (void)region;
    struct rt_input in = {.local = r->local, .days = DAYS, .si = r->si, .si_days = DAYS};
    arena_reset(&b->scratch[member]);
    if (rt_instantaneous(&in, r->window, r->windows, &b->scratch[member], r->estimate[member], NULL) != TONG_OK)
        abort();
    rt_quantiles(r->estimate[member], r->windows, &r->table, r->value[member]);
    b->sum[member] += r->estimate[member][100].mean + r->estimate[member][500].sd + r->value[member][700];
}

static void bench_rt(struct bench *b, const struct beside *beside)
{
    struct sheet s;
    if (!sheet_read("reference/analytics/timing_series_1000_days.csv", &s) || s.rows != DAYS) abort();
    static double local[DAYS];
    for (size_t t = 0; t < s.rows; t++) local[t] = sheet_real(&s, t, "I");
    sheet_free(&s);
    static struct rt_bench r;
    r.b = b;
    r.local = local;
    if (serial_discretise(2.6, 1.5, DAYS, r.si, NULL) != TONG_OK ||
        gamma_table_prepare(quantile, QUANTILES, &r.table, NULL) != TONG_OK)
        abort();
    for (int32_t t = 1; t + WINDOW <= DAYS; t++) r.window[r.windows++] = (struct rt_window){t, t + WINDOW - 1};
    for (int32_t m = 0; m < team_members(b->team); m++) {
        r.estimate[m] = arena_array(&b->arena, DAYS, sizeof *r.estimate[m]);
        r.value[m] = arena_array(&b->arena, (size_t)DAYS * QUANTILES, sizeof *r.value[m]);
        if (r.estimate[m] == NULL || r.value[m] == NULL) abort();
    }
    struct timing t = timed(b, REGIONS, rt_piece, &r);
    tell(
        b,
        "R(t), 300 regions x 1,000 days, mean, sd and 7 quantiles of 994 weekly windows (EpiEstim estimate_R; here: 10 "
        "regions times 30)",
        t, 55.054, beside->rt_region * REGIONS, 1000);
}

// ---- Farrington flexible ----

struct far_bench {
    struct bench *b;
    int64_t count[WEEKS_MAX];
    civil_day date[WEEKS_MAX];
    size_t weeks;
};

static void far_piece(void *context, uint32_t piece, int32_t member)
{
    struct far_bench *f = context;
    struct farrington_options o = farrington_flexible();
    struct farrington_week out[1];
    size_t t = f->weeks - 163 + piece;
    if (farrington_run(f->count, f->date, t + 1, t, &o, out, NULL) != TONG_OK) abort();
    f->b->sum[member] += out[0].upper;
}

static void far_block(void *context, uint32_t piece, int32_t member)
{
    struct far_bench *f = context;
    struct farrington_options o = farrington_flexible();
    struct farrington_week out[163];
    size_t from = f->weeks - 163 + (piece == 0 ? 0 : 82), to = piece == 0 ? f->weeks - 163 + 82 : f->weeks;
    if (farrington_run(f->count, f->date, to, from, &o, out, NULL) != TONG_OK) abort();
    f->b->sum[member] += out[0].upper;
}

static void bench_farrington(struct bench *b, const struct beside *beside)
{
    struct sheet s;
    static struct far_bench f;
    if (!sheet_read("data/surveillance_salmNewport.csv", &s)) abort();
    f.b = b;
    f.weeks = s.rows;
    for (size_t t = 0; t < s.rows; t++) {
        const char *date = sheet_text(&s, t, "date");
        if (!civil_parse(str_z(date), &f.date[t])) abort();
        for (size_t j = 4; j < s.columns; j++) f.count[t] += strtoll(s.cell[(t + 1) * s.columns + j], NULL, 10);
    }
    sheet_free(&s);
    struct timing t = timed(b, 2, far_block, &f);
    tell(b, "Farrington flexible, the last 163 weeks, ten periods (surveillance farringtonFlexible)", t, 1.283,
         beside->farrington, 300);
    t = timed(b, 163, far_piece, &f);
    (void)printf("    each week by itself: %.6f s on all cores\n", t.cores);
}

// ---- nowcast ----

struct now_bench {
    struct bench *b;
    struct nowcast_triangle tri;
    int32_t now;
};

static void now_piece(void *context, uint32_t piece, int32_t member)
{
    struct now_bench *n = context;
    struct nowcast_options o = nowcast_robust();
    struct nowcast_day day[10];
    static const double level[] = {0.025, 0.5, 0.975};
    double q[30];
    (void)piece;
    arena_reset(&n->b->scratch[member]);
    if (nowcast_bayes(&n->tri, n->now, 10, &o, level, 3, &n->b->scratch[member], day, q, NULL) != TONG_OK) abort();
    n->b->sum[member] += q[5];
}

static void bench_nowcast(struct bench *b, const struct beside *beside)
{
    struct sheet s;
    if (!sheet_read("data/surveillance_husO104Hosp.csv", &s)) abort();
    static int32_t event[1000], report[1000];
    civil_day first, day;
    if (!civil_parse(str_z("2011-04-01"), &first)) abort();
    for (size_t i = 0; i < s.rows; i++) {
        if (!civil_parse(str_z(sheet_text(&s, i, "dHosp")), &day)) abort();
        event[i] = day.d - first.d;
        if (!civil_parse(str_z(sheet_text(&s, i, "dReport")), &day)) abort();
        report[i] = day.d - first.d;
    }
    struct now_bench n = {.b = b, .now = 62}; // 2 June
    size_t left = 0;
    if (nowcast_from_list(event, report, s.rows, 120, 16, &b->arena, &n.tri, &left, NULL) != TONG_OK) abort();
    sheet_free(&s);
    uint32_t each = 16;
    struct timing t = timed(b, each, now_piece, &n);
    t.cores *= (double)team_members(b->team) / each; // one nowcast, one core: it cannot be split
    t.wall *= (double)team_members(b->team) / each;
    tell(b, "nowcast of 10 days, 2,000 draws, one core (surveillance nowcast bayes.trunc)", t, 2.21, beside->nowcast,
         100);
}

// ---- who infected whom ----

struct tree_bench {
    struct bench *b;
    struct fake_outbreak f;
    struct tree chain[2];
    struct arena arena[2];
};

static void tree_piece(void *context, uint32_t piece, int32_t member)
{
    struct tree_bench *t = context;
    struct tree_options o = tree_defaults();
    struct tree_input in = fake_input(&t->f, true, false);
    (void)member;
    o.sweeps = 1750; // 250 of them left out; two chains give 3,000
    o.burn = 250;
    o.chain = piece;
    arena_reset(&t->arena[piece]);
    if (tree_sample(&in, &o, &t->arena[piece], &t->chain[piece], NULL) != TONG_OK) abort();
}

static void bench_tree(struct bench *b)
{
    static struct tree_bench t;
    t.b = b;
    if (!fake_read(&t.f)) abort();
    struct timing one = timed(b, 2, tree_piece, &t);
    struct tree both;
    double apart = 0, truth = 0;
    if (tree_join(t.chain, 2, FAKE_CASES, &b->arena, &both, &apart, NULL) != TONG_OK) abort();
    int right = fake_right(&t.f, &both, &truth);
    tell(b,
         "who infected whom, 30 cases with genomes (outbreaker2, 20,000 iterations; recorded only, 56.8 s the fastest)",
         one, 56.807, 0, 100);
    (void)printf("    %d of 30 right, probability of the truth %.3f (outbreaker2: 27, 29, 27; 0.833, 0.900, 0.834)\n",
                 right, truth);
    b->good = b->good && right >= 29 && truth >= 0.89;
}

// ---- 10,000 places with two years of days ----

struct places_bench {
    struct bench *b;
    double *count; // PLACES * PLACE_DAYS
    int64_t *whole;
    double si[40];
    struct rt_window window[PLACE_DAYS];
    size_t windows;
    struct gamma_table table;
    struct rt_estimate *estimate[TEAM_MEMBERS_MAX];
    double *value[TEAM_MEMBERS_MAX];
    struct ears_day *day[TEAM_MEMBERS_MAX];
};

static void places_piece(void *context, uint32_t place, int32_t member)
{
    struct places_bench *p = context;
    struct bench *b = p->b;
    struct rt_input in = {
        .local = p->count + (size_t)place * PLACE_DAYS, .days = PLACE_DAYS, .si = p->si, .si_days = 40};
    arena_reset(&b->scratch[member]);
    if (rt_instantaneous(&in, p->window, p->windows, &b->scratch[member], p->estimate[member], NULL) != TONG_OK)
        abort();
    rt_quantiles(p->estimate[member], p->windows, &p->table, p->value[member]);
    for (int m = EARS_C1; m <= EARS_C3; m++) {
        struct ears_options o = {.method = (ears_method)m, .baseline = 7, .threshold = m == EARS_C3 ? 2 : 3};
        if (ears_run(p->whole + (size_t)place * PLACE_DAYS, PLACE_DAYS, &o, p->day[member], NULL) != TONG_OK) abort();
        b->sum[member] += p->day[member][PLACE_DAYS - 1].statistic;
    }
    int64_t week[PLACE_DAYS / 7] = {0}, weeks = PLACE_DAYS / 7;
    for (int64_t t = 0; t < weeks * 7; t++)
        week[t / 7] += p->whole[(size_t)place * PLACE_DAYS + (size_t)(t + PLACE_DAYS - weeks * 7)];
    struct farrington_options o = farrington_flexible();
    o.years = 1;
    o.periods = 4;
    struct farrington_week judged;
    if (farrington_run(week, NULL, (size_t)weeks, (size_t)weeks - 1, &o, &judged, NULL) != TONG_OK) abort();
    b->sum[member] += judged.upper + p->value[member][0];
}

static void bench_places(struct bench *b)
{
    static struct places_bench p;
    p.b = b;
    p.count = arena_array(&b->arena, (size_t)PLACES * PLACE_DAYS, sizeof *p.count);
    p.whole = arena_array(&b->arena, (size_t)PLACES * PLACE_DAYS, sizeof *p.whole);
    if (p.count == NULL || p.whole == NULL) abort();
    for (uint32_t place = 0; place < PLACES; place++) {
        struct rng r = rng_stream(1, 0, 0, place, 0);
        double level = exp(4 * rng_uniform(&r));
        for (int32_t t = 0; t < PLACE_DAYS; t++) {
            level *= exp(0.1 * rng_normal(&r));
            level = level < 0.05 ? 0.05 : level > 2000 ? 2000 : level;
            int64_t n = rng_poisson(&r, level);
            p.whole[(size_t)place * PLACE_DAYS + (size_t)t] = n;
            p.count[(size_t)place * PLACE_DAYS + (size_t)t] = (double)n;
        }
    }
    if (serial_discretise(5, 2, 40, p.si, NULL) != TONG_OK ||
        gamma_table_prepare(quantile, QUANTILES, &p.table, NULL) != TONG_OK)
        abort();
    for (int32_t t = 1; t + WINDOW <= PLACE_DAYS; t++) p.window[p.windows++] = (struct rt_window){t, t + WINDOW - 1};
    for (int32_t m = 0; m < team_members(b->team); m++) {
        p.estimate[m] = arena_array(&b->arena, PLACE_DAYS, sizeof *p.estimate[m]);
        p.value[m] = arena_array(&b->arena, (size_t)PLACE_DAYS * QUANTILES, sizeof *p.value[m]);
        p.day[m] = arena_array(&b->arena, PLACE_DAYS, sizeof *p.day[m]);
        if (p.estimate[m] == NULL || p.value[m] == NULL || p.day[m] == NULL) abort();
    }
    struct timing t = timed(b, PLACES, places_piece, &p);
    (void)printf("10,000 places x two years of days: R(t) with 7 quantiles of 723 windows, EARS C1 C2 C3 of every day, "
                 "Farrington "
                 "of the last week\n    %.3f s on all cores (%.3f s by the clock), goal 5 s: %s\n",
                 t.cores, t.wall, t.cores <= 5 ? "met" : "MISSED");
    b->good = b->good && t.cores <= 5;
}

int main(void)
{
    char path[1024];
    static struct bench b = {.good = true};
    struct err err;
    if (tap_shared("reference/analytics/README.md", path, sizeof path) == NULL) {
        (void)printf("the reference outputs are not beside the checkout: nothing measured\n");
        return 0;
    }
    path[strlen(path) - strlen("/reference/analytics/README.md")] = 0;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (team_open(cores < 1                  ? 1
                  : cores > TEAM_MEMBERS_MAX ? TEAM_MEMBERS_MAX
                                             : (int32_t)cores,
                  &b.team, &err) != TONG_OK) {
        (void)fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    struct beside beside = run_r(path);
    bench_rt(&b, &beside);
    bench_farrington(&b, &beside);
    bench_nowcast(&b, &beside);
    bench_tree(&b);
    bench_places(&b);
    double sum = 0;
    for (int32_t m = 0; m < team_members(b.team); m++) sum += b.sum[m];
    (void)printf("(sum of results %g)\n", sum);
    team_close(b.team);
    return b.good ? 0 : 1;
}
