// epidemic.h -- the deterministic epidemic: final size, peak, the SIR course, its fit; R from the growth rate.
//
// W. O. Kermack & A. G. McKendrick 1927. Pure; rates per day, numbers of people as reals.
#ifndef TONG_EPI_EPIDEMIC_H
#define TONG_EPI_EPIDEMIC_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct epidemic_size {
    double attacked;        // part infected in the end: z = 1 - exp(-R0 z); 0 when R0 <= 1
    double herd_immunity;   // 1 - 1 / R0; 0 when R0 <= 1
    double peak_prevalence; // 1 - (1 + log R0) / R0; 0 when R0 <= 1
};
tong_code epidemic_final_size(double r0, struct epidemic_size *out, struct err *err) TONG_MUST_USE;

struct epidemic_state {
    double susceptible, infectious, removed;
};
struct epidemic_sir {
    double beta, gamma; // infections per infectious person and day; 1 / mean infectious days
    struct epidemic_state start;
    double step_days; // of the fourth-order Runge-Kutta method: 0.005, say; 1e-5 .. 1
};
// The state on days 0, 1, ... days - 1, frequency-dependent transmission. TONG_E_INVALID.
tong_code epidemic_sir_course(const struct epidemic_sir *model, size_t days, struct epidemic_state *out,
                              struct err *err) TONG_MUST_USE;

// Fit beta and gamma to the numbers infectious on days 0, 1, ..., the first of them taken as given: least squares, or
// the Poisson likelihood (objective: minus its logarithm). TONG_E_INVALID; TONG_E_NOMEM.
struct epidemic_sir_fit {
    double beta, gamma, r0, infectious_days, objective;
};
tong_code epidemic_sir_fit(const double *infectious, size_t days, double people, bool poisson, double step_days,
                           struct arena *arena, struct epidemic_sir_fit *out, struct err *err) TONG_MUST_USE;

// R from the exponential growth rate r (per day) and the generation time (J. Wallinga & M. Lipsitch, Proc R Soc B
// 2007;274:599): R = 1 / M(-r), M its moment generating function. TONG_E_INVALID: impossible times, or no R (r below
// what the distribution allows).
typedef enum epidemic_generation {
    GENERATION_GAMMA,       // mean, sd
    GENERATION_NORMAL,      // mean, sd
    GENERATION_DELTA,       // mean
    GENERATION_EXPONENTIAL, // mean
    GENERATION_SEIR_HALF,   // two exponential stages of half the mean each
    GENERATION_COUNT
} epidemic_generation;
tong_code epidemic_r_from_growth(double r, epidemic_generation kind, double mean_days, double sd_days, double *out,
                                 struct err *err) TONG_MUST_USE;
// The same for weights w[k] of k = 0 .. n - 1 days.
tong_code epidemic_r_from_growth_weights(double r, const double *w, size_t n, double *out,
                                         struct err *err) TONG_MUST_USE;
// The same with infections spread evenly within each day, as package R0 does: r / sum of w[k] (e^(-r k) - e^(-r (k +
// 1))).
tong_code epidemic_r_from_growth_steps(double r, const double *w, size_t n, double *out, struct err *err) TONG_MUST_USE;

#endif
