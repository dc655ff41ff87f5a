// spell.h -- how long something lasts, in whole days, drawn from a table.
//
// A table holds P(days <= d) as 64-bit integers, made with the exact logarithm and exponential of twin/key.h, so that a
// draw is the same on every machine; a guide of 256 cells finds the day in one or two steps.
#ifndef TONG_TWIN_SPELL_H
#define TONG_TWIN_SPELL_H

#include "twin/key.h"

#include <stdbool.h>

enum { SPELL_DAYS_MAX = 256, SPELL_GUIDE = 256 };

typedef enum spell_law {
    SPELL_GAMMA,     // mean, sd
    SPELL_LOGNORMAL, // mean, sd of the days themselves
    SPELL_GEOMETRIC, // mean >= 1; sd is not read: the memoryless one, for theory
    SPELL_FIXED,     // mean; a mean between two whole days is one of the two, each as often as gives the mean
} spell_law;

struct spell_shape {
    spell_law law;
    double mean, sd; // days
};

struct spell {
    int32_t days;                      // the longest there is
    uint64_t upto[SPELL_DAYS_MAX];     // 2^64 P(days <= d); the last one is UINT64_MAX
    uint8_t guide[SPELL_GUIDE];        // least day that a number in this cell can give
};

// Rounded to the nearest day, `least` at least. Mass beyond SPELL_DAYS_MAX - 1 days falls on that day.
void spell_make(struct spell_shape shape, int32_t least, struct spell *out);
// From weights of day 0, 1, ...; at most SPELL_DAYS_MAX of them, their sum > 0.
void spell_from_weights(const double *weight, int32_t n, struct spell *out);
double spell_mean(const struct spell *s);

static inline int32_t spell_at(const struct spell *s, uint64_t u)
{
    int32_t d = s->guide[u >> 56];
    while (u >= s->upto[d] && d < s->days) d++;
    return d;
}

static inline int32_t spell_draw(const struct spell *s, struct key *k)
{
    return spell_at(s, key_u64(k));
}

// P(X <= x) of a gamma variable, shape > 0, scale 1: series or continued fraction (Abramowitz, Stegun 1964, 6.5.29,
// 6.5.31); relative error below 1e-12. Exact arithmetic of twin/key.h throughout.
double spell_gamma_cdf(double shape, double x);

#endif
