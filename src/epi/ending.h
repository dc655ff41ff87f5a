// ending.h -- is it over? The probability that there will be more cases, given that there were none since.
//
// Each case has offspring by a negative binomial law (mean R, dispersion k), each with its own serial interval; that a
// case seen so long ago has offspring that would all have been seen by now has probability (1 + R (1 - F(t - t_i)) /
// k)^-k, F the distribution of the serial interval and of the delay to the report together. Over all cases:
//   P(more cases) = 1 - product over i of that          [H. Nishiura, Y. Miyamatsu, K. Mizumoto, Emerg Infect Dis
//                                                        2016;22:146, eq. 1-3]
// R is taken as under the conditions of the end; too large an R is careful. Cases that are never reported are not in
// it: say so beside the figure. Pure.
#ifndef TONG_EPI_ENDING_H
#define TONG_EPI_ENDING_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct ending_input {
    const double *cases; // per day, 0 .. days - 1, finite, not negative
    size_t days;
    const double *si; // si[k]: probability of k days from a case to the report of one it infected
    size_t si_days;
    double r, k; // k HUGE_VAL: Poisson
};
// P(more cases) at the end of day `day` >= days - 1, with no case after day days - 1. TONG_E_INVALID.
tong_code ending_more(const struct ending_input *in, size_t day, double *p, struct err *err) TONG_MUST_USE;
// The first day, days - 1 or later, on which it is below `level`; it always comes, as si ends.
tong_code ending_day(const struct ending_input *in, double level, size_t *day, struct err *err) TONG_MUST_USE;

#endif
