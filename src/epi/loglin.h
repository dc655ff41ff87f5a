// loglin.h -- log-linear (quasi-)Poisson regression for the alarms: a baseline of counts with a few columns.
//
//   log mean(i) = offset(i) + sum over j of x(i, j) * coefficient(j),  fitted by iteratively reweighted least squares
//
// (P. McCullagh & J. A. Nelder, Generalized Linear Models, 1989, 2.5), with prior weights and, for a known dispersion
// alpha > 0, negative binomial working weights (variance mean + alpha mean^2). A column that adds nothing to those
// before it, or has no data, is left out: `used` says so and its coefficient is 0.
// Pure; the workspace comes from the arena.
#ifndef TONG_EPI_LOGLIN_H
#define TONG_EPI_LOGLIN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

enum { LOGLIN_COLUMNS_MAX = 24 };

struct loglin_data {
    const double *x;      // rows * columns, row by row
    const double *y;      // counts, >= 0
    const double *weight; // NULL: all 1; otherwise > 0
    const double *offset; // NULL: none
    int32_t rows, columns;
    double alpha;         // 0: Poisson
};

struct loglin {
    double coefficient[LOGLIN_COLUMNS_MAX];
    double covariance[LOGLIN_COLUMNS_MAX][LOGLIN_COLUMNS_MAX]; // (X'WX)^-1: times the dispersion, that of coefficients
    bool used[LOGLIN_COLUMNS_MAX];
    int32_t free_rows; // rows less columns used
    double deviance;
    double pearson;    // sum of weight * (y - mean)^2 / variance; over free_rows, the dispersion
    double *mean;      // fitted, one a row
    double *leverage;  // diagonal of the hat matrix, one a row; in [0, 1]
};

// TONG_E_INVALID: no rows, all counts 0, a count that is negative or not finite, or no convergence. TONG_E_NOMEM.
tong_code loglin_fit(const struct loglin_data *data, struct arena *arena, struct loglin *out, struct err *err)
    TONG_MUST_USE;

// Linear predictor at x (without offset) and, when wanted, its variance before the dispersion: x' (X'WX)^-1 x.
double loglin_at(const struct loglin *fit, const double *x, int32_t columns, double *variance);

#endif
