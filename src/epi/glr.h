// glr.h -- likelihood ratios over time: has the level risen since some week nobody knows?
//
// glr_run: the generalised likelihood ratio detector
//   [M. Hoehle & M. Paul 2008, Comput Stat Data Anal 52:4357, eq. 9-13]
//   GLR(n) = max over k <= n, kappa >= 0 of the sum over t = k..n of log f(x; m e^kappa) - log f(x; m)
// for Poisson or negative binomial counts (variance m + alpha m^2) with the expected means m(t) given; an alarm when it
// reaches the threshold, after which it begins anew with the next week.
//
// glr_outbreak_p: how much better a level that never falls explains the counts than one that stays
//   [M. Frisen, E. Andersson, L. Schioeler 2009, Stat Med 28:1896]: log of the product of
//   (isotonic mean / plain mean)^x.
#ifndef TONG_EPI_GLR_H
#define TONG_EPI_GLR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

struct glr_week {
    double statistic;
    bool alarm;
};

// O(n * weeks since the last alarm). TONG_E_INVALID: a negative count, a mean that is not positive, alpha < 0,
// threshold <= 0.
tong_code glr_run(const int64_t *count, const double *mean, size_t n, double alpha, double threshold,
                  struct glr_week *out, struct err *err) TONG_MUST_USE;

// statistic: the LOGARITHM of OutbreakP of the counts up to each week (its plain value passes 1e300 in a long series);
// alarm when it exceeds log(threshold). O(n) amortised for the means, O(n^2) in all.
tong_code glr_outbreak_p(const int64_t *count, size_t n, double threshold, struct arena *scratch, struct glr_week *out,
                         struct err *err) TONG_MUST_USE;

#endif
