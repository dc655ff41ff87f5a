#include "epi/rt_filter.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "epi/special.h"

static const double rt_filter_steps[RT_FILTER_ETAS] = {0.02, 0.04, 0.07, 0.12, 0.2, 0.35};
static const double RT_FILTER_LEAST = 0.02, RT_FILTER_MOST = 10;
enum { GRID = RT_FILTER_GRID };

struct rt_filter_work {
    const struct rt_input *in;
    const double *lambda;
    double step[GRID][GRID]; // step[i][j]: from i to j
    double *given;           // days * GRID: R of a day given the days up to it
    double *foreseen;        // given the days before it
    double *smoothed;
};

double rt_filter_value(int32_t i)
{
    double lo = sqrt(RT_FILTER_LEAST), hi = sqrt(RT_FILTER_MOST), root = lo + (hi - lo) * i / (GRID - 1);
    return root * root;
}

static void rt_filter_steps_of(struct rt_filter_work *w, double eta)
{
    double value[GRID], root[GRID];
    for (int32_t i = 0; i < GRID; i++) {
        value[i] = rt_filter_value(i);
        root[i] = sqrt(value[i]);
    }
    for (int32_t i = 0; i < GRID; i++) {
        double sum = 0;
        for (int32_t j = 0; j < GRID; j++) {
            double gap = (value[j] - value[i]) / (eta * root[i]);
            // Points stand for stretches of the grid, wider where R is large.
            w->step[i][j] = fabs(gap) < 39 ? exp(-0.5 * gap * gap) * root[j] : 0; // beyond, exp is 0 anyway
            sum += w->step[i][j];
        }
        assert(sum > 0);
        for (int32_t j = 0; j < GRID; j++) w->step[i][j] /= sum;
    }
}

// Forward: the logarithm of the probability of the cases, day by day.
static double rt_filter_forward(struct rt_filter_work *w)
{
    double logs = 0;
    for (size_t t = 0; t < w->in->days; t++) {
        double *foreseen = w->foreseen + t * GRID, *given = w->given + t * GRID, most = -HUGE_VAL, sum = 0;
        if (t == 0)
            for (int32_t j = 0; j < GRID; j++) foreseen[j] = 1.0 / GRID;
        else {
            const double *before = given - GRID;
            memset(foreseen, 0, GRID * sizeof *foreseen);
            for (int32_t i = 0; i < GRID; i++) {
                if (before[i] < 1e-14) continue;
                for (int32_t j = 0; j < GRID; j++) foreseen[j] += before[i] * w->step[i][j];
            }
        }
        memcpy(given, foreseen, GRID * sizeof *given);
        if (!(w->lambda[t] > 0)) continue;
        for (int32_t j = 0; j < GRID; j++) {
            double one = special_log_poisson_density(w->in->local[t], rt_filter_value(j) * w->lambda[t]);
            given[j] = foreseen[j] > 0 ? log(foreseen[j]) + one : -HUGE_VAL;
            most = fmax(most, given[j]);
        }
        for (int32_t j = 0; j < GRID; j++) {
            given[j] = exp(given[j] - most);
            sum += given[j];
        }
        for (int32_t j = 0; j < GRID; j++) given[j] /= sum;
        logs += most + log(sum);
    }
    return logs;
}

// Backward (L. Rabiner 1989; Parag 2021, eq. 8).
static void rt_filter_backward(struct rt_filter_work *w)
{
    size_t last = w->in->days - 1;
    memcpy(w->smoothed + last * GRID, w->given + last * GRID, GRID * sizeof *w->smoothed);
    for (size_t t = last; t-- > 0;) {
        const double *later = w->smoothed + (t + 1) * GRID, *foreseen = w->foreseen + (t + 1) * GRID;
        double ratio[GRID], sum = 0;
        for (int32_t j = 0; j < GRID; j++) ratio[j] = foreseen[j] > 0 ? later[j] / foreseen[j] : 0;
        for (int32_t i = 0; i < GRID; i++) {
            double s = 0, given = w->given[t * GRID + (size_t)i];
            if (given > 1e-14)
                for (int32_t j = 0; j < GRID; j++) s += w->step[i][j] * ratio[j];
            w->smoothed[t * GRID + (size_t)i] = given * s;
            sum += given * s;
        }
        for (int32_t i = 0; i < GRID && sum > 0; i++) w->smoothed[t * GRID + (size_t)i] /= sum;
    }
}

