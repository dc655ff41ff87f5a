// false_alarm.h -- thousands of series at once: which of the small p-values are alarms, and how many of those are
// chance.
//
//   Benjamini & Hochberg 1995 (J R Stat Soc B 57:289)   of the alarms raised at most the part q is false on average, when the
//                                                     series are independent or rise and fall together
//   Benjamini & Yekutieli 2001 (Ann Stat 29:1165)      the same whatever the dependence: q / (1 + 1/2 + ... + 1/n)
//   expected                                         at most so many false alarms a run on average: p <= expected / n
//
// Counts are discrete, so their p-values are too large rather than too small and the promises hold with room to spare.
// Pure.
#ifndef TONG_EPI_FALSE_ALARM_H
#define TONG_EPI_FALSE_ALARM_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum false_alarm_rule { FALSE_ALARM_HOCHBERG, FALSE_ALARM_YEKUTIELI, FALSE_ALARM_EXPECTED } false_alarm_rule;
struct false_alarm {
    double cut; // alarms are the p-values up to it; 0 when there is none
    size_t alarms;
    double expected; // false alarms of this cut, were nothing going on anywhere: n * cut
};
// p: one a series, NAN for one that could not be judged (left out of n). adjusted (may be NULL): the smallest q
// (EXPECTED: number of false alarms) at which it would be an alarm, NAN likewise. level: q in (0, 1), or the expected
// number, above 0. TONG_E_INVALID: a p outside 0 .. 1. TONG_E_NOMEM.
tong_code false_alarm_control(const double *p, size_t n, false_alarm_rule rule, double level, struct arena *arena,
                              bool *alarm, double *adjusted, struct false_alarm *out, struct err *err) TONG_MUST_USE;

// The probability of a count as high as the last one or higher, from the `baseline` counts that end `gap` before it:
// for series without years of past. Negative binomial with the baseline's mean (Jeffreys prior) and the larger of
// Poisson's variance and its own, widened by what mean and variance are unsure of. TONG_E_INVALID: fewer counts than
// that, a negative one, baseline below 5.
struct false_alarm_recent {
    double expected, p;
};
tong_code false_alarm_recent(const int64_t *count, size_t n, int32_t baseline, int32_t gap,
                             struct false_alarm_recent *out, struct err *err) TONG_MUST_USE;

#endif
