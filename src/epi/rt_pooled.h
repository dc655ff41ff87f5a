// rt_pooled.h -- reproduction numbers of many areas at once, those with few cases leaning on the others.
//
// R of area a over a window ~ Gamma(shape k, mean m); its local cases ~ Poisson(R Lambda). Marginally the cases are
// negative binomial with mean m Lambda and size k, so m and k have a posterior on a grid that is exact to its spacing
// (priors flat in log m over 0.05 .. 20 and in log k over 0.3 .. 1000), and given them each R is Gamma(k + cases, 1 /
// (k / m + Lambda)). Partial pooling as in production elsewhere (hierarchical fits: CDC CFA 2026), without space
// between areas. [D. Clayton & J. Kaldor 1987, Biometrics 43:671, with the hyperparameters integrated out.] Pure.
#ifndef TONG_EPI_RT_POOLED_H
#define TONG_EPI_RT_POOLED_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

struct rt_area {
    double cases, pressure; // local cases of the window and its infectivity, as in struct rt_estimate
};

struct rt_pooled_area {
    double mean, sd, q025, q50, q975;
};

struct rt_pooled {
    double mean, mean_lo, mean_hi;       // of m: R of an area nothing is known of, and 95 %
    double spread, spread_lo, spread_hi; // coefficient of variation between areas, 1 / sqrt k
};

enum { RT_AREAS_MAX = 100000 };

// TONG_E_INVALID: no area, a negative number, no pressure anywhere, cases where there is none; TONG_E_NOMEM.
tong_code rt_pooled_run(const struct rt_area *area, size_t n, struct arena *arena, struct rt_pooled_area *out,
                        struct rt_pooled *all, struct err *err) TONG_MUST_USE;

#endif
