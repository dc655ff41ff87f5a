// growth.h -- exponential growth: the rate, its interval, the doubling time; and R of an early epidemic.
//
// log E[y] = intercept + r t, counts y at times t (any unit; r is per that unit). Poisson and quasi-Poisson: P.
// McCullagh & J. Nelder 1989; negative binomial with its size by maximum likelihood: W. N. Venables & B. D. Ripley
// 2002, 7.4; straight line through log y: as incidence::fit (Kamvar 2019). The Poisson interval is blind to
// overdispersion: show another.
#ifndef TONG_EPI_GROWTH_H
#define TONG_EPI_GROWTH_H

#include "base/arena.h"
#include "base/err.h"
#include "epi/proportion.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum growth_model {
    GROWTH_POISSON,
    GROWTH_QUASI_POISSON,     // dispersion: Pearson's chi-square / (n - 2)
    GROWTH_NEGATIVE_BINOMIAL, // dispersion: the size theta, variance mu + mu^2 / theta; HUGE_VAL when not overdispersed
    GROWTH_LOG_LINEAR,        // least squares on log y; dispersion: the residual standard deviation
    GROWTH_MODEL_COUNT
} growth_model;

struct growth_fit {
    size_t n;
    double intercept, r, se;
    double loglik; // of the data under the model; of quasi-Poisson, which has none, 0
    double dispersion;
    struct interval wald;    // of r, normal quantiles
    struct interval student; // t with n - 2 degrees of freedom
    struct interval profile; // likelihood ratio, theta held at its estimate; = wald for the models without one
};

enum { GROWTH_POINTS_MAX = 100000 };

// TONG_E_INVALID: fewer than three points, times all equal, a count that is negative or none, all counts 0 but one (no
// finite estimate), or a 0 for GROWTH_LOG_LINEAR.
tong_code growth_fit(const double *t, const double *y, size_t n, growth_model model, double level,
                     struct growth_fit *out, struct err *err) TONG_MUST_USE;

// Time to double (r > 0) or, negative, to halve (r < 0): log 2 / r. HUGE_VAL at r = 0.
double growth_doubling(double r);

// ---- R from the whole of an early epidemic (T. Obadia, R. Haneef, P.-Y. Boelle, BMC Med Inform 2012;12:147) ----

// Maximum likelihood (L. F. White & M. Pagano, Stat Med 2008;27:2999): today's cases are Poisson with mean R times the
// infectious pressure of those before; interval by likelihood ratio. w[k]: generation time of k days, w[0] = 0.
tong_code growth_r_likelihood(const double *cases, size_t days, const double *w, size_t w_days, double level,
                              struct interval *out, struct err *err) TONG_MUST_USE;
// From the part ever infected: -log(1 - a) / a (K. Dietz 1993), limits by the normal interval of a. 0 < cases < people.
tong_code growth_r_attack(double cases, double people, double level, struct interval *out,
                          struct err *err) TONG_MUST_USE;
// Sequential Bayesian (L. M. A. Bettencourt & R. M. Ribeiro, PLoS ONE 2008;3:e2185): cases[t + 1] is Poisson with mean
// cases[t] exp((R - 1) / mean generation time), R constant, flat prior on 0, 0.01 .. 50; posterior mode and limits from
// days 0 .. t + 1 in out[t], t = 0 .. days - 2. TONG_E_INVALID: also a day without cases before another day.
tong_code growth_r_sequential(const double *cases, size_t days, double mean_generation_days, double level,
                              struct arena *arena, struct interval *out, struct err *err) TONG_MUST_USE;

#endif
