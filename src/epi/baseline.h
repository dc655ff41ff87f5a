// baseline.h -- three plain alarms on a handful of earlier counts: RKI, Bayes, CDC.
//
// The reference values of a week are the `window` weeks before it (if recent) and the weeks of each of `years` years
// before, +- window.   [M. Hoehle 2007, Comput Stat 22:571, sec. 2]
//
//   RKI    mean + 2 sd above 20; below, the upper 95 % Poisson limit of the mean rounded down
//          [E. Crow & R. Gardner 1959]
//   Bayes  the 1 - alpha quantile of the next count, negative binomial(sum + 1/2, n/(n + 1)), after Jeffreys prior
//   CDC    sums of four weeks: the same four weeks, those before and those after, of each of `years` years;
//          mean + z(1 - alpha/2) sd sqrt(1 + 1/n)   [D. Stroup et al. 1989, Stat Med 8:323];
//          window and recent are not used
//
// An alarm is a count (CDC: a sum of four) above the limit.
#ifndef TONG_EPI_BASELINE_H
#define TONG_EPI_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

typedef enum baseline_method { BASELINE_RKI, BASELINE_BAYES, BASELINE_CDC } baseline_method;

enum { BASELINE_YEARS_MAX = 20, BASELINE_WINDOW_MAX = 25 };

struct baseline_options {
    baseline_method method;
    int32_t years, window;
    bool recent;
    int32_t periodicity; // counts a year: 52
    double alpha;        // Bayes, CDC: in (0, 1)
};

struct baseline_week {
    double upper;
    bool defined; // false: not enough past; upper is 0 then
    bool alarm;
};

// One answer a count. TONG_E_INVALID: an option out of range, no reference values at all, a count below 0 or above 1e9.
tong_code baseline_run(const int64_t *count, size_t n, const struct baseline_options *options,
                       struct baseline_week *out, struct err *err) TONG_MUST_USE;

#endif
