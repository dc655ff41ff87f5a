#include "epi/pooled_prevalence.h"

#include "epi/root.h"
#include "epi/special.h"

#include <math.h>
#include <stdbool.h>

struct pool_data {
    const struct pooled_group *groups;
    size_t n;
    double z;    // signed: what the statistic is to equal
    double best; // largest log likelihood
    bool skew, bias;
};

static double pool_clear(double p, double m)
{
    return exp(m * log1p(-p)); // a pool of m without infection
}

static double pool_any(double p, double m)
{
    return -expm1(m * log1p(-p));
}

// Derivative of the log likelihood.
static double pool_score(double p, const void *context)
{
    const struct pool_data *d = context;
    double sum = 0;
    for (size_t i = 0; i < d->n; i++) {
        double m = d->groups[i].size, x = (double)d->groups[i].positive, n = (double)d->groups[i].pools;
        sum += m * ((x > 0 ? x / pool_any(p, m) : 0) - n);
    }
    return sum / (1 - p);
}

static double pool_information(const struct pool_data *d, double p)
{
    double sum = 0;
    for (size_t i = 0; i < d->n; i++) {
        double m = d->groups[i].size, n = (double)d->groups[i].pools;
        sum += m * m * n * pool_clear(p, m) / pool_any(p, m);
    }
    return sum / ((1 - p) * (1 - p));
}

// Third central moment of the score over its standard deviation cubed.
static double pool_skewness(const struct pool_data *d, double p)
{
    double sum = 0, q = 1 - p;
    for (size_t i = 0; i < d->n; i++) {
        double m = d->groups[i].size, n = (double)d->groups[i].pools, clear = pool_clear(p, m), any = pool_any(p, m);
        sum += m * m * m * n * clear * (2 * clear - 1) / (any * any * q * q * q);
    }
    return sum / pow(pool_information(d, p), 1.5);
}

static double pool_bias(const struct pool_data *d, double p)
{
    double sum = 0, information = pool_information(d, p);
    for (size_t i = 0; i < d->n; i++) {
        double m = d->groups[i].size, n = (double)d->groups[i].pools;
        sum += m * m * (m - 1) * n * pool_clear(p, m) / pool_any(p, m);
    }
    return 0.5 * sum / pow(1 - p, 3) / (information * information);
}

static double pool_score_gap(double p, const void *context)
{
    const struct pool_data *d = context;
    double statistic = pool_score(p, d) / sqrt(pool_information(d, p));
    // Gart & Nam 1988: the correction is taken at the quantile, which keeps the statistic monotone.
    if (d->skew) statistic -= pool_skewness(d, p) * (d->z * d->z - 1) / 6;
    if (d->bias) statistic -= pool_bias(d, p);
    return statistic - d->z;
}

static double pool_loglik(const struct pool_data *d, double p)
{
    double sum = 0;
    for (size_t i = 0; i < d->n; i++) {
        double m = d->groups[i].size, x = (double)d->groups[i].positive, rest = (double)d->groups[i].pools - x;
        if (x > 0) sum += x * log(pool_any(p, m));
        sum += rest * m * log1p(-p);
    }
    return sum;
}

static double pool_likelihood_gap(double p, const void *context)
{
    const struct pool_data *d = context;
    return 2 * (d->best - pool_loglik(d, p)) - d->z * d->z;
}

static tong_code pool_binomial(const struct pooled_group *groups, size_t n, double level, pooled_method method,
                               struct interval *out, struct err *err)
{
    int64_t x = 0, pools = 0;
    for (size_t i = 0; i < n; i++) {
        if (groups[i].size != groups[0].size)
            return tong_fail(err, TONG_E_INVALID, "this interval is for pools of one size");
        x += groups[i].positive;
        pools += groups[i].pools;
    }
    proportion_method of = method == POOLED_EXACT    ? PROPORTION_EXACT
                           : method == POOLED_BLAKER ? PROPORTION_BLAKER
                                                     : PROPORTION_AGRESTI_COULL;
    struct interval of_pools;
    tong_code code = proportion_interval(x, pools, level, of, &of_pools, err);
    if (code != TONG_OK) return code;
    double m = groups[0].size;
    out->lower = -expm1(log1p(-fmax(0, of_pools.lower)) / m);
    out->upper = of_pools.upper >= 1 ? 1 : -expm1(log1p(-of_pools.upper) / m);
    return TONG_OK;
}

