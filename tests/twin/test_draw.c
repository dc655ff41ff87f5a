// The distributions: their own logarithm and exponential against the C library's, moments against theory, and exact
// values, which must be these on every machine.
#include "tap.h"

#include "twin/draw.h"

#include <float.h>

enum { DRAWS = 200000 };

static double ulps(double got, double want)
{
    return fabs(got - want) / (fabs(want) * DBL_EPSILON);
}

static void test_log_exp(void)
{
    struct rng r = rng_stream(11, 0, 0, 0, 1);
    double worst_log = 0, worst_exp = 0;
    for (int i = 0; i < DRAWS; i++) {
        double x = exp(1400 * rng_uniform(&r) - 700), near_one = 0.5 + rng_uniform(&r),
               y = 1400 * rng_uniform(&r) - 700;
        worst_log = fmax(worst_log, ulps(draw_log(x), log(x)));
        if (fabs(near_one - 1) > 1e-9) worst_log = fmax(worst_log, ulps(draw_log(near_one), log(near_one)));
        worst_exp = fmax(worst_exp, ulps(draw_exp(y), exp(y)));
    }
    OK(worst_log < 2, "logarithm within 2 units in the last place of the C library's (%g)", worst_log);
    OK(worst_exp < 5, "exponential within 5 units (%g)", worst_exp);
    OK(draw_log(1) == 0, "log 1 is exactly 0");
    OK(draw_exp(0) == 1, "exp 0 is exactly 1");
    NEAR(draw_log(DBL_MIN), -708.39641853226408, 1e-12, "smallest normal number");
    NEAR(draw_log(DBL_MAX), 709.78271289338397, 1e-12, "largest number");
}

struct moments {
    double mean, variance;
};

static struct moments moments_of(const double *x, int n)
{
    struct moments m = {0, 0};
    for (int i = 0; i < n; i++) m.mean += x[i] / n;
    for (int i = 0; i < n; i++) m.variance += (x[i] - m.mean) * (x[i] - m.mean) / (n - 1);
    return m;
}

enum law { NORMAL, GAMMA, LOGNORMAL, EXPONENTIAL, POISSON, NEGATIVE_BINOMIAL };

static double draw_one(struct rng *r, enum law law, double a, double b)
{
    switch (law) {
    case NORMAL: return draw_normal(r);
    case GAMMA: return draw_gamma(r, a, b);
    case LOGNORMAL: return draw_lognormal(r, a, b);
    case EXPONENTIAL: return draw_exponential(r, a);
    case POISSON: return (double)draw_poisson(r, a);
    case NEGATIVE_BINOMIAL: return (double)draw_negative_binomial(r, a, b);
    }
    return NAN;
}

static void test_moments(void)
{
    static const struct {
        const char *row;
        enum law law;
        double a, b, mean, variance;
    } t[] = {
        {"normal", NORMAL, 0, 0, 0, 1},
        {"gamma, shape above 1", GAMMA, 5.51, 2.11, 5.51, 2.11 * 2.11},
        {"gamma, shape below 1", GAMMA, 3.3, 4.2, 3.3, 4.2 * 4.2},
        {"gamma, shape 1", GAMMA, 2, 2, 2, 4},
        {"lognormal", LOGNORMAL, 5.06, 0.418, 5.5217, 5.821},
        {"exponential", EXPONENTIAL, 3, 0, 3, 9},
        {"Poisson", POISSON, 2.5, 0, 2.5, 2.5},
        {"Poisson, large", POISSON, 120, 0, 120, 120},
        {"negative binomial, k 0.43", NEGATIVE_BINOMIAL, 2.5, 0.43, 2.5, 2.5 + 2.5 * 2.5 / 0.43},
        {"negative binomial, k 0.1", NEGATIVE_BINOMIAL, 1, 0.1, 1, 11},
        {"negative binomial, nearly Poisson", NEGATIVE_BINOMIAL, 2, 1000, 2, 2.004},
    };
    static double x[DRAWS];
    for (uint32_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct rng r = rng_stream(5, 0, 0, i, 2);
        for (int n = 0; n < DRAWS; n++) x[n] = draw_one(&r, t[i].law, t[i].a, t[i].b);
        struct moments m = moments_of(x, DRAWS);
        double error = sqrt(t[i].variance / DRAWS); // of the mean
        NEAR(m.mean, t[i].mean, 5 * error, "%s: mean", t[i].row);
        // The variance of a variance is at most about (kurtosis - 1) v^2 / n; the heaviest tail here has kurtosis 67.
        NEAR(m.variance, t[i].variance, 0.06 * t[i].variance + 0.01, "%s: variance", t[i].row);
    }
}

static void test_edges(void)
{
    struct rng r = rng_stream(1, 0, 0, 0, 3);
    OK(draw_gamma(&r, 4, 0) == 4, "a gamma without deviation is its mean");
    OK(draw_gamma(&r, 0, 3) == 0, "a gamma with mean 0 is 0");
    OK(draw_poisson(&r, 0) == 0, "Poisson of mean 0");
    OK(draw_negative_binomial(&r, 0, 0.1) == 0, "negative binomial of mean 0");
    for (int i = 0; i < 1000; i++) {
        CHECK(!draw_chance(&r, 0), "never");
        CHECK(draw_chance(&r, 1), "always");
        CHECK(draw_gamma_shape(&r, 0.001) >= 0, "the smallest shapes give 0, not NaN");
        CHECK(draw_lognormal(&r, 5, 0) == 5, "a lognormal without deviation is its median");
    }
}

// To the last bit: computed once, and the same on any machine with IEEE 754 arithmetic.
static void test_exact(void)
{
    struct rng r = rng_stream(2022, 3, 4, 5, 6);
    uint64_t hash = 0xcbf29ce484222325ULL;
    for (int i = 0; i < 10000; i++) {
        double x[] = {draw_normal(&r),          draw_gamma(&r, 5.51, 2.11),
                      draw_gamma(&r, 3.3, 4.2), draw_lognormal(&r, 5.06, 0.418),
                      draw_exponential(&r, 3),  (double)draw_negative_binomial(&r, 2.5, 0.43)};
        for (size_t k = 0; k < sizeof x / sizeof x[0]; k++) {
            uint64_t bits;
            memcpy(&bits, &x[k], sizeof bits);
            hash = (hash ^ bits) * 0x100000001b3ULL;
        }
    }
    char text[20];
    (void)snprintf(text, sizeof text, "%016llx", (unsigned long long)hash);
    EQ_TEXT(text, "1e98567217908ee2", "60,000 draws, bit by bit");
}

int main(void)
{
    test_log_exp();
    test_moments();
    test_edges();
    test_exact();
    return tap_done();
}
