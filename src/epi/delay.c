#include "epi/delay.h"

#include "epi/maximum.h"
#include "epi/root.h"
#include "epi/special.h"

#include <assert.h>
#include <math.h>

double delay_cdf(delay_law law, double a, double b, double t)
{
    if (!(t > 0)) return 0;
    switch (law) {
    case DELAY_GAMMA: return special_gamma_p(a, t / b);
    case DELAY_WEIBULL: return -expm1(-pow(t / b, a));
    case DELAY_LOGNORMAL: return special_normal_p((log(t) - a) / b);
    case DELAY_LAW_COUNT: assert(law != DELAY_LAW_COUNT); break;
    }
    return 0;
}

double delay_mean(delay_law law, double a, double b)
{
    if (law == DELAY_GAMMA) return a * b;
    if (law == DELAY_WEIBULL) return b * tgamma(1 + 1 / a);
    return exp(a + b * b / 2);
}

double delay_cdf_integral(delay_law law, double a, double b, double t)
{
    if (!(t > 0)) return 0;
    double mean = delay_mean(law, a, b); // t F(t) less the mean's share below t
    switch (law) {
    case DELAY_GAMMA: return t * special_gamma_p(a, t / b) - mean * special_gamma_p(a + 1, t / b);
    case DELAY_WEIBULL: return t * delay_cdf(law, a, b, t) - mean * special_gamma_p(1 + 1 / a, pow(t / b, a));
    case DELAY_LOGNORMAL: return t * delay_cdf(law, a, b, t) - mean * special_normal_p((log(t) - a) / b - b);
    case DELAY_LAW_COUNT: assert(law != DELAY_LAW_COUNT); break;
    }
    return 0;
}

double delay_quantile(delay_law law, double a, double b, double p)
{
    if (law == DELAY_GAMMA) return b * special_gamma_quantile(p, a, false);
    if (law == DELAY_WEIBULL) return b * pow(-log1p(-p), 1 / a);
    return exp(a + b * special_normal_quantile(p));
}

static double delay_log_density(delay_law law, double a, double b, double t)
{
    if (!(t > 0)) return -HUGE_VAL;
    if (law == DELAY_GAMMA) return (a - 1) * log(t / b) - t / b - special_log_gamma(a) - log(b);
    if (law == DELAY_WEIBULL) return log(a / b) + (a - 1) * log(t / b) - pow(t / b, a);
    double z = (log(t) - a) / b;
    return -0.5 * z * z - log(t * b) - 0.918938533204672741780329736406;
}

// Log probability of one pair. Windows of the first event are uniform; both ends are averages of the distribution
// function.
static double delay_datum_loglik(delay_law law, double a, double b, const struct delay_datum *d)
{
    double width = d->first_hi - d->first_lo, p;
    bool second_known = d->second_hi == d->second_lo;
    if (width == 0 && second_known) p = delay_log_density(law, a, b, d->second_lo - d->first_lo);
    else if (width == 0)
        p = log(delay_cdf(law, a, b, d->second_hi - d->first_lo) - delay_cdf(law, a, b, d->second_lo - d->first_lo));
    else if (second_known)
        p = log((delay_cdf(law, a, b, d->second_lo - d->first_lo) - delay_cdf(law, a, b, d->second_lo - d->first_hi)) /
                width);
    else {
        double late = delay_cdf_integral(law, a, b, d->second_hi - d->first_lo) -
                      delay_cdf_integral(law, a, b, d->second_hi - d->first_hi);
        double soon = delay_cdf_integral(law, a, b, d->second_lo - d->first_lo) -
                      delay_cdf_integral(law, a, b, d->second_lo - d->first_hi);
        p = log((late - soon) / width);
    }
    if (isinf(d->until)) return p;
    if (width == 0) return p - log(delay_cdf(law, a, b, d->until - d->first_lo));
    double seen =
        delay_cdf_integral(law, a, b, d->until - d->first_lo) - delay_cdf_integral(law, a, b, d->until - d->first_hi);
    return p - log(seen / width);
}

struct delay_data {
    const struct delay_datum *data;
    size_t n;
    delay_law law;
};

// The parameters searched over are logarithms (but of the lognormal mean): of the shape and of the mean for the gamma
// distribution, which hardly depend on each other.
static void delay_parameters(delay_law law, const double p[2], double *a, double *b)
{
    *a = law == DELAY_LOGNORMAL ? p[0] : exp(p[0]);
    *b = law == DELAY_GAMMA ? exp(p[1] - p[0]) : exp(p[1]);
}

