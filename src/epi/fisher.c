#include "epi/fisher.h"

#include "epi/root.h"
#include "epi/special.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

// The distribution of the sum of a at an odds ratio of 1: density[i] for lo + i.
struct fisher_law {
    int64_t lo, seen;
    size_t n;
    double *log_density; // up to a constant
};

struct fisher_at {
    const struct fisher_law *law;
    double share;  // of the probability of what was seen that counts to the tail: 1, or 1/2 for mid-p
    double target; // of the tail, or of the mean
};

struct fisher_tails {
    double at, above, below,
        mean; // probabilities of the value seen, of larger, of smaller ones; mean less the value seen
};

// Tails at odds ratio exp(log_psi). Everything is taken relative to the value seen, so that large tables lose nothing.
static struct fisher_tails fisher_tails(const struct fisher_law *law, double log_psi)
{
    struct fisher_tails t = {0};
    double top = -HUGE_VAL, sum = 0;
    for (size_t i = 0; i < law->n; i++) {
        double away = (double)(law->lo + (int64_t)i - law->seen);
        top = fmax(top, law->log_density[i] + away * log_psi);
    }
    for (size_t i = 0; i < law->n; i++) {
        double away = (double)(law->lo + (int64_t)i - law->seen);
        double weight = exp(law->log_density[i] + away * log_psi - top);
        sum += weight;
        t.mean += away * weight;
        if (away > 0) t.above += weight;
        else if (away < 0) t.below += weight;
        else t.at = weight;
    }
    t.at /= sum;
    t.above /= sum;
    t.below /= sum;
    t.mean /= sum;
    return t;
}

static double fisher_mean_gap(double log_psi, const void *context)
{
    const struct fisher_at *at = context;
    return fisher_tails(at->law, log_psi).mean;
}

// Upper tail from what was seen on, less the target: rises with the odds ratio.
static double fisher_upper_gap(double log_psi, const void *context)
{
    const struct fisher_at *at = context;
    struct fisher_tails t = fisher_tails(at->law, log_psi);
    return log(t.above + at->share * t.at) - log(at->target);
}

static double fisher_lower_gap(double log_psi, const void *context)
{
    const struct fisher_at *at = context;
    struct fisher_tails t = fisher_tails(at->law, log_psi);
    return log(at->target) - log(t.below + at->share * t.at);
}

static double fisher_solve(root_function gap, const struct fisher_at *at)
{
    double x = 0, start = gap(0, at);
    bool found =
        start == 0 || (start > 0 ? root_find_outward(gap, at, 0, -1, &x) : root_find_outward(gap, at, 0, 1, &x));
    return found ? exp(x) : NAN;
}

static struct interval fisher_interval(const struct fisher_law *law, double level, bool mid)
{
    bool at_lo = law->seen == law->lo, at_hi = law->seen == law->lo + (int64_t)law->n - 1;
    struct fisher_at at = {law, mid ? 0.5 : 1, (1 - level) / 2};
    struct interval out = {0, 0, HUGE_VAL};
    if (!at_lo) out.lower = fisher_solve(fisher_upper_gap, &at);
    if (!at_hi) out.upper = fisher_solve(fisher_lower_gap, &at);
    at.target = 0.5;
    if (at_lo) out.estimate = 0;
    else if (at_hi) out.estimate = HUGE_VAL;
    else out.estimate = mid ? fisher_solve(fisher_upper_gap, &at) : fisher_solve(fisher_mean_gap, &at);
    return out;
}

static size_t fisher_support(const struct two_by_two *t, int64_t *lo)
{
    int64_t exposed = t->a + t->b, ill = t->a + t->c, unexposed = t->c + t->d;
    *lo = ill > unexposed ? ill - unexposed : 0;
    return (size_t)((ill < exposed ? ill : exposed) - *lo + 1);
}

// Log of a binomial density; where it underflows, of its parts.
static double fisher_log_binomial(double x, double n, double p, double q)
{
    double density = special_binomial_density(x, n, p, q);
    return density > 1e-290 ? log(density) : special_log_choose(n, x) + x * log(p) + (n - x) * log(q);
}

// Hypergeometric density as a product of binomial ones (Loader 2000, section 6), tilted by an odds ratio near the one
// seen and scaled to sum 1, so that what was seen is nowhere near underflow.
static void fisher_stratum(const struct two_by_two *t, int64_t lo, size_t n, double log_tilt, double *out)
{
    double exposed = (double)(t->a + t->b), unexposed = (double)(t->c + t->d), ill = (double)(t->a + t->c);
    double p = ill / (exposed + unexposed), q = (exposed + unexposed - ill) / (exposed + unexposed), top = -HUGE_VAL,
           sum = 0;
    for (size_t i = 0; i < n; i++) {
        double x = (double)(lo + (int64_t)i);
        out[i] = fisher_log_binomial(x, exposed, p, q) + fisher_log_binomial(ill - x, unexposed, p, q) + x * log_tilt;
        top = fmax(top, out[i]);
    }
    for (size_t i = 0; i < n; i++) sum += out[i] = exp(out[i] - top);
    for (size_t i = 0; i < n; i++) out[i] /= sum;
}

