// scan.h -- is there a place and a time with too many cases? The space-time scan statistic.
//
// Cylinders: a circle about each place, growing place by place until it holds `share_max` of what is expected, times
// every stretch of days of at most days_max. Of a cylinder with c cases where mu are expected, of C in all,
//
//   LLR = c log(c / mu) + (C - c) log((C - c) / (C - mu))  if c > mu, else 0
//
//   with people   mu in proportion to people and days        [M. Kulldorff 1997, Commun Stat 26:1481; 2001, J R Stat
//                                                             Soc A 164:61, for living clusters]
//   without       mu = (cases of its places) (cases of its days) / C, so that neither where people live nor what day of
//                 the week or season it is can make a cluster: the permutation scan
//                                                             [M. Kulldorff et al. 2005, PLoS Med 2:e59]
//
// The largest LLR is compared with the largest of each replicate, made under no clustering (cases multinomial over
// places and days; or the cases' days shuffled among them): p = (1 + replicates at least as large) / (1 + replicates),
// which also pays for having looked at all cylinders. Further clusters share no place with a more likely one and are
// compared with the same replicates, which is conservative.
//
// Pure; replicate r draws from (seed, r) alone, so replicates may be made in any order and on any number of threads.
#ifndef TONG_EPI_SCAN_H
#define TONG_EPI_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum { SCAN_PLACES_MAX = 20000, SCAN_DAYS_MAX = 3660, SCAN_CASES_MAX = 10000000, SCAN_REPLICATES_MAX = 99999 };

struct scan_input {
    int32_t places, days;
    const double *x, *y;  // one a place; any flat unit, or degrees
    bool degrees;         // x longitude, y latitude: distances on the sphere, km
    const int32_t *count; // count[place * days + day]
    const double *people; // one a place; NULL: the permutation scan
};

struct scan_options {
    int32_t days_max;   // of a cylinder
    double share_max;   // in (0, 1]: of what is expected in space; 0.5
    bool living;        // only clusters that last until the last day
    int32_t replicates; // 999
    int32_t clusters;   // at most so many are told: 10
    uint64_t seed;
};

struct scan_cluster {
    int32_t centre; // a place
    double radius;  // from there to the farthest of its places; km or the unit of x and y
    int32_t *place; // its places, nearest first
    int32_t places;
    int32_t first, last; // days
    int64_t observed;
    double expected,
        ratio; // ratio: risk inside over risk outside, (c/mu) / ((C-c)/(C-mu)); HUGE_VAL when all lie inside
    double llr, p;
};

struct scan {
    int64_t cases;
    struct scan_cluster *cluster; // most likely first
    int32_t clusters;
};

// Both steps at once. TONG_E_INVALID: positions or people that are no numbers, negative counts, fewer than two cases,
// options out of range; TONG_E_LIMIT; TONG_E_NOMEM.
tong_code scan_run(const struct scan_input *in, const struct scan_options *options, struct arena *arena,
                   struct scan *out, struct err *err) TONG_MUST_USE;

// The steps apart, for several threads: the clusters, p still 0; the largest LLR of replicates from .. from + n - 1;
// and p from all of them.
tong_code scan_find(const struct scan_input *in, const struct scan_options *options, struct arena *arena,
                    struct scan *out, struct err *err) TONG_MUST_USE;
tong_code scan_replicates(const struct scan_input *in, const struct scan_options *options, int32_t from, int32_t n,
                          double *largest, struct err *err) TONG_MUST_USE;
void scan_judge(struct scan *scan, const double *largest, int32_t n);

// Distance of two positions, as used: km on a sphere of 6371.0088 km, or plain.
double scan_distance(const struct scan_input *in, int32_t i, int32_t j);

#endif
