#include "epi/proportion.h"

#include "epi/root.h"
#include "epi/special.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

struct proportion_data {
    double x, n, alpha, z;
};

static struct interval proportion_exact(const struct proportion_data *d)
{
    struct interval out = {d->x / d->n, 0, 1};
    if (d->x > 0) out.lower = special_beta_quantile(d->alpha / 2, d->x, d->n - d->x + 1, false);
    if (d->x < d->n) out.upper = special_beta_quantile(d->alpha / 2, d->x + 1, d->n - d->x, true);
    return out;
}

static struct interval proportion_wilson(const struct proportion_data *d)
{
    double p = d->x / d->n, z2 = d->z * d->z, middle = p + z2 / (2 * d->n), all = 1 + z2 / d->n;
    double half = d->z * sqrt((p * (1 - p) + z2 / (4 * d->n)) / d->n);
    struct interval out = {p, (middle - half) / all, (middle + half) / all};
    // At the ends the limit is 0 or 1 by algebra; rounding must not leave it beside.
    if (d->x == 0) out.lower = 0;
    if (d->x == d->n) out.upper = 1;
    return out;
}

static struct interval proportion_wilson_continuity(const struct proportion_data *d)
{
    double p = d->x / d->n, shift = fmin(0.5, fabs(d->x - d->n / 2)) / d->n, z = d->z, w = z * z / (2 * d->n);
    struct interval out = {p, 0, 1};
    double up = p + shift, down = p - shift;
    if (up < 1) out.upper = (up + w + z * sqrt(up * (1 - up) / d->n + w / (2 * d->n))) / (1 + 2 * w);
    if (down > 0) out.lower = (down + w - z * sqrt(down * (1 - down) / d->n + w / (2 * d->n))) / (1 + 2 * w);
    return out;
}

static struct interval proportion_agresti_coull(const struct proportion_data *d)
{
    double z2 = d->z * d->z, n = d->n + z2, p = (d->x + z2 / 2) / n, half = d->z * sqrt(p * (1 - p) / n);
    return (struct interval){d->x / d->n, p - half, p + half};
}

static struct interval proportion_wald(const struct proportion_data *d)
{
    double p = d->x / d->n, half = d->z * sqrt(p * (1 - p) / d->n);
    return (struct interval){p, p - half, p + half};
}

// Wald on a transformed scale (delta method); nothing to transform at the ends, where the exact limits stand in.
static struct interval proportion_transformed(const struct proportion_data *d, proportion_method method)
{
    if (d->x == 0 || d->x == d->n) return proportion_exact(d);
    double p = d->x / d->n, q = 1 - p, z = d->z;
    struct interval out = {p, 0, 0};
    if (method == PROPORTION_LOGIT) {
        double at = log(p / q), half = z / sqrt(d->n * p * q);
        out.lower = 1 / (1 + exp(half - at));
        out.upper = 1 / (1 + exp(-half - at));
    } else if (method == PROPORTION_PROBIT) {
        double at = special_normal_quantile(p), half = z * sqrt(p * q / d->n) / special_normal_density(at);
        out.lower = special_normal_p(at - half);
        out.upper = special_normal_p(at + half);
    } else {
        double at = log(-log(p)), half = z * sqrt(q / (d->n * p)) / fabs(log(p));
        out.lower = exp(-exp(at + half));
        out.upper = exp(-exp(at - half));
    }
    return out;
}

static struct interval proportion_jeffreys(const struct proportion_data *d)
{
    struct interval out = {d->x / d->n, 0, 1};
    double a = d->x + 0.5, b = d->n - d->x + 0.5;
    if (d->x > 0) out.lower = special_beta_quantile(d->alpha / 2, a, b, false);
    if (d->x < d->n) out.upper = special_beta_quantile(d->alpha / 2, a, b, true);
    return out;
}

struct proportion_hpd {
    double a, b, level;
};

static double hpd_upper(const struct proportion_hpd *h, double lower)
{
    double below = special_beta_p(h->a, h->b, lower, 1 - lower);
    return special_beta_quantile(fmax(0, 1 - h->level - below), h->a, h->b, true);
}

// Log of the ratio of the densities at both ends of the interval that starts at `lower`.
static double hpd_gap(double lower, const void *context)
{
    const struct proportion_hpd *h = context;
    double upper = hpd_upper(h, lower);
    if (upper >= 1) return h->b > 1 ? HUGE_VAL : -HUGE_VAL;
    return (h->a - 1) * log(lower / upper) + (h->b - 1) * log1p((upper - lower) / (1 - upper));
}

