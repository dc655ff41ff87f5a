// onset_curve.h -- the curve of onsets when some onsets are not known: drawn from the report day, many times.
//
// A case without onset gets one by a delay that cases reported about the same day had (backward: of those reported on a
// day all onsets lie in the past, so nothing is cut off). The delays' probabilities are drawn, too, from their
// Dirichlet posterior, so that the curve is as uncertain as it should be: multiple imputation (D. B. Rubin 1987; for
// outbreaks, with the delay from the report, A. Lison et al., PLoS Comput Biol 2024;20:e1012021). Onsets are taken to
// be missing for reasons that have nothing to do with the delay. Pure; draws from the seed alone.
#ifndef TONG_EPI_ONSET_CURVE_H
#define TONG_EPI_ONSET_CURVE_H

#include "base/arena.h"
#include "base/civil.h"

enum { ONSET_DELAY_MAX = 120, ONSET_DRAWS_MAX = 2000 };

struct onset_curve_input {
    const civil_day *onset;    // CIVIL_DAY_NONE: not known
    const civil_day *reported; // likewise; a case with neither is left out
    size_t cases;
    int32_t window; // delays are taken from reports up to so many days before and after; widened until 30 are found
    int32_t draws;  // 200
    uint64_t seed;
};

struct onset_curve {
    civil_day first;
    int32_t days;
    int64_t *known;         // onsets that are known, by day
    double *mean, *lo, *hi; // all onsets: mean and 95 % of the draws
    size_t imputed, left_out;
};

// A negative or longer delay than ONSET_DELAY_MAX of a case counts as one that says nothing. TONG_E_INVALID: no case
// with a date, missing onsets but no delay known; TONG_E_LIMIT: the days span more than CURVE_DAYS_MAX; TONG_E_NOMEM.
tong_code onset_curve(const struct onset_curve_input *in, struct arena *arena, struct onset_curve *out,
                      struct err *err) TONG_MUST_USE;

#endif
