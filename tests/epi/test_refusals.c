// What the estimators refuse: each wrong option, impossible count and missing piece of data gives an error and leaves the
// output as it was.
#include "epi/baseline.h"
#include "epi/branching.h"
#include "epi/cluster_serial.h"
#include "epi/cusum.h"
#include "epi/delay.h"
#include "epi/epidemic.h"
#include "epi/fatality.h"
#include "epi/fisher.h"
#include "epi/glr.h"
#include "epi/growth.h"
#include "epi/pooled.h"
#include "epi/pooled_prevalence.h"
#include "epi/proportion.h"
#include "epi/quality.h"
#include "epi/scores.h"
#include "epi/serial.h"
#include "epi/timely.h"
#include "tap.h"

#define REFUSED(call, ...) EQ_INT((call), TONG_E_INVALID, __VA_ARGS__)

static const int64_t small[12] = {1, 2, 3, 2, 1, 2, 3, 4, 2, 1, 0, 3};
static const double ones[12] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

static void test_alarms(struct arena *a)
{
    struct cusum_day day[12];
    struct glr_week week[12];
    struct baseline_week base[12];
    double mean[12];
    const int64_t wrong[3] = {1, -1, 2}, none[3] = {0, 0, 0};
    struct cusum_options o = {.transform = CUSUM_STANDARD, .k = 1, .h = 2, .alpha = 0.1};
    REFUSED(cusum_run(wrong, ones, 3, &o, day, NULL), "cusum: a negative count");
    o.h = 0;
    REFUSED(cusum_run(small, ones, 12, &o, day, NULL), "cusum: no threshold");
    o.h = 2;
    const double bad[3] = {1, 0, 1};
    REFUSED(cusum_run(small, bad, 3, &o, day, NULL), "cusum: a mean of nothing");
    o.transform = CUSUM_TRANSFORM_COUNT;
    REFUSED(cusum_run(small, ones, 12, &o, day, NULL), "cusum: no transformation");
    REFUSED(cusum_mean(none, 3, mean, 2, NULL), "cusum: a past without cases");
    REFUSED(cusum_mean(wrong, 3, mean, 2, NULL), "cusum: a negative past");
    REFUSED(cusum_season(small, 12, 1, false, 0, a, mean, 2, NULL), "cusum: a period of one");
    REFUSED(cusum_season(none, 3, 4, false, 0, a, mean, 2, NULL), "cusum: a season without cases");
    REFUSED(glr_run(wrong, ones, 3, 0, 5, week, NULL), "glr: a negative count");
    REFUSED(glr_run(small, ones, 12, -1, 5, week, NULL), "glr: a negative dispersion");
    REFUSED(glr_run(small, bad, 3, 0, 5, week, NULL), "glr: a mean of nothing");
    struct baseline_options b = {.method = BASELINE_BAYES, .window = 3, .recent = true, .periodicity = 52, .alpha = 0};
    REFUSED(baseline_run(small, 12, &b, base, NULL), "baseline: a level of 0");
}

