// The estimators of the library on what the reference files do not hold: edges, refusals, symmetries, and random
// input that must give an error and never a NaN.
#include "epi/branching.h"
#include "epi/cluster_serial.h"
#include "epi/epidemic.h"
#include "epi/fatality.h"
#include "epi/growth.h"
#include "epi/pooled.h"
#include "epi/pooled_prevalence.h"
#include "epi/root.h"
#include "epi/rt.h"
#include "epi/special.h"
#include "epi/two_by_two.h"
#include "tap.h"

// 25 digits by arbitrary precision arithmetic.
static void test_special(void)
{
    NEAR(special_log_gamma(0.5), 0.5723649429247000870717137, 1e-15, "log Gamma(1/2) = log(pi) / 2");
    NEAR(special_log_gamma(1e5) / 1051287.708973656867125436, 1, 1e-15, "log Gamma(1e5)");
    NEAR(special_digamma(1), -0.5772156649015328606065121, 1e-15, "digamma(1) is minus Euler's constant");
    NEAR(special_trigamma(1), 1.644934066848226436472415, 1e-15, "trigamma(1) = pi^2 / 6");
    NEAR(special_normal_quantile(0.975), 1.959963984540054235524595, 5e-16, "the normal quantile everybody knows");
    NEAR(special_normal_quantile(1e-300) / -37.0470962993611992372, 1, 1e-14, "far in the tail");
    NEAR(special_t_quantile(0.975, 2), 4.302652729749464, 2e-15, "t with two degrees of freedom");
    NEAR(special_gamma_p(1, 2), 0.8646647167633873081, 2e-16, "P(1, 2) = 1 - e^-2");
    NEAR(special_gamma_q(1, 200) / exp(-200), 1, 1e-13, "Q(1, 200) keeps its digits");
    NEAR(special_beta_p(2, 3, 0.25, 0.75), 0.26171875, 1e-15, "I(2, 3) at a quarter is 67/256");
    for (double a = 0.01; a < 2e5; a *= 3.7)
        for (double p = 1e-6; p < 1; p += 0.0731) {
            double x = special_gamma_quantile(p, a, false), y = special_gamma_quantile(p, a, true);
            if (x > 1e-290)
                CHECK(fabs(special_gamma_p(a, x) / p - 1) < 2e-12 * (1 + a * 1e-3), "quantile %g of shape %g", p, a);
            CHECK(fabs(special_gamma_q(a, y) / p - 1) < 2e-12 * (1 + a * 1e-3), "upper quantile %g of shape %g", p, a);
            double b = special_beta_quantile(p, a, 2.5, false);
            if (b < 1 && b > 1e-290)
                CHECK(fabs(special_beta_p(a, 2.5, b, 1 - b) - p) < 1e-12 * (1 + a * 1e-2),
                      "quantile %g of beta %g, 2.5", p, a);
        }
    OK(isnan(special_gamma_p(-1, 1)) && isnan(special_beta_quantile(2, 1, 1, false)),
       "outside the domain no number is given");
}

static double cubic(double x, const void *context)
{
    return x * x * x - *(const double *)context;
}

static void test_root(void)
{
    double two = 2, x = -7;
    OK(root_find(cubic, &two, 0, 5, &x), "the cube root of two is found");
    NEAR(x, cbrt(2), 1e-15, "to the last digit");
    OK(!root_find(cubic, &two, 2, 5, &x), "no change of sign, no root");
    NEAR(x, cbrt(2), 1e-15, "and the last one untouched");
    OK(root_find_outward(cubic, &two, 0, 0.001, &x) && fabs(x - cbrt(2)) < 1e-15, "searching outwards");
}

