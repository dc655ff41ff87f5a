#include "epi/infections.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "epi/rt.h"

enum { INFECTIONS_TURNS = 100, INFECTIONS_BLOCK = 10 };
static const double INFECTIONS_SEEN = 0.3; // of a day's infections reported by the end

struct infections_work {
    const struct infections_input *in;
    size_t lead, n;                    // days before the first report that are estimated, too; all days
    double *seen;                      // of each infection day, the part that can have been reported by the end
    double *smooth, *residual, *drawn; // reports of days
    double *infected, *expected, *ratio;
    double *values; // draws * days of R, flat by day
    struct rt_estimate *estimate;
};

static tong_code infections_check(const struct infections_input *in, struct err *err)
{
    double sum = 0, all = 0;
    if (in->days < 14 || in->days > 20000 || in->delay_days < 1 || in->delay_days > INFECTIONS_DELAY_MAX ||
        in->window < 1 || (size_t)in->window >= in->days || in->draws < 1 || in->draws > INFECTIONS_DRAWS_MAX)
        return tong_fail(err, TONG_E_INVALID, "%zu days, a delay of %zu, windows of %d, %d draws", in->days,
                         in->delay_days, (int)in->window, (int)in->draws);
    for (size_t k = 0; k < in->delay_days; k++) {
        if (!(in->delay[k] >= 0)) return tong_fail(err, TONG_E_INVALID, "the delay of %zu days", k);
        sum += in->delay[k];
    }
    if (!(fabs(sum - 1) < 0.01)) return tong_fail(err, TONG_E_INVALID, "the delays sum to %g, not 1", sum);
    for (size_t t = 0; t < in->days; t++) {
        if (!(in->reports[t] >= 0 && in->reports[t] < 1e12)) return tong_fail(err, TONG_E_INVALID, "day %zu", t);
        all += in->reports[t];
    }
    if (!(all > 0)) return tong_fail(err, TONG_E_INVALID, "no reports");
    return serial_check(in->si, in->si_days, err);
}

// Means of seven days; at the ends of those there are.
static void infections_smooth(const double *x, size_t n, double *out)
{
    for (size_t t = 0; t < n; t++) {
        size_t from = t < 3 ? 0 : t - 3, to = t + 3 < n ? t + 3 : n - 1;
        double sum = 0;
        for (size_t u = from; u <= to; u++) sum += x[u];
        out[t] = sum / (double)(to - from + 1);
    }
}

// Reports expected of the infections: expected[t], t from the first report day.
static void infections_expect(const struct infections_work *w)
{
    const struct infections_input *in = w->in;
    for (size_t t = 0; t < in->days; t++) {
        double sum = 0;
        for (size_t k = 0; k < in->delay_days; k++)
            if (t + w->lead >= k) sum += w->infected[t + w->lead - k] * in->delay[k];
        w->expected[t] = sum;
    }
}

static void infections_deconvolve(const struct infections_work *w, const double *reports)
{
    const struct infections_input *in = w->in;
    double mean = 0;
    for (size_t k = 0; k < in->delay_days; k++) mean += (double)k * in->delay[k];
    size_t shift = (size_t)(mean + 0.5);
    for (size_t s = 0; s < w->n; s++) { // begin: the reports, moved back by the mean delay
        size_t t = s + shift < w->lead ? 0 : s + shift - w->lead;
        w->infected[s] = reports[t < in->days ? t : in->days - 1] + 1e-3;
    }
    for (int32_t turn = 0; turn < INFECTIONS_TURNS; turn++) {
        double chi = 0;
        infections_expect(w);
        for (size_t t = 0; t < in->days; t++) {
            double e = w->expected[t] > 1e-9 ? w->expected[t] : 1e-9;
            w->ratio[t] = reports[t] / e;
            chi += (reports[t] - e) * (reports[t] - e) / e;
        }
        if (chi / (double)in->days < 1.0 / 7 && turn > 3) return; // a mean of seven has a seventh of the variance
        for (size_t s = 0; s < w->n; s++) {
            double sum = 0;
            for (size_t k = 0; k < in->delay_days; k++)
                if (s + k >= w->lead && s + k - w->lead < in->days) sum += in->delay[k] * w->ratio[s + k - w->lead];
            if (w->seen[s] > 1e-6) w->infected[s] *= sum / w->seen[s];
        }
    }
}

// Residuals of the logarithm, in blocks so that what hangs together stays together.
static void infections_resample(const struct infections_work *w, int32_t draw)
{
    size_t n = w->in->days;
    struct rng r = rng_stream(w->in->seed, (uint32_t)draw, 0, 0, 0);
    for (size_t t = 0; t < n; t += INFECTIONS_BLOCK) {
        size_t from = rng_below(&r, (uint32_t)(n - INFECTIONS_BLOCK + 1));
        for (size_t k = 0; k < INFECTIONS_BLOCK && t + k < n; k++)
            w->drawn[t + k] = fmax(0, expm1(log1p(w->smooth[t + k]) + w->residual[from + k]));
    }
}