static void test_delays(struct arena *a)
{
    struct delay_fit f;
    double mean, sd, loglik;
    const double zero[3] = {1, 0, 2}, infinite[3] = {1, 2, HUGE_VAL}, equal[3] = {2, 2, 2};
    struct delay_datum d[3] = {{0, 1, 2, 3, HUGE_VAL}, {0, 1, 3, 4, HUGE_VAL}, {5, 6, 2, 3, HUGE_VAL}};
    REFUSED(delay_fit(d, 3, DELAY_GAMMA, &f, NULL), "delay: the second event comes first");
    REFUSED(delay_fit(d, 1, DELAY_GAMMA, &f, NULL), "delay: one pair");
    REFUSED(delay_fit_exact(zero, 3, DELAY_WEIBULL, &f, NULL), "delay: one of nothing");
    REFUSED(delay_fit_exact(zero, 1, DELAY_WEIBULL, &f, NULL), "delay: one alone");
    REFUSED(delay_fit_normal(infinite, 3, &mean, &sd, &loglik, NULL), "delay: one without end");
    REFUSED(delay_fit_normal(equal, 3, &mean, &sd, &loglik, NULL), "delay: no spread");
    REFUSED(delay_fit_normal(equal, 1, &mean, &sd, &loglik, NULL), "delay: one alone, normal");
    for (int law = 0; law < DELAY_LAW_COUNT; law++) {
        CHECK(delay_cdf((delay_law)law, 2, 1, -1) == 0, "law %d: nothing before the beginning", law);
        CHECK(delay_cdf_integral((delay_law)law, 2, 1, 0) == 0, "law %d: nor its integral", law);
        // The integral of the distribution function, by the trapezoid rule.
        double sum = 0;
        for (int i = 0; i < 20000; i++)
            sum += (delay_cdf((delay_law)law, 2, 1, i * 1e-4) + delay_cdf((delay_law)law, 2, 1, (i + 1) * 1e-4)) * 5e-5;
        CHECK(fabs(delay_cdf_integral((delay_law)law, 2, 1, 2) - sum) < 1e-7, "law %d: the integral", law);
    }
    // An exact first event and a window for the second; the other way round; and seen up to a day.
    struct delay_datum mixed[40];
    for (int i = 0; i < 40; i++) {
        double x = 2 + 0.2 * i;
        mixed[i] = i % 2 == 0 ? (struct delay_datum){0, 0, x, x + 1, 30} : (struct delay_datum){0, 1, x, x, 30};
    }
    OK(delay_fit(mixed, 40, DELAY_GAMMA, &f, NULL) == TONG_OK && f.a * f.b > 4 && f.a * f.b < 8,
       "delay: all kinds of knowing");
    struct cluster_serial c;
    const double few[2] = {1, 2}, negative[3] = {1, -2, 3};
    REFUSED(cluster_serial_fit(few, 2, a, &c, NULL), "clusters: two intervals");
    REFUSED(cluster_serial_fit(negative, 3, a, &c, NULL), "clusters: a negative interval");
    double w[3];
    REFUSED(serial_discretise(1, 2, 3, w, NULL), "serial: a mean of one day");
    REFUSED(serial_discretise(3, 0, 3, w, NULL), "serial: no spread");
    struct serial_summary s;
    REFUSED(serial_summarise(infinite, 3, a, &s, NULL), "serial: an infinite one");
    REFUSED(serial_summarise(infinite, 1, a, &s, NULL), "serial: one alone");
    struct fatality_case one = {{10}, {CIVIL_DAY_NONE}, false}, no_onset = {{CIVIL_DAY_NONE}, {12}, true};
    struct fatality fatal;
    REFUSED(fatality_now(&one, 1, (civil_day){20}, DELAY_GAMMA, 2, 3, &fatal, NULL), "fatality: nothing resolved");
    REFUSED(fatality_now(&no_onset, 1, (civil_day){20}, DELAY_GAMMA, 2, 3, &fatal, NULL), "fatality: no onset");
    REFUSED(fatality_now(&one, 0, (civil_day){20}, DELAY_GAMMA, 2, 3, &fatal, NULL), "fatality: nobody");
}