// Exchanging ill and well, or exposed and unexposed, turns the measures round.
static void test_two_by_two(struct arena *a)
{
    struct two_by_two t = {43, 11, 3, 18}, columns = {11, 43, 18, 3}, rows = {3, 18, 43, 11};
    for (int m = TWO_ODDS_RATIO_WALD; m <= TWO_ODDS_RATIO_SCORE; m += 2) {
        struct interval i, c, r;
        bool good = two_by_two_measure_of(&t, (two_by_two_measure)m, 0.95, &i, NULL) == TONG_OK &&
                    two_by_two_measure_of(&columns, (two_by_two_measure)m, 0.95, &c, NULL) == TONG_OK &&
                    two_by_two_measure_of(&rows, (two_by_two_measure)m, 0.95, &r, NULL) == TONG_OK;
        OK(good && fabs(i.lower * c.upper - 1) < 1e-12 && fabs(i.upper * r.lower - 1) < 1e-12,
           "odds ratio %d is turned round", m);
    }
    struct interval d, e;
    for (int m = TWO_RISK_DIFFERENCE_WALD; m <= TWO_RISK_DIFFERENCE_SCORE_N; m++)
        OK(two_by_two_measure_of(&t, (two_by_two_measure)m, 0.9, &d, NULL) == TONG_OK &&
               two_by_two_measure_of(&rows, (two_by_two_measure)m, 0.9, &e, NULL) == TONG_OK &&
               fabs(d.lower + e.upper) < 1e-11 && fabs(d.upper + e.lower) < 1e-11,
           "risk difference %d changes its sign", m);
    struct fisher_exact f, g;
    struct two_by_two zero = {5, 0, 0, 5}, empty = {0, 5, 0, 5}, big = {4300, 1100, 300, 1800};
    EQ_INT(fisher_exact(&t, 1, 0.95, a, &f, NULL), TONG_OK, "Oswego's ice cream");
    NEAR(f.odds_ratio.upper, 138.39347928704075, 1e-9, "its exact upper limit, not fisher.test's 138.865");
    OK(fisher_exact(&rows, 1, 0.95, a, &g, NULL) == TONG_OK &&
           fabs(f.odds_ratio.lower * g.odds_ratio.upper - 1) < 1e-12,
       "turned round");
    OK(fisher_exact(&zero, 1, 0.95, a, &f, NULL) == TONG_OK && isinf(f.odds_ratio.upper) &&
           isinf(f.odds_ratio.estimate),
       "unbounded above");
    EQ_INT(fisher_exact(&empty, 1, 0.95, a, &f, NULL), TONG_E_INVALID, "an empty column has no odds ratio");
    OK(fisher_exact(&big, 1, 0.95, a, &f, NULL) == TONG_OK && f.odds_ratio.lower > 20 && f.odds_ratio.upper < 28,
       "a large table");
    struct interval i = {7, 7, 7};
    EQ_INT(two_by_two_measure_of(&zero, TWO_ODDS_RATIO_WALD, 0.95, &i, NULL), TONG_E_INVALID, "a zero cell is refused");
    OK(i.estimate == 7, "and the output untouched");
}