static double rt_filter_quantile(const double *p, double at)
{
    double below = 0;
    for (int32_t j = 0; j < GRID; j++) {
        if (below + p[j] >= at && p[j] > 0) {
            double part = (at - below) / p[j], here = rt_filter_value(j);
            double lo = j > 0 ? 0.5 * (rt_filter_value(j - 1) + here) : here;
            double hi = j < GRID - 1 ? 0.5 * (rt_filter_value(j + 1) + here) : here;
            return lo + part * (hi - lo);
        }
        below += p[j];
    }
    return rt_filter_value(GRID - 1);
}

static struct rt_filter_day rt_filter_sum(const double *p)
{
    struct rt_filter_day d = {0};
    double square = 0;
    for (int32_t j = 0; j < GRID; j++) {
        double r = rt_filter_value(j);
        d.mean += p[j] * r;
        square += p[j] * r * r;
    }
    d.sd = sqrt(fmax(0, square - d.mean * d.mean));
    d.q025 = rt_filter_quantile(p, 0.025);
    d.q50 = rt_filter_quantile(p, 0.5);
    d.q975 = rt_filter_quantile(p, 0.975);
    return d;
}

tong_code rt_filter_run(const struct rt_input *in, bool smooth, struct arena *arena, struct rt_filter_day *out,
                        double *probability, struct rt_filter_eta *eta, struct err *err)
{
    if (in->days > RT_FILTER_DAYS_MAX) return tong_fail(err, TONG_E_LIMIT, "%zu days", in->days);
    double *lambda = arena_array(arena, in->days, sizeof *lambda);
    if (lambda == NULL) return tong_fail(err, TONG_E_NOMEM, "%zu days", in->days);
    tong_code code = rt_infectivity(in, lambda, err);
    if (code != TONG_OK) return code;
    struct arena scratch = {0};
    size_t all = in->days * GRID;
    struct rt_filter_work *w = arena_alloc(&scratch, sizeof *w);
    double *mixed = arena_array(&scratch, all, sizeof *mixed);
    if (w != NULL) {
        *w = (struct rt_filter_work){.in = in, .lambda = lambda};
        w->given = arena_array(&scratch, all, sizeof *w->given);
        w->foreseen = arena_array(&scratch, all, sizeof *w->foreseen);
        w->smoothed = arena_array(&scratch, all, sizeof *w->smoothed);
    }
    if (w == NULL || mixed == NULL || w->given == NULL || w->foreseen == NULL || w->smoothed == NULL) {
        arena_free(&scratch);
        return tong_fail(err, TONG_E_NOMEM, "%zu days", in->days);
    }
    struct rt_filter_eta found = {{0}, {0}};
    double logs[RT_FILTER_ETAS], most = -HUGE_VAL, sum = 0;
    for (int32_t k = 0; k < RT_FILTER_ETAS; k++) {
        rt_filter_steps_of(w, rt_filter_steps[k]);
        found.eta[k] = rt_filter_steps[k];
        logs[k] = rt_filter_forward(w);
        most = fmax(most, logs[k]);
    }
    for (int32_t k = 0; k < RT_FILTER_ETAS; k++) sum += found.weight[k] = exp(logs[k] - most);
    for (int32_t k = 0; k < RT_FILTER_ETAS; k++) {
        found.weight[k] /= sum;
        if (found.weight[k] < 1e-6) continue;
        rt_filter_steps_of(w, rt_filter_steps[k]);
        (void)rt_filter_forward(w);
        if (smooth) rt_filter_backward(w);
        const double *p = smooth ? w->smoothed : w->given;
        for (size_t i = 0; i < all; i++) mixed[i] += found.weight[k] * p[i];
    }
    for (size_t t = 0; t < in->days; t++) {
        double *p = mixed + t * GRID, total = 0;
        for (int32_t j = 0; j < GRID; j++) total += p[j];
        for (int32_t j = 0; j < GRID; j++) p[j] /= total;
        out[t] = rt_filter_sum(p);
        if (probability != NULL) memcpy(probability + t * GRID, p, GRID * sizeof *p);
    }
    if (eta != NULL) *eta = found;
    arena_free(&scratch);
    return TONG_OK;
}
