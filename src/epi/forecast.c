#include "epi/forecast.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "epi/forecast_inner.h"

static const double forecast_level[FORECAST_LEVELS] = {0.01, 0.025, 0.05, 0.1, 0.15, 0.2,   0.25, 0.3,
                                                       0.35, 0.4,   0.45, 0.5, 0.55, 0.6,   0.65, 0.7,
                                                       0.75, 0.8,   0.85, 0.9, 0.95, 0.975, 0.99};
enum { FORECAST_BATCH = 5, FORECAST_BATCH_LEAST = 50, FORECAST_BATCH_DAYS = 14 };
enum { FORECAST_FLAT_DRAWS = 2000, FORECAST_DIFFERENCES_MAX = 1024 };

const double *forecast_levels(void)
{
    return forecast_level;
}

double forecast_truth(const struct forecast_panel *panel, int32_t place, int32_t first)
{
    double sum = 0;
    for (int32_t t = first; t < first + 7; t++) {
        double x = panel->count[(int64_t)place * panel->days + t];
        sum += isnan(x) ? 0 : x;
    }
    return sum >= 0 ? sum : (double)NAN;
}

static tong_code forecast_check(const struct forecast_panel *p, int32_t now, struct err *err)
{
    if (p->places < 1 || p->places > FORECAST_PLACES_MAX || p->days < 1 || p->days > 60000)
        return tong_fail(err, TONG_E_LIMIT, "%d places, %d days", (int)p->places, (int)p->days);
    if (now < FORECAST_FIRST || now >= p->days)
        return tong_fail(err, TONG_E_INVALID, "a forecast on day %d of %d; the first is %d", (int)now, (int)p->days,
                         FORECAST_FIRST);
    for (int32_t i = 0; i < p->places; i++)
        for (int32_t t = 0; t <= now; t++) {
            double x = p->count[(int64_t)i * p->days + t];
            double y = p->driver != NULL ? p->driver[(int64_t)i * p->days + t] : 0;
            if (fabs(x) > 1e12 || fabs(y) > 1e12)
                return tong_fail(err, TONG_E_INVALID, "the count of place %d, day %d", (int)i, (int)t);
        }
    return TONG_OK;
}

// A correction belongs to days before it, nobody knows which: the nearest are reduced first.
static void forecast_correct(double *count, int32_t n)
{
    for (int32_t t = 0; t < n; t++) {
        if (isnan(count[t])) count[t] = 0;
        if (count[t] >= 0) continue;
        double owed = -count[t];
        count[t] = 0;
        for (int32_t u = t - 1; u >= 0 && owed > 0; u--) {
            double taken = count[u] < owed ? count[u] : owed;
            count[u] -= taken;
            owed -= taken;
        }
    }
}

// A day of more than FORECAST_BATCH times the mean of the week before, on which reports came on most days, holds cases
// of other days: a backlog, or a wider definition (Hubei, 12 February 2020). What exceeds the highest day of that week
// is laid on the two weeks before in proportion to their counts. Growth alone makes no such day.
static void forecast_spread(double *count, int32_t n)
{
    for (int32_t t = FORECAST_BATCH_DAYS; t < n; t++) {
        double sum = 0, most = 0, all = 0;
        int32_t reports = 0;
        for (int32_t u = t - 7; u < t; u++) {
            sum += count[u];
            most = fmax(most, count[u]);
            reports += count[u] > 0;
        }
        if (reports < 5 || count[t] < FORECAST_BATCH_LEAST || count[t] <= FORECAST_BATCH * sum / 7) continue;
        double excess = count[t] - most;
        count[t] = most;
        for (int32_t u = t - FORECAST_BATCH_DAYS; u <= t; u++) all += count[u];
        for (int32_t u = t - FORECAST_BATCH_DAYS; u <= t; u++) count[u] *= 1 + excess / all;
    }
}