static void test_growth(struct arena *a)
{
    struct interval i;
    double out, w[3] = {0, 0.5, 0.5}, r;
    REFUSED(growth_r_attack(0, 10, 0.95, &i, NULL), "R from an attack of nobody");
    REFUSED(growth_r_attack(10, 10, 0.95, &i, NULL), "or everybody");
    REFUSED(growth_r_likelihood(ones, 0, w, 3, 0.95, &i, NULL), "R from no day");
    struct interval seq[12];
    const double gap[4] = {1, 0, 2, 3};
    REFUSED(growth_r_sequential(gap, 4, 3, 0.95, a, seq, NULL), "sequential: a day without cases before another");
    REFUSED(growth_r_sequential(ones, 12, 0, 0.95, a, seq, NULL), "sequential: no generation time");
    REFUSED(epidemic_r_from_growth(0.1, GENERATION_GAMMA, -1, 1, &out, NULL), "R from growth: a negative time");
    REFUSED(epidemic_r_from_growth(-10, GENERATION_EXPONENTIAL, 5, 1, &out, NULL),
            "R from growth: below what the law allows");
    REFUSED(epidemic_r_from_growth_weights(NAN, w, 3, &out, NULL), "R from growth: none");
    REFUSED(epidemic_r_from_growth_steps(NAN, w, 3, &out, NULL), "R from growth in steps: none");
    struct epidemic_size size;
    REFUSED(epidemic_final_size(-1, &size, NULL), "final size: a negative R0");
    struct epidemic_sir sir = {.beta = -1, .gamma = 0.1, .start = {10, 1, 0}, .step_days = 0.01};
    struct epidemic_state state[3];
    REFUSED(epidemic_sir_course(&sir, 3, state, NULL), "SIR: a negative rate");
    r = growth_doubling(0);
    OK(isinf(r), "no growth never doubles");
}

static void test_rates(struct arena *a)
{
    struct interval i;
    struct fisher_exact f;
    struct two_by_two negative = {-1, 2, 3, 4};
    REFUSED(fisher_exact(&negative, 1, 0.95, a, &f, NULL), "fisher: a negative cell");
    REFUSED(fisher_exact(&negative, 0, 0.95, a, &f, NULL), "fisher: no stratum");
    REFUSED(count_interval_exact(-1, 0.95, &i, NULL), "count: a negative one");
    REFUSED(count_interval_byar(1, 1.5, &i, NULL), "count: a level above 1");
    REFUSED(proportion_blaker_stepped(1, 10, 0.95, 0, &i, NULL), "Blaker: steps of nothing");
    struct interval apparent = {0.1, 0.05, 0.2};
    REFUSED(proportion_true_prevalence(&apparent, 0.5, 0.5, &i, NULL), "prevalence: a test that tells nothing");
    int32_t n;
    double tests;
    REFUSED(pooled_dorfman_optimum(0, 1, 1, 20, &n, &tests, NULL), "pools: nobody infected");
    REFUSED(pooled_dorfman_optimum(0.1, 1, 1, 1, &n, &tests, NULL), "pools: of one");
    const double risk[3] = {0.1, 0.2, 0.3};
    const int32_t two[1] = {2}, nobody[1] = {0};
    REFUSED(pooled_informative_tests(risk, 3, two, 1, 1, 1, &tests, NULL), "pools: somebody is in none");
    REFUSED(pooled_informative_tests(risk, 3, nobody, 1, 1, 1, &tests, NULL), "pools: of nobody");
    struct pooled_prevalence p;
    const struct pooled_group all = {5, 5, 10}, sizes[2] = {{1, 5, 10}, {1, 5, 5}}, more = {6, 5, 10};
    REFUSED(pooled_prevalence(&all, 1, 0.95, POOLED_SCORE, &p, NULL), "pools: all positive");
    REFUSED(pooled_prevalence(sizes, 2, 0.95, POOLED_EXACT, &p, NULL), "pools: several sizes for a method of one");
    REFUSED(pooled_prevalence(&more, 1, 0.95, POOLED_SCORE, &p, NULL), "pools: more positive than pools");
    double q;
    REFUSED(branching_extinction(0, 1, &q, NULL), "chains: no R");
    REFUSED(branching_chain_size(1, 1, 0, &q, NULL), "chains: of nobody");
    struct branching_share share;
    REFUSED(branching_shares(1, 0, &share, NULL), "shares: no dispersion");
    struct branching_fit fit;
    const struct branching_tally none = {0, 10}, wrong = {-1, 2};
    REFUSED(branching_fit_offspring(&none, 1, 0.95, &fit, NULL), "offspring: none");
    REFUSED(branching_fit_offspring(&wrong, 1, 0.95, &fit, NULL), "offspring: negative");
}

int main(void)
{
    struct arena a = {0};
    test_alarms(&a);
    test_delays(&a);
    test_growth(&a);
    test_rates(&a);
    arena_free(&a);
    return tap_done();
}