static tong_code infections_r(const struct infections_work *w, int32_t draw, struct arena *a, struct err *err)
{
    const struct infections_input *in = w->in;
    struct rt_input rt = {.local = w->infected, .days = w->n, .si = in->si, .si_days = in->si_days};
    for (size_t t = 0; t < in->days; t++) {
        struct rt_window window = {(int32_t)(t + w->lead) - in->window + 1, (int32_t)(t + w->lead)};
        if (window.first < 1) window.first = 1;
        if (window.last < window.first) continue;
        tong_code code = rt_instantaneous(&rt, &window, 1, a, &w->estimate[t], err);
        if (code != TONG_OK) return code;
        arena_reset(a);
        struct rng r = rng_stream(in->seed, (uint32_t)draw, (int32_t)t, 1, 0);
        const struct rt_estimate *e = &w->estimate[t];
        w->values[t * (size_t)in->draws + (size_t)draw] = e->known ? rng_gamma(&r, e->shape, e->scale) : (double)NAN;
    }
    return TONG_OK;
}

static int infections_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void infections_tell(const struct infections_work *w, struct infections_day *out)
{
    size_t draws = (size_t)w->in->draws;
    for (size_t t = 0; t < w->in->days; t++) {
        double *v = w->values + t * draws, sum = 0;
        out[t].known = w->seen[t + w->lead] >= INFECTIONS_SEEN;
        for (size_t k = 0; k < draws; k++) {
            out[t].known = out[t].known && !isnan(v[k]);
            sum += v[k];
        }
        if (!out[t].known) continue;
        qsort(v, draws, sizeof *v, infections_order);
        out[t].mean = sum / (double)draws;
        out[t].q05 = v[(size_t)(0.05 * (double)draws)];
        out[t].q25 = v[(size_t)(0.25 * (double)draws)];
        out[t].q50 = v[(size_t)(0.5 * (double)draws)];
        out[t].q75 = v[(size_t)(0.75 * (double)draws)];
        out[t].q95 = v[(size_t)(0.95 * (double)draws)];
    }
}

static bool infections_room(struct infections_work *w, struct arena *a)
{
    size_t days = w->in->days;
    w->seen = arena_array(a, w->n, sizeof *w->seen);
    w->infected = arena_array(a, w->n, sizeof *w->infected);
    w->smooth = arena_array(a, days, sizeof *w->smooth);
    w->residual = arena_array(a, days, sizeof *w->residual);
    w->drawn = arena_array(a, days, sizeof *w->drawn);
    w->expected = arena_array(a, days, sizeof *w->expected);
    w->ratio = arena_array(a, days, sizeof *w->ratio);
    w->values = arena_array(a, days * (size_t)w->in->draws, sizeof *w->values);
    w->estimate = arena_array(a, days, sizeof *w->estimate);
    return w->seen != NULL && w->infected != NULL && w->smooth != NULL && w->residual != NULL && w->drawn != NULL &&
           w->expected != NULL && w->ratio != NULL && w->values != NULL && w->estimate != NULL;
}

tong_code infections_run(const struct infections_input *in, struct infections_day *out, struct err *err)
{
    tong_code code = infections_check(in, err);
    if (code != TONG_OK) return code;
    struct arena scratch = {0}, small = {0};
    struct infections_work w = {.in = in, .lead = in->delay_days - 1, .n = in->days + in->delay_days - 1};
    if (!infections_room(&w, &scratch)) {
        arena_free(&scratch);
        return tong_fail(err, TONG_E_NOMEM, "%zu days", in->days);
    }
    for (size_t s = 0; s < w.n; s++)
        for (size_t k = 0; k < in->delay_days; k++)
            if (s + k >= w.lead && s + k - w.lead < in->days) w.seen[s] += in->delay[k];
    infections_smooth(in->reports, in->days, w.smooth);
    for (size_t t = 0; t < in->days; t++) w.residual[t] = log1p(in->reports[t]) - log1p(w.smooth[t]);
    memset(out, 0, in->days * sizeof *out);
    infections_deconvolve(&w, w.smooth);
    for (size_t t = 0; t < in->days; t++) out[t].infections = w.infected[t + w.lead];
    double *again = arena_array(&scratch, in->days, sizeof *again);
    if (again == NULL) code = tong_fail(err, TONG_E_NOMEM, "%zu days", in->days);
    for (int32_t draw = 0; draw < in->draws && code == TONG_OK; draw++) {
        infections_resample(&w, draw);
        infections_smooth(w.drawn, in->days, again);
        infections_deconvolve(&w, again);
        code = infections_r(&w, draw, &small, err);
    }
    if (code == TONG_OK) infections_tell(&w, out);
    arena_free(&small);
    arena_free(&scratch);
    return code;
}