// Log of the crude common odds ratio (Mantel & Haenszel 1959), with a half added to each cell.
static double fisher_log_tilt(const struct two_by_two *strata, size_t count)
{
    double r = 0, s = 0;
    for (size_t i = 0; i < count; i++) {
        double a = (double)strata[i].a + 0.5, b = (double)strata[i].b + 0.5, c = (double)strata[i].c + 0.5,
               d = (double)strata[i].d + 0.5;
        r += a * d / (a + b + c + d);
        s += b * c / (a + b + c + d);
    }
    return log(r / s);
}

static tong_code fisher_law_build(const struct two_by_two *strata, size_t count, struct arena *arena,
                                  struct fisher_law *law, struct err *err)
{
    size_t total = 1;
    *law = (struct fisher_law){.n = 1};
    for (size_t i = 0; i < count; i++) {
        const struct two_by_two *t = &strata[i];
        const int64_t most = (int64_t)1 << 40;
        if (t->a < 0 || t->b < 0 || t->c < 0 || t->d < 0)
            return tong_fail(err, TONG_E_INVALID, "a negative count in stratum %zu", i + 1);
        if (t->a > most || t->b > most || t->c > most || t->d > most)
            return tong_fail(err, TONG_E_LIMIT, "stratum %zu is too large", i + 1);
        int64_t lo;
        total += fisher_support(t, &lo) - 1;
        if (total > FISHER_SUPPORT_MAX)
            return tong_fail(err, TONG_E_LIMIT, "the tables are too large for exact inference");
    }
    double *sum = arena_array(arena, total, sizeof *sum), *one = arena_array(arena, total, sizeof *one);
    double *next = arena_array(arena, total, sizeof *next);
    law->log_density = arena_array(arena, total, sizeof *law->log_density);
    if (sum == NULL || one == NULL || next == NULL || law->log_density == NULL)
        return tong_fail(err, TONG_E_NOMEM, "exact tables");
    double log_tilt = fisher_log_tilt(strata, count);
    sum[0] = 1;
    for (size_t s = 0; s < count; s++) {
        int64_t lo;
        size_t n = fisher_support(&strata[s], &lo);
        law->lo += lo;
        law->seen += strata[s].a;
        if (n == 1) continue; // nothing is free in this stratum
        fisher_stratum(&strata[s], lo, n, log_tilt, one);
        memset(next, 0, total * sizeof *next);
        for (size_t i = 0; i < law->n; i++)
            for (size_t k = 0; k < n; k++) next[i + k] += sum[i] * one[k];
        law->n += n - 1;
        memcpy(sum, next, law->n * sizeof *sum);
    }
    for (size_t i = 0; i < law->n; i++)
        law->log_density[i] = log(sum[i]) - (double)(law->lo + (int64_t)i - law->seen) * log_tilt;
    return TONG_OK;
}

tong_code fisher_exact(const struct two_by_two *strata, size_t count, double level, struct arena *arena,
                       struct fisher_exact *out, struct err *err)
{
    if (count == 0 || count > FISHER_STRATA_MAX) return tong_fail(err, TONG_E_INVALID, "%zu strata", count);
    if (!(level > 0 && level < 1))
        return tong_fail(err, TONG_E_INVALID, "the confidence %g is not between 0 and 1", level);
    struct fisher_law law;
    tong_code code = fisher_law_build(strata, count, arena, &law, err);
    if (code != TONG_OK) return code;
    if (law.n == 1) return tong_fail(err, TONG_E_INVALID, "an empty row or column leaves nothing to compare");
    struct fisher_exact f = {.exposed_ill = law.seen};
    f.odds_ratio = fisher_interval(&law, level, false);
    f.mid_p = fisher_interval(&law, level, true);
    struct fisher_tails t = fisher_tails(&law, 0);
    double seen = law.log_density[law.seen - law.lo];
    f.p_value_mid = fmin(1, 2 * (fmin(t.above, t.below) + 0.5 * t.at));
    for (size_t i = 0; i < law.n; i++) // each relative to the one seen, whose probability is t.at
        if (law.log_density[i] <= seen + 1e-7) f.p_value += exp(law.log_density[i] - seen);
    f.p_value = fmin(1, f.p_value * t.at);
    if (isnan(f.odds_ratio.estimate + f.odds_ratio.lower) || isnan(f.odds_ratio.upper) || isnan(f.mid_p.estimate) ||
        isnan(f.mid_p.lower + f.mid_p.upper))
        return tong_fail(err, TONG_E_LIMIT, "the odds ratio of these tables cannot be solved for");
    *out = f;
    return TONG_OK;
}
