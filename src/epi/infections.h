// infections.h -- back from reports to infections: deconvolution by the delay, and R from infections.
//
// Reports of a day are infections of earlier days, each delayed by a known law; the expectation-maximisation of
// Richardson and Lucy finds the infections that explain the reports best (E. Goldstein et al., PNAS 2009;106:21825, eq.
// 3-5), stopped when the reports are explained as well as Poisson noise allows, so that it does not fit the noise.
// Reports are freed of weekdays first (means of seven days about each), as in J. Huisman et al., eLife 2022;11:e71345.
// Infections of the last days are scaled by the part of them that can have been reported, and not given where that part
// is below 0.3. R is then R. N. Thompson 2019's of these infections (rt.h); its intervals know nothing of what the
// deconvolution does not know, so bootstrap draws of the reports widen them (Huisman 2022: blocks of residuals). Pure.
#ifndef TONG_EPI_INFECTIONS_H
#define TONG_EPI_INFECTIONS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { INFECTIONS_DELAY_MAX = 100, INFECTIONS_DRAWS_MAX = 1000 };

struct infections_input {
    const double *reports; // per day, finite, not negative
    size_t days;           // 14 and more
    const double *delay;   // delay[k]: probability of k days from infection to report
    size_t delay_days;
    const double *si; // generation time, si[0] = 0
    size_t si_days;
    int32_t window; // days of a window of R: 7
    int32_t draws;  // of the bootstrap: 100
    uint64_t seed;
};

struct infections_day {
    double infections; // expected number infected that day
    bool known;        // false: too few of the day's infections can have been reported, or too early for R
    double mean, q05, q25, q50, q75, q95; // of R over the window that ends that day
};

// TONG_E_INVALID; TONG_E_NOMEM.
tong_code infections_run(const struct infections_input *in, struct infections_day *out, struct err *err) TONG_MUST_USE;

#endif
