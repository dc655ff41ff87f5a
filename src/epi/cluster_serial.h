// cluster_serial.h -- the serial interval from clusters in which nobody knows who infected whom.
//
// Intervals from the onset of a cluster's first case to those of the others mix four routes: infected together with the
// first case, by it, by somebody it infected, and one link further (M. A. Vink, M. C. J. Bootsma, J. Wallinga, Am J
// Epidemiol 2014;180:865). The serial interval is normal with mean mu and standard deviation sigma; routes of g links
// are normal with g mu and sqrt(g) sigma, folded at 0, and the first is half normal with sqrt(2) sigma. Onsets are
// whole days: each interval has a triangular kernel of two days. As in the authors' program the routes weigh the same
// throughout, and mu and sigma come from the intervals by their probability to be of one link (variance for
// reliability weights). Pure.
#ifndef TONG_EPI_CLUSTER_SERIAL_H
#define TONG_EPI_CLUSTER_SERIAL_H

#include "base/arena.h"
#include "base/err.h"

#include <stddef.h>

struct cluster_serial {
    double mean_days, sd_days;
    size_t n;
};

enum { CLUSTER_INTERVALS_MAX = 1000000, CLUSTER_ROUNDS = 1000 };

// `days`: whole days, not negative. Repeats the two steps until both figures stand still (1e-13) or CLUSTER_ROUNDS
// are over. TONG_E_INVALID: fewer than three intervals, one that is negative or no whole number, no spread.
// TONG_E_NOMEM.
tong_code cluster_serial_fit(const double *days, size_t n, struct arena *arena, struct cluster_serial *out,
                             struct err *err) TONG_MUST_USE;

#endif
