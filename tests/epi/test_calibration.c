// Simulation-based calibration: parameters from the prior, data from the parameters, the posterior from the data; the
// truth must then lie anywhere in the posterior alike often (S. Talts, M. Betancourt, D. Simpson, A. Vehtari, A. Gelman
// 2018). Ranks are uniform by chi-square, and 95 % intervals hold the truth 95 +- 2 % of the time. Fixed seeds: nothing
// flickers.
#include "base/rng.h"
#include "epi/nowcast.h"
#include "epi/rt_filter.h"
#include "epi/rt_pooled.h"
#include "epi/special.h"
#include "tap.h"

enum { BINS = 20, SI_DAYS = 15 };

struct ranks {
    double bin[BINS], held, n;
};

// u: where in its posterior the truth lies, 0 .. 1.
static void put(struct ranks *r, double u)
{
    int b = (int)(u * BINS);
    r->bin[b < 0 ? 0 : b >= BINS ? BINS - 1 : b] += 1;
    r->held += u >= 0.025 && u <= 0.975;
    r->n += 1;
}

static void judge(const char *what, const struct ranks *r, double held_least, double held_most)
{
    double chi = 0, each = r->n / BINS;
    for (int b = 0; b < BINS; b++) chi += (r->bin[b] - each) * (r->bin[b] - each) / each;
    double p = special_chi2_q(chi, BINS - 1), held = r->held / r->n;
    OK(p > 0.005, "%s: ranks of %.0f truths uniform, chi-square %.1f on %d, p %.3f", what, r->n, chi, BINS - 1, p);
    OK(held >= held_least && held <= held_most, "%s: 95 %% intervals hold %.1f %%", what, 100 * held);
}

static void weights(double *w)
{
    if (serial_discretise(5, 2, SI_DAYS, w, NULL) != TONG_OK) abort();
    double sum = 0;
    for (int k = 0; k < SI_DAYS; k++) sum += w[k];
    for (int k = 0; k < SI_DAYS; k++) w[k] /= sum;
}

static double pressure(const double *cases, int32_t t, const double *w)
{
    double sum = 0;
    for (int32_t s = 1; s < SI_DAYS && s <= t; s++) sum += w[s] * cases[t - s];
    return sum;
}

// R of the last week from EpiEstim's prior, cases of that week drawn day by day from it.
static void test_rt(struct arena *a)
{
    enum { RUNS = 4000, DAYS = 30 };
    double w[SI_DAYS];
    struct ranks ranks = {{0}, 0, 0};
    weights(w);
    for (uint32_t run = 0; run < RUNS; run++) {
        struct rng r = rng_stream(11, run, 0, 0, 0);
        double cases[DAYS], truth = rng_gamma(&r, 1, 5);
        for (int32_t t = 0; t < DAYS; t++) {
            double mean = t < DAYS - 7 ? 5 : truth * pressure(cases, t, w);
            cases[t] = (double)rng_poisson(&r, mean < 1e8 ? mean : 1e8);
        }
        struct rt_input in = {.local = cases, .days = DAYS, .si = w, .si_days = SI_DAYS};
        struct rt_window window = {DAYS - 7, DAYS - 1};
        struct rt_estimate e;
        if (rt_instantaneous(&in, &window, 1, a, &e, NULL) != TONG_OK || !e.known) abort();
        put(&ranks, special_gamma_p(e.shape, truth / e.scale));
        arena_reset(a);
    }
    judge("R of a window", &ranks, 0.93, 0.97);
}

static int32_t draw(struct rng *r, const double *p, int32_t n)
{
    double u = rng_uniform(r);
    for (int32_t i = 0; i < n - 1; i++) {
        u -= p[i];
        if (u < 0) return i;
    }
    return n - 1;
}

