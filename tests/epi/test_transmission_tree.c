// Who infected whom: the reference outbreak, exact enumeration, simulated outbreaks, input that must be refused.
#include "base/rng.h"
#include "epi/transmission_tree.h"
#include "sheet_tree.h"

// Two cases, dates only: the posterior by enumeration, with pi, rho held near known values by a long prior is not
// possible, so the parameters are integrated by the sampler; what can be told exactly is symmetry and support.
static void test_small(struct arena *a)
{
    static const double delay[] = {0, 0.5, 0.5}, generation[] = {0, 0.6, 0.4};
    const int32_t seen[] = {3, 3, 30};
    struct tree_input in = {
        .cases = 3, .seen = seen, .delay = delay, .delay_days = 3, .generation = generation, .generation_days = 3};
    struct tree_options o = tree_defaults();
    o.sweeps = 20000;
    struct tree t;
    EQ_INT(tree_sample(&in, &o, a, &t, NULL), TONG_OK, "three cases");
    NEAR(t.posterior[1], t.posterior[3], 0.02, "two alike infected each other alike often");
    OK(t.cases[2].infector == CHAIN_NONE && t.cases[2].support == 1,
       "one that comes later than any chain of the length allowed came from outside");
    NEAR(t.cases[0].infected_mean, 1.5, 0.1, "infected a day or two before");
    OK(t.cases[0].infected_lo == 1 && t.cases[0].infected_hi == 2, "within the days the delay allows");
    double sum = 0;
    for (int j = 0; j < 3; j++) sum += t.posterior[j];
    NEAR(sum, 1, 1e-12, "probabilities of a case sum to 1");
}

// The exact posterior of two cases with all but the link fixed: priors so sharp that pi, rho and mu stand still.
static void test_exact(struct arena *a)
{
    static const double delay[] = {0.2, 0.5, 0.3}, generation[] = {0, 0.5, 0.3, 0.2};
    const int32_t seen[] = {5, 7};
    struct tree_input in = {
        .cases = 2, .seen = seen, .delay = delay, .delay_days = 3, .generation = generation, .generation_days = 4};
    struct tree_options o = tree_defaults();
    o.sweeps = 200000;
    o.burn = 1000;
    o.kappa_max = 1;
    struct tree t;
    if (tree_sample(&in, &o, a, &t, NULL) != TONG_OK) abort();
    // rho ~ Beta(1, 10) integrated out: E[rho^2] both outside, E[rho (1 - rho)] one link; span 5 days. With kappa_max 1
    // reporting adds E[pi] to a link under Beta(10, 1).
    double span = 5, both = 1.0 * 2 / (11 * 12), one = 1.0 * 10 / (11 * 12), pi = 10.0 / 11;
    double outside = 0, forth = 0, back = 0;
    for (int k = 0; k < 3; k++)
        for (int m = 0; m < 3; m++) {
            int first = 5 - k, second = 7 - m, lag = second - first;
            double f = delay[k] * delay[m];
            outside += f * both / span / span;
            if (lag >= 1 && lag < 4) forth += f * one * pi / span * generation[lag];
            if (-lag >= 1 && -lag < 4) back += f * one * pi / span * generation[-lag];
        }
    double all = outside + forth + back;
    NEAR(t.posterior[1 * 2 + 0], forth / all, 0.01, "first infected second: %.3f", forth / all);
    NEAR(t.posterior[0 * 2 + 1], back / all, 0.01, "second infected first: %.3f", back / all);
    NEAR(t.posterior[0], 1 - back / all, 0.01, "first from outside");
}

