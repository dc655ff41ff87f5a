// ears.h -- EARS C1, C2, C3: is today out of line with the week before?
//
// From a short baseline of days (or weeks): mean and sample standard deviation of `baseline` values that end 1 step
// before today (C1) or 3 steps before (C2, C3).   [L. Hutwagner, W. Thompson, G. M. Seeman, T. Treadwell 2003, J Urban
// Health 80:i89; M. Salmon, D. Schumacher, M. Hoehle 2016, J Stat Softw 70(10), 3.1]
//
//   statistic C(t) = (count - mean) / sd
//   EARS_C1, EARS_C2   alarm when count > mean + threshold * sd           (canonical threshold 3)
//   EARS_C3            C3(t) = sum over t-2, t-1, t of max(0, C2 - 1);    alarm when C3 > threshold (canonical 2)
//   EARS_C3_BOUND      alarm when count > mean + sd * (threshold - sum over t-2, t-1 of max(0, C2 - 1)): the published
//                      form of the R package surveillance. (Its code puts the count of the day in place of the mean, so
//                      that an alarm no longer depends on the count; that is not done here.)
//
// A threshold from a level alpha is special_normal_quantile(1 - alpha). The rate of false alarms is far from the
// nominal one for small counts (R. Bedubourg & Y. Le Strat 2017): show it beside the alarms.
#ifndef TONG_EPI_EARS_H
#define TONG_EPI_EARS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { EARS_BASELINE_MAX = 365 };

typedef enum ears_method { EARS_C1, EARS_C2, EARS_C3, EARS_C3_BOUND } ears_method;

struct ears_options {
    ears_method method;
    int32_t baseline; // values in the baseline, 2..EARS_BASELINE_MAX; canonical 7
    double threshold; // >= 0
    double sd_min;    // a smaller standard deviation is taken as this; canonical 0
};

struct ears_day {
    double mean, sd;  // of the baseline, sd at least sd_min
    double statistic; // C1, C2 or C3 (EARS_C3_BOUND: C2)
    double carried;   // C3: what the two days before contribute
    double upper;     // counts above it alarm; -1 when C3 alarms whatever the count
    bool defined;     // false: not enough days before; everything else is 0 then
    bool flat;        // sd is 0: statistic is 0 unless the count exceeds the mean, when the alarm stands by itself
    bool alarm;
};

// One answer a count. TONG_E_INVALID: an option out of range, or a negative count.
tong_code ears_run(const int64_t *count, size_t n, const struct ears_options *options, struct ears_day *out,
                   struct err *err) TONG_MUST_USE;

#endif