// The walk itself, on its grid, with a step drawn among those it knows: R of a day given the past, and given all.
static void test_filter(struct arena *a)
{
    enum { RUNS = 700, DAYS = 20 }; // short: R may be 10, and cases must stay countable
    double w[SI_DAYS];
    weights(w);
    struct rt_filter_eta eta;
    for (int smooth = 0; smooth < 2; smooth++) {
        struct ranks ranks = {{0}, 0, 0};
        for (uint32_t run = 0; run < RUNS; run++) {
            struct rng r = rng_stream(12, run, smooth, 0, 0);
            static const double steps[RT_FILTER_ETAS] = {0.02, 0.04, 0.07, 0.12, 0.2, 0.35};
            double cases[DAYS], step = steps[rng_below(&r, RT_FILTER_ETAS)];
            int32_t at = (int32_t)rng_below(&r, RT_FILTER_GRID), truth[DAYS];
            for (int32_t t = 0; t < DAYS; t++) {
                if (t > 0) {
                    double p[RT_FILTER_GRID], sum = 0, from = rt_filter_value(at);
                    for (int32_t j = 0; j < RT_FILTER_GRID; j++) {
                        double gap = (rt_filter_value(j) - from) / (step * sqrt(from));
                        sum += p[j] = exp(-0.5 * gap * gap) * sqrt(rt_filter_value(j));
                    }
                    for (int32_t j = 0; j < RT_FILTER_GRID; j++) p[j] /= sum;
                    at = draw(&r, p, RT_FILTER_GRID);
                }
                truth[t] = at;
                double mean = t == 0 ? 20 : rt_filter_value(at) * pressure(cases, t, w);
                cases[t] = (double)rng_poisson(&r, mean < 1e8 ? mean : 1e8);
            }
            struct rt_input in = {.local = cases, .days = DAYS, .si = w, .si_days = SI_DAYS};
            static struct rt_filter_day out[DAYS];
            static double p[DAYS * RT_FILTER_GRID];
            if (rt_filter_run(&in, smooth == 1, a, out, p, &eta, NULL) != TONG_OK) abort();
            int32_t day = smooth ? 10 : DAYS - 1;
            double below = 0;
            for (int32_t j = 0; j < truth[day]; j++) below += p[day * RT_FILTER_GRID + j];
            put(&ranks, below + rng_uniform(&r) * p[day * RT_FILTER_GRID + truth[day]]);
            arena_free(a);
        }
        judge(smooth ? "R looking back, its smoothness found" : "R of today, its smoothness found", &ranks, 0.93, 0.97);
    }
}

// Areas share a mean and a spread; a grid's worth of each is drawn.
static void test_pooled(struct arena *a)
{
    enum { RUNS = 120, AREAS = 15 };
    struct ranks ranks = {{0}, 0, 0};
    double pooled = 0, alone = 0, n = 0, held = 0;
    for (uint32_t run = 0; run < RUNS; run++) {
        struct rng r = rng_stream(13, run, 0, 0, 0);
        double mean = 0.05 * exp(log(400) * rng_uniform(&r)), size = 0.3 * exp(log(1000 / 0.3) * rng_uniform(&r));
        struct rt_area area[AREAS];
        double truth[AREAS];
        for (int32_t i = 0; i < AREAS; i++) {
            truth[i] = rng_gamma(&r, size, mean / size);
            area[i].pressure = exp(3 * rng_uniform(&r));
            area[i].cases = (double)rng_poisson(&r, truth[i] * area[i].pressure);
        }
        struct rt_pooled_area out[AREAS];
        struct rt_pooled all;
        if (rt_pooled_run(area, AREAS, a, out, &all, NULL) != TONG_OK) abort();
        for (int32_t i = 0; i < AREAS; i++) {
            // Rank by a gamma law with the posterior's moments: the mixture is nearly one.
            double shape = out[i].mean * out[i].mean / (out[i].sd * out[i].sd), scale = out[i].mean / shape;
            put(&ranks, special_gamma_p(shape, truth[i] / scale));
            held += truth[i] >= out[i].q025 && truth[i] <= out[i].q975;
            double own = (1 + area[i].cases) / (0.2 + area[i].pressure);
            pooled += fabs(out[i].q50 - truth[i]);
            alone += fabs(own - truth[i]);
            n += 1;
            CHECK(out[i].q025 < out[i].q50 && out[i].q50 < out[i].q975, "ordered");
        }
        arena_reset(a);
    }
    ranks.held = held; // by the quantiles themselves
    judge("R of areas, pooled", &ranks, 0.93, 0.97);
    OK(pooled < 0.85 * alone, "pooled estimates are nearer the truth: mean error %.3f, apart %.3f", pooled / n,
       alone / n);
    struct rt_area three[3] = {{30, 20}, {0, 0}, {3, 2}};
    struct rt_pooled_area out[3];
    struct rt_pooled all;
    EQ_INT(rt_pooled_run(three, 3, a, out, &all, NULL), TONG_OK, "an area without any pressure");
    OK(out[1].q975 > out[0].q975 && isfinite(out[1].mean), "is as sure as the others allow");
    three[1].cases = 1;
    EQ_INT(rt_pooled_run(three, 3, a, out, &all, NULL), TONG_E_INVALID, "cases out of nowhere are refused");
}

