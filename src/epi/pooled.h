// pooled.h -- how many tests a pooling scheme takes for each person, and how right it is.
//
// Everybody is infected with the same probability p, independently; tests err independently of each other given what
// they test, with sensitivity and specificity that do not fall with the pool's size (state the limit where they do).
// R. Dorfman, Ann Math Stat 1943;14:436; with errors, three stages and arrays: H.-Y. Kim, M. G. Hudgens et al.,
// Biometrics
// 2007;63:1152; unequal risks: C. S. McMahan, J. M. Tebbs, C. R. Bilder, Biometrics 2012;68:287. Pure.
#ifndef TONG_EPI_POOLED_H
#define TONG_EPI_POOLED_H

#include "base/err.h"

#include <stddef.h>

typedef enum pooled_scheme {
    POOLED_DORFMAN,      // pools of n; everybody in a positive pool is tested alone
    POOLED_THREE_STAGE,  // pools of n; positive ones in pools of m; then alone. m divides n
    POOLED_ARRAY,        // n x n: rows and columns; alone where both are positive, and a positive row (column) in full
                         // when no column (row) is
    POOLED_ARRAY_MASTER, // the same behind one pool of all n x n
    POOLED_SCHEME_COUNT
} pooled_scheme;

struct pooled_design {
    pooled_scheme scheme;
    int32_t n, m;                    // 2 .. 10000; m of POOLED_THREE_STAGE only, 1 < m < n
    double sensitivity, specificity; // of one test, 0 .. 1
    double p;                        // 0 < p < 1
};
struct pooled_figures {
    double tests;                    // expected, for each person
    double sensitivity, specificity; // of the whole scheme, for one person
    double ppv, npv;                 // predictive values; 0 when nobody would be called so
};
tong_code pooled_design_figures(const struct pooled_design *design, struct pooled_figures *out,
                                struct err *err) TONG_MUST_USE;

// The pool size of Dorfman's scheme, from 2 to `largest` (10000 at most), that takes the fewest tests. When *tests is
// 1 or more, testing alone is better; when *n is `largest` at a high prevalence, the saving comes from infections
// missed.
tong_code pooled_dorfman_optimum(double p, double sensitivity, double specificity, int32_t largest, int32_t *n,
                                 double *tests, struct err *err) TONG_MUST_USE;

// Expected tests when people of known risk are put into pools of the given sizes in the order given (ascending risk is
// best); a pool of one is one test. TONG_E_INVALID: the sizes do not add up to `people`.
tong_code pooled_informative_tests(const double *risk, size_t people, const int32_t *size, size_t pools,
                                   double sensitivity, double specificity, double *tests,
                                   struct err *err) TONG_MUST_USE;

#endif
