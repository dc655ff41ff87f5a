// two_by_two.h -- risk ratio, odds ratio, risk difference and what follows from them, for one table or several strata.
//
// Pure. Fractions, not per cent. Measures that a zero cell leaves undefined are an error, not a NaN: TONG_E_INVALID,
// the output untouched.
#ifndef TONG_EPI_TWO_BY_TWO_H
#define TONG_EPI_TWO_BY_TWO_H

#include "epi/fisher.h"

typedef enum two_by_two_measure {
    TWO_RISK_RATIO_WALD,         // log scale, delta method (Katz 1978)
    TWO_RISK_RATIO_SMALL,        // Jewell 2004: one case added to the unexposed; standard error of the former
    TWO_RISK_RATIO_SCORE,        // Koopman 1984: constrained score statistic
    TWO_ODDS_RATIO_WALD,         // Woolf 1955
    TWO_ODDS_RATIO_SMALL,        // Jewell 2004: ad / ((b + 1)(c + 1)); limits of the table with 1/2 added (Gart 1966)
    TWO_ODDS_RATIO_SCORE,        // Cornfield 1956, without correction for continuity
    TWO_RISK_DIFFERENCE_WALD,    // p1 - p0 +- z sqrt(p1 q1 / n1 + p0 q0 / n0)
    TWO_RISK_DIFFERENCE_SCORE,   // Mee 1984: constrained score statistic
    TWO_RISK_DIFFERENCE_SCORE_N, // the same with variance times N / (N - 1): Miettinen & Nurminen 1985
    TWO_ATTRIBUTABLE_EXPOSED,    // (RR - 1) / RR of TWO_RISK_RATIO_WALD: the part of exposed cases due to the exposure
    TWO_POPULATION_DIFFERENCE,   // risk in all less risk in the unexposed, variances added (as epiR does)
    TWO_POPULATION_FRACTION,     // part of all cases due to the exposure; limits after Jewell 2004, p. 84
    TWO_NEEDED_TO_HARM, // 1 / TWO_RISK_DIFFERENCE_WALD; HUGE_VAL when the risks are equal. Limits of opposite sign
                        // mean: from the lower one out to minus infinity, and from plus infinity down to the upper
    TWO_MEASURE_COUNT
} two_by_two_measure;

tong_code two_by_two_measure_of(const struct two_by_two *table, two_by_two_measure measure, double level,
                                struct interval *out, struct err *err) TONG_MUST_USE;

struct chi_square {
    double statistic, p_value; // one degree of freedom
};
// Pearson 1900, or with Yates 1934's correction. TONG_E_INVALID: an empty row or column.
tong_code two_by_two_chi_square(const struct two_by_two *table, bool corrected, struct chi_square *out,
                                struct err *err) TONG_MUST_USE;

// The common odds ratio of strata: Mantel & Haenszel 1959, limits after Robins, Breslow & Greenland 1986, and the
// Mantel-Haenszel chi-square with and without the correction by 1/2. TONG_E_INVALID: undefined.
struct mantel_haenszel {
    struct interval odds_ratio;
    struct chi_square plain, corrected;
};
tong_code mantel_haenszel(const struct two_by_two *strata, size_t count, double level, struct mantel_haenszel *out,
                          struct err *err) TONG_MUST_USE;

// A diagnostic test against the truth: a true positives, b false positives, c false negatives, d true negatives.
struct diagnostic_accuracy {
    struct interval apparent_prevalence, true_prevalence, sensitivity, specificity, accuracy; // exact limits
    struct interval odds_ratio;                                                               // Woolf
    struct interval youden, needed_to_diagnose; // limits from those of sensitivity and specificity taken together
    struct interval positive_predictive, negative_predictive; // exact
    struct interval positive_ratio, negative_ratio;           // likelihood ratios, Simel 1991
    struct interval ruled_out, ruled_in;                      // test negative, positive
    struct interval false_positive, false_negative;           // among those without, with the disease
    struct interval false_discovery, false_omission;          // among those who tested positive, negative
};
// TONG_E_INVALID when a row or column is empty, or a cell that a ratio divides by.
tong_code diagnostic_accuracy(const struct two_by_two *table, double level, struct diagnostic_accuracy *out,
                              struct err *err) TONG_MUST_USE;

#endif
