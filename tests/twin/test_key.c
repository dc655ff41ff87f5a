// Keyed random numbers and tables of days: exponential and logarithm against the C library's, moments and distributions
// against theory, exact values that must be these on every machine.
#include "tap.h"

#include "twin/key.h"
#include "twin/spell.h"

#include <float.h>

enum { DRAWS = 200000 };
#define TEST_KEY_U64 0x265B039DD390B2A3ULL
#define TEST_KEY_GAMMA 0x3FDEABF9DE156E22ULL

static void test_functions(void)
{
    struct key k = key_stream(1, 2, 3, KEY_OTHER);
    double worst_log = 0, worst_exp = 0;
    for (int i = 0; i < DRAWS; i++) {
        double y = 1400 * key_uniform(&k) - 700, x = exp(y);
        worst_exp = fmax(worst_exp, fabs(key_exp(y) / x - 1));
        worst_log = fmax(worst_log, fabs(key_log(x) - log(x)) / fabs(log(x)));
    }
    OK(worst_exp < 1.5e-15, "exponential within 1.5e-15 of the C library's (%g)", worst_exp);
    OK(worst_log < 1e-15, "logarithm within 1e-15 (%g)", worst_log);
    OK(key_log(1) == 0 && key_exp(0) == 1, "log 1 and exp 0 are exact");
}

static void test_streams(void)
{
    struct key a = key_stream(7, 1, 5, KEY_COURSE), b = key_stream(7, 1, 5, KEY_COURSE);
    OK(key_u64(&a) == key_u64(&b), "a key gives the same numbers again");
    uint64_t here = key_u64(&a);
    const struct key other[] = {key_stream(8, 1, 5, KEY_COURSE), key_stream(7, 2, 5, KEY_COURSE),
                                key_stream(7, 1, 6, KEY_COURSE), key_stream(7, 1, 5, KEY_ATTEMPT)};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        struct key k = other[i];
        (void)key_u64(&k);
        OK(key_u64(&k) != here, "another key %zu gives other numbers", i);
    }
    // First numbers of neighbouring keys must not look alike: chi-square over 256 cells, for person and for day.
    for (int by_day = 0; by_day < 2; by_day++) {
        double cell[256] = {0}, chi = 0;
        for (int32_t i = 0; i < DRAWS; i++) {
            struct key k = by_day ? key_stream(1, i, 9, KEY_WORK) : key_stream(1, 9, (uint32_t)i, KEY_WORK);
            cell[key_u64(&k) >> 56]++;
        }
        for (int c = 0; c < 256; c++) chi += (cell[c] - DRAWS / 256.0) * (cell[c] - DRAWS / 256.0) / (DRAWS / 256.0);
        OK(chi > 160 && chi < 360, "first numbers of neighbouring %s are even (chi-square of 255: %.0f)",
           by_day ? "days" : "persons", chi);
    }
}

enum law { NORMAL, GAMMA, POISSON, NEGATIVE_BINOMIAL };

static void test_moments(enum law law, double a, double b, double mean, double variance, const char *name)
{
    struct key k = key_stream(42, (int32_t)law, (uint32_t)(a * 8), KEY_OTHER);
    double sum = 0, squares = 0;
    for (int i = 0; i < DRAWS; i++) {
        double x = law == NORMAL ? key_normal(&k) : law == GAMMA ? key_gamma(&k, a) : law == POISSON ? key_poisson(&k, a)
                                                                                                  : key_negative_binomial(&k, a, b);
        sum += x;
        squares += (x - mean) * (x - mean);
    }
    NEAR(sum / DRAWS, mean, 4.5 * sqrt(variance / DRAWS), "%s: mean", name);
    NEAR(squares / DRAWS / variance, 1, 0.06, "%s: variance", name);
}

