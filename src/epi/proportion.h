// proportion.h -- a part of a whole, a count of events, and how sure they are.
//
// Pure. Counts are int64_t, confidence `level` lies strictly between 0 and 1 (0.95). Estimates are fractions, not
// per cent. An impossible input (cases above n, negative counts, n = 0, level outside) is TONG_E_INVALID and leaves the
// output untouched; no interval is ever NaN.
#ifndef TONG_EPI_PROPORTION_H
#define TONG_EPI_PROPORTION_H

#include "base/err.h"

struct interval {
    double estimate, lower, upper;
};

// Which interval for x of n. Those of the normal approximation may leave 0 .. 1; that is their known fault, shown as
// it is.
typedef enum proportion_method {
    PROPORTION_EXACT,             // Clopper & Pearson 1934: beta quantiles; never covers less than it says
    PROPORTION_WILSON,            // Wilson 1927: the score interval; the default to show
    PROPORTION_WILSON_CONTINUITY, // with continuity correction (Newcombe 1998, method 4), |x - n/2| at most, as prop.test
    PROPORTION_AGRESTI_COULL,     // Agresti & Coull 1998
    PROPORTION_WALD,              // p +- z sqrt(p q / n)
    PROPORTION_LOGIT,             // Wald on the log odds; x = 0 and x = n: exact
    PROPORTION_PROBIT,            // Wald on the normal quantile; x = 0 and x = n: exact
    PROPORTION_CLOGLOG,           // Wald on log(-log p); x = 0 and x = n: exact
    PROPORTION_JEFFREYS,          // equal tails of Beta(x + 1/2, n - x + 1/2); 0 (1) as the limit where x = 0 (n)
    PROPORTION_JEFFREYS_HPD,      // the shortest interval of that posterior
    PROPORTION_LIKELIHOOD,        // where twice the log likelihood falls by the chi-square quantile (Wilks 1938)
    PROPORTION_BLAKER,            // Blaker 2000: inside the exact one; its limits to the last digits
    PROPORTION_METHOD_COUNT
} proportion_method;

tong_code proportion_interval(int64_t cases, int64_t n, double level, proportion_method method, struct interval *out,
                              struct err *err) TONG_MUST_USE;

// Blaker's limits as tools give them that walk from the exact limits inwards in steps (1e-4 in epiR 2.0.57) and stop
// before the first step that would be too far: at most one step wider than PROPORTION_BLAKER. 1e-8 <= step < 1.
tong_code proportion_blaker_stepped(int64_t cases, int64_t n, double level, double step, struct interval *out,
                                    struct err *err) TONG_MUST_USE;

// Events counted over a fixed time: exact limits of the expected count (Garwood 1936) and Byar's approximation
// (Rothman & Boice 1979), whose lower limit can fall a little below 0 when there was no event.
tong_code count_interval_exact(int64_t events, double level, struct interval *out, struct err *err) TONG_MUST_USE;
tong_code count_interval_byar(int64_t events, double level, struct interval *out, struct err *err) TONG_MUST_USE;

// True prevalence behind an apparent one (Rogan & Gladen 1978): (apparent + specificity - 1) / (sensitivity +
// specificity - 1), its limits those of the apparent one carried over (Reiczigel 2010). Not cut to 0 .. 1: an estimate
// outside says that the test's figures do not fit the sample. TONG_E_INVALID: sensitivity + specificity <= 1.
tong_code proportion_true_prevalence(const struct interval *apparent, double sensitivity, double specificity,
                                     struct interval *out, struct err *err) TONG_MUST_USE;

#endif