// Twice the cases at twice the pressure leave R where it is and make it surer; a shift by days without cases changes
// nothing but the day; the mean lies within its limits.
static void test_rt(struct arena *a)
{
    double cases[40], twice[40], shifted[44] = {0}, w[20], lambda[44];
    for (int t = 0; t < 40; t++) {
        cases[t] = 5 + t % 7 + t / 2;
        twice[t] = 2 * cases[t];
        shifted[t + 4] = cases[t];
    }
    EQ_INT(serial_discretise(5, 2, 20, w, NULL), TONG_OK, "a serial interval");
    struct rt_input in = {.local = cases, .days = 40, .si = w, .si_days = 20};
    struct rt_window window = {20, 26}, later = {24, 30};
    struct rt_estimate one, two, moved;
    OK(rt_instantaneous(&in, &window, 1, a, &one, NULL) == TONG_OK && one.known, "an estimate");
    in.local = twice;
    OK(rt_instantaneous(&in, &window, 1, a, &two, NULL) == TONG_OK && fabs(two.mean - one.mean) < 0.01 &&
           two.sd < 0.8 * one.sd,
       "twice the cases");
    in.local = shifted;
    in.days = 44;
    OK(rt_instantaneous(&in, &later, 1, a, &moved, NULL) == TONG_OK && fabs(moved.mean - one.mean) < 1e-13,
       "four days later");
    OK(rt_quantile(&one, 0.025) < one.mean && one.mean < rt_quantile(&one, 0.975), "the mean lies between its limits");
    struct rt_case c;
    in = (struct rt_input){.local = cases, .days = 40, .si = w, .si_days = 20};
    struct rt_window whole = {0, 39};
    double infected = 0, all = 0;
    OK(rt_case_number(&in, &whole, 1, a, &c, NULL) == TONG_OK, "case reproduction number of all days");
    for (int t = 0; t < 40; t++) {
        all += cases[t];
        infected += t > 0 ? cases[t] : 0;
    }
    NEAR(c.mean, infected / all, 1e-12, "everybody but those of the first day was infected by somebody");
    struct rt_window bad = {0, 6};
    EQ_INT(rt_instantaneous(&in, &bad, 1, a, &one, NULL), TONG_E_INVALID, "a window from day 0 is refused");
    cases[3] = -1;
    EQ_INT(rt_infectivity(&in, lambda, NULL), TONG_E_INVALID, "a negative count is refused");
    cases[3] = NAN;
    EQ_INT(rt_infectivity(&in, lambda, NULL), TONG_E_INVALID, "and one that is no number");
}

// A shift in time leaves the growth rate; a factor on time divides it; a factor on straight-line counts leaves it.
static void test_growth(void)
{
    double t[12], moved[12], y[12], more[12];
    for (int i = 0; i < 12; i++) {
        t[i] = i;
        moved[i] = 7 * i + 18000;
        y[i] = floor(10 * exp(0.2 * i)) + i % 3;
        more[i] = 10 * y[i];
    }
    for (int m = 0; m < GROWTH_MODEL_COUNT; m++) {
        struct growth_fit f, g;
        OK(growth_fit(t, y, 12, (growth_model)m, 0.95, &f, NULL) == TONG_OK &&
               growth_fit(moved, y, 12, (growth_model)m, 0.95, &g, NULL) == TONG_OK,
           "model %d is fitted", m);
        NEAR(g.r * 7, f.r, 1e-10, "in days and in weeks the same");
        OK(f.wald.lower < f.r && f.r < f.wald.upper && f.student.lower < f.wald.lower, "limits around it, wider by t");
    }
    struct growth_fit f, g;
    OK(growth_fit(t, y, 12, GROWTH_LOG_LINEAR, 0.95, &f, NULL) == TONG_OK &&
           growth_fit(t, more, 12, GROWTH_LOG_LINEAR, 0.95, &g, NULL) == TONG_OK && fabs(f.r - g.r) < 1e-13,
       "ten times the cases grow as fast");
    y[4] = 0;
    EQ_INT(growth_fit(t, y, 12, GROWTH_LOG_LINEAR, 0.95, &f, NULL), TONG_E_INVALID, "0 has no logarithm");
    for (int i = 0; i < 12; i++) y[i] = i == 5;
    EQ_INT(growth_fit(t, y, 12, GROWTH_POISSON, 0.95, &f, NULL), TONG_E_INVALID, "one day alone has no growth");
    NEAR(growth_doubling(-0.1), -6.931471805599453, 1e-14, "a halving time is negative");
}

