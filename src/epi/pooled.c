#include "epi/pooled.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

// Powers of q = 1 - p and their complements by log1p and expm1: at p = 1e-4 the plain 1 - q^n loses four digits.
struct pooled_law {
    double se, sp, log_q;
};

static double all_clear(const struct pooled_law *l, double n)
{
    return exp(n * l->log_q);
}

static double any(const struct pooled_law *l, double n)
{
    return -expm1(n * l->log_q);
}

// A pool of n tests positive.
static double pool_positive(const struct pooled_law *l, double n)
{
    return l->se * any(l, n) + (1 - l->sp) * all_clear(l, n);
}

struct pooled_error {
    double tests, miss, call; // tests a person; a positive person called negative; a negative one called positive
};

static struct pooled_error pooled_dorfman(const struct pooled_law *l, double n)
{
    return (struct pooled_error){1 / n + pool_positive(l, n), 1 - l->se * l->se, (1 - l->sp) * pool_positive(l, n - 1)};
}

static struct pooled_error pooled_three(const struct pooled_law *l, double n, double m)
{
    double se = l->se, no = 1 - l->sp;
    double p1 = pool_positive(l, n);
    double other = all_clear(l, m) * any(l, n - m); // the sub-pool is clear, the pool is not
    double p2 = se * se * any(l, m) + no * (se * other + no * all_clear(l, n));
    double others = all_clear(l, m - 1) * any(l, n - m);
    double call = no * (se * se * any(l, m - 1) + no * (se * others + no * all_clear(l, n - 1)));
    return (struct pooled_error){1 / n + p1 / m + p2, 1 - se * se * se, call};
}

// Row and column of a person, both positive; or only the row, and no column at all.
static struct pooled_error pooled_array(const struct pooled_law *l, double n)
{
    double se = l->se, no = 1 - l->sp, q1 = all_clear(l, n), q2 = all_clear(l, 2 * n - 1);
    double a = (1 - se) * any(l, n - 1) + l->sp * all_clear(l, n - 1), b = (1 - se) * any(l, n) + l->sp * q1;
    double an = pow(a, n), bn = pow(b, n), crossed = q1 * any(l, n - 1); // q^n - q^(2n-1)
    double either = any(l, n) - crossed;                                 // 1 - 2 q^n + q^(2n-1)
    double both = se * se * either + 2 * se * no * crossed + no * no * q2;
    double row = no * q1 * an + se * (bn - q1 * an);
    double q3 = all_clear(l, n - 1), a1 = pow(a, n - 1), b1 = pow(b, n - 1), seen = pool_positive(l, n - 1);
    double row_clear = a * (no * q3 * a1 + se * (b1 - q3 * a1)); // the same for a person who is negative
    return (struct pooled_error){2 / n + both + 2 * row, 1 - se * se * (se + 2 * (1 - se) * b1),
                                 no * (seen * seen + 2 * row_clear)};
}

// Behind a master pool: what the array does when nobody is infected is seen only after a false positive master pool.
static struct pooled_error pooled_array_master(const struct pooled_law *l, double n)
{
    struct pooled_error e = pooled_array(l, n);
    double no = 1 - l->sp, quiet = no * no + 2 * no * pow(l->sp, n);
    double clear_tests = all_clear(l, n * n) * (2 / n + quiet), clear_call = all_clear(l, n * n - 1) * no * quiet;
    e.tests = 1 / (n * n) + l->se * (e.tests - clear_tests) + no * clear_tests;
    e.miss = 1 - l->se * (1 - e.miss);
    e.call = l->se * (e.call - clear_call) + no * clear_call;
    return e;
}

static tong_code pooled_check(double p, double se, double sp, struct err *err)
{
    if (!(p > 0 && p < 1)) return tong_fail(err, TONG_E_INVALID, "a prevalence of %g", p);
    if (!(se >= 0 && se <= 1) || !(sp >= 0 && sp <= 1))
        return tong_fail(err, TONG_E_INVALID, "a sensitivity of %g and a specificity of %g", se, sp);
    return TONG_OK;
}

tong_code pooled_design_figures(const struct pooled_design *design, struct pooled_figures *out, struct err *err)
{
    double p = design->p, n = design->n, m = design->m;
    tong_code code = pooled_check(p, design->sensitivity, design->specificity, err);
    if (code != TONG_OK) return code;
    if (design->n < 2 || design->n > 10000) return tong_fail(err, TONG_E_INVALID, "pools of %d", (int)design->n);
    bool three = design->scheme == POOLED_THREE_STAGE;
    if (three && (design->m < 2 || design->m >= design->n || design->n % design->m != 0))
        return tong_fail(err, TONG_E_INVALID, "pools of %d in pools of %d", (int)design->n, (int)design->m);
    struct pooled_law l = {design->sensitivity, design->specificity, log1p(-p)};
    struct pooled_error e = {0};
    switch (design->scheme) {
    case POOLED_DORFMAN: e = pooled_dorfman(&l, n); break;
    case POOLED_THREE_STAGE: e = pooled_three(&l, n, m); break;
    case POOLED_ARRAY: e = pooled_array(&l, n); break;
    case POOLED_ARRAY_MASTER: e = pooled_array_master(&l, n); break;
    case POOLED_SCHEME_COUNT: assert(design->scheme != POOLED_SCHEME_COUNT); break;
    }
    double hit = p * (1 - e.miss), alarm = (1 - p) * e.call, clear = (1 - p) * (1 - e.call), missed = p * e.miss;
    *out = (struct pooled_figures){e.tests, 1 - e.miss, 1 - e.call, hit + alarm > 0 ? hit / (hit + alarm) : 0,
                                   clear + missed > 0 ? clear / (clear + missed) : 0};
    return TONG_OK;
}

tong_code pooled_dorfman_optimum(double p, double sensitivity, double specificity, int32_t largest, int32_t *n,
                                 double *tests, struct err *err)
{
    tong_code code = pooled_check(p, sensitivity, specificity, err);
    if (code != TONG_OK) return code;
    if (largest < 2 || largest > 10000) return tong_fail(err, TONG_E_INVALID, "pools of up to %d", (int)largest);
    struct pooled_law l = {sensitivity, specificity, log1p(-p)};
    double best = HUGE_VAL;
    int32_t size = 2;
    for (int32_t k = 2; k <= largest; k++) {
        double t = pooled_dorfman(&l, k).tests;
        if (t < best) {
            best = t;
            size = k;
        }
    }
    *n = size;
    *tests = best;
    return TONG_OK;
}

tong_code pooled_informative_tests(const double *risk, size_t people, const int32_t *size, size_t pools,
                                   double sensitivity, double specificity, double *tests, struct err *err)
{
    tong_code code = pooled_check(0.5, sensitivity, specificity, err);
    if (code != TONG_OK) return code;
    double sum = 0;
    size_t at = 0;
    for (size_t i = 0; i < pools; i++) {
        if (size[i] < 1 || (size_t)size[i] > people - at)
            return tong_fail(err, TONG_E_INVALID, "the pools do not fit the people");
        double clear = 0;
        for (int32_t k = 0; k < size[i]; k++, at++) {
            if (!(risk[at] >= 0 && risk[at] <= 1)) return tong_fail(err, TONG_E_INVALID, "a risk of %g", risk[at]);
            clear += log1p(-risk[at]);
        }
        if (size[i] == 1) sum += 1;
        else sum += 1 + size[i] * (-sensitivity * expm1(clear) + (1 - specificity) * exp(clear));
    }
    if (at != people) return tong_fail(err, TONG_E_INVALID, "%zu people are in no pool", people - at);
    *tests = sum;
    return TONG_OK;
}
