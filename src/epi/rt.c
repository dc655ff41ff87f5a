#include "epi/rt.h"

#include "base/rng.h"
#include "epi/root.h"
#include "epi/special.h"

#include <math.h>

static tong_code rt_check(const struct rt_input *in, struct err *err)
{
    if (in->days < 2 || in->days > SERIAL_DAYS_MAX)
        return tong_fail(err, TONG_E_INVALID, "a series of %zu days", in->days);
    for (size_t t = 0; t < in->days; t++) {
        double local = in->local[t], imported = in->imported != NULL ? in->imported[t] : 0;
        if (!(local >= 0 && local < 1e15) || !(imported >= 0 && imported < 1e15))
            return tong_fail(err, TONG_E_INVALID, "the count of day %zu is no count", t);
    }
    if (!(in->prior_mean >= 0) || !(in->prior_sd >= 0) || (in->prior_mean == 0) != (in->prior_sd == 0) ||
        isinf(in->prior_mean) || isinf(in->prior_sd))
        return tong_fail(err, TONG_E_INVALID, "a prior of mean %g and standard deviation %g", in->prior_mean,
                         in->prior_sd);
    return TONG_OK;
}

static tong_code rt_check_windows(const struct rt_input *in, const struct rt_window *windows, size_t n, int32_t least,
                                  struct err *err)
{
    for (size_t i = 0; i < n; i++)
        if (windows[i].first < least || windows[i].last < windows[i].first || (size_t)windows[i].last >= in->days)
            return tong_fail(err, TONG_E_INVALID, "a window from day %d to %d", (int)windows[i].first,
                             (int)windows[i].last);
    return TONG_OK;
}

static double rt_all(const struct rt_input *in, size_t t)
{
    return in->local[t] + (in->imported != NULL ? in->imported[t] : 0);
}

// How many days of the serial interval matter: beyond, less than 1e-18 of its mass is left.
static size_t rt_si_length(const double *w, size_t n)
{
    double left = 0;
    while (n > 1 && left + w[n - 1] < 1e-18) left += w[--n];
    return n;
}

static void rt_pressure(const struct rt_input *in, const double *w, size_t n, double *lambda)
{
    n = rt_si_length(w, n);
    lambda[0] = 0;
    for (size_t t = 1; t < in->days; t++) {
        double sum = 0;
        size_t most = t < n - 1 ? t : n - 1;
        for (size_t s = 1; s <= most; s++) sum += w[s] * rt_all(in, t - s);
        lambda[t] = sum;
    }
}

tong_code rt_infectivity(const struct rt_input *in, double *lambda, struct err *err)
{
    tong_code code = rt_check(in, err);
    if (code == TONG_OK) code = serial_check(in->si, in->si_days, err);
    if (code == TONG_OK) rt_pressure(in, in->si, in->si_days, lambda);
    return code;
}

// Day 0 of a plain series counts as imported, but no window holds it, so its local cases need no change.
static struct rt_estimate rt_posterior(const struct rt_input *in, const double *lambda, struct rt_window w,
                                       double mean_si)
{
    struct rt_estimate e = {.known = w.last + 1 > mean_si};
    if (!e.known) return e;
    double mean = in->prior_mean > 0 ? in->prior_mean : 5, sd = in->prior_mean > 0 ? in->prior_sd : 5;
    for (int32_t t = w.first; t <= w.last; t++) {
        e.local_cases += in->local[t];
        e.infectivity += lambda[t];
    }
    e.shape = mean / sd * (mean / sd) + e.local_cases;
    e.scale = 1 / (mean / (sd * sd) + e.infectivity);
    e.mean = e.shape * e.scale;
    e.sd = sqrt(e.shape) * e.scale;
    return e;
}

tong_code rt_instantaneous(const struct rt_input *in, const struct rt_window *windows, size_t n, struct arena *arena,
                           struct rt_estimate *out, struct err *err)
{
    tong_code code = rt_check_windows(in, windows, n, 1, err);
    if (code != TONG_OK) return code;
    double *lambda = arena_array(arena, in->days, sizeof *lambda);
    if (lambda == NULL) return tong_fail(err, TONG_E_NOMEM, "%zu days", in->days);
    code = rt_infectivity(in, lambda, err);
    if (code != TONG_OK) return code;
    double mean_si = serial_mean(in->si, in->si_days);
    for (size_t i = 0; i < n; i++) out[i] = rt_posterior(in, lambda, windows[i], mean_si);
    return TONG_OK;
}

double rt_quantile(const struct rt_estimate *estimate, double p)
{
    return special_gamma_quantile(p, estimate->shape, false) * estimate->scale;
}

void rt_quantiles(const struct rt_estimate *estimates, size_t n, const struct gamma_table *table, double *out)
{
    for (size_t i = 0; i < n; i++, out += table->n) {
        if (estimates[i].known) gamma_table_quantiles(table, estimates[i].shape, out);
        for (size_t k = 0; k < table->n; k++) out[k] = estimates[i].known ? out[k] * estimates[i].scale : 0;
    }
}

// ---- uncertain serial interval ----

struct rt_mix {
    const struct rt_estimate *part; // `stride` apart
    size_t count, stride;
    double p;
};

static double rt_mix_gap(double x, const void *context)
{
    const struct rt_mix *m = context;
    double sum = 0, known = 0;
    for (size_t i = 0; i < m->count; i++) {
        const struct rt_estimate *e = &m->part[i * m->stride];
        if (!e->known) continue;
        sum += special_gamma_p(e->shape, x / e->scale);
        known += 1;
    }
    return sum / known - m->p;
}