static void test_chains_and_pools(void)
{
    double q, sum = 0, p;
    OK(branching_extinction(0.9, 0.1, &q, NULL) == TONG_OK && q == 1, "below 1 every chain dies out");
    EQ_INT(branching_extinction(3, 0.2, &q, NULL), TONG_OK, "above 1 some do");
    for (int64_t size = 1; size < 4000; size++)
        if (branching_chain_size(3, 0.2, size, &p, NULL) == TONG_OK) sum += p;
    NEAR(sum, q, 1e-9, "the sizes of those that do sum to that");
    EQ_INT(branching_extinction(-1, 1, &q, NULL), TONG_E_INVALID, "a negative R is refused");
    struct branching_tally one[] = {{0, 3}, {1, 4}, {5, 1}}, same[] = {{1, 2}, {5, 1}, {0, 3}, {1, 2}};
    struct branching_fit f, g;
    OK(branching_fit_offspring(one, 3, 0.95, &f, NULL) == TONG_OK &&
           branching_fit_offspring(same, 4, 0.95, &g, NULL) == TONG_OK && fabs(f.k - g.k) < 1e-12 &&
           f.cases_for_80 == g.cases_for_80,
       "the order of a tally does not matter");
    struct branching_tally even[] = {{1, 50}};
    OK(branching_fit_offspring(even, 1, 0.95, &f, NULL) == TONG_OK && isinf(f.k), "without differences there is no k");
    struct pooled_design d = {POOLED_ARRAY, 8, 0, 1, 1, 0.02};
    struct pooled_figures figures;
    for (int s = 0; s < POOLED_SCHEME_COUNT; s++) {
        d.scheme = (pooled_scheme)s;
        d.m = s == POOLED_THREE_STAGE ? 4 : 0;
        OK(pooled_design_figures(&d, &figures, NULL) == TONG_OK && fabs(figures.sensitivity - 1) < 1e-14 &&
               fabs(figures.specificity - 1) < 1e-14 && figures.tests < 1,
           "scheme %d with perfect tests errs nowhere and saves tests", s);
    }
    struct pooled_group pools[] = {{2, 30, 1}}, full[] = {{30, 30, 5}};
    struct pooled_prevalence r;
    struct interval i;
    OK(pooled_prevalence(pools, 1, 0.95, POOLED_SCORE, &r, NULL) == TONG_OK &&
           proportion_interval(2, 30, 0.95, PROPORTION_WILSON, &i, NULL) == TONG_OK &&
           fabs(r.prevalence.lower - i.lower) < 1e-12 && fabs(r.prevalence.upper - i.upper) < 1e-12,
       "pools of one are Wilson's interval");
    EQ_INT(pooled_prevalence(full, 1, 0.95, POOLED_SCORE, &r, NULL), TONG_E_INVALID,
           "all pools positive bound nothing");
}