static bool forecast_sum(const double *count, int32_t places, int32_t days, int32_t now, struct arena *a,
                         struct forecast_series *out)
{
    size_t n = (size_t)now + 1, all = (size_t)places * n;
    *out = (struct forecast_series){.places = places, .now = now};
    out->count = arena_array(a, all, sizeof *out->count);
    out->week = arena_array(a, all, sizeof *out->week);
    out->log_week = arena_array(a, all, sizeof *out->log_week);
    if (out->count == NULL || out->week == NULL || out->log_week == NULL) return false;
    for (int32_t p = 0; p < places; p++) {
        double *c = out->count + (size_t)p * n;
        memcpy(c, count + (int64_t)p * days, n * sizeof *c);
        forecast_correct(c, now + 1);
        forecast_spread(c, now + 1);
        for (int32_t t = 0; t <= now; t++) {
            double sum = 0; // afresh each day: no rounding is carried on
            for (int32_t u = t > 6 ? t - 6 : 0; u <= t; u++) sum += c[u];
            out->week[(size_t)p * n + (size_t)t] = sum;
            out->log_week[(size_t)p * n + (size_t)t] = log1p(sum);
        }
    }
    return true;
}

// ---- the flat baseline ----

static int forecast_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double forecast_quantile(const double *sorted, int32_t n, double p)
{
    double at = (n - 1) * p;
    int32_t i = (int32_t)at;
    return i >= n - 1 ? sorted[n - 1] : sorted[i] + (at - i) * (sorted[i + 1] - sorted[i]);
}

static void forecast_flat(const struct forecast_series *s, int32_t place, struct forecast *out)
{
    const double *week = s->week + (int64_t)place * (s->now + 1);
    double difference[FORECAST_DIFFERENCES_MAX], sum[FORECAST_FLAT_DRAWS] = {0}, sorted[FORECAST_FLAT_DRAWS];
    uint32_t n = 0;
    for (int32_t t = s->now; t - 7 >= 6 && n < FORECAST_DIFFERENCES_MAX; t -= 7) {
        double d = week[t] - week[t - 7];
        difference[n++] = d;
        difference[n++] = -d;
    }
    *out = (struct forecast){.made = n >= 4};
    if (!out->made) return;
    struct rng r = rng_stream(1, 0, s->now, (uint32_t)place, 0);
    for (int32_t h = 0; h < FORECAST_WEEKS; h++) {
        for (int32_t i = 0; i < FORECAST_FLAT_DRAWS; i++) {
            sum[i] += difference[rng_below(&r, n)];
            sorted[i] = sum[i];
        }
        qsort(sorted, FORECAST_FLAT_DRAWS, sizeof *sorted, forecast_order);
        double middle = forecast_quantile(sorted, FORECAST_FLAT_DRAWS, 0.5);
        for (int32_t l = 0; l < FORECAST_LEVELS; l++) {
            double v = week[s->now] + forecast_quantile(sorted, FORECAST_FLAT_DRAWS, forecast_level[l]) - middle;
            out->value[h][l] = v > 0 ? v : 0;
        }
    }
}

tong_code forecast_make(const struct forecast_panel *panel, int32_t now, forecast_method method, struct arena *scratch,
                        struct forecast *out, struct err *err)
{
    tong_code code = forecast_check(panel, now, err);
    if (code != TONG_OK) return code;
    struct forecast_work w = {.driven = panel->driver != NULL, .weeks = (now - FORECAST_FIRST) / 7 + 1};
    if (!forecast_sum(panel->count, panel->places, panel->days, now, scratch, &w.own) ||
        (w.driven && !forecast_sum(panel->driver, panel->places, panel->days, now, scratch, &w.driver)))
        return tong_fail(err, TONG_E_NOMEM, "no memory to forecast %d places", (int)panel->places);
    forecast_terms terms = NULL;
    switch (method) {
    case FORECAST_TREND: terms = forecast_terms_trend; break;
    case FORECAST_RENEWAL: terms = forecast_terms_renewal; break;
    case FORECAST_REGRESSION: terms = forecast_terms_regression; break;
    case FORECAST_FLAT:
    case FORECAST_METHOD_COUNT: break;
    }
    if (terms != NULL) return forecast_learn(&w, terms, forecast_prior_of(method, w.driven), scratch, out, err);
    assert(method == FORECAST_FLAT);
    for (int32_t p = 0; p < panel->places; p++) forecast_flat(&w.own, p, &out[p]);
    return TONG_OK;
}
