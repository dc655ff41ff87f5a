#include "base/rng.h"

#include <assert.h>
#include <math.h>

// Multipliers and Weyl increments of Salmon et al. 2011, section 3.2 and its reference constants.
static const uint32_t philox_m0 = 0xD2511F53, philox_m1 = 0xCD9E8D57;
static const uint32_t philox_w0 = 0x9E3779B9, philox_w1 = 0xBB67AE85;

void rng_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t a = (uint64_t)philox_m0 * c0, b = (uint64_t)philox_m1 * c2;
        c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
        c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)b;
        c3 = (uint32_t)a;
        k0 += philox_w0;
        k1 += philox_w1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

struct rng rng_stream(uint64_t seed, uint32_t replicate, int32_t day, uint32_t agent, uint32_t purpose)
{
    // The replicates of one seed get keys far apart (an odd multiplier, so all 2^32 of them differ); Philox does the mixing.
    uint64_t key = seed + (uint64_t)replicate * 0x9e3779b97f4a7c15ULL;
    return (struct rng){
        .key = {(uint32_t)key, (uint32_t)(key >> 32)},
        .counter = {0, agent, (uint32_t)day, purpose},
    };
}

uint32_t rng_u32(struct rng *r)
{
    if (r->left == 0) {
        rng_philox(r->counter, r->key, r->block);
        r->counter[0]++;
        assert(r->counter[0] != 0); // a stream must not run into its own beginning
        r->left = 4;
    }
    return r->block[4 - r->left--];
}

uint64_t rng_u64(struct rng *r)
{
    uint64_t low = rng_u32(r);
    return low | (uint64_t)rng_u32(r) << 32;
}

double rng_uniform(struct rng *r)
{
    return (double)(rng_u64(r) >> 11) * 0x1p-53;
}

// D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019), algorithm 5.
uint32_t rng_below(struct rng *r, uint32_t n)
{
    assert(n > 0);
    uint64_t m = (uint64_t)rng_u32(r) * n;
    if ((uint32_t)m < n) {
        uint32_t threshold = (0U - n) % n; // 2^32 mod n
        while ((uint32_t)m < threshold) m = (uint64_t)rng_u32(r) * n;
    }
    return (uint32_t)(m >> 32);
}

// G. E. P. Box, M. E. Muller 1958. Two uniforms always, so that a stream's later draws do not depend on the values.
double rng_normal(struct rng *r)
{
    static const double two_pi = 6.283185307179586476925;
    double radius = sqrt(-2 * log(1 - rng_uniform(r))); // 1 - u lies in (0, 1]
    return radius * cos(two_pi * rng_uniform(r));
}

// G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000), with their section 6
// for shapes below 1: gamma(a) = gamma(a + 1) * u^(1 / a).
double rng_gamma(struct rng *r, double shape, double scale)
{
    assert(shape > 0 && scale > 0);
    double boost = 1;
    if (shape < 1) {
        boost = pow(1 - rng_uniform(r), 1 / shape);
        shape += 1;
    }
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = rng_normal(r), v = 1 + c * x;
        if (v <= 0) continue;
        v = v * v * v;
        if (log(1 - rng_uniform(r)) < 0.5 * x * x + d - d * v + d * log(v)) return d * v * scale * boost;
    }
}

// log k!, exact below 10, then Stirling's series (Abramowitz, Stegun 1964, 6.1.41), whose first neglected term is
// 1 / (1680 n^7) < 6e-11 there. lgamma() is not used: it writes a global.
static double rng_log_factorial(double k)
{
    static const double exact[] = {1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880};
    if (k < 10) return log(exact[(int)k]);
    static const double half_log_two_pi = 0.91893853320467274178;
    double n = k + 1, n2 = n * n;
    return (n - 0.5) * log(n) - n + half_log_two_pi + (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / n2) / n2) / n;
}

// W. Hoermann, "The transformed rejection method for generating Poisson random variables", Insurance: Mathematics and
// Economics 12 (1993), algorithm PTRS, for means of 10 and more.
static int64_t rng_poisson_large(struct rng *r, double mean)
{
    double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b;
    double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);
    double log_mean = log(mean);
    for (;;) {
        double u = rng_uniform(r) - 0.5, v = 1 - rng_uniform(r);
        double u_s = 0.5 - fabs(u);
        if (u_s <= 0) continue; // u = -1/2 itself: outside the region
        double k = floor((2 * a / u_s + b) * u + mean + 0.43);
        if (u_s >= 0.07 && v <= v_r) return (int64_t)k;
        if (k < 0 || (u_s < 0.013 && v > u_s)) continue;
        if (log(v * inverse_alpha / (a / (u_s * u_s) + b)) <= k * log_mean - mean - rng_log_factorial(k))
            return (int64_t)k;
    }
}

int64_t rng_poisson(struct rng *r, double mean)
{
    assert(mean >= 0 && mean <= 1e9);
    if (mean >= 10) return rng_poisson_large(r, mean);
    // D. E. Knuth, The Art of Computer Programming 2, 3.4.1: count uniforms until their product falls below e^-mean.
    double limit = exp(-mean), product = 1 - rng_uniform(r);
    int64_t k = 0;
    for (; product > limit; k++) product *= 1 - rng_uniform(r);
    return k;
}

int64_t rng_negative_binomial(struct rng *r, double mean, double k)
{
    assert(mean >= 0 && k > 0);
    if (mean == 0) return 0;
    double rate = rng_gamma(r, k, mean / k); // a Poisson whose mean varies as a gamma: Greenwood, Yule 1920
    return rng_poisson(r, rate < 1e9 ? rate : 1e9);
}
