// truncated_delay.h -- gamma distributed delays of which the long ones could not be seen yet.
//
// While an outbreak grows, most cases are recent, and of these only short delays are known: the plain fit is too short.
// A delay x whose first event lies `seen` before the day of the analysis is observed only if x <= seen, so its
//   likelihood is f(x) / F(seen),  f and F density and distribution of the gamma law.
// [S. W. Park et al. 2024, medRxiv 2024.01.12.24301247, eq. 4 with exact times; K. Charniga et al. 2024, PLoS Comput
// Biol
// 20:e1012520]. Maximum likelihood in log shape and log scale by Newton steps; standard errors from the curvature.
// Delays in whole days stand for intervals, not points: add half a day, or use an interval-censored likelihood.
#ifndef TONG_EPI_TRUNCATED_DELAY_H
#define TONG_EPI_TRUNCATED_DELAY_H

#include <stddef.h>

#include "base/err.h"

struct truncated_delay {
    double shape, scale, mean, sd;
    double log_likelihood;
    double se_log_shape, se_log_scale;
};

// delay > 0; seen: NULL for no truncation, else >= delay. n >= 3. TONG_E_INVALID: a value out of range, delays that are
// all the same, or a likelihood without a maximum (so much truncation that the scale runs away).
tong_code truncated_delay_fit(const double *delay, const double *seen, size_t n, struct truncated_delay *out,
                              struct err *err) TONG_MUST_USE;

#endif
