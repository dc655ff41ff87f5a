#include "epi/branching.h"

#include "epi/root.h"
#include "epi/special.h"

#include <math.h>

static tong_code branching_check(double r, double k, struct err *err)
{
    if (!(r > 0 && r < 1e6) || !(k >= 1e-6)) return tong_fail(err, TONG_E_INVALID, "R %g with dispersion %g", r, k);
    return TONG_OK;
}

struct branching_law {
    double r, k;
};

// Probability of not dying out after one more generation, when each child's chain survives with probability u.
static double branching_survive(const struct branching_law *law, double u)
{
    return -expm1(isinf(law->k) ? -law->r * u : -law->k * log1p(law->r * u / law->k));
}

static double branching_gap(double u, const void *context)
{
    return branching_survive(context, u) / u - 1;
}

tong_code branching_extinction(double r, double k, double *q, struct err *err)
{
    tong_code code = branching_check(r, k, err);
    if (code != TONG_OK) return code;
    struct branching_law law = {r, k};
    double u = 0;
    // Solved for the survival probability, which keeps its digits however small it is.
    if (r > 1) (void)root_find(branching_gap, &law, 1e-17, 1, &u);
    *q = 1 - u;
    return TONG_OK;
}

tong_code branching_extinct_by(double r, double k, int32_t generation, double *q, struct err *err)
{
    tong_code code = branching_check(r, k, err);
    if (code != TONG_OK) return code;
    if (generation < 0 || generation > 100000) return tong_fail(err, TONG_E_INVALID, "generation %d", (int)generation);
    struct branching_law law = {r, k};
    double u = 1;
    for (int32_t i = 0; i < generation; i++) u = branching_survive(&law, u);
    *q = 1 - u;
    return TONG_OK;
}

tong_code branching_chain_size(double r, double k, int64_t size, double *p, struct err *err)
{
    tong_code code = branching_check(r, k, err);
    if (code != TONG_OK) return code;
    if (size < 1 || size > (int64_t)1 << 40)
        return tong_fail(err, TONG_E_INVALID, "a chain of %lld cases", (long long)size);
    // size cases have size - 1 offspring among them; 1 / size of the orders are trees (Dwass 1969).
    double n = (double)size;
    *p = special_negbin_density(n - 1, k * n, r * n) / n;
    return TONG_OK;
}

tong_code branching_shares(double r, double k, struct branching_share *out, struct err *err)
{
    tong_code code = branching_check(r, k, err);
    if (code != TONG_OK) return code;
    if (k > 1e7) return tong_fail(err, TONG_E_INVALID, "a dispersion of %g leaves no differences", k);
    double cut = special_gamma_quantile(0.2, k + 1, false), fifth = special_gamma_quantile(0.2, k, true);
    *out = (struct branching_share){cut * r / k, special_gamma_q(k, cut), special_gamma_q(k + 1, fifth)};
    return TONG_OK;
}

// ---- fit ----

struct branching_data {
    const struct branching_tally *tally;
    size_t n;
    double cases, r, target;
};

// Derivative of the log likelihood in k at R = mean, where the remaining terms cancel: sum over cases of
// digamma(x + k) - digamma(k), plus n log(k / (k + R)). Scaled by k, so that it stays finite at both ends.
static double branching_score(double log_k, const void *context)
{
    const struct branching_data *d = context;
    double k = exp(log_k), sum = -d->cases * log1p(d->r / k);
    for (size_t i = 0; i < d->n; i++) {
        double x = (double)d->tally[i].offspring, more = 0;
        if (x < 1000)
            for (double j = x - 1; j >= 0; j--) more += 1 / (k + j);
        else more = special_digamma(x + k) - special_digamma(k);
        sum += more * (double)d->tally[i].cases;
    }
    return k * sum;
}

static double branching_loglik(const struct branching_data *d, double k)
{
    double sum = 0;
    for (size_t i = 0; i < d->n; i++) {
        double x = (double)d->tally[i].offspring;
        sum += (double)d->tally[i].cases * special_log_negbin_density(x, k, d->r);
    }
    return sum;
}

