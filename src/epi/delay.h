// delay.h -- distributions of delays (incubation, serial interval, onset to death) from dates that are only partly
// known.
//
// Maximum likelihood with the first and the second event each known exactly or to a window (uniform within it), and
// with right truncation: pairs whose second event would fall after `until` could not have been seen. N. G. Reich et
// al., Stat Med 2009;28:2769 (double censoring); S. W. Park et al. 2024 and K. Charniga et al., PLoS Comput Biol
// 2024;20:e1012520 (both together). Pure.
#ifndef TONG_EPI_DELAY_H
#define TONG_EPI_DELAY_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum delay_law {
    DELAY_GAMMA,     // shape, scale
    DELAY_WEIBULL,   // shape, scale
    DELAY_LOGNORMAL, // mean and standard deviation of the logarithm
    DELAY_LAW_COUNT
} delay_law;

struct delay_datum {
    double first_lo, first_hi;   // window of the first event; equal when it is known
    double second_lo, second_hi; // of the second one
    double until;                // end of observation; HUGE_VAL when nothing was cut off
};

struct delay_fit {
    delay_law law;
    double a, b;       // the two parameters as above
    double se_a, se_b; // from the observed information
    double se_log_a, se_log_b;
    double loglik;
    size_t n;
};

enum { DELAY_PAIRS_MAX = 10 * 1000 * 1000 };

// TONG_E_INVALID: fewer than two pairs, a window that ends before it begins, a delay that can only be negative, data
// from which no maximum follows (all equal, say). The error names the pair.
tong_code delay_fit(const struct delay_datum *data, size_t n, delay_law law, struct delay_fit *out,
                    struct err *err) TONG_MUST_USE;

// P(delay <= t), its integral from 0 to t, and the quantile of p, of a distribution with positive parameters.
double delay_cdf(delay_law law, double a, double b, double t);
double delay_cdf_integral(delay_law law, double a, double b, double t);
double delay_quantile(delay_law law, double a, double b, double p);
double delay_mean(delay_law law, double a, double b);

// Exact, uncensored delays above 0, where simpler conditions hold than above: shape from log(shape) - digamma(shape) =
// log(mean) - mean(log) for the gamma distribution, the profile equation of the shape for Weibull's, moments of the
// logarithm for the lognormal one. TONG_E_INVALID.
tong_code delay_fit_exact(const double *days, size_t n, delay_law law, struct delay_fit *out,
                          struct err *err) TONG_MUST_USE;

// The normal distribution, for serial intervals that may be negative: mean and maximum likelihood standard deviation.
tong_code delay_fit_normal(const double *days, size_t n, double *mean, double *sd, double *loglik,
                           struct err *err) TONG_MUST_USE;

#endif
