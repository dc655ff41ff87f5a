// rt.h -- reproduction numbers over time.
//
// Instantaneous (A. Cori, N. M. Ferguson, C. Fraser, S. Cauchemez, AJE 2013;178:1505; imported cases apart after R. N.
// Thompson et al., Epidemics 2019;29:100356): how many a case infects under the conditions of the window. Of a case
// (J. Wallinga & P. Teunis, AJE 2004;160:509): how many those who fell ill in the window went on to infect; only for
// looking back, because the last ones have not infected everybody yet.
//
// Days are indices from 0, windows include both ends. Counts are per day, finite and not negative: decide about
// negative counts (corrections of reports) before, never here. Same input, same output; nothing is drawn except in
// rt_mixture.
#ifndef TONG_EPI_RT_H
#define TONG_EPI_RT_H

#include "base/arena.h"
#include "epi/gamma_table.h"
#include "epi/serial.h"

#include <stdbool.h>

struct rt_window {
    int32_t first, last;
};

struct rt_input {
    const double *local;    // infected here; of a plain series give all cases here and NULL below:
    const double *imported; // then those of day 0 count as imported, because nobody before them is known
    size_t days;            // at least 2
    const double *si;       // serial interval, si[k] for k days, si[0] = 0
    size_t si_days;
    double prior_mean, prior_sd; // of R, a gamma distribution; 0 and 0 stand for 5 and 5
};

// A window that ends no later than the mean serial interval after day 0 (day index + 1 <= mean) is too early to tell:
// it is not known, and its figures are 0.
struct rt_estimate {
    bool known;
    double shape, scale; // the posterior of R is Gamma(shape, scale)
    double mean, sd;
    double local_cases, infectivity; // sums over the window
};

// Lambda[t] = sum over s >= 1 of si[s] (local + imported)[t - s]: the infectious pressure of a day; 0 on day 0.
// TONG_E_INVALID: a count or weight that is none.
tong_code rt_infectivity(const struct rt_input *in, double *lambda, struct err *err) TONG_MUST_USE;

// One estimate for each window: Gamma(a + local cases, 1 / (1 / b + infectivity)) with prior Gamma(a, b) (Cori 2013,
// web appendix 1). A window must not hold day 0. TONG_E_INVALID, TONG_E_NOMEM.
tong_code rt_instantaneous(const struct rt_input *in, const struct rt_window *windows, size_t n, struct arena *arena,
                           struct rt_estimate *out, struct err *err) TONG_MUST_USE;
// Quantile p of an estimate's posterior; 0 < p < 1.
double rt_quantile(const struct rt_estimate *estimate, double p);
// The quantiles of a table for n estimates, out[i * table->n + k]; 0 where an estimate is not known. Ten thousand
// places with two years of days each are seconds this way; to 3e-13 of rt_quantile.
void rt_quantiles(const struct rt_estimate *estimates, size_t n, const struct gamma_table *table, double *out);

// The same under uncertainty about the serial interval (Cori 2013, web appendix 4): means and standard deviations are
// drawn from normal distributions cut to their limits, and the posteriors are mixed. Moments and quantiles are those of
// the mixture, not of draws from it, so `draws` serial intervals are the only Monte Carlo.
struct rt_uncertain {
    double mean, mean_sd, mean_least, mean_most; // of the serial interval's mean, days; mean_least > 1
    double sd, sd_sd, sd_least, sd_most;         // of its standard deviation
    int32_t draws;                               // 500, say; at most 100000
    uint64_t seed;
};
struct rt_mixed {
    bool known;
    double mean, sd, q025, q50, q975;
};
// in->si is not used. TONG_E_INVALID: also limits that leave less than a thousandth of the normal distribution.
tong_code rt_mixture(const struct rt_input *in, const struct rt_uncertain *si, const struct rt_window *windows,
                     size_t n, struct arena *arena, struct rt_mixed *out, struct err *err) TONG_MUST_USE;

// Case reproduction number of each day, and weighted by cases over windows; in->imported is taken as unable to have
// been infected here, those of day 0 of a plain series too. Windows may hold day 0. out[i].known is false where the
// window has no case. Not corrected for those whom the cases seen will still infect after the last day.
struct rt_case {
    bool known;
    double mean;
};
tong_code rt_case_number(const struct rt_input *in, const struct rt_window *windows, size_t n, struct arena *arena,
                         struct rt_case *out, struct err *err) TONG_MUST_USE;

#endif
