#include "base/rng.h"
#include "tap.h"

// Known answers of the authors' reference implementation (Random123, kat_vectors, philox4x32 10).
static void test_known_answers(void)
{
    static const struct {
        const char *row;
        uint32_t counter[4], key[2], want[4];
    } t[] = {
        {"zeros", {0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {"ones", {~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {"digits of pi",
         {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        uint32_t out[4];
        rng_philox(t[i].counter, t[i].key, out);
        OK(memcmp(out, t[i].want, sizeof out) == 0, "Philox4x32-10, %s", t[i].row);
    }
}

static void test_streams(void)
{
    struct rng a = rng_stream(7, 0, 19171, 42, 3), b = a;
    bool same = true;
    for (int i = 0; i < 1000; i++) same = same && rng_u32(&a) == rng_u32(&b);
    OK(same, "a stream repeats");
    const struct rng all[] = {rng_stream(7, 0, 19171, 42, 3), rng_stream(8, 0, 19171, 42, 3),
                              rng_stream(7, 1, 19171, 42, 3), rng_stream(7, 0, 19172, 42, 3),
                              rng_stream(7, 0, 19171, 43, 3), rng_stream(7, 0, 19171, 42, 4),
                              rng_stream(7, 0, -1, 42, 3)};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        for (size_t k = 0; k < i; k++) {
            struct rng x = all[i], y = all[k];
            CHECK(rng_u64(&x) != rng_u64(&y), "streams %zu and %zu", i, k);
        }
    a = rng_stream(1, 2, 3, 4, 5);
    uint32_t block[4];
    rng_philox(a.counter, a.key, block);
    bool order = true;
    for (int i = 0; i < 4; i++) order = order && rng_u32(&a) == block[i];
    OK(order, "the words of a block come in order");
}

// Chi-square of `cells` counts against equal expectation; the bound is far out (about 5 standard deviations), and seeds
// are fixed, so that a pass repeats.
static void test_uniform(void)
{
    enum { DRAWS = 1000000, CELLS = 100 };
    static int64_t count[CELLS];
    struct rng r = rng_stream(1, 0, 0, 0, 0);
    double sum = 0, least = 1, most = 0;
    for (int i = 0; i < DRAWS; i++) {
        double u = rng_uniform(&r);
        CHECK(u >= 0 && u < 1, "draw %d is in [0, 1)", i);
        sum += u;
        if (u < least) least = u;
        if (u > most) most = u;
        count[(int)(u * CELLS)]++;
    }
    double chi = 0;
    for (int i = 0; i < CELLS; i++) chi += pow((double)count[i] - DRAWS / CELLS, 2) / (DRAWS / CELLS);
    OK(chi > 40 && chi < 170, "uniform: chi-square %.1f on 99 degrees of freedom", chi);
    NEAR(sum / DRAWS, 0.5, 0.0015, "uniform: mean");
    OK(least < 1e-5 && most > 1 - 1e-5, "uniform: reaches both ends");
}

static void test_below(void)
{
    enum { DRAWS = 600000 };
    struct rng r = rng_stream(2, 0, 0, 0, 0);
    int64_t count[6] = {0};
    for (int i = 0; i < DRAWS; i++) {
        uint32_t k = rng_below(&r, 6);
        if (!CHECK(k < 6, "draw %d", i)) return;
        count[k]++;
    }
    double chi = 0;
    for (int i = 0; i < 6; i++) chi += pow((double)count[i] - DRAWS / 6.0, 2) / (DRAWS / 6.0);
    OK(chi < 30, "below 6: chi-square %.1f on 5 degrees of freedom", chi);
    // 3 * 2^30: a plain modulo would make the first quarter-range twice as likely.
    uint32_t n = 3U << 30;
    int64_t low = 0;
    for (int i = 0; i < 300000; i++) low += rng_below(&r, n) < 1U << 30;
    NEAR((double)low / 300000, 1.0 / 3, 0.005, "below 3 * 2^30: no bias");
    OK(rng_below(&r, 1) == 0, "below 1 is 0");
}

struct moments {
    double mean, variance;
};

typedef double (*draw)(struct rng *r, double a, double b);
static struct moments moments_of(draw f, double a, double b, uint32_t purpose)
{
    enum { DRAWS = 400000 };
    struct rng r = rng_stream(20220628, 0, 0, 0, purpose);
    double mean = 0, m2 = 0;
    for (int i = 1; i <= DRAWS; i++) { // Welford 1962
        double x = f(&r, a, b), d = x - mean;
        mean += d / i;
        m2 += d * (x - mean);
    }
    return (struct moments){mean, m2 / (DRAWS - 1)};
}
static double draw_normal(struct rng *r, double a, double b)
{
    return a + b * rng_normal(r);
}
static double draw_gamma(struct rng *r, double a, double b)
{
    return rng_gamma(r, a, b);
}
static double draw_poisson(struct rng *r, double a, double b)
{
    (void)b;
    return (double)rng_poisson(r, a);
}
static double draw_negative_binomial(struct rng *r, double a, double b)
{
    return (double)rng_negative_binomial(r, a, b);
}

static void test_moments(void)
{
    static const struct {
        const char *row;
        draw f;
        double a, b, mean, variance;
    } t[] = {
        {"normal 0, 1", draw_normal, 0, 1, 0, 1},
        {"gamma 0.3, 2", draw_gamma, 0.3, 2, 0.6, 1.2},
        {"gamma 1, 1", draw_gamma, 1, 1, 1, 1},
        {"gamma 5.807, 0.948 (incubation)", draw_gamma, 5.807, 0.948, 5.505036, 5.218774},
        {"gamma 200, 0.1", draw_gamma, 200, 0.1, 20, 2},
        {"Poisson 0", draw_poisson, 0, 0, 0, 0},
        {"Poisson 0.4", draw_poisson, 0.4, 0, 0.4, 0.4},
        {"Poisson 9.99", draw_poisson, 9.99, 0, 9.99, 9.99},
        {"Poisson 10", draw_poisson, 10, 0, 10, 10},
        {"Poisson 35", draw_poisson, 35, 0, 35, 35},
        {"Poisson 12345", draw_poisson, 12345, 0, 12345, 12345},
        {"negative binomial 2.5, 0.16 (superspreading)", draw_negative_binomial, 2.5, 0.16, 2.5, 2.5 + 6.25 / 0.16},
        {"negative binomial 30, 4", draw_negative_binomial, 30, 4, 30, 30 + 900.0 / 4},
        {"negative binomial 0, 1", draw_negative_binomial, 0, 1, 0, 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct moments m = moments_of(t[i].f, t[i].a, t[i].b, (uint32_t)i);
        double error = sqrt(t[i].variance / 400000);
        NEAR(m.mean, t[i].mean, 4.5 * error, "%s: mean", t[i].row);
        NEAR(m.variance, t[i].variance, t[i].variance * (i >= 11 || i == 1 ? 0.05 : 0.015), "%s: variance", t[i].row);
    }
}

// The whole distribution, on both sides of the switch of methods: chi-square against the exact probabilities.
static void test_poisson_cells(double mean, int cells, double bound)
{
    enum { DRAWS = 500000, CELLS_MAX = 80 };
    int64_t count[CELLS_MAX + 1] = {0};
    struct rng r = rng_stream(99, 0, 0, 0, (uint32_t)mean);
    for (int i = 0; i < DRAWS; i++) {
        int64_t k = rng_poisson(&r, mean);
        if (!CHECK(k >= 0, "draw %d", i)) return;
        count[k < cells ? k : cells]++;
    }
    double p = exp(-mean), rest = 1, chi = 0, few = 0, few_expected = 0;
    for (int k = 0; k < cells; k++) {
        double expected = p * DRAWS;
        if (expected < 10) few += (double)count[k], few_expected += expected;
        else chi += pow((double)count[k] - expected, 2) / expected;
        rest -= p;
        p *= mean / (k + 1);
    }
    few += (double)count[cells];
    few_expected += rest * DRAWS;
    if (few_expected > 1) chi += pow(few - few_expected, 2) / few_expected;
    OK(chi < bound, "Poisson %g: chi-square %.1f, bound %.0f", mean, chi, bound);
}

static void test_normal_cells(void)
{
    enum { DRAWS = 500000 };
    static const double edge[] = {-3, -2, -1, -0.5, 0, 0.5, 1, 2, 3};
    int64_t below[9] = {0};
    struct rng r = rng_stream(5, 0, 0, 0, 0);
    for (int i = 0; i < DRAWS; i++) {
        double x = rng_normal(&r);
        for (int k = 0; k < 9; k++) below[k] += x < edge[k];
    }
    for (int k = 0; k < 9; k++) {
        double p = 0.5 * erfc(-edge[k] / sqrt(2));
        NEAR((double)below[k] / DRAWS, p, 4.5 * sqrt(p * (1 - p) / DRAWS), "normal below %g", edge[k]);
    }
}

int main(void)
{
    test_known_answers();
    test_streams();
    test_uniform();
    test_below();
    test_moments();
    test_poisson_cells(3.7, 20, 45);
    test_poisson_cells(14, 40, 70);
    test_poisson_cells(31.5, 75, 105);
    test_normal_cells();
    return tap_done();
}