static double delay_loglik(const double p[2], const void *context)
{
    const struct delay_data *d = context;
    double a, b, sum = 0;
    delay_parameters(d->law, p, &a, &b);
    if (!(b > 0 && b < 1e8) || (d->law != DELAY_LOGNORMAL && !(a > 1e-6 && a < 1e7))) return -HUGE_VAL;
    for (size_t i = 0; i < d->n; i++) sum += delay_datum_loglik(d->law, a, b, &d->data[i]);
    return sum;
}

static tong_code delay_check(const struct delay_datum *data, size_t n, struct err *err)
{
    if (n < 2 || n > DELAY_PAIRS_MAX) return tong_fail(err, TONG_E_INVALID, "%zu pairs", n);
    for (size_t i = 0; i < n; i++) {
        const struct delay_datum *d = &data[i];
        if (!isfinite(d->first_lo) || !isfinite(d->first_hi) || !isfinite(d->second_lo) || isnan(d->second_hi) ||
            isnan(d->until) || d->first_hi < d->first_lo || d->second_hi < d->second_lo)
            return tong_fail(err, TONG_E_INVALID, "pair %zu: a window that ends before it begins", i + 1);
        if (!(d->second_hi > d->first_lo))
            return tong_fail(err, TONG_E_INVALID, "pair %zu: the second event comes first", i + 1);
        if (d->until < d->second_lo || (isfinite(d->until) && d->until < d->first_hi))
            return tong_fail(err, TONG_E_INVALID, "pair %zu: an event after the end of observation", i + 1);
    }
    return TONG_OK;
}

tong_code delay_fit(const struct delay_datum *data, size_t n, delay_law law, struct delay_fit *out, struct err *err)
{
    tong_code code = delay_check(data, n, err);
    if (code != TONG_OK) return code;
    // Start from the middles of the windows.
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        double hi = isinf(data[i].second_hi) ? data[i].second_lo + 1 : data[i].second_hi;
        double x = fmax(0.25, 0.5 * (data[i].second_lo + hi - data[i].first_lo - data[i].first_hi));
        sum += log(x) / (double)n;
        squares += log(x) * log(x) / (double)n;
    }
    double spread = sqrt(fmax(0.01, squares - sum * sum));
    struct maximum m = {.p = {0, sum}};
    if (law == DELAY_GAMMA) m.p[0] = -2 * log(spread);
    else if (law == DELAY_WEIBULL) m.p[0] = log(1.2 / spread);
    else m = (struct maximum){.p = {sum, log(spread)}};
    struct delay_data context = {data, n, law};
    if (!maximum_find(delay_loglik, &context, 1e-3, &m))
        return tong_fail(err, TONG_E_INVALID, "these delays have no maximum of the likelihood");
    struct delay_fit f = {.law = law, .loglik = m.value, .n = n};
    delay_parameters(law, m.p, &f.a, &f.b);
    double va = m.covariance[0][0], vb = m.covariance[1][1];
    if (law == DELAY_GAMMA) vb += va - 2 * m.covariance[0][1]; // log scale = log mean - log shape
    f.se_log_a = law == DELAY_LOGNORMAL ? sqrt(va) / fabs(f.a) : sqrt(va);
    f.se_log_b = sqrt(vb);
    f.se_a = law == DELAY_LOGNORMAL ? sqrt(va) : f.a * f.se_log_a;
    f.se_b = f.b * f.se_log_b;
    *out = f;
    return TONG_OK;
}

// ---- exact delays ----

struct delay_moments {
    const double *x;
    size_t n;
    double gap; // log(mean) - mean(log)
    double mean_log;
    double largest; // to scale powers by
};

static double delay_gamma_gap(double log_shape, const void *context)
{
    double a = exp(log_shape);
    return log_shape - special_digamma(a) - ((const struct delay_moments *)context)->gap;
}

static double delay_weibull_gap(double log_shape, const void *context)
{
    const struct delay_moments *m = context;
    double a = exp(log_shape), sum = 0, weighted = 0;
    for (size_t i = 0; i < m->n; i++) {
        double w = pow(m->x[i] / m->largest, a);
        sum += w;
        weighted += w * log(m->x[i]);
    }
    return weighted / sum - 1 / a - m->mean_log;
}

