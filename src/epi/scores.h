// scores.h -- how good a forecast was: proper scores of quantiles, laws and samples, and models against models.
//
// All scores are losses: 0 is perfect, smaller is better. What must be finite and is not, levels that are no levels,
// and quantiles that cross are refused (TONG_E_INVALID): no score is ever NaN.
//
//   interval score     (u - l) + 2/alpha (l - y)+ + 2/alpha (y - u)+         [T. Gneiting & A. Raftery 2007, eq. 43]
//   WIS                (|y - m|/2 + sum over k of alpha_k/2 IS_k) / (K + 1/2)      [J. Bracher et al. 2021, eq. 1]
//                      = 2/n * sum of the pinball losses of the n quantiles        (the same, the quantile form)
//   CRPS of a sample   mean |x - y| - mean |x - x'| / 2 of the empirical distribution        [Gneiting & Raftery 2007]
//   CRPS of a law      closed forms after A. Jordan, F. Krueger, S. Lerch 2019 (J Stat Softw 90(12)); counts by direct
//                      sum
//   relative skill     geometric mean over all models j, itself included, of the ratio of the mean scores on the
//                      forecasts both made; scaled: over that of the baseline        [E. Cramer et al. 2022]
#ifndef TONG_EPI_SCORES_H
#define TONG_EPI_SCORES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum { SCORES_QUANTILES_MAX = 999, SCORES_MODELS_MAX = 200 };

struct score_parts {
    double total;
    double dispersion, overprediction, underprediction; // sum: total
};

// Levels ascending in (0, 1) and symmetric (level[i] + level[n-1-i] = 1), values not descending.
struct score_quantiles {
    const double *level, *value;
    size_t n;
};

tong_code scores_interval(double alpha, double lower, double upper, double observed, struct score_parts *out,
                          struct err *err) TONG_MUST_USE;
tong_code scores_wis(const struct score_quantiles *q, double observed, struct score_parts *out, struct err *err)
    TONG_MUST_USE;
// Quantile form: any ascending levels, symmetric or not.
tong_code scores_pinball(const struct score_quantiles *q, double observed, double *out, struct err *err) TONG_MUST_USE;

struct score_quantile_extras {
    double bias;            // -1 (all below) .. 1 (all above what came), 0 when the median is met
    double median_error;    // |observed - median|
    bool covered_50, covered_90;
    bool has_50, has_90;    // whether the levels of these intervals are there
};
// The median must be among the levels.
tong_code scores_extras(const struct score_quantiles *q, double observed, struct score_quantile_extras *out,
                        struct err *err) TONG_MUST_USE;

// log(max(x, 0) + 1): scores on this scale weigh relative errors [N. Bosse et al. 2023].
double scores_log_scale(double x);

typedef enum score_law {
    SCORE_NORMAL,    // mean, sd
    SCORE_LOGNORMAL, // mean and sd of the logarithm
    SCORE_GAMMA,     // shape, rate
    SCORE_POISSON,   // mean, -
    SCORE_NEGBIN     // mean, size (variance mean + mean^2 / size)
} score_law;

// Counts must be whole and >= 0. TONG_E_LIMIT: a count law too wide to sum (more than 1e8 terms).
tong_code scores_crps(score_law law, double a, double b, double observed, double *out, struct err *err) TONG_MUST_USE;
// Minus the logarithm of the density or probability. TONG_E_INVALID too when that is 0.
tong_code scores_log(score_law law, double a, double b, double observed, double *out, struct err *err) TONG_MUST_USE;

struct score_sample {
    double crps;
    double dss;         // Dawid-Sebastiani: ((y - mean) / sd)^2 + 2 log sd, sd over n; needs a sample that varies
    double log_score;   // of a normal kernel density, bandwidth of D. Scott 1992 (1.06 min(sd, IQR/1.34) n^(-1/5))
    bool varies;        // false: dss and log_score are 0
};
// n >= 2.
tong_code scores_sample(const double *sample, size_t n, double observed, struct arena *scratch,
                        struct score_sample *out, struct err *err) TONG_MUST_USE;

// Models against each other. score[model * units + unit]; NAN where a model made no forecast of the unit.
struct score_pair {
    double ratio;      // mean score of the first over that of the second, on common units
    double p;          // two-sided Wilcoxon signed rank test (exact below 50 pairs without ties, else normal with
                       // correction for ties and continuity); 1 for a model against itself
    double p_adjusted; // Holm, over the pairs of different models
    size_t units;      // common ones; 0: no ratio, the pair is left out of the skills
};
struct score_pairwise {
    size_t models;
    struct score_pair *pair; // models * models
    double *skill;           // one a model
};
// TONG_E_INVALID: a score that is negative or infinite, or a mean score of 0, against which there is no ratio.
tong_code scores_pairwise(const double *score, size_t models, size_t units, struct arena *arena,
                          struct score_pairwise *out, struct err *err) TONG_MUST_USE;

#endif