// On the scale of pools, carried over to people. The lower limit may lie below 0, its known fault, but for no positive
// pool.
static tong_code pool_second_order(const struct pooled_group *groups, size_t n, double level, struct interval *out,
                                   struct err *err)
{
    double x = 0, pools = 0, m = groups[0].size;
    for (size_t i = 0; i < n; i++) {
        if (groups[i].size != groups[0].size)
            return tong_fail(err, TONG_E_INVALID, "this interval is for pools of one size");
        x += (double)groups[i].positive;
        pools += (double)groups[i].pools;
    }
    double one = special_normal_quantile(level), two = special_normal_quantile((1 + level) / 2), k = two * two;
    double eta = one * one / 3 + 1.0 / 6, middle = (x + eta) / (pools + 2 * eta), v = x / pools * (1 - x / pools);
    double wide = v + ((k / 18 + 7.0 / 36) - (13 * k / 18 + 17.0 / 18) * v) / pools;
    double half = two * sqrt(fmax(0, wide) / pools), lower = middle - half, upper = fmin(1, middle + half);
    if (x == 0) lower = 0;
    out->lower = -expm1(log1p(-lower) / m);
    out->upper = upper >= 1 ? 1 : -expm1(log1p(-upper) / m);
    return TONG_OK;
}

// Away from the estimate in steps of an eighth, until the sign changes: corrected statistics turn round far out.
static double pool_limit(root_function gap, const struct pool_data *d, double from, bool up)
{
    double before = from, at_before = gap(from, d);
    for (int i = 0; i < 6000; i++) {
        double at = up ? before + (1 - before) * fmin(0.125, before) : before * 0.875, value = gap(at, d), x = at;
        if (!isfinite(value) || at < 1e-300) break;
        if ((value > 0) != (at_before > 0) && root_find(gap, d, before, at, &x)) return x;
        before = at;
        at_before = value;
    }
    return up ? 1 : 0;
}

static void pool_limits(struct pool_data *d, pooled_method method, bool none, struct interval *p)
{
    double z = d->z;
    p->lower = 0;
    p->upper = 1;
    if (method == POOLED_WALD) {
        double half = none ? 0 : z / sqrt(pool_information(d, p->estimate));
        p->lower = fmax(0, p->estimate - half);
        p->upper = fmin(1, p->estimate + half);
        return;
    }
    bool likelihood = method == POOLED_LIKELIHOOD && !none;
    d->bias = method == POOLED_BIAS_SKEW_SCORE && !none;
    d->skew = d->bias || (method == POOLED_SKEW_SCORE && !none);
    root_function gap = likelihood ? pool_likelihood_gap : pool_score_gap;
    if (likelihood) d->best = pool_loglik(d, p->estimate);
    if (!none) p->lower = pool_limit(gap, d, p->estimate, false);
    d->z = -z;
    p->upper = pool_limit(gap, d, none ? 1e-12 : p->estimate, true);
}

tong_code pooled_prevalence(const struct pooled_group *groups, size_t n, double level, pooled_method method,
                            struct pooled_prevalence *out, struct err *err)
{
    if (n < 1 || n > POOLED_GROUPS_MAX) return tong_fail(err, TONG_E_INVALID, "%zu groups of pools", n);
    if (!(level > 0 && level < 1))
        return tong_fail(err, TONG_E_INVALID, "the confidence %g is not between 0 and 1", level);
    double positive = 0, pools = 0, people = 0;
    for (size_t i = 0; i < n; i++) {
        const struct pooled_group *g = &groups[i];
        if (g->positive < 0 || g->pools < 1 || g->positive > g->pools || g->size < 1 || g->size > 100000 ||
            g->pools > 1000000000)
            return tong_fail(err, TONG_E_INVALID, "%lld of %lld pools of %d", (long long)g->positive,
                             (long long)g->pools, (int)g->size);
        positive += (double)g->positive;
        pools += (double)g->pools;
        people += (double)g->pools * g->size;
    }
    struct pool_data d = {.groups = groups, .n = n, .z = -special_normal_quantile((1 - level) / 2)};
    struct pooled_prevalence r = {{0, 0, 1}, 0, {0, 0, 0}};
    bool none = positive == 0, all = positive == pools;
    if (all) return tong_fail(err, TONG_E_INVALID, "every pool is positive: the prevalence has no upper bound");
    if (!none && !root_find(pool_score, &d, 1e-300, 1 - 1e-16, &r.prevalence.estimate))
        return tong_fail(err, TONG_E_INVALID, "the pools give no estimate");
    r.bias_corrected = none ? 0 : r.prevalence.estimate - pool_bias(&d, r.prevalence.estimate);
    double mir = positive / people, half = d.z * sqrt(mir * (1 - mir) / people);
    r.minimum = (struct interval){mir, fmax(0, mir - half), fmin(1, mir + half)};
    if (method == POOLED_EXACT || method == POOLED_BLAKER || method == POOLED_AGRESTI_COULL) {
        tong_code code = pool_binomial(groups, n, level, method, &r.prevalence, err);
        if (code != TONG_OK) return code;
    } else if (method == POOLED_SECOND_ORDER) {
        tong_code code = pool_second_order(groups, n, level, &r.prevalence, err);
        if (code != TONG_OK) return code;
    } else pool_limits(&d, method, none, &r.prevalence);
    *out = r;
    return TONG_OK;
}