static void test_gamma_cdf(void)
{
    // R 4.2, pgamma(x, shape): exact values of an independent implementation; shape 1 is 1 - exp(-x).
    NEAR(spell_gamma_cdf(1, 2), 1 - exp(-2.0), 1e-14, "gamma of shape 1");
    NEAR(spell_gamma_cdf(0.5, 0.5 * 1.959963984540054 * 1.959963984540054), 0.95, 1e-12, "chi-square of one degree");
    NEAR(spell_gamma_cdf(3, 3), 1 - exp(-3.0) * (1 + 3 + 4.5), 1e-13, "Erlang of three");
    NEAR(1 - spell_gamma_cdf(10, 40), 3.926e-9, 2e-12, "far in the tail");
    for (double x = 0.1; x < 30; x *= 1.3) {
        double poisson = 0, term = exp(-x);
        for (int i = 0; i < 7; i++) {
            poisson += term;
            term *= x / (i + 1);
        }
        CHECK(fabs(spell_gamma_cdf(7, x) - (1 - poisson)) < 1e-12, "gamma of 7 at %g is a sum of Poisson terms", x);
    }
    OK(spell_gamma_cdf(2, 0) == 0 && spell_gamma_cdf(2, -1) == 0, "nothing below 0");
}

static void test_spell(struct spell_shape shape, int32_t least, double mean, const char *name)
{
    struct spell s;
    spell_make(shape, least, &s);
    NEAR(spell_mean(&s), mean, 0.02 * mean, "%s: mean of the table", name);
    struct key k = key_stream(5, 0, 0, KEY_OTHER);
    double sum = 0;
    int32_t shortest = SPELL_DAYS_MAX;
    for (int i = 0; i < DRAWS; i++) {
        int32_t d = spell_draw(&s, &k);
        sum += d;
        if (d < shortest) shortest = d;
    }
    NEAR(sum / DRAWS, spell_mean(&s), 0.02 * mean, "%s: mean of the draws", name);
    OK(shortest >= least, "%s: none below %d days", name, least);
    OK(spell_at(&s, 0) >= least && spell_at(&s, UINT64_MAX) == s.days, "%s: the ends", name);
}

static void test_spells(void)
{
    test_spell((struct spell_shape){SPELL_GAMMA, 5.42, 2.7}, 1, 5.42, "gamma");
    test_spell((struct spell_shape){SPELL_GAMMA, 2.27, 2.27}, 1, 2.456, "short gamma, at least one day");
    test_spell((struct spell_shape){SPELL_LOGNORMAL, 6, 3}, 0, 6, "lognormal");
    test_spell((struct spell_shape){SPELL_FIXED, 5.14, 0}, 1, 5.14, "between two days");
    test_spell((struct spell_shape){SPELL_GEOMETRIC, 4, 0}, 1, 4, "geometric");
    struct spell s;
    spell_make((struct spell_shape){SPELL_FIXED, 3, 0}, 1, &s);
    struct key k = key_stream(1, 1, 1, KEY_OTHER);
    bool always = true;
    for (int i = 0; i < 1000; i++) always = always && spell_draw(&s, &k) == 3;
    OK(always, "three days are three days");
}

static void test_exact(void)
{
    struct key k = key_stream(20260101, 17, 123456, KEY_ATTEMPT);
    OK(key_u64(&k) == TEST_KEY_U64, "the integer of a key, on every machine");
    double g = key_gamma(&k, 0.51);
    uint64_t bits;
    memcpy(&bits, &g, sizeof bits);
    OK(bits == TEST_KEY_GAMMA, "the gamma of a key, to the bit (%016llx)", (unsigned long long)bits);
}

int main(void)
{
    test_functions();
    test_streams();
    test_moments(NORMAL, 0, 0, 0, 1, "normal");
    test_moments(GAMMA, 0.51, 0, 0.51, 0.51, "gamma of shape 0.51");
    test_moments(GAMMA, 6.6, 0, 6.6, 6.6, "gamma of shape 6.6");
    test_moments(POISSON, 0.2, 0, 0.2, 0.2, "Poisson 0.2");
    test_moments(POISSON, 30, 0, 30, 30, "Poisson 30");
    test_moments(POISSON, 1200, 0, 1200, 1200, "Poisson 1200");
    test_moments(NEGATIVE_BINOMIAL, 4, 1.3333333, 4, 16, "negative binomial");
    test_gamma_cdf();
    test_spells();
    test_exact();
    return tap_done();
}
