#include "epi/serial.h"

#include "epi/special.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

// H(t), or H(t) - t + a b: second differences of both agree where t > 0, and the latter keeps the digits of the tail.
static double serial_h(double t, double a, double b, bool tail)
{
    if (t <= 0) return 0;
    if (tail) return a * b * special_gamma_q(a + 1, t / b) - t * special_gamma_q(a, t / b);
    return t * special_gamma_p(a, t / b) - a * b * special_gamma_p(a + 1, t / b);
}

tong_code serial_discretise(double mean_days, double sd_days, size_t n, double *w, struct err *err)
{
    if (!(mean_days > 1) || !(sd_days > 0) || isinf(mean_days) || isinf(sd_days))
        return tong_fail(err, TONG_E_INVALID, "a serial interval of mean %g and standard deviation %g", mean_days,
                         sd_days);
    if (n > SERIAL_DAYS_MAX) return tong_fail(err, TONG_E_LIMIT, "%zu days of serial interval", n);
    double ratio = (mean_days - 1) / sd_days, a = ratio * ratio, b = sd_days / ratio;
    if (!(a > 1e-30 && a < 1e12))
        return tong_fail(err, TONG_E_INVALID, "a standard deviation of %g for a mean of %g", sd_days, mean_days);
    for (size_t k = 0; k < n; k++) {
        double t = (double)k;
        bool tail = t - 2 > mean_days;
        double value = serial_h(t, a, b, tail) - 2 * serial_h(t - 1, a, b, tail) + serial_h(t - 2, a, b, tail);
        w[k] = value > 0 ? value : 0;
    }
    return TONG_OK;
}

double serial_mean(const double *w, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) sum += (double)k * w[k];
    return sum;
}

tong_code serial_check(const double *w, size_t n, struct err *err)
{
    double sum = 0;
    if (n < 2 || n > SERIAL_DAYS_MAX) return tong_fail(err, TONG_E_INVALID, "a serial interval of %zu days", n);
    for (size_t k = 0; k < n; k++) {
        if (!(w[k] >= 0 && w[k] <= 1))
            return tong_fail(err, TONG_E_INVALID, "the weight of day %zu is no probability", k);
        sum += w[k];
    }
    if (w[0] != 0) return tong_fail(err, TONG_E_INVALID, "the serial interval gives weight to day 0");
    if (!(sum > 0 && sum <= 1.001))
        return tong_fail(err, TONG_E_INVALID, "the weights of the serial interval sum to %g", sum);
    return TONG_OK;
}

static int serial_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void serial_moments(const double *x, size_t n, double *mean, double *sd)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    *mean = n > 0 ? sum / (double)n : 0;
    for (size_t i = 0; i < n; i++) squares += (x[i] - *mean) * (x[i] - *mean);
    *sd = n > 1 ? sqrt(squares / (double)(n - 1)) : 0;
}

tong_code serial_summarise(const double *days, size_t n, struct arena *arena, struct serial_summary *out,
                           struct err *err)
{
    double *x = arena_array(arena, n, sizeof *x);
    if (x == NULL) return tong_fail(err, TONG_E_NOMEM, "%zu intervals", n);
    struct serial_summary s = {.pairs = (int64_t)n};
    size_t known = 0;
    for (size_t i = 0; i < n; i++) {
        if (isinf(days[i])) return tong_fail(err, TONG_E_INVALID, "interval %zu is infinite", i + 1);
        if (isnan(days[i])) s.missing++;
        else x[known++] = days[i];
    }
    if (known < 2) return tong_fail(err, TONG_E_INVALID, "%zu known intervals are too few", known);
    qsort(x, known, sizeof *x, serial_order);
    size_t first = 0; // of the positive ones
    for (; first < known && x[first] <= 0; first++) {
        s.negative += x[first] < 0;
        s.zero += x[first] == 0;
    }
    s.positive = (int64_t)(known - first);
    serial_moments(x, known, &s.mean, &s.sd);
    serial_moments(x + first, known - first, &s.mean_positive, &s.sd_positive);
    s.median = known % 2 == 1 ? x[known / 2] : 0.5 * (x[known / 2 - 1] + x[known / 2]);
    s.least = x[0];
    s.most = x[known - 1];
    *out = s;
    return TONG_OK;
}
