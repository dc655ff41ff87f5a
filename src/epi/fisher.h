// fisher.h -- the odds ratio of a 2x2 table, or of several strata, with exact conditional inference.
//
// Given its margins, the exposed cases of a table follow a non-central hypergeometric distribution with the odds
// ratio as parameter (R. A. Fisher 1935; J. Cornfield 1956); strata are convolved (M. Zelen 1971; J. Gart 1970).
// Everything is solved to the last digits: tools that leave their root finder at its default tolerance are off in the
// third.
//
// Memory: linear in the smallest margin, from the caller's arena.
#ifndef TONG_EPI_FISHER_H
#define TONG_EPI_FISHER_H

#include "base/arena.h"
#include "epi/proportion.h"

#include <stdbool.h>
#include <stddef.h>

// Exposed ill, exposed well, unexposed ill, unexposed well.
struct two_by_two {
    int64_t a, b, c, d;
};

enum { FISHER_SUPPORT_MAX = 1000000, FISHER_STRATA_MAX = 10000 };

struct fisher_exact {
    struct interval odds_ratio; // conditional maximum likelihood; equal tails of `level`; HUGE_VAL where unbounded
    struct interval mid_p;      // median unbiased estimate; limits with half the probability of what was seen
    double p_value;             // two-sided: all tables no more probable than the one seen (to 1e-7, as R does)
    double p_value_mid;         // twice the smaller one-sided mid-p
    int64_t exposed_ill;        // sum of a, the statistic
};

// TONG_E_INVALID: a negative count, no stratum, or margins that leave nothing free (an empty row or column in every
// stratum); TONG_E_LIMIT; TONG_E_NOMEM.
tong_code fisher_exact(const struct two_by_two *strata, size_t count, double level, struct arena *arena,
                       struct fisher_exact *out, struct err *err) TONG_MUST_USE;

#endif