static struct interval proportion_jeffreys_hpd(const struct proportion_data *d)
{
    struct proportion_hpd h = {d->x + 0.5, d->n - d->x + 0.5, 1 - d->alpha};
    struct interval out = {d->x / d->n, 0, 1};
    if (d->x == 0) { // the density falls from the start
        out.upper = special_beta_quantile(d->alpha, h.a, h.b, true);
        return out;
    }
    if (d->x == d->n) {
        out.lower = special_beta_quantile(d->alpha, h.a, h.b, false);
        return out;
    }
    double most = special_beta_quantile(d->alpha, h.a, h.b, false);
    if (root_find(hpd_gap, &h, most * 1e-300, most, &out.lower)) out.upper = hpd_upper(&h, out.lower);
    return out;
}

struct proportion_fall {
    double x, n, fall;
};

// Twice the fall of the log likelihood from its maximum, less the allowed one.
static double likelihood_fall(double p, const void *context)
{
    const struct proportion_fall *c = context;
    double r = c->n - c->x, sum = 0;
    if (c->x > 0) sum += c->x * log(c->x / (c->n * p));
    if (r > 0) sum += r * (log(r / c->n) - log1p(-p));
    return 2 * sum - c->fall;
}

static struct interval proportion_likelihood(const struct proportion_data *d)
{
    struct proportion_fall c = {d->x, d->n, d->z * d->z};
    double p = d->x / d->n;
    struct interval out = {p, 0, 1};
    if (d->x == 0) out.upper = -expm1(-c.fall / (2 * d->n));
    else if (d->x < d->n) (void)root_find(likelihood_fall, &c, p, 1, &out.upper);
    if (d->x == d->n) out.lower = exp(-c.fall / (2 * d->n));
    else if (d->x > 0) (void)root_find(likelihood_fall, &c, 1e-300, p, &out.lower);
    return out;
}

// ---- Blaker 2000 ----

// The p-value of a proportion p: the smaller tail at x, plus the largest tail on the other side that is not above it.
static double blaker_acceptance(const struct proportion_data *d, double p)
{
    double x = d->x, n = d->n, q = 1 - p;
    double up = x > 0 ? special_beta_p(x, n - x + 1, p, q) : 1;   // P(X >= x)
    double down = x < n ? special_beta_p(n - x, x + 1, q, p) : 1; // P(X <= x)
    bool upper = up <= down;
    double tail = upper ? up : down, slack = 1 + 1e-7, other = 0; // the slack treats ties as ties
    int64_t lo = 0, hi = (int64_t)n + 1; // bisect for the first k whose far tail is not above `tail`
    while (lo < hi) {
        int64_t k = lo + (hi - lo) / 2;
        double far = upper ? (k > 0 ? special_beta_p(n - (double)(k - 1), (double)k, q, p) : 0) // P(X <= k - 1)
                           : (k > 0 ? special_beta_p((double)k, n - (double)k + 1, p, q) : 1);  // P(X >= k)
        if (upper ? (k <= (int64_t)n ? far <= tail * slack : false) : (k > (int64_t)n ? true : far <= tail * slack)) {
            if (upper) lo = k + 1;
            else hi = k;
        } else {
            if (upper) hi = k;
            else lo = k + 1;
        }
    }
    if (upper && lo > 1) other = special_beta_p(n - (double)(lo - 2), (double)(lo - 1), q, p);
    if (!upper && lo <= (int64_t)n) other = special_beta_p((double)lo, n - (double)lo + 1, p, q);
    return fmin(1, tail + other);
}

// From the exact limit inwards to where the p-value first reaches alpha. It jumps, so the way is walked in steps; with
// `step` 0 in 4096 of them, and the last one halved down to the last digits.
static double blaker_limit(const struct proportion_data *d, double from, double to, double step)
{
    enum { STEPS = 4096 };
    bool fine = step == 0;
    if (fine) step = fabs(to - from) / STEPS;
    if (to < from) step = -step;
    double at = from;
    for (int64_t i = 1; blaker_acceptance(d, from + (double)i * step) < d->alpha; i++) {
        at = from + (double)i * step;
        if (fabs(at - from) >= fabs(to - from)) return to;
    }
    if (!fine || blaker_acceptance(d, from) >= d->alpha) return at;
    double before = at;
    at += step;
    for (int k = 0; k < 60; k++) {
        double middle = 0.5 * (before + at);
        if (blaker_acceptance(d, middle) >= d->alpha) at = middle;
        else before = middle;
    }
    return at;
}

static struct interval proportion_blaker(const struct proportion_data *d, double step)
{
    struct interval out = proportion_exact(d);
    if (d->x > 0) out.lower = blaker_limit(d, out.lower, out.estimate, step);
    if (d->x < d->n) out.upper = blaker_limit(d, out.upper, out.estimate, step);
    return out;
}

