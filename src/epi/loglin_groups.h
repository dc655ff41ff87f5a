// loglin_groups.h -- the regression of loglin.h where the columns are groups and one trend, without matrices.
//
//   log mean(i) = level(group(i)) + trend * (week(i) - origin) / span
//
// Each step of iteratively reweighted least squares has a closed form then: the levels given the trend are weighted
// means, the trend one quotient; and exp is a power of one number by whole weeks. The steps, their start and their end
// are those of loglin_fit, to rounding, so that the figures are, too; a row costs a few multiplications in place of
// logarithms. Weights are prior weights; what a group without rows has as its level is not used.
#ifndef TONG_EPI_LOGLIN_GROUPS_H
#define TONG_EPI_LOGLIN_GROUPS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

enum { LOGLIN_GROUPS_MAX = 24 };

struct loglin_groups_data {
    const int32_t *week, *group;       // one a row; weeks ascending
    const double *y, *weight;          // counts; prior weights > 0
    const double *y_log_y, *log_start; // of each count: y log y (0 for 0), log(y + 0.1)
    int32_t rows, groups;
    bool trend;
    int32_t origin, span; // of the trend's unit; origin at or after the last week, span > 0
};

struct loglin_groups {
    double level[LOGLIN_GROUPS_MAX], trend;
    double trend_variance;  // before the dispersion
    bool trend_used;        // false: not asked for, or no week differs within a group
    double origin_variance; // of level(0) + trend * 0: of the forecast at the origin, before the dispersion
    int32_t free_rows;
    double deviance, pearson;
    double *mean, *leverage; // one a row
    double *power;           // mean^(1/6) of each row
};

// Room for `rows` is taken from the arena. TONG_E_INVALID: all counts 0, or no convergence. TONG_E_NOMEM.
tong_code loglin_groups_fit(const struct loglin_groups_data *data, struct arena *arena, struct loglin_groups *out,
                            struct err *err) TONG_MUST_USE;

#endif
