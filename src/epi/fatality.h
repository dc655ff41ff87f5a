// fatality.h -- the case fatality ratio while the epidemic runs.
//
// Deaths so far over cases so far is too low, because many will still die; over resolved cases only it is too high or
// too low, because death and recovery take different times. H. Nishiura, D. Klinkenberg, M. Roberts, J. A.
// Heesterbeek, PLoS ONE 2009;4:e6852 count each case by the probability that its outcome, if death, would be known by
// now. Pure.
#ifndef TONG_EPI_FATALITY_H
#define TONG_EPI_FATALITY_H

#include "base/civil.h"
#include "epi/delay.h"

struct fatality_case {
    civil_day onset;
    civil_day outcome; // CIVIL_DAY_NONE while unknown
    bool died;         // the outcome, when there is one
};

struct fatality {
    int64_t cases, deaths, recovered; // by the end of `now`: onset, outcome on it or before
    double weighted;                  // cases, each by F(now - onset + 1) of the delay from onset to death
    double naive, resolved, adjusted; // deaths over cases, over deaths and recovered, over `weighted` (at most 1)
};

// TONG_E_INVALID: no case, nothing resolved yet, or an onset that is missing.
tong_code fatality_now(const struct fatality_case *cases, size_t n, civil_day now, delay_law law, double a, double b,
                       struct fatality *out, struct err *err) TONG_MUST_USE;

#endif