// outbreaker2's own outbreak of 30 cases, truth known. It finds 4-6 by dates, 27-29 with genomes, 27-30 with contacts.
static void test_reference(struct arena *a)
{
    struct fake_outbreak f;
    if (!fake_read(&f)) {
        tap_skip("the outbreak of 30 cases is not beside the checkout");
        return;
    }
    static const char *const mode[] = {"dates_only", "dates_dna", "dates_dna_contacts"};
    struct sheet s, each;
    if (!sheet_read("reference/analytics/outbreaker2_fake_outbreak_summary.csv", &s) ||
        !sheet_read("reference/analytics/outbreaker2_fake_outbreak_ancestries.csv", &each))
        abort();
    for (int m = 0; m < 3; m++) {
        struct tree_input in = fake_input(&f, m >= 1, m == 2);
        struct tree chain[3], t;
        for (uint32_t k = 0; k < 3; k++) {
            struct tree_options o = tree_defaults();
            o.chain = k;
            if (tree_sample(&in, &o, a, &chain[k], NULL) != TONG_OK) abort();
        }
        double apart = 1, agree = 0;
        EQ_INT(tree_join(chain, 3, FAKE_CASES, a, &t, &apart, NULL), TONG_OK, "%s", mode[m]);
        OK(apart < (m == 1 ? 0.15 : 0.06), "three chains agree: no probability differs by more than %.3f", apart);
        int right = fake_right(&f, &t, &agree);
        for (size_t i = 0; i < s.rows; i++) {
            if (!sheet_is(&s, i, "mode", mode[m])) continue;
            double want = sheet_real(&s, i, "consensus_correct"), truth = sheet_real(&s, i, "mean_posterior_of_truth");
            CHECK(right >= want - (m == 0 ? 1 : 0), "row %zu: %d right, theirs %g", i, right, want);
            CHECK(agree >= truth - 0.01, "row %zu: posterior of the truth %.3f, theirs %.3f", i, agree, truth);
            if (m > 0) CHECK(t.mutations > 0.6e4 * 1e-4 && t.mutations < 2.4e4 * 1e-4, "mutations %.2f", t.mutations);
            CHECK(fabs(t.reported - sheet_real(&s, i, "pi_mean")) < 0.03, "row %zu: reported %.3f", i, t.reported);
        }
        OK(right >= (m == 0 ? 4 : 27 + m), "%s: %d of 30 right, probability of the truth %.3f", mode[m], right, agree);
        // Where theirs is sure and right, so are we; the rows name the infectors they found.
        size_t rows = 0, less = 0;
        for (size_t i = 0; i < each.rows; i++) {
            if (!sheet_is(&each, i, "mode", mode[m])) continue;
            rows++;
            int32_t c = (int32_t)sheet_int(&each, i, "case") - 1;
            double theirs = sheet_real(&each, i, "posterior_of_truth");
            double ours = t.posterior[c * FAKE_CASES + (f.truth[c] < 0 ? c : f.truth[c])];
            if (theirs > 0.9) CHECK(ours > 0.5, "case %d: %.2f, theirs %.2f", (int)c + 1, ours, theirs);
            less += ours < theirs - 0.1;
        }
        OK(rows > 0 && less <= (m == 0 ? 3 : 2), "%zu rows; our probability of the truth is lower by 0.1 on %zu", rows,
           less);
    }
    sheet_free(&s);
    sheet_free(&each);
}

// Outbreaks drawn from the model itself: a support of p must be right p of the time.
enum { SIM_CASES = 25, SIM_RUNS = 60 };

struct sim {
    int32_t n, seen[SIM_CASES], truth[SIM_CASES], snp[SIM_CASES * SIM_CASES];
};

static int32_t sim_day(struct rng *r, const double *w, int32_t n)
{
    double u = rng_uniform(r);
    for (int32_t k = 0; k < n; k++) {
        u -= w[k];
        if (u < 0) return k;
    }
    return n - 1;
}

static void sim_draw(uint32_t run, const double *delay, const double *generation, struct sim *s)
{
    struct rng r = rng_stream(99, run, 0, 0, 0);
    int32_t day[SIM_CASES];
    s->n = SIM_CASES;
    for (int32_t i = 0; i < s->n; i++) {
        bool outside = i == 0 || rng_uniform(&r) < 0.08;
        s->truth[i] = outside ? -1 : (int32_t)rng_below(&r, (uint32_t)i);
        day[i] = outside ? (int32_t)rng_below(&r, 20) : day[s->truth[i]] + sim_day(&r, generation, 6);
        s->seen[i] = day[i] + sim_day(&r, delay, 6);
        for (int32_t j = 0; j < i; j++) {
            int32_t d = outside ? 12 + (int32_t)rng_poisson(&r, 12) : 0;
            if (!outside) d = s->truth[i] == j ? 0 : s->snp[s->truth[i] * s->n + j];
            s->snp[i * s->n + j] = s->snp[j * s->n + i] = d;
        }
        int32_t own = outside ? 0 : (int32_t)rng_poisson(&r, 0.8);
        for (int32_t j = 0; j < i; j++) {
            s->snp[i * s->n + j] += own;
            s->snp[j * s->n + i] += own;
        }
        s->snp[i * s->n + i] = 0;
    }
}

