// pooled_prevalence.h -- how many are infected, from how many pools were positive.
//
// Groups of pools of different sizes; perfect tests. Pure. Score and likelihood intervals: M. L. Tebbs & C. R. Bilder
// 2004; skewness correction: J. J. Gart & J. Nam 1988 and G. Hepworth, Biometrics 2005; bias correction: J. J. Gart
// 1991. When no pool is positive the upper limit is that of the score interval, but for Wald (0, its known fault) and
// the three binomial ones.
#ifndef TONG_EPI_POOLED_PREVALENCE_H
#define TONG_EPI_POOLED_PREVALENCE_H

#include "epi/proportion.h"

#include <stddef.h>

struct pooled_group {
    int64_t positive, pools; // of `pools` pools so many were positive
    int32_t size;            // people in each pool
};

typedef enum pooled_method {
    POOLED_SCORE,      // default to show
    POOLED_SKEW_SCORE, // corrected for skewness
    POOLED_LIKELIHOOD,
    POOLED_WALD,  // lower limit cut at 0
    POOLED_EXACT, // of one pool size only: Clopper & Pearson, Agresti & Coull (cut at 0), Blaker of the pools, and
    POOLED_AGRESTI_COULL, // the limits carried over to the people
    POOLED_BLAKER,
    POOLED_BIAS_SKEW_SCORE, // corrected for skewness and, as binGroup2 has it, less the bias of the estimate itself
    POOLED_SECOND_ORDER,    // of one pool size only: T. Cai 2005, J Stat Plan Inference 131:63, with the one-sided
                            // quantile in the middle and the two-sided one in the width, as binGroup2 has it
    POOLED_METHOD_COUNT
} pooled_method;

struct pooled_prevalence {
    struct interval prevalence; // maximum likelihood
    double bias_corrected;      // the estimate less its bias of first order
    struct interval minimum;    // minimum infection rate: positive pools over people, lower limit cut at 0
};

enum { POOLED_GROUPS_MAX = 100000 };

// TONG_E_INVALID: no pool, more positive than pools, all of them positive (nothing bounds the prevalence), sizes
// below 1, several sizes for a method of one.
tong_code pooled_prevalence(const struct pooled_group *groups, size_t n, double level, pooled_method method,
                            struct pooled_prevalence *out, struct err *err) TONG_MUST_USE;

#endif
