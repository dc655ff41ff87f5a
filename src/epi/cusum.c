#include "epi/cusum.h"

#include <assert.h>
#include <math.h>

#include "epi/loglin.h"

static double cusum_two_thirds(double x)
{
    double root = cbrt(x);
    return root * root;
}

// Integral of (t + alpha t^2)^(-1/3) from `from` to `to`: with t = v^3 it is 3 v (1 + alpha v^3)^(-1/3), which is
// smooth; its singularities lie at the distance max(v, alpha^(-1/3)) about, so panels of half that leave 1e-15 to ten
// points of Gauss and Legendre (Abramowitz & Stegun 1964, table 25.4).
static double cusum_negbin_integral(double from, double to, double alpha)
{
    static const double node[5] = {0.14887433898163121, 0.43339539412924719, 0.67940956829902441, 0.86506336668898451,
                                   0.97390652851717172};
    static const double weight[5] = {0.29552422471475287, 0.26926671930999636, 0.21908636251598204,
                                     0.14945134915058059, 0.066671344308688138};
    double sign = to < from ? -1 : 1, low = cbrt(fmin(from, to)), high = cbrt(fmax(from, to)), sum = 0;
    double scale = 1 / cbrt(alpha);
    while (low < high) {
        double end = fmin(high, low + 0.5 * fmax(low, scale)), half = 0.5 * (end - low), mid = 0.5 * (end + low);
        for (int k = 0; k < 10; k++) {
            double v = mid + (k < 5 ? -node[k] : node[k - 5]) * half;
            sum += half * weight[k % 5] * 3 * v / cbrt(1 + alpha * v * v * v);
        }
        low = end;
    }
    return sign * sum;
}

static double cusum_z(double x, double m, const struct cusum_options *o)
{
    switch (o->transform) {
    case CUSUM_NONE: return x;
    case CUSUM_STANDARD: return (x - m) / sqrt(m);
    case CUSUM_ROSSI: return (x - 3 * m + 2 * sqrt(x * m)) / (2 * sqrt(m));
    case CUSUM_ANSCOMBE: return 1.5 * (cusum_two_thirds(x) - cusum_two_thirds(m)) / pow(m, 1.0 / 6);
    case CUSUM_ANSCOMBE_2ND:
        return 1.5 * (cusum_two_thirds(x) - (cusum_two_thirds(m) - 1 / (9 * cbrt(m)))) / pow(m, 1.0 / 6);
    case CUSUM_PEARSON_NEGBIN: return (x - m) / sqrt(m + o->alpha * m * m);
    case CUSUM_ANSCOMBE_NEGBIN:
        return cusum_negbin_integral(m, x, o->alpha) / pow(m + o->alpha * m * m, 1.0 / 6);
    case CUSUM_TRANSFORM_COUNT: break;
    }
    assert(o->transform != CUSUM_TRANSFORM_COUNT); // checked where the options come in
    return 0;
}

// The count x >= 0 with z(x) = z, 0 when even no case at all is beyond it.
static double cusum_count(double z, double m, const struct cusum_options *o)
{
    if (cusum_z(0, m, o) >= z) return 0;
    double x = 0;
    switch (o->transform) {
    case CUSUM_NONE: return z;
    case CUSUM_STANDARD: return m + z * sqrt(m);
    case CUSUM_ROSSI: // a square in sqrt(x): x + 2 sqrt(m) sqrt(x) - 3m - 2 z sqrt(m) = 0
        x = sqrt(4 * m + 2 * z * sqrt(m)) - sqrt(m);
        return x * x;
    case CUSUM_ANSCOMBE: return pow(cusum_two_thirds(m) + 2.0 / 3 * z * pow(m, 1.0 / 6), 1.5);
    case CUSUM_ANSCOMBE_2ND: return pow(cusum_two_thirds(m) - 1 / (9 * cbrt(m)) + 2.0 / 3 * z * pow(m, 1.0 / 6), 1.5);
    case CUSUM_PEARSON_NEGBIN: return m + z * sqrt(m + o->alpha * m * m);
    case CUSUM_ANSCOMBE_NEGBIN: break;
    case CUSUM_TRANSFORM_COUNT: break;
    }
    double low = 0, high = m + 1; // increasing in x: bisection to the last digit
    while (cusum_z(high, m, o) < z) high *= 2;
    for (int turn = 0; turn < 200 && high - low > 1e-15 * high; turn++) {
        x = 0.5 * (low + high);
        if (cusum_z(x, m, o) < z) low = x;
        else high = x;
    }
    return high;
}