static void test_calibration(struct arena *a)
{
    static const double delay[6] = {0, 0.3, 0.3, 0.2, 0.15, 0.05}, generation[6] = {0, 0.1, 0.3, 0.3, 0.2, 0.1};
    double right[5] = {0}, said[5] = {0}, n[5] = {0}, held = 0, all = 0;
    for (uint32_t run = 0; run < SIM_RUNS; run++) {
        struct sim s;
        sim_draw(run, delay, generation, &s);
        struct tree_input in = {.cases = s.n,
                                .seen = s.seen,
                                .delay = delay,
                                .delay_days = 6,
                                .generation = generation,
                                .generation_days = 6,
                                .snp = s.snp,
                                .sites = 20000};
        struct tree_options o = tree_defaults();
        o.sweeps = 1500;
        o.burn = 300;
        struct tree t;
        if (tree_sample(&in, &o, a, &t, NULL) != TONG_OK) abort();
        for (int32_t i = 0; i < s.n; i++) {
            int b = (int)(t.cases[i].support * 4.999);
            bool ok = t.cases[i].infector == s.truth[i];
            right[b] += ok;
            said[b] += t.cases[i].support;
            n[b] += 1;
            held += ok;
            all += 1;
        }
        arena_free(a);
    }
    double off = 0;
    for (int b = 0; b < 5; b++) {
        if (n[b] < 1) continue;
        printf("# support %.2f on average: right %.2f (%.0f cases)\n", said[b] / n[b], right[b] / n[b], n[b]);
        off += fabs(right[b] - said[b]);
    }
    OK(off / all < 0.05, "support is what it says: off by %.3f on average; %.2f of the infectors found", off / all,
       held / all);
}

static void test_refused(struct arena *a)
{
    double delay[] = {0.5, 0.5}, generation[] = {0, 1}, broken[] = {0.5, 0.5};
    const int32_t seen[] = {1, 2}, snp[] = {0, 1, 2, 0};
    struct tree_input in = {
        .cases = 2, .seen = seen, .delay = delay, .delay_days = 2, .generation = generation, .generation_days = 2};
    struct tree_options o = tree_defaults();
    struct tree t;
    EQ_INT(tree_sample(&in, &o, a, &t, NULL), TONG_OK, "two cases");
    in.generation = broken;
    EQ_INT(tree_sample(&in, &o, a, &t, NULL), TONG_E_INVALID, "infecting on one's own day is refused");
    in.generation = generation;
    in.snp = snp;
    in.sites = 100;
    EQ_INT(tree_sample(&in, &o, a, &t, NULL), TONG_E_INVALID, "distances that differ by direction");
    in.snp = NULL;
    struct chain_link nobody = {0, 2};
    in.contacts = &nobody;
    in.contact_count = 1;
    EQ_INT(tree_sample(&in, &o, a, &t, NULL), TONG_E_INVALID, "a contact of nobody");
    in.contact_count = 0;
    delay[0] = (double)NAN;
    EQ_INT(tree_sample(&in, &o, a, &t, NULL), TONG_E_INVALID, "a weight that is no number");
    delay[0] = 0.1;
    EQ_INT(tree_sample(&in, &o, a, &t, NULL), TONG_E_INVALID, "weights that do not sum to 1");
    delay[0] = 0.5;
    o.burn = o.sweeps;
    EQ_INT(tree_sample(&in, &o, a, &t, NULL), TONG_E_INVALID, "nothing kept");
    o = tree_defaults();
    in.cases = 0;
    EQ_INT(tree_sample(&in, &o, a, &t, NULL), TONG_E_LIMIT, "no case");
}

int main(void)
{
    struct arena a = {0};
    test_small(&a);
    test_exact(&a);
    test_reference(&a);
    test_calibration(&a);
    test_refused(&a);
    arena_free(&a);
    return tap_done();
}
