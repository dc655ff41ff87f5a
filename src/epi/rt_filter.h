// rt_filter.h -- R from day to day, how smooth decided by the data.
//
// R(t) walks: R(t) ~ normal(R(t - 1), (eta sqrt R(t - 1))^2) on a grid, cases ~ Poisson(R(t) Lambda(t)): exact Bayesian
// filter and smoother (K. V. Parag, PLoS Comput Biol 2021;17:e1009347, eq. 3-8). How far R may step in a day, eta, is
// not chosen: each of a few values weighs by how well it foretold the cases, each day from the days before, over the
// whole series (N. Steyn & K. V. Parag 2024: a fixed window is overconfident and late). Windows need no length then.
// Days without infectious pressure say nothing. Pure.
#ifndef TONG_EPI_RT_FILTER_H
#define TONG_EPI_RT_FILTER_H

#include "epi/rt.h"

enum { RT_FILTER_GRID = 150, RT_FILTER_ETAS = 6, RT_FILTER_DAYS_MAX = 4000 };

struct rt_filter_day {
    double mean, sd, q025, q50, q975;
};

struct rt_filter_eta {
    double eta[RT_FILTER_ETAS], weight[RT_FILTER_ETAS];
};

// The grid: RT_FILTER_GRID values of R from 0.02 to 10, evenly spaced in their square roots.
double rt_filter_value(int32_t i);
// One day each for in->days, given the days up to it (smooth false: for today) or all days (true: looking back). The
// prior of `in` is not used: R is anywhere on the grid at first. probability: NULL, or days * RT_FILTER_GRID numbers,
// the distribution of each day. TONG_E_INVALID as rt_infectivity; TONG_E_LIMIT; TONG_E_NOMEM.
tong_code rt_filter_run(const struct rt_input *in, bool smooth, struct arena *arena, struct rt_filter_day *out,
                        double *probability, struct rt_filter_eta *eta, struct err *err) TONG_MUST_USE;

#endif
