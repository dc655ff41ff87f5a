// curve.h -- epidemic curves: cases per day, by class.
//
// Pure counting over any date of a case (onset, report, diagnosis): the caller passes one day for each case and, if it
// likes, a class below `classes`. The result is dense: every day from the first to the last has its counts, zeros
// included, because estimators and eyes both need the zeros. Cases without a date are counted apart, never placed.
#ifndef TONG_EPI_CURVE_H
#define TONG_EPI_CURVE_H

#include "base/arena.h"
#include "base/civil.h"

enum {
    CURVE_DAYS_MAX = 60000, // 164 years: a longer span means a wrong date
    CURVE_CLASSES_MAX = 16
};

struct curve {
    civil_day first; // CIVIL_DAY_NONE when no case has a date
    int32_t days;    // days covered, 0 then
    int32_t classes; // at least 1
    int64_t *count;  // count[day * classes + class]
    int64_t undated[CURVE_CLASSES_MAX];
};

struct curve_input {
    const civil_day *day;    // one for each case; CIVIL_DAY_NONE: no date
    const uint8_t *class_of; // NULL: all of class 0
    size_t case_count;
    int32_t classes;       // 0 is taken as 1
    civil_day first, last; // cover these days too, though no case fell on them; CIVIL_DAY_NONE: not asked
};

// O(cases + days). TONG_E_LIMIT: the dates span more than CURVE_DAYS_MAX days. TONG_E_NOMEM.
tong_code curve_build(const struct curve_input *in, struct arena *arena, struct curve *out,
                      struct err *err) TONG_MUST_USE;

int64_t curve_on(const struct curve *c, civil_day day, int32_t class); // 0 outside the curve
int64_t curve_total_on(const struct curve *c, civil_day day);          // all classes
int64_t curve_total(const struct curve *c);                            // all days and classes; undated ones not
// The first day with the most cases, and how many; CIVIL_DAY_NONE and 0 for an empty curve.
civil_day curve_peak(const struct curve *c, int64_t *cases);

// The same by ISO week.
struct curve_week {
    struct civil_week week;
    civil_day monday;
    int64_t count; // all classes
};
// One for every week touched, zeros included. TONG_E_NOMEM.
tong_code curve_weeks(const struct curve *c, struct arena *arena, struct curve_week **out, size_t *count,
                      struct err *err) TONG_MUST_USE;

#endif