static void test_delays(void)
{
    struct delay_datum data[60], moved[60];
    double exact[60];
    for (int i = 0; i < 60; i++) {
        exact[i] = 1 + 0.37 * (i % 17) + 0.11 * (i % 5);
        data[i] = (struct delay_datum){0, 0, exact[i], exact[i], HUGE_VAL};
        moved[i] = (struct delay_datum){1000 + i, 1000 + i, 1000 + i + 3 * exact[i], 1000 + i + 3 * exact[i], HUGE_VAL};
    }
    for (int law = 0; law < DELAY_LAW_COUNT; law++) {
        struct delay_fit f, g, h;
        bool good = delay_fit(data, 60, (delay_law)law, &f, NULL) == TONG_OK &&
                    delay_fit_exact(exact, 60, (delay_law)law, &g, NULL) == TONG_OK &&
                    delay_fit(moved, 60, (delay_law)law, &h, NULL) == TONG_OK;
        OK(good && fabs(f.a / g.a - 1) < 1e-7 && fabs(f.b / g.b - 1) < 1e-7, "law %d: both ways to the maximum agree",
           law);
        OK(good && fabs(f.se_a / g.se_a - 1) < 1e-4 && fabs(f.se_b / g.se_b - 1) < 1e-4, "law %d: and in their errors",
           law);
        NEAR(delay_mean(h.law, h.a, h.b) / delay_mean(f.law, f.a, f.b), 3, 1e-6,
             "law %d: three times as long, whenever", law);
        NEAR(delay_cdf(f.law, f.a, f.b, delay_quantile(f.law, f.a, f.b, 0.3)), 0.3, 1e-12,
             "law %d: quantile and its probability", law);
    }
    struct delay_fit f;
    data[7].second_hi = -1;
    EQ_INT(delay_fit(data, 60, DELAY_GAMMA, &f, NULL), TONG_E_INVALID, "a window that ends before it begins");
    data[7].second_hi = data[7].second_lo;
    data[7].until = data[7].second_lo - 0.5;
    EQ_INT(delay_fit(data, 60, DELAY_GAMMA, &f, NULL), TONG_E_INVALID, "a delay longer than could be seen is refused");
    // Evenly spread up to where seeing ends: nothing says where the delays end.
    for (int i = 0; i < 50; i++) data[i] = (struct delay_datum){0, 0, 0.02 * (i + 1), 0.02 * (i + 1), 1};
    tong_code code = delay_fit(data, 50, DELAY_GAMMA, &f, NULL);
    OK(code == TONG_E_INVALID || (isfinite(f.a * f.b) && isfinite(f.se_b)),
       "delays without an end give an error or numbers, never NaN");
    struct arena a = {0};
    struct cluster_serial c;
    static const double intervals[] = {4, 5, 9, 4, 0, 3, 5, 6, 10}, one[] = {4, 4, 4}, half[] = {1, 2.5, 3};
    OK(cluster_serial_fit(intervals, 9, &a, &c, NULL) == TONG_OK && c.mean_days > 4 && c.mean_days < 5,
       "clusters: one link is between 4 and 5 days");
    EQ_INT(cluster_serial_fit(one, 3, &a, &c, NULL), TONG_E_INVALID, "no spread, no fit");
    EQ_INT(cluster_serial_fit(half, 3, &a, &c, NULL), TONG_E_INVALID, "half days are refused");
    arena_free(&a);
    for (int i = 0; i < 60; i++) exact[i] = 4;
    EQ_INT(delay_fit_exact(exact, 60, DELAY_GAMMA, &f, NULL), TONG_E_INVALID, "delays without differences have no fit");
}

static void test_gamma_table(struct arena *a)
{
    static const double p[] = {0.005, 0.025, 0.05, 0.25, 0.5, 0.75, 0.975, 0.995}, bad[] = {0.5, 1};
    struct gamma_table table;
    EQ_INT(gamma_table_prepare(p, 8, &table, NULL), TONG_OK, "eight quantiles are prepared");
    double worst = 0, got[8];
    for (double shape = 0.7; shape < 1e6; shape *= 1.031) {
        gamma_table_quantiles(&table, shape, got);
        for (int i = 0; i < 8; i++) worst = fmax(worst, fabs(got[i] / special_gamma_quantile(p[i], shape, false) - 1));
    }
    (void)printf("# largest relative error %.1e\n", worst);
    OK(worst < 3e-13, "and agree with those solved for one by one");
    EQ_INT(gamma_table_prepare(bad, 2, &table, NULL), TONG_E_INVALID, "the quantile of 1 is refused");
    double cases[30], w[12], quantiles[2 * 8];
    for (int t = 0; t < 30; t++) cases[t] = 3 + t;
    struct rt_window windows[] = {{1, 1}, {20, 26}};
    struct rt_estimate e[2];
    struct rt_input in = {.local = cases, .days = 30, .si = w, .si_days = 12};
    OK(serial_discretise(4, 2, 12, w, NULL) == TONG_OK && rt_instantaneous(&in, windows, 2, a, e, NULL) == TONG_OK,
       "two windows");
    rt_quantiles(e, 2, &table, quantiles);
    OK(!e[0].known && quantiles[0] == 0 && fabs(quantiles[8 + 4] / rt_quantile(&e[1], 0.5) - 1) < 3e-13,
       "the first too early, the second as before");
}

static uint64_t next_random(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15ULL;
    uint64_t z = (*state ^ *state >> 30) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
    return z ^ z >> 31;
}