// The nowcast's own model: a day's cases Poisson with a gamma mean, delays from one law for all. The robust form is
// made for means that go from day to day as epidemics do: it is judged in such a world (k = 1), a walk of 15 % a day.
static void test_nowcast(struct arena *a)
{
    enum { RUNS = 400, DAYS = 60, DELAYS = 10 };
    struct nowcast_options plain = nowcast_plain(), robust = nowcast_robust();
    plain.draws = robust.draws = 1000;
    struct ranks ranks[2] = {{{0}, 0, 0}, {{0}, 0, 0}};
    double level[BINS - 1];
    for (int b = 1; b < BINS; b++) level[b - 1] = (double)b / BINS;
    double limits[2] = {0.025, 0.975};
    for (uint32_t run = 0; run < 2 * RUNS; run++) {
        int k = run % 2;
        struct rng r = rng_stream(14, run, 0, 0, 0);
        static int64_t count[DAYS * DELAYS];
        double p[DELAYS], sum = 0, total[DAYS];
        for (int d = 0; d < DELAYS; d++) sum += p[d] = rng_gamma(&r, 1, 1);
        for (int d = 0; d < DELAYS; d++) p[d] /= sum;
        memset(count, 0, sizeof count);
        double mean = 40;
        for (int t = 0; t < DAYS; t++) {
            mean = k == 0 ? rng_gamma(&r, 50.0 * 50 / 3000, 3000.0 / 50) : mean * exp(0.15 * rng_normal(&r));
            if (mean > 1e4) mean = 1e4;
            int64_t n = rng_poisson(&r, mean);
            total[t] = (double)n;
            for (int64_t i = 0; i < n; i++) count[t * DELAYS + draw(&r, p, DELAYS)]++;
        }
        struct nowcast_triangle tri = {count, DAYS, DELAYS};
        struct nowcast_day day[4];
        double q[4 * (BINS - 1)], lim[8];
        const struct nowcast_options *o = k == 0 ? &plain : &robust;
        if (nowcast_bayes(&tri, DAYS - 1, 4, o, level, BINS - 1, a, day, q, NULL) != TONG_OK ||
            nowcast_bayes(&tri, DAYS - 1, 4, o, limits, 2, a, day, lim, NULL) != TONG_OK)
            abort();
        for (int i = 1; i < 4; i++) { // today itself may have nothing reported at all: 1 to 3 days ago
            double truth = total[DAYS - 4 + i - 1];
            // Counts are whole: the truth may equal several quantiles, and its rank is anywhere among these.
            const double *v = q + (size_t)(i - 1) * (BINS - 1);
            int below = 0, equal = 0;
            for (int b = 0; b < BINS - 1; b++) {
                below += v[b] < truth;
                equal += v[b] == truth;
            }
            double u = ((double)below + rng_uniform(&r) * (equal + 1)) / BINS;
            int b = (int)(u * BINS);
            ranks[k].bin[b >= BINS ? BINS - 1 : b] += 1;
            ranks[k].held += truth >= lim[(i - 1) * 2] && truth <= lim[(i - 1) * 2 + 1];
            ranks[k].n += 1;
        }
        arena_reset(a);
    }
    judge("nowcast, plain, in its own world", &ranks[0], 0.93, 0.98);
    double held = ranks[1].held / ranks[1].n;
    OK(held >= 0.93 && held <= 0.99, "nowcast, robust, where days follow each other: 95 %% intervals hold %.1f %%",
       100 * held);
}

int main(void)
{
    struct arena a = {0};
    test_rt(&a);
    test_filter(&a);
    test_pooled(&a);
    test_nowcast(&a);
    arena_free(&a);
    return tap_done();
}
