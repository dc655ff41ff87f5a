// serial.h -- serial intervals: discretised distributions, and what a list of pairs says.
#ifndef TONG_EPI_SERIAL_H
#define TONG_EPI_SERIAL_H

#include "base/arena.h"
#include "base/err.h"

#include <stddef.h>

enum { SERIAL_DAYS_MAX = 60000 };

// w[k], k = 0 .. n - 1: probability that the interval is k days, for a gamma distribution shifted by one day, of the
// given mean and standard deviation (days), spread over two days each by a triangular kernel (Cori 2013, web appendix
// 11): w(k) = H(k) - 2 H(k - 1) + H(k - 2), H(t) = t F(t; a, b) - a b F(t; a + 1, b), a = ((mean - 1) / sd)^2,
// b = sd^2 / (mean - 1). w[0] is 0. The sum is below 1 by what lies beyond n - 1. TONG_E_INVALID: mean <= 1, sd <= 0.
tong_code serial_discretise(double mean_days, double sd_days, size_t n, double *w, struct err *err) TONG_MUST_USE;

// Mean, in days, of the weights as they stand.
double serial_mean(const double *w, size_t n);

// Check weights that come from outside: finite, none negative, w[0] = 0 (nobody infects on the day itself), the sum at
// most 1 (to 1e-3); it may be less, for a tail that was cut. TONG_E_INVALID.
tong_code serial_check(const double *w, size_t n, struct err *err) TONG_MUST_USE;

// What a list of intervals says. Negative ones are kept and counted. Standard deviations with n - 1.
struct serial_summary {
    int64_t pairs, missing; // `missing` are NAN in the list
    int64_t negative, zero, positive;
    double mean, sd, median, least, most; // of all that are known
    double mean_positive, sd_positive;    // of those above 0; 0 when fewer than two
};
// TONG_E_INVALID: fewer than two known intervals, or one that is infinite. TONG_E_NOMEM.
tong_code serial_summarise(const double *days, size_t n, struct arena *arena, struct serial_summary *out,
                           struct err *err) TONG_MUST_USE;

#endif