// Observed information of the fit, by the same likelihood as for censored data.
static void delay_exact_errors(struct delay_fit *f, const double *x, size_t n)
{
    double size = (double)n;
    if (f->law == DELAY_GAMMA) { // in shape and scale: n trigamma(a), n / b, n a / b^2
        double det = special_trigamma(f->a) * f->a - 1;
        f->se_a = sqrt(f->a / (size * det));
        f->se_b = f->b * sqrt(special_trigamma(f->a) / (size * det));
    } else if (f->law == DELAY_WEIBULL) { // in log shape and log scale, with u = (x / b)^a
        double s11 = 0, s12 = 0, a2 = f->a * f->a;
        for (size_t i = 0; i < n; i++) {
            double l = f->a * log(x[i] / f->b), u = exp(l);
            s11 += u * l * l + (u - 1) * l;
            s12 += -f->a * (u - 1 + u * l);
        }
        double det = s11 * size * a2 - s12 * s12;
        f->se_a = f->a * sqrt(size * a2 / det);
        f->se_b = f->b * sqrt(s11 / det);
    } else {
        f->se_a = f->b / sqrt(size);
        f->se_b = f->b / sqrt(2 * size);
    }
    f->se_log_a = f->se_a / fabs(f->a);
    f->se_log_b = f->se_b / f->b;
}

tong_code delay_fit_exact(const double *days, size_t n, delay_law law, struct delay_fit *out, struct err *err)
{
    struct delay_moments m = {.x = days, .n = n};
    double mean = 0, least = HUGE_VAL, squares = 0;
    if (n < 2 || n > DELAY_PAIRS_MAX) return tong_fail(err, TONG_E_INVALID, "%zu delays", n);
    for (size_t i = 0; i < n; i++) {
        if (!(days[i] > 0) || isinf(days[i])) return tong_fail(err, TONG_E_INVALID, "delay %zu is not above 0", i + 1);
        mean += days[i] / (double)n;
        m.mean_log += log(days[i]) / (double)n;
        m.largest = fmax(m.largest, days[i]);
        least = fmin(least, days[i]);
    }
    if (!(m.largest > least)) return tong_fail(err, TONG_E_INVALID, "all delays are equal");
    for (size_t i = 0; i < n; i++) squares += (log(days[i]) - m.mean_log) * (log(days[i]) - m.mean_log) / (double)n;
    m.gap = log(mean) - m.mean_log;
    struct delay_fit f = {.law = law, .n = n};
    double at = 0, low = log(1e-4), high = log(1e7);
    bool good = true;
    if (law == DELAY_GAMMA) {
        good = root_find(delay_gamma_gap, &m, low, high, &at);
        f.a = exp(at);
        f.b = mean / f.a;
    } else if (law == DELAY_WEIBULL) {
        good = root_find(delay_weibull_gap, &m, low, high, &at);
        f.a = exp(at);
        double sum = 0;
        for (size_t i = 0; i < n; i++) sum += pow(days[i] / m.largest, f.a) / (double)n;
        f.b = m.largest * pow(sum, 1 / f.a);
    } else {
        f.a = m.mean_log;
        f.b = sqrt(squares);
    }
    if (!good) return tong_fail(err, TONG_E_INVALID, "these delays have no maximum of the likelihood");
    for (size_t i = 0; i < n; i++) f.loglik += delay_log_density(law, f.a, f.b, days[i]);
    delay_exact_errors(&f, days, n);
    *out = f;
    return TONG_OK;
}

tong_code delay_fit_normal(const double *days, size_t n, double *mean, double *sd, double *loglik, struct err *err)
{
    double sum = 0, squares = 0, size = (double)n;
    if (n < 2 || n > DELAY_PAIRS_MAX) return tong_fail(err, TONG_E_INVALID, "%zu delays", n);
    for (size_t i = 0; i < n; i++) {
        if (!(fabs(days[i]) < 1e9)) return tong_fail(err, TONG_E_INVALID, "delay %zu is no number of days", i + 1);
        sum += days[i];
    }
    for (size_t i = 0; i < n; i++) squares += (days[i] - sum / size) * (days[i] - sum / size);
    if (!(squares > 0)) return tong_fail(err, TONG_E_INVALID, "all delays are equal");
    *mean = sum / size;
    *sd = sqrt(squares / size);
    *loglik = -size * (0.918938533204672741780329736406 + log(*sd) + 0.5);
    return TONG_OK;
}
