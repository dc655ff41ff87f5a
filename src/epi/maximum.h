// maximum.h -- the maximum of a smooth function of two parameters, by Newton's method with numerical derivatives.
//
// Derivatives are five-point central differences of step `h` on parameters of size about one (take logarithms first):
// for log likelihoods of a few hundred that finds the parameters to about 1e-9. Steps are halved until the function
// rises; where it is not concave the gradient is followed instead.
#ifndef TONG_EPI_MAXIMUM_H
#define TONG_EPI_MAXIMUM_H

#include <stdbool.h>

typedef double (*maximum_function)(const double p[2], const void *context);

struct maximum {
    double p[2], value;
    double covariance[2][2]; // minus the inverse of the matrix of second derivatives
};

// From out->p. False when no maximum is found: it runs away, or the function is not a number at the start.
bool maximum_find(maximum_function f, const void *context, double h, struct maximum *out);

#endif