static double odd_number(uint64_t *state)
{
    static const double odd[] = {0, -1, 1, 0.5, 1e-300, 1e300, HUGE_VAL, -HUGE_VAL, 3, 1e-9, 2.5, 1e6, 0.999999, 40};
    uint64_t k = next_random(state) % 20;
    return k < 14 ? odd[k] : k == 14 ? (double)NAN : (double)(next_random(state) % 1000) / 10;
}

static bool sound(const struct interval *i)
{
    return !isnan(i->estimate) && !isnan(i->lower) && !isnan(i->upper);
}

// Whatever is put in: an error, or numbers.
static void test_random(struct arena *a)
{
    uint64_t seed = 20261121, state = seed;
    (void)printf("# seed %llu\n", (unsigned long long)seed);
    for (int round = 0; round < 4000; round++) {
        struct two_by_two t = {(int64_t)(next_random(&state) % 9) - 1, (int64_t)(next_random(&state) % 30),
                               (int64_t)(next_random(&state) % 6), (int64_t)(next_random(&state) % 90)};
        struct interval i;
        double level = odd_number(&state);
        if (round % 2 == 0) level = 0.9;
        for (int m = 0; m < TWO_MEASURE_COUNT; m++)
            if (two_by_two_measure_of(&t, (two_by_two_measure)m, level, &i, NULL) == TONG_OK)
                CHECK(sound(&i), "round %d: measure %d", round, m);
        struct fisher_exact f;
        if (fisher_exact(&t, 1, level, a, &f, NULL) == TONG_OK)
            CHECK(sound(&f.odds_ratio) && sound(&f.mid_p) && f.p_value <= 1, "round %d: exact", round);
        for (int m = 0; m < PROPORTION_METHOD_COUNT; m++)
            if (proportion_interval(t.a, t.b, level, (proportion_method)m, &i, NULL) == TONG_OK)
                CHECK(sound(&i) && i.lower <= i.upper, "round %d: method %d of %d in %d", round, m, (int)t.a, (int)t.b);
        double r = odd_number(&state), k = odd_number(&state), got;
        struct branching_share s;
        if (branching_extinction(r, k, &got, NULL) == TONG_OK)
            CHECK(got >= 0 && got <= 1, "round %d: extinction", round);
        if (branching_shares(r, k, &s, NULL) == TONG_OK)
            CHECK(s.cases >= 0 && s.cases <= 1 && s.top_fifth <= 1, "round %d: shares", round);
        for (int g = 0; g < GENERATION_COUNT; g++)
            if (epidemic_r_from_growth(r, (epidemic_generation)g, k, odd_number(&state), &got, NULL) == TONG_OK)
                CHECK(got > 0 && isfinite(got), "round %d: R", round);
        double w[30], y[8], times[8];
        if (serial_discretise(r, k, 30, w, NULL) == TONG_OK)
            for (int d = 0; d < 30; d++) CHECK(w[d] >= 0 && w[d] <= 1, "round %d: weight %d of %g, %g", round, d, r, k);
        for (int d = 0; d < 8; d++) {
            times[d] = round % 3 == 0 ? d : odd_number(&state);
            y[d] = odd_number(&state);
        }
        struct growth_fit fit;
        for (int m = 0; m < GROWTH_MODEL_COUNT; m++)
            if (growth_fit(times, y, 8, (growth_model)m, 0.95, &fit, NULL) == TONG_OK)
                CHECK(sound(&fit.wald) && sound(&fit.profile) && !isnan(fit.loglik + fit.intercept), "round %d: growth",
                      round);
        if (round % 100 == 0) arena_free(a);
    }
}

int main(void)
{
    struct arena a = {0};
    test_special();
    test_root();
    test_two_by_two(&a);
    test_rt(&a);
    test_growth();
    test_chains_and_pools();
    test_delays();
    test_gamma_table(&a);
    test_random(&a);
    arena_free(&a);
    return tap_done();
}
