// root.h -- where a continuous function of one variable is zero, to the last digits of a double.
//
// R. P. Brent, "Algorithms for Minimization without Derivatives" (1973), chapter 4: bisection that never fails, with
// secant and inverse quadratic steps where these are better.
#ifndef TONG_EPI_ROOT_H
#define TONG_EPI_ROOT_H

#include <stdbool.h>

typedef double (*root_function)(double x, const void *context);

// *x between lo and hi with f(x) = 0, to 2 ulp of x. False, and *x untouched, when f has the same sign at both ends or
// is not a number somewhere on the way. A zero at an end is found.
bool root_find(root_function f, const void *context, double lo, double hi, double *x);
// The same, moving `hi` away from `lo` (doubling the distance, at most 200 times) until the sign changes.
bool root_find_outward(root_function f, const void *context, double lo, double hi, double *x);

#endif