static tong_code proportion_check(int64_t cases, int64_t n, double level, struct proportion_data *d, struct err *err)
{
    if (n <= 0 || cases < 0 || cases > n || n > (int64_t)1 << 53)
        return tong_fail(err, TONG_E_INVALID, "%lld of %lld is no proportion", (long long)cases, (long long)n);
    if (!(level > 0 && level < 1))
        return tong_fail(err, TONG_E_INVALID, "the confidence %g is not between 0 and 1", level);
    *d = (struct proportion_data){.x = (double)cases, .n = (double)n, .alpha = 1 - level};
    d->z = -special_normal_quantile(d->alpha / 2);
    return TONG_OK;
}

tong_code proportion_interval(int64_t cases, int64_t n, double level, proportion_method method, struct interval *out,
                              struct err *err)
{
    struct proportion_data d;
    tong_code code = proportion_check(cases, n, level, &d, err);
    if (code != TONG_OK) return code;
    switch (method) {
    case PROPORTION_EXACT: *out = proportion_exact(&d); break;
    case PROPORTION_WILSON: *out = proportion_wilson(&d); break;
    case PROPORTION_WILSON_CONTINUITY: *out = proportion_wilson_continuity(&d); break;
    case PROPORTION_AGRESTI_COULL: *out = proportion_agresti_coull(&d); break;
    case PROPORTION_WALD: *out = proportion_wald(&d); break;
    case PROPORTION_LOGIT:
    case PROPORTION_PROBIT:
    case PROPORTION_CLOGLOG: *out = proportion_transformed(&d, method); break;
    case PROPORTION_JEFFREYS: *out = proportion_jeffreys(&d); break;
    case PROPORTION_JEFFREYS_HPD: *out = proportion_jeffreys_hpd(&d); break;
    case PROPORTION_LIKELIHOOD: *out = proportion_likelihood(&d); break;
    case PROPORTION_BLAKER: *out = proportion_blaker(&d, 0); break;
    case PROPORTION_METHOD_COUNT: assert(method != PROPORTION_METHOD_COUNT); break;
    }
    // A level near 0 brings both limits together, and their rounding must not cross.
    if (out->lower > out->upper) out->lower = out->upper = 0.5 * (out->lower + out->upper);
    return TONG_OK;
}

tong_code proportion_blaker_stepped(int64_t cases, int64_t n, double level, double step, struct interval *out,
                                    struct err *err)
{
    struct proportion_data d;
    tong_code code = proportion_check(cases, n, level, &d, err);
    if (code != TONG_OK) return code;
    if (!(step >= 1e-8 && step < 1)) return tong_fail(err, TONG_E_INVALID, "a step of %g", step);
    *out = proportion_blaker(&d, step);
    return TONG_OK;
}

static tong_code count_check(int64_t events, double level, struct err *err)
{
    if (events < 0 || events > (int64_t)1 << 53)
        return tong_fail(err, TONG_E_INVALID, "%lld is no count", (long long)events);
    if (!(level > 0 && level < 1))
        return tong_fail(err, TONG_E_INVALID, "the confidence %g is not between 0 and 1", level);
    return TONG_OK;
}

tong_code count_interval_exact(int64_t events, double level, struct interval *out, struct err *err)
{
    tong_code code = count_check(events, level, err);
    if (code != TONG_OK) return code;
    double x = (double)events, tail = (1 - level) / 2;
    *out = (struct interval){x, events > 0 ? special_gamma_quantile(tail, x, false) : 0,
                             special_gamma_quantile(tail, x + 1, true)};
    return TONG_OK;
}

tong_code count_interval_byar(int64_t events, double level, struct interval *out, struct err *err)
{
    tong_code code = count_check(events, level, err);
    if (code != TONG_OK) return code;
    // Rothman & Boice 1979: x + 1/2 in place of x and of x + 1, the form epitools uses, so that both agree.
    double x = (double)events + 0.5, z = -special_normal_quantile((1 - level) / 2), third = z / 3 / sqrt(x);
    double lower = x * pow(1 - 1 / (9 * x) - third, 3), upper = x * pow(1 - 1 / (9 * x) + third, 3);
    *out = (struct interval){(double)events, lower, upper};
    return TONG_OK;
}

tong_code proportion_true_prevalence(const struct interval *apparent, double sensitivity, double specificity,
                                     struct interval *out, struct err *err)
{
    double youden = sensitivity + specificity - 1;
    if (!(sensitivity >= 0 && sensitivity <= 1) || !(specificity >= 0 && specificity <= 1) || !(youden > 0))
        return tong_fail(err, TONG_E_INVALID, "a test of sensitivity %g and specificity %g tells nothing", sensitivity,
                         specificity);
    *out =
        (struct interval){(apparent->estimate + specificity - 1) / youden, (apparent->lower + specificity - 1) / youden,
                          (apparent->upper + specificity - 1) / youden};
    return TONG_OK;
}
