// draw.h -- random draws that come out the same on every machine.
//
// They read the streams of base/rng.h, whose integers and uniforms are exact everywhere. The distributions there call
// the logarithm, the cosine and the power of the C library, which may differ in the last bit from one machine to the
// next, and a last bit can decide a comparison. Here only + - * / and sqrt are used, which IEEE 754 rounds exactly, and
// a logarithm and an exponential made of them. (The build forbids fused multiply-add: -ffp-contract=off.)
#ifndef TONG_TWIN_DRAW_H
#define TONG_TWIN_DRAW_H

#include "base/rng.h"

#include <stdbool.h>

double draw_log(double x); // x > 0 and normal; error below 2 units in the last place
double draw_exp(double x); // -700 <= x <= 700; error below 1e-15 of the value

bool draw_chance(struct rng *r, double share);            // true in that share of the draws
double draw_normal(struct rng *r);                        // mean 0, standard deviation 1
double draw_gamma_shape(struct rng *r, double shape);     // scale 1; shape > 0
double draw_gamma(struct rng *r, double mean, double sd); // sd 0 gives the mean; mean 0 gives 0
double draw_lognormal(struct rng *r, double median, double sdlog);
double draw_exponential(struct rng *r, double mean);
int64_t draw_poisson(struct rng *r, double mean);                     // 0 <= mean; time grows with the mean
int64_t draw_negative_binomial(struct rng *r, double mean, double k); // variance mean + mean^2 / k

#endif
