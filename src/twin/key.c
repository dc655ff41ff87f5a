#include "twin/key.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

static const double key_ln2_high = 6.93147180369123816490e-01, key_ln2_low = 1.90821492927058770002e-10;

// As draw_exp, by the Taylor series to f^13 / 13! (|f| < 0.347: the next term is below 5e-18), with the reciprocals
// written out: twin/draw.c divides in turn, which takes five times as long.
double key_exp(double x)
{
    assert(x >= -700 && x <= 700);
    static const double c[] = {1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880,
                               1.0 / 40320,      1.0 / 5040,      1.0 / 720,      1.0 / 120,     1.0 / 24,
                               1.0 / 6,          0.5,             1,              1};
    double scaled = x * 1.44269504088896340736;
    int32_t n = (int32_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    double f = (x - (double)n * key_ln2_high) - (double)n * key_ln2_low, sum = c[0];
    for (size_t i = 1; i < sizeof c / sizeof *c; i++) sum = sum * f + c[i];
    uint64_t bits = (uint64_t)(n + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return sum * power;
}

// As draw_log: 2 atanh s with s = (m - 1) / (m + 1), |s| < 0.1716 (Abramowitz, Stegun 1964, 4.1.27).
double key_log(double x)
{
    assert(x >= DBL_MIN && x <= DBL_MAX);
    static const double c[] = {1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3};
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int32_t e = (int32_t)(bits >> 52) - 1022;
    bits = (bits & 0x000FFFFFFFFFFFFFULL) | 0x3FE0000000000000ULL;
    double m;
    memcpy(&m, &bits, sizeof m);
    if (m < 0.70710678118654752440) {
        m += m;
        e--;
    }
    double s = (m - 1) / (m + 1), z = s * s, sum = 1.0 / 21;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) sum = sum * z + c[i];
    return (double)e * key_ln2_high + (2 * s + ((double)e * key_ln2_low + 2 * s * z * sum));
}

// Marsaglia, Bray 1964, the polar method; its second value is dropped, so that a stream keeps no state but its position.
double key_normal(struct key *k)
{
    for (;;) {
        double u = 2 * key_uniform(k) - 1, v = 2 * key_uniform(k) - 1, s = u * u + v * v;
        if (s < 1 && s >= DBL_MIN) return u * sqrt(-2 * key_log(s) / s);
    }
}

// Marsaglia, Tsang 2000, with their squeeze, which spares two logarithms in 98 of 100 draws. Below shape 1 multiplied by
// u^(1/shape); for the smallest shapes that power falls below e^-700 and counts as 0.
double key_gamma(struct key *k, double shape)
{
    assert(shape > 0);
    double boost = 1;
    if (shape < 1) {
        double power = key_log(key_positive(k)) / shape;
        boost = power < -700 ? 0 : key_exp(power);
        shape += 1;
    }
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = key_normal(k), root = 1 + c * x;
        if (root <= 0) continue;
        double v = root * root * root, u = key_positive(k), x2 = x * x;
        if (u < 1 - 0.0331 * x2 * x2) return d * v * boost;
        if (key_log(u) < 0.5 * x2 + d - d * v + d * key_log(v)) return d * v * boost;
    }
}

// Inversion by products of uniforms (Knuth 1969), in pieces of mean 500 at most so that the exponential stays normal.
uint32_t key_poisson(struct key *k, double mean)
{
    assert(mean >= 0 && mean <= 1e6);
    uint32_t count = 0;
    while (mean > 0) {
        double piece = mean < 500 ? mean : 500, stop = key_exp(-piece);
        for (double product = key_positive(k); product > stop; product *= key_positive(k)) count++;
        mean -= piece;
    }
    return count;
}

uint32_t key_negative_binomial(struct key *k, double mean, double size)
{
    assert(mean >= 0 && size > 0);
    if (mean == 0) return 0;
    return key_poisson(k, key_gamma(k, size) * (mean / size));
}
