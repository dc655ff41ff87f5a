#include "epi/baseline.h"

#include <math.h>

#include "epi/countdist.h"
#include "epi/special.h"

enum { BASELINE_VALUES_MAX = BASELINE_YEARS_MAX * (2 * BASELINE_WINDOW_MAX + 1) + BASELINE_WINDOW_MAX };

// Crow and Gardner 1959, table 1: upper 95 % limits of a Poisson mean when 0, 1 .. 20 were counted.
static const double BASELINE_POISSON_UPPER[] = {3.285,  5.323,  6.686,  8.102,  9.598,  11.177, 12.817,
                                                13.765, 14.921, 16.768, 17.633, 19.050, 20.335, 21.364,
                                                22.945, 23.762, 25.400, 26.306, 27.735, 28.966, 30.017};

struct baseline_values {
    double value[BASELINE_VALUES_MAX];
    int32_t n;
    double sum, mean, sd;
};

static double baseline_four(const int64_t *count, int64_t last)
{
    return (double)count[last] + (double)count[last - 1] + (double)count[last - 2] + (double)count[last - 3];
}

// The reference values of week t; false when they reach back before the first count.
static bool baseline_collect(const int64_t *count, int64_t t, const struct baseline_options *o,
                             struct baseline_values *v)
{
    *v = (struct baseline_values){0};
    bool fours = o->method == BASELINE_CDC;
    int64_t reach = fours ? 7 : o->window, first = t - (int64_t)o->years * o->periodicity - reach;
    if (o->years == 0) first = t - o->window;
    if (first < 0) return false;
    for (int64_t k = t - o->window; !fours && o->recent && k < t; k++) v->value[v->n++] = (double)count[k];
    for (int32_t i = 1; i <= o->years; i++) {
        int64_t then = t - (int64_t)i * o->periodicity;
        if (fours)
            for (int64_t k = then - 4; k <= then + 4; k += 4) v->value[v->n++] = baseline_four(count, k);
        else
            for (int64_t k = then - o->window; k <= then + o->window; k++) v->value[v->n++] = (double)count[k];
    }
    for (int32_t i = 0; i < v->n; i++) v->sum += v->value[i];
    v->mean = v->sum / v->n;
    double squares = 0;
    for (int32_t i = 0; i < v->n; i++) squares += (v->value[i] - v->mean) * (v->value[i] - v->mean);
    v->sd = v->n > 1 ? sqrt(squares / (v->n - 1)) : 0;
    return true;
}

static double baseline_upper(const struct baseline_values *v, const struct baseline_options *o)
{
    switch (o->method) {
    case BASELINE_RKI: return v->mean > 20 ? v->mean + 2 * v->sd : BASELINE_POISSON_UPPER[(int)floor(v->mean)];
    case BASELINE_BAYES: return countdist_quantile_upper(o->alpha, (v->sum + 0.5) / v->n, v->sum + 0.5);
    case BASELINE_CDC: return v->mean + special_normal_quantile(1 - o->alpha / 2) * v->sd * sqrt(1 + 1.0 / v->n);
    }
    return 0;
}

tong_code baseline_run(const int64_t *count, size_t n, const struct baseline_options *o, struct baseline_week *out,
                       struct err *err)
{
    bool cdc = o->method == BASELINE_CDC, some = o->years > 0 || (!cdc && o->recent && o->window > 0);
    if (o->years < 0 || o->years > BASELINE_YEARS_MAX || o->window < 0 || o->window > BASELINE_WINDOW_MAX || !some ||
        o->periodicity <= (cdc ? 7 : 2 * o->window) || o->periodicity > 366 ||
        (o->method != BASELINE_RKI && !(o->alpha > 0 && o->alpha < 1)))
        return tong_fail(err, TONG_E_INVALID, "%d years, window %d, alpha %g", (int)o->years, (int)o->window, o->alpha);
    for (size_t t = 0; t < n; t++)
        if (count[t] < 0 || count[t] > 1000000000)
            return tong_fail(err, TONG_E_INVALID, "count %zu is negative or above 1e9", t);
    for (size_t t = 0; t < n; t++) {
        struct baseline_values v;
        out[t] = (struct baseline_week){0};
        if (!baseline_collect(count, (int64_t)t, o, &v)) continue;
        double now = cdc ? baseline_four(count, (int64_t)t) : (double)count[t];
        out[t].defined = true;
        out[t].upper = baseline_upper(&v, o);
        if (!isfinite(out[t].upper)) return tong_fail(err, TONG_E_INVALID, "no limit for week %zu", t);
        out[t].alarm = now > out[t].upper;
    }
    return TONG_OK;
}
