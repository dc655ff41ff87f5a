// quality.h -- what to know about the data before any estimate is believed.
//
// Each check says how many records it could judge, what it found, and how likely that is by chance. Nothing is
// repaired but negative counts, by a policy the user states once, and what was done to them is counted so that it can
// be shown.
//
// Pure. Counts are per day from day 0 on, finite; NAN is a day not reported, which is no zero.
#ifndef TONG_EPI_QUALITY_H
#define TONG_EPI_QUALITY_H

#include "base/arena.h"
#include "base/civil.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { QUALITY_DAYS_MAX = 60000, QUALITY_ROWS_MAX = 5 * 1000 * 1000 };

// ---- negative counts: corrections of earlier ones ----
typedef enum quality_negative {
    QUALITY_NEGATIVE_REFUSE, // TONG_E_INVALID names the day
    QUALITY_NEGATIVE_ZERO,   // taken as 0: the total is then too high by what was cut
    QUALITY_NEGATIVE_SPREAD, // taken off the days before, in proportion to their counts, 28 of them and as many more as it
                             // needs: the total stays true
    QUALITY_NEGATIVE_MISSING // taken as not reported
} quality_negative;
struct quality_mended {
    int64_t days;  // days with a negative count
    double total;  // of these counts, below 0
    double unpaid; // of it, what the days before could not bear (SPREAD) or was cut (ZERO); at least 0
    int32_t first; // the first such day, -1 when there is none
};
tong_code quality_mend(double *count, size_t n, quality_negative policy, struct quality_mended *out,
                       struct err *err) TONG_MUST_USE;

// ---- a weekday effect ----
// Each day against the mean of the seven days about it (of weeks that are whole and have cases). Pearson's chi-square
// of the seven ratios over its dispersion, which is taken from the same days of different weeks.
struct quality_weekday {
    int64_t weeks;     // days judged / 7
    double ratio[7];   // Monday .. Sunday; 1: as other days. 0 for a weekday never judged
    double dispersion; // at least 1
    double p;          // that chance alone does this
    double weekend;    // mean of Saturday and Sunday over that of the five others
    bool defined;      // at least four weeks' worth of days and some cases
};
// first: the date of day 0.
tong_code quality_weekdays(const double *count, size_t n, civil_day first, struct quality_weekday *out,
                           struct err *err) TONG_MUST_USE;

// ---- digits people prefer ----
// Last digits of whole numbers (ages, counts, days of delay): chi-square against all ten alike, the part that ends in
// 0 or 5, and Whipple's index, which is that part of the values from 23 to 62 times 500 (100: none, 500: nothing else;
// United Nations, Manual II, 1955). A last digit is only even when the numbers spread over some tens: values below
// `least` are left out.
struct quality_digits {
    int64_t n, tally[10];
    double part_0_5, p;
    double whipple; // 0 when fewer than 50 values lie between 23 and 62
    bool defined;   // at least 50 values
};
tong_code quality_last_digits(const double *value, size_t n, double least, struct quality_digits *out,
                              struct err *err) TONG_MUST_USE;

// ---- a site that has gone silent ----
// Days without a report or with none at the end of a series, and how likely that would be if it went on as in the
// `before` days before the silence: negative binomial days of their mean and variance (the larger of that and
// Poisson's).
struct quality_silence {
    int32_t days;    // of silence, up to the last day
    double expected; // cases a day before
    double p;        // 1 when there is no silence; 0 < p
    bool defined;    // at least seven days and some cases before the silence
};
tong_code quality_silent(const double *count, size_t n, int32_t before, struct quality_silence *out,
                         struct err *err) TONG_MUST_USE;

// ---- days that do not belong: a changed case definition, a batch of old reports ----
// Each day against the straight line through the logarithms of the ten days before (P. K. Sen 1968; H. Theil 1950,
// which a few odd days do not turn) and their spread about it (1.4826 times the median deviation), with the Poisson
// variance of the count itself. Reported are days at least `factor` times the expected count (or that much below),
// with a score above `score`. Afterwards the days that follow tell a batch (the level returns) from a change that
// stays.
typedef enum quality_jump_kind { QUALITY_JUMP_UNKNOWN, QUALITY_JUMP_BATCH, QUALITY_JUMP_LEVEL } quality_jump_kind;
struct quality_jump {
    int32_t day;
    double count, expected, score;
    quality_jump_kind kind; // UNKNOWN: fewer than three days follow
};
struct quality_jump_options {
    double factor, score; // 2.5 and 4.5, say; both above 1
};
// Up to `cap` jumps, oldest first; *found may be larger. Days at fewer than 5 expected and counted cases are not
// judged.
tong_code quality_jumps(const double *count, size_t n, const struct quality_jump_options *options,
                        struct quality_jump *out, size_t cap, size_t *found, struct err *err) TONG_MUST_USE;

// ---- rows ----
// Dates in an order that cannot be: `before` later than `after` (with `strict`, also the same day), or further apart
// than `most` days (0: any). Rows with either unknown are not judged.
typedef enum quality_order {
    QUALITY_ORDER_FINE,
    QUALITY_ORDER_UNKNOWN,
    QUALITY_ORDER_REVERSED,
    QUALITY_ORDER_FAR
} quality_order;
struct quality_interval {
    int64_t judged, reversed, far;
};
void quality_intervals(const civil_day *before, const civil_day *after, size_t n, bool strict, int32_t most,
                       quality_order *verdict, struct quality_interval *out); // verdict: one a row, may be NULL
// Rows whose keys are the same as an earlier row's. key: one a row, 0 for rows that cannot be compared. first[i] is
// the index of the earlier row, or -1. O(n log n).
tong_code quality_duplicates(const uint64_t *key, size_t n, int32_t *first, int64_t *found, struct arena *arena,
                             struct err *err) TONG_MUST_USE;

#endif