static double branching_fall(double log_k, const void *context)
{
    const struct branching_data *d = context;
    return branching_loglik(d, exp(log_k)) - d->target;
}

// The number of offspring of the `top` most infectious cases; or how many cases it takes to reach `enough`.
static int64_t branching_top(const struct branching_data *d, int64_t most, int64_t top, double enough)
{
    int64_t cases = 0, offspring = 0, below = most + 1;
    while (below > 0) {
        int64_t value = -1, count = 0;
        for (size_t i = 0; i < d->n; i++)
            if (d->tally[i].offspring < below && d->tally[i].offspring > value && d->tally[i].cases > 0)
                value = d->tally[i].offspring;
        if (value <= 0) break;
        for (size_t i = 0; i < d->n; i++) count += d->tally[i].offspring == value ? d->tally[i].cases : 0;
        if (top >= 0 && cases + count >= top) return offspring + (top - cases) * value;
        if (top < 0 && (double)(offspring + count * value) >= enough)
            return cases + (int64_t)ceil((enough - (double)offspring) / (double)value - 1e-9);
        cases += count;
        offspring += count * value;
        below = value;
    }
    return top >= 0 ? offspring : cases;
}

static void branching_fit_k(struct branching_data *d, double level, struct branching_fit *f)
{
    f->k = f->k_lo = f->k_hi = HUGE_VAL;
    double at, lowest = log(1e-6), highest = log(1e8), z2 = special_chi2_quantile(level, 1);
    // Overdispersed when the score is still negative far out; else Poisson is the maximum.
    if (root_find(branching_score, d, lowest, log(1e6), &at)) f->k = exp(at);
    f->loglik = branching_loglik(d, f->k);
    d->target = f->loglik - z2 / 2;
    double from = isinf(f->k) ? highest : log(f->k);
    if (root_find(branching_fall, d, lowest, from, &at)) f->k_lo = exp(at);
    if (!isinf(f->k) && branching_loglik(d, HUGE_VAL) < d->target && root_find(branching_fall, d, from, highest, &at))
        f->k_hi = exp(at);
}

tong_code branching_fit_offspring(const struct branching_tally *tally, size_t n, double level,
                                  struct branching_fit *out, struct err *err)
{
    if (!(level > 0 && level < 1))
        return tong_fail(err, TONG_E_INVALID, "the confidence %g is not between 0 and 1", level);
    struct branching_fit f = {0};
    double zero = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t x = tally[i].offspring, c = tally[i].cases;
        if (x < 0 || c < 0 || x > 1000000 || c > 1000000000)
            return tong_fail(err, TONG_E_INVALID, "%lld cases with %lld offspring", (long long)c, (long long)x);
        f.n += c;
        f.total += x * c;
        zero += x == 0 ? (double)c : 0;
        if (c > 0 && x > f.most) f.most = x;
    }
    if (f.n < 2 || f.total == 0)
        return tong_fail(err, TONG_E_INVALID, "%lld cases with %lld offspring tell nothing", (long long)f.n,
                         (long long)f.total);
    struct branching_data d = {.tally = tally, .n = n, .cases = (double)f.n};
    d.r = f.r = (double)f.total / d.cases;
    for (size_t i = 0; i < n; i++)
        squares += (double)tally[i].cases * ((double)tally[i].offspring - f.r) * ((double)tally[i].offspring - f.r);
    f.variance = squares / (d.cases - 1);
    f.zero = zero / d.cases;
    branching_fit_k(&d, level, &f);
    f.loglik_poisson = branching_loglik(&d, HUGE_VAL);
    f.loglik_geometric = branching_loglik(&d, 1);
    f.top_fifth = (double)branching_top(&d, f.most, (int64_t)ceil(0.2 * d.cases - 1e-9), 0) / (double)f.total;
    f.cases_for_80 = (double)branching_top(&d, f.most, -1, 0.8 * (double)f.total) / d.cases;
    *out = f;
    return TONG_OK;
}