tong_code cusum_run(const int64_t *count, const double *mean, size_t n, const struct cusum_options *o,
                    struct cusum_day *out, struct err *err)
{
    bool negbin = o->transform == CUSUM_PEARSON_NEGBIN || o->transform == CUSUM_ANSCOMBE_NEGBIN;
    if (o->transform >= CUSUM_TRANSFORM_COUNT || !(o->k >= 0) || !isfinite(o->k) || !(o->h > 0) || !isfinite(o->h) ||
        (negbin && (!(o->alpha > 0) || !isfinite(o->alpha))))
        return tong_fail(err, TONG_E_INVALID, "CUSUM of transformation %d with k %g, h %g, alpha %g", (int)o->transform,
                         o->k, o->h, o->alpha);
    for (size_t t = 0; t < n; t++) {
        if (count[t] < 0) return tong_fail(err, TONG_E_INVALID, "count %zu is negative", t);
        if (!(mean[t] > 1e-100) || !(mean[t] < 1e100))
            return tong_fail(err, TONG_E_INVALID, "expected count %zu is %g", t, mean[t]);
    }
    double sum = 0;
    for (size_t t = 0; t < n; t++) {
        struct cusum_day d = {.z = cusum_z((double)count[t], mean[t], o)};
        d.upper = cusum_count(o->h + o->k - sum, mean[t], o);
        sum = fmax(0, sum + d.z - o->k);
        d.sum = sum;
        d.alarm = sum >= o->h;
        out[t] = d;
    }
    return TONG_OK;
}

tong_code cusum_mean(const int64_t *history, size_t history_n, double *mean, size_t n, struct err *err)
{
    double sum = 0;
    for (size_t t = 0; t < history_n; t++) {
        if (history[t] < 0) return tong_fail(err, TONG_E_INVALID, "count %zu is negative", t);
        sum += (double)history[t];
    }
    if (!(sum > 0)) return tong_fail(err, TONG_E_INVALID, "no cases in a history of %zu", history_n);
    for (size_t t = 0; t < n; t++) mean[t] = sum / (double)history_n;
    return TONG_OK;
}

enum { CUSUM_SEASON_COLUMNS = 4 };

static int32_t cusum_row(size_t t, double period, bool trend, double scale, double *x)
{
    const double two_pi = 6.283185307179586476925286766559;
    double at = (double)t + 1;
    x[0] = 1;
    x[1] = cos(two_pi * at / period);
    x[2] = sin(two_pi * at / period);
    if (trend) x[3] = at * scale; // scaled: columns of like size keep the normal equations well conditioned
    return trend ? 4 : 3;
}

tong_code cusum_season(const int64_t *history, size_t history_n, double period, bool trend, double alpha,
                       struct arena *arena, double *mean, size_t n, struct err *err)
{
    if (!(period >= 2) || !isfinite(period) || !(alpha >= 0) || !isfinite(alpha) || history_n == 0 ||
        history_n > INT32_MAX)
        return tong_fail(err, TONG_E_INVALID, "season of period %g over a history of %zu", period, history_n);
    double *x = arena_array(arena, history_n * CUSUM_SEASON_COLUMNS, sizeof *x);
    double *y = arena_array(arena, history_n, sizeof *y);
    if (x == NULL || y == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a season of %zu", history_n);
    struct loglin_data data = {.x = x, .y = y, .rows = (int32_t)history_n, .alpha = alpha};
    double scale = 1 / (double)history_n;
    for (size_t t = 0; t < history_n; t++) {
        data.columns = cusum_row(t, period, trend, scale, x + t * (trend ? 4 : 3));
        y[t] = (double)history[t];
    }
    struct loglin fit;
    tong_code code = loglin_fit(&data, arena, &fit, err);
    if (code != TONG_OK) return code;
    for (size_t t = 0; t < n; t++) {
        double row[CUSUM_SEASON_COLUMNS];
        int32_t columns = cusum_row(history_n + t, period, trend, scale, row);
        mean[t] = exp(loglin_at(&fit, row, columns, NULL));
    }
    return TONG_OK;
}