static double rt_mix_quantile(const struct rt_mix *m, double guess)
{
    double x = guess;
    if (!root_find_outward(rt_mix_gap, m, 0, guess, &x)) return guess;
    return x;
}

// Normal draws cut to limits by rejection; the limits hold enough of the distribution (checked by the caller).
static double rt_cut_normal(struct rng *rng, double mean, double sd, double least, double most)
{
    if (sd == 0) return mean;
    for (;;) {
        double x = mean + sd * rng_normal(rng);
        if (x >= least && x <= most) return x;
    }
}

static bool rt_cut_good(double mean, double sd, double least, double most)
{
    if (!(least > 0) || !(most >= least) || isinf(most) || !(sd >= 0) || isinf(sd) || isnan(mean)) return false;
    if (sd == 0) return mean >= least && mean <= most;
    return special_normal_p((most - mean) / sd) - special_normal_p((least - mean) / sd) > 1e-3;
}

static void rt_mix_sum(const struct rt_estimate *parts, size_t draws, size_t windows, size_t i, struct rt_mixed *out)
{
    double known = 0, mean = 0, square = 0;
    for (size_t d = 0; d < draws; d++) {
        const struct rt_estimate *e = &parts[d * windows + i];
        if (!e->known) continue;
        known += 1;
        mean += e->mean;
        square += e->sd * e->sd + e->mean * e->mean;
    }
    *out = (struct rt_mixed){.known = known > 0};
    if (!out->known) return;
    out->mean = mean / known;
    out->sd = sqrt(fmax(0, square / known - out->mean * out->mean));
    struct rt_mix m = {parts + i, draws, windows, 0.025};
    out->q025 = rt_mix_quantile(&m, out->mean);
    m.p = 0.5;
    out->q50 = rt_mix_quantile(&m, out->mean);
    m.p = 0.975;
    out->q975 = rt_mix_quantile(&m, out->mean);
}

tong_code rt_mixture(const struct rt_input *in, const struct rt_uncertain *si, const struct rt_window *windows,
                     size_t n, struct arena *arena, struct rt_mixed *out, struct err *err)
{
    tong_code code = rt_check(in, err);
    if (code == TONG_OK) code = rt_check_windows(in, windows, n, 1, err);
    if (code != TONG_OK) return code;
    if (si->draws < 1 || si->draws > 100000) return tong_fail(err, TONG_E_INVALID, "%d draws", (int)si->draws);
    if (!rt_cut_good(si->mean, si->mean_sd, si->mean_least, si->mean_most) || !(si->mean_least > 1) ||
        !rt_cut_good(si->sd, si->sd_sd, si->sd_least, si->sd_most))
        return tong_fail(err, TONG_E_INVALID, "the limits leave no room for the serial interval");
    size_t draws = (size_t)si->draws;
    struct rt_estimate *parts = arena_array(arena, draws * n, sizeof *parts);
    double *lambda = arena_array(arena, in->days, sizeof *lambda), *w = arena_array(arena, in->days, sizeof *w);
    if (parts == NULL || lambda == NULL || w == NULL) return tong_fail(err, TONG_E_NOMEM, "%zu draws", draws);
    struct rng rng = rng_stream(si->seed, 0, 0, 0, 0);
    for (size_t d = 0; d < draws; d++) {
        double mean = rt_cut_normal(&rng, si->mean, si->mean_sd, si->mean_least, si->mean_most);
        double sd = rt_cut_normal(&rng, si->sd, si->sd_sd, si->sd_least, si->sd_most);
        code = serial_discretise(mean, sd, in->days, w, err);
        if (code != TONG_OK) return code;
        rt_pressure(in, w, in->days, lambda);
        double mean_si = serial_mean(w, in->days);
        for (size_t i = 0; i < n; i++) parts[d * n + i] = rt_posterior(in, lambda, windows[i], mean_si);
    }
    for (size_t i = 0; i < n; i++) rt_mix_sum(parts, draws, n, i, &out[i]);
    return TONG_OK;
}

// ---- Wallinga & Teunis ----

// A case of day t was infected by one of day j with probability w(t - j) / sum over s of I_s w(t - s); a case of day j
// therefore infected, on average, the sum of that over the local cases of all later days.
tong_code rt_case_number(const struct rt_input *in, const struct rt_window *windows, size_t n, struct arena *arena,
                         struct rt_case *out, struct err *err)
{
    tong_code code = rt_check_windows(in, windows, n, 0, err);
    if (code != TONG_OK) return code;
    double *lambda = arena_array(arena, in->days, sizeof *lambda), *r = arena_array(arena, in->days, sizeof *r);
    if (lambda == NULL || r == NULL) return tong_fail(err, TONG_E_NOMEM, "%zu days", in->days);
    code = rt_infectivity(in, lambda, err);
    if (code != TONG_OK) return code;
    for (size_t j = 0; j < in->days; j++)
        for (size_t t = j + 1; t < in->days && t - j < in->si_days; t++)
            if (lambda[t] > 0) r[j] += in->local[t] * in->si[t - j] / lambda[t];
    for (size_t i = 0; i < n; i++) {
        double cases = 0, sum = 0;
        for (int32_t t = windows[i].first; t <= windows[i].last; t++) {
            cases += rt_all(in, (size_t)t);
            sum += rt_all(in, (size_t)t) * r[t];
        }
        out[i] = (struct rt_case){cases > 0, cases > 0 ? sum / cases : 0};
    }
    return TONG_OK;
}
