#include "twin/draw.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

// Excess precision (x87) would round twice; every 64-bit machine has none.
_Static_assert(FLT_EVAL_METHOD == 0, "double arithmetic must be done in double");
_Static_assert(sizeof(double) == sizeof(uint64_t), "IEEE 754 binary64");

// ln 2 in two parts: the first has 21 trailing zero bits, so that its product with an exponent is exact.
static const double draw_ln2_high = 6.93147180369123816490e-01, draw_ln2_low = 1.90821492927058770002e-10;

// x = m * 2^e with m between sqrt(1/2) and sqrt(2); log m = 2 atanh s with s = (m - 1) / (m + 1), |s| < 0.1716, by its
// Taylor series (Abramowitz, Stegun 1964, 4.1.27): the first term left out is s^23 / 23, below 2e-18 of the sum.
double draw_log(double x)
{
    assert(x >= DBL_MIN && x <= DBL_MAX);
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int32_t e = (int32_t)(bits >> 52) - 1022;
    bits = (bits & 0x000FFFFFFFFFFFFFULL) | 0x3FE0000000000000ULL; // m in [1/2, 1)
    double m;
    memcpy(&m, &bits, sizeof m);
    if (m < 0.70710678118654752440) {
        m += m;
        e--;
    }
    double s = (m - 1) / (m + 1), z = s * s, sum = 0;
    for (int odd = 21; odd >= 3; odd -= 2) sum = (sum + 1.0 / odd) * z;
    double low = (double)e * draw_ln2_low + 2 * s * sum;
    return (double)e * draw_ln2_high + (2 * s + low);
}

// x = n ln 2 + f with |f| <= ln(2) / 2, e^f by its Taylor series to f^14 / 14! (the next term is below 2e-19).
double draw_exp(double x)
{
    assert(x >= -700 && x <= 700);
    double scaled = x * 1.44269504088896340736;
    int32_t n = (int32_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    double f = (x - (double)n * draw_ln2_high) - (double)n * draw_ln2_low, sum = 1;
    for (int k = 14; k >= 1; k--) sum = 1 + sum * f / k;
    uint64_t bits = (uint64_t)(n + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return sum * power;
}

// In (0, 1]: safe for a logarithm.
static double draw_positive(struct rng *r)
{
    return 1 - rng_uniform(r);
}

bool draw_chance(struct rng *r, double share)
{
    return rng_uniform(r) < share;
}

// G. Marsaglia, T. A. Bray, "A convenient method for generating normal variables", SIAM Review 6 (1964): the polar
// method, which needs no cosine. Its second value is dropped, so that a stream keeps no state but its position.
double draw_normal(struct rng *r)
{
    for (;;) {
        double u = 2 * rng_uniform(r) - 1, v = 2 * rng_uniform(r) - 1, s = u * u + v * v;
        if (s < 1 && s >= DBL_MIN) return u * sqrt(-2 * draw_log(s) / s);
    }
}

// G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000). Below shape 1 it is
// multiplied by u^(1/shape); for the smallest shapes that power falls below e^-700 and counts as 0.
double draw_gamma_shape(struct rng *r, double shape)
{
    assert(shape > 0);
    double boost = 1;
    if (shape < 1) {
        double power = draw_log(draw_positive(r)) / shape;
        boost = power < -700 ? 0 : draw_exp(power);
        shape += 1;
    }
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = draw_normal(r), root = 1 + c * x;
        if (root <= 0) continue;
        double v = root * root * root;
        if (draw_log(draw_positive(r)) < 0.5 * x * x + d - d * v + d * draw_log(v)) return d * v * boost;
    }
}

double draw_gamma(struct rng *r, double mean, double sd)
{
    assert(mean >= 0 && sd >= 0);
    if (mean == 0 || sd == 0) return mean;
    double shape = (mean / sd) * (mean / sd);
    return draw_gamma_shape(r, shape) * (mean / shape);
}

double draw_lognormal(struct rng *r, double median, double sdlog)
{
    return median * draw_exp(sdlog * draw_normal(r));
}

double draw_exponential(struct rng *r, double mean)
{
    return -mean * draw_log(draw_positive(r));
}

// Counts the arrivals of a Poisson process in a time of `mean`: exact for any mean, and a mean is some hundreds at most.
int64_t draw_poisson(struct rng *r, double mean)
{
    assert(mean >= 0);
    int64_t k = -1;
    for (double at = 0; at <= mean; k++) at += draw_exponential(r, 1);
    return k;
}

int64_t draw_negative_binomial(struct rng *r, double mean, double k)
{
    assert(mean >= 0 && k > 0);
    if (mean == 0) return 0;
    return draw_poisson(r, draw_gamma_shape(r, k) * (mean / k)); // a Poisson whose mean varies as a gamma
}
