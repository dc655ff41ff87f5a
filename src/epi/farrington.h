// farrington.h -- is this week above what the same weeks of earlier years lead us to expect?
//
// C. P. Farrington, N. J. Andrews, A. D. Beale, M. A. Catchpole 1996 (J R Stat Soc A 159:547), and with a season in all
// weeks, less downweighting and the most recent weeks left out A. Noufaily et al. 2013 (Stat Med 32:1206); the forms
// are those of M. Salmon, D. Schumacher, M. Hoehle 2016 (J Stat Softw 70(10), 3.2-3.3).
//
//   1 reference weeks   the week i years ago +- w, i = 1..b; with periods p > 1 all other weeks too, each stretch
//                       between two reference windows in p - 1 seasonal groups of like length, without the `skip` weeks
//                       before now
//   2 regression        log mean = intercept + trend * week + group, variance phi * mean, phi at least 1
//   3 past outbreaks    Anscombe residuals s = 3/2 (y^(2/3) m^(-1/6) - m^(1/2)) / sqrt(phi (1 - leverage)); weeks with
//                       s > reweight_above get weight g / s^2, the others g, where weights sum to the number of weeks;
//                       refit
//   4 trend             kept if there are >= 3 years, the forecast is no higher than any reference count, and
//                       its t test has p < trend_level (1: no test)
//   5 upper limit       by `bound`, below; alarm when the count is above it and there were at least `enough_cases` in
//                       the last `enough_weeks` weeks
//
// score = (count - expected) / (upper - expected): above 1 is an alarm. (The R package takes the logarithm of the
// expected count there for the two negative binomial bounds; that is not done here.)
#ifndef TONG_EPI_FARRINGTON_H
#define TONG_EPI_FARRINGTON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/civil.h"
#include "base/err.h"

enum { FARRINGTON_YEARS_MAX = 20, FARRINGTON_PERIODS_MAX = 20, FARRINGTON_COUNT_MAX = 1000000000 };

typedef enum farrington_bound {
    FARRINGTON_DELTA,  // mean and tau = phi + var(mean) / mean on the scale of `power`, normal quantile
    FARRINGTON_PLUGIN, // quantile of the negative binomial with mean and variance phi * mean (Poisson when phi = 1)
    FARRINGTON_UPPER   // the same with the upper confidence limit (level alpha) of the mean in its place: "muan"
} farrington_bound;

typedef enum farrington_power { FARRINGTON_POWER_2_3, FARRINGTON_POWER_1_2, FARRINGTON_POWER_1 } farrington_power;

struct farrington_options {
    int32_t years, window; // b in 1..20, w in 0..25
    int32_t periods;       // 1: reference windows only
    int32_t skip;          // weeks before now left out of the reference (periods > 1); 0..periodicity - 1
    int32_t periodicity;   // counts a year: 52
    double alpha;          // one-sided tail probability, in (0, 1): the 1996 paper's two-sided 0.01 is 0.005
    double reweight_above; // 1 (1996), 2.58 (2013); HUGE_VAL: none
    bool trend;
    double trend_level;    // 0.05 (1996), 1 (2013)
    farrington_bound bound;
    farrington_power power;
    int64_t enough_cases;  // 5
    int32_t enough_weeks;  // 4
    // As the flexible form of the R package does it: the variance of the expected count (DELTA, UPPER) and the trend's test
    // take the dispersion of (y - m) / m in place of phi. The regression's variance is phi m, so that is too small where
    // counts are large and too large where they are small; off by default, to be had only for comparison.
    bool relative_variance;
};

struct farrington_week {
    double expected, phi, upper, score;
    double p_value; // probability of a count as high as this, or higher
    double trend;   // growth of the logarithm a week; 0 when no trend was kept
    bool defined;   // false: not enough past, everything else is 0
    bool enough;    // cases enough to speak of an outbreak; no alarm without
    bool alarm;
};

// The options of the two papers.
struct farrington_options farrington_original(void);
struct farrington_options farrington_flexible(void);

// Judge the weeks first .. n - 1 (indices of count). date: the first day of each week, ascending by 7 days, so that the
// week "a year ago" is the one with the same date (years of 53 weeks); NULL: `periodicity` counts ago.
// A past without any case is judged by its length alone (Jeffreys prior on the mean). O(b * 52) memory, freed at the
// end.
// TONG_E_INVALID: an option out of range, a negative count, a regression that does not settle, a bound that is no
// number.
// TONG_E_LIMIT: a count above FARRINGTON_COUNT_MAX. TONG_E_NOMEM.
tong_code farrington_run(const int64_t *count, const civil_day *date, size_t n, size_t first,
                         const struct farrington_options *options, struct farrington_week *out, struct err *err)
    TONG_MUST_USE;

#endif
