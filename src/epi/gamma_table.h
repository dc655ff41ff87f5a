// gamma_table.h -- a few quantiles of the gamma distribution for very many shapes: some ten nanoseconds each.
//
// The cube root of quantile over shape (E. B. Wilson & M. M. Hilferty, PNAS 1931;17:684) is a smooth function of
// 1 / sqrt(shape), also at 0. It is interpolated at Chebyshev points on four pieces of 0 .. 1 (J. P. Boyd, "Chebyshev
// and Fourier Spectral Methods", 2001, section 5.5); relative error below 3e-13 against special_gamma_quantile for
// every shape from 1 up. Shapes below 1 are solved for one by one.
#ifndef TONG_EPI_GAMMA_TABLE_H
#define TONG_EPI_GAMMA_TABLE_H

#include "base/err.h"

#include <stddef.h>

enum { GAMMA_PIECES = 4, GAMMA_TERMS = 16, GAMMA_QUANTILES = 8 };

struct gamma_table {
    size_t n;
    double p[GAMMA_QUANTILES];
    double term[GAMMA_PIECES][GAMMA_TERMS][GAMMA_QUANTILES]; // Chebyshev coefficients, all quantiles side by side
};

// 1 to GAMMA_QUANTILES probabilities, each 0.005 <= p <= 0.995, else TONG_E_INVALID. About a millisecond each.
tong_code gamma_table_prepare(const double *p, size_t n, struct gamma_table *out, struct err *err) TONG_MUST_USE;
// The table's quantiles for scale 1 into out[0 .. n - 1]; shape > 0 and finite, else NAN.
void gamma_table_quantiles(const struct gamma_table *table, double shape, double *out);

#endif
