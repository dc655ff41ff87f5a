// branching.h -- superspreading: offspring distributions, chains that die out, who causes the most.
//
// Offspring of a case: negative binomial with mean R and dispersion k (J. O. Lloyd-Smith, S. J. Schreiber, P. E.
// Kopp, W. M. Getz, Nature 2005;438:355); k = HUGE_VAL is the Poisson limit. Pure. 0 < R < 1e6, 1e-6 <= k; else
// TONG_E_INVALID.
#ifndef TONG_EPI_BRANCHING_H
#define TONG_EPI_BRANCHING_H

#include "base/err.h"

#include <stddef.h>

// Probability that the chain of one case dies out: the smallest root of q = (1 + R (1 - q) / k)^-k; 1 when R <= 1.
tong_code branching_extinction(double r, double k, double *q, struct err *err) TONG_MUST_USE;
// Probability that it has died out by generation n: the offspring generating function, iterated from 0.
tong_code branching_extinct_by(double r, double k, int32_t generation, double *q, struct err *err) TONG_MUST_USE;
// Probability that a chain ends at exactly `size` cases, the first one included (S. Blumberg & J. O. Lloyd-Smith, PLoS
// Comput Biol 2013;9:e1002993, equation 9). Sums to the extinction probability.
tong_code branching_chain_size(double r, double k, int64_t size, double *p, struct err *err) TONG_MUST_USE;

// How unequal: individual reproduction numbers are gamma distributed with mean R and shape k (Lloyd-Smith 2005).
struct branching_share {
    double cut;       // individual reproduction number above which 80 % of transmission lies
    double cases;     // part of the cases that cause that 80 %
    double top_fifth; // part of the transmission that the most infectious 20 % of cases cause
};
tong_code branching_shares(double r, double k, struct branching_share *out, struct err *err) TONG_MUST_USE;

// Offspring counts seen: `cases[i]` cases had `offspring[i]`; any order, a value may repeat.
struct branching_tally {
    int64_t offspring, cases;
};
struct branching_fit {
    int64_t n, total, most;
    double r, variance;   // mean, and variance with n - 1
    double k, k_lo, k_hi; // maximum likelihood, and the profile likelihood interval; HUGE_VAL when not overdispersed
    double loglik, loglik_poisson, loglik_geometric;
    double zero;         // part of cases without offspring
    double top_fifth;    // part of all offspring that the top 20 % of cases have (rounded up to whole cases)
    double cases_for_80; // part of cases, the largest first, that have at least 80 % of all offspring
};
// TONG_E_INVALID: fewer than two cases, no offspring at all, negative counts.
tong_code branching_fit_offspring(const struct branching_tally *tally, size_t n, double level,
                                  struct branching_fit *out, struct err *err) TONG_MUST_USE;

#endif
