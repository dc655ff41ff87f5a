// cusum.h -- CUSUM of transformed counts: small, lasting excess over what is expected.
//
//   S(t) = max(0, S(t - 1) + z(count, m) - k),  alarm when S(t) >= h
//
// z makes the count roughly standard normal while the mean is m (all for a known m):
//   none            count
//   standard        (x - m) / sqrt(m)
//   rossi           (x - 3m + 2 sqrt(x m)) / (2 sqrt(m))                     [G. Rossi et al. 1999, Stat Med 18:2111]
//   anscombe        3/2 (x^(2/3) - m^(2/3)) / m^(1/6)
//   anscombe2nd     3/2 (x^(2/3) - m^(2/3) + m^(-1/3) / 9) / m^(1/6), the mean of x^(2/3) to second order
//   pearson_negbin  (x - m) / sqrt(m + alpha m^2)
//   anscombe_negbin integral of (t + alpha t^2)^(-1/3) from m to x, over (m + alpha m^2)^(1/6)
//                   [F. J. Anscombe 1953; J. M. Hilbe, Negative Binomial Regression, 2011]
//
// `upper` is the count at which the alarm would have gone off, for every transformation and as a real number (the R
// package rounds it up for `standard`, and for `none` and `anscombe_negbin` gives the distance h - S instead).
#ifndef TONG_EPI_CUSUM_H
#define TONG_EPI_CUSUM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

typedef enum cusum_transform {
    CUSUM_NONE,
    CUSUM_STANDARD,
    CUSUM_ROSSI,
    CUSUM_ANSCOMBE,
    CUSUM_ANSCOMBE_2ND,
    CUSUM_PEARSON_NEGBIN,
    CUSUM_ANSCOMBE_NEGBIN,
    CUSUM_TRANSFORM_COUNT
} cusum_transform;

struct cusum_options {
    cusum_transform transform;
    double k, h;  // >= 0, > 0; 1.04 and 2.26 give an average run of 500 weeks for Poisson(1)
    double alpha; // of the negative binomial ones, > 0
};

struct cusum_day {
    double z, sum, upper;
    bool alarm;
};

// mean: what is expected, one a count (cusum_mean, cusum_season). The sum starts at 0 and is not set back by an alarm.
// TONG_E_INVALID: an option out of range, a negative count, a mean that is not positive and finite.
tong_code cusum_run(const int64_t *count, const double *mean, size_t n, const struct cusum_options *options,
                    struct cusum_day *out, struct err *err) TONG_MUST_USE;

// Fill mean[0 .. n) for the counts that follow `history`: its plain mean; or a Poisson regression on 1, cos and sin of
// 2 pi t / period (t = 1, 2 ..), and on t itself with `trend`, carried on. alpha > 0: negative binomial with that
// dispersion. TONG_E_INVALID: no cases in the history, a negative count, period below 2.
tong_code cusum_mean(const int64_t *history, size_t history_n, double *mean, size_t n, struct err *err) TONG_MUST_USE;
tong_code cusum_season(const int64_t *history, size_t history_n, double period, bool trend, double alpha,
                       struct arena *arena, double *mean, size_t n, struct err *err) TONG_MUST_USE;

#endif
