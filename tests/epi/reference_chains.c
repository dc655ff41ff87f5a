// Reference files on superspreading, the deterministic epidemic, and pooled testing.
#include "epi/branching.h"
#include "epi/epidemic.h"
#include "epi/pooled.h"
#include "epi/pooled_prevalence.h"
#include "epi/serial.h"
#include "reference.h"

#include <math.h>
#include <string.h>

// The files write 1e6 for the Poisson limit; at a dispersion of 1e6 itself the seventh digit differs.
static double dispersion(const struct ref *r)
{
    double k = ref_real(r, "k");
    return k >= 1e6 ? HUGE_VAL : k;
}

void ref_extinction(struct ref *r)
{
    static const struct {
        const char *column;
        int32_t generation;
    } by[] = {{"q_by_gen1", 1}, {"q_by_gen2", 2}, {"q_by_gen3", 3}, {"q_by_gen5", 5}};
    REF_EACH_ROW(r)
    {
        double q;
        ref_good(r, branching_extinction(ref_real(r, "R"), dispersion(r), &q, NULL));
        ref_match(r, "q_extinct", q, 1e-12);
        for (size_t i = 0; i < 4; i++) {
            ref_good(r, branching_extinct_by(ref_real(r, "R"), dispersion(r), by[i].generation, &q, NULL));
            ref_match(r, by[i].column, q, 1e-12);
        }
    }
}

void ref_chain_size(struct ref *r)
{
    double sum = 0;
    REF_EACH_ROW(r)
    {
        double p;
        int64_t size = ref_int(r, "size");
        ref_good(r, branching_chain_size(ref_real(r, "R"), dispersion(r), size, &p, NULL));
        sum = size == 1 ? p : sum + p;
        ref_match(r, "prob", p, 1e-11);
        ref_match(r, "cum", sum, 1e-12);
    }
}

void ref_shares(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        struct branching_share s;
        ref_good(r, branching_shares(ref_real(r, "R"), ref_real(r, "k"), &s, NULL));
        ref_match(r, "nu_cut", s.cut, 1e-11);
        ref_match(r, "prop_cases_80", s.cases, 1e-11);
        ref_match(r, "top20_share", s.top_fifth, 1e-11);
    }
}

static size_t offspring_of(struct ref *r, const char *dataset, struct branching_tally *out)
{
    struct ref_table t;
    ref_analytics(r, "offspring_counts", &t);
    size_t n = 0;
    for (size_t i = 0; i < t.rows; i++)
        if (strcmp(ref_text_in(&t, i, "dataset"), dataset) == 0)
            out[n++] = (struct branching_tally){(int64_t)ref_real_in(&t, i, "offspring"),
                                                (int64_t)ref_real_in(&t, i, "cases")};
    return n;
}

void ref_offspring(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        struct branching_tally tally[64];
        struct branching_fit f;
        ref_good(r, branching_fit_offspring(tally, offspring_of(r, ref_text(r, "dataset"), tally), 0.95, &f, NULL));
        ref_match(r, "n", (double)f.n, 0);
        ref_match(r, "total_offspring", (double)f.total, 0);
        ref_match(r, "R", f.r, 1e-14);
        ref_match(r, "var", f.variance, 1e-13);
        ref_match(r, "k_mle", f.k, 1e-7);
        ref_match(r, "k_lo", f.k_lo, 1e-7);
        ref_match(r, "k_hi", f.k_hi, 1e-7);
        ref_match(r, "loglik_nb", f.loglik, 1e-12);
        ref_match(r, "loglik_poisson", f.loglik_poisson, 1e-12);
        ref_match(r, "loglik_geom", f.loglik_geometric, 1e-12);
        ref_match(r, "prop_zero", f.zero, 1e-14);
        ref_match(r, "share_of_top20pct", f.top_fifth, 1e-14);
        ref_match(r, "prop_cases_for_80pct", f.cases_for_80, 1e-14);
        ref_match(r, "max", (double)f.most, 0);
    }
}

// Inputs of the former: every data set can be fitted, and the counts add up.
void ref_offspring_counts(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        struct branching_tally tally[64];
        struct branching_fit f;
        size_t n = offspring_of(r, ref_text(r, "dataset"), tally);
        ref_good(r, branching_fit_offspring(tally, n, 0.95, &f, NULL));
        int64_t sum = 0;
        for (size_t i = 0; i < n; i++) sum += tally[i].cases;
        ref_value(r, "cases", (double)f.n, (double)sum, 0, 0);
    }
}

void ref_final_size(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        struct epidemic_size s;
        ref_good(r, epidemic_final_size(ref_real(r, "R0"), &s, NULL));
        ref_match(r, "final_size", s.attacked, 1e-11);
        ref_match(r, "herd_immunity", s.herd_immunity, 1e-12);
        ref_match(r, "sir_peak_prevalence", s.peak_prevalence, 1e-11);
    }
}

void ref_sir_course(struct ref *r)
{
    struct epidemic_sir m = {1.5, 0.5, {762, 1, 0}, 0.005};
    struct epidemic_state s[64];
    ref_good(r, epidemic_sir_course(&m, 64, s, NULL));
    REF_EACH_ROW(r)
    {
        int64_t day = ref_int(r, "day");
        ref_match(r, "S", s[day].susceptible, 1e-9);
        ref_match(r, "I", s[day].infectious, 1e-8);
        ref_match(r, "R", s[day].removed, 1e-9);
    }
}

void ref_r_from_growth(struct ref *r)
{
    static const struct {
        const char *column;
        epidemic_generation kind;
    } kinds[] = {{"R_gamma", GENERATION_GAMMA},
                 {"R_normal", GENERATION_NORMAL},
                 {"R_delta", GENERATION_DELTA},
                 {"R_exponential", GENERATION_EXPONENTIAL},
                 {"R_seir_half", GENERATION_SEIR_HALF}};
    REF_EACH_ROW(r)
    {
        double mean = ref_real(r, "mean_gt"), sd = ref_real(r, "sd_gt"), growth = ref_real(r, "r"), got, w[201];
        for (size_t i = 0; i < 5; i++) {
            tong_code code = epidemic_r_from_growth(growth, kinds[i].kind, mean, sd, &got, NULL);
            if (code == TONG_OK) ref_match(r, kinds[i].column, got, 1e-12);
            else
                ref_value(r, "R that cannot be", 0, fmin(0, ref_real(r, kinds[i].column)), 0,
                          100); // below 0 in the file
        }
        ref_good(r, serial_discretise(mean, sd, 201, w, NULL));
        ref_good(r, epidemic_r_from_growth_weights(growth, w, 201, &got, NULL));
        // The file's weights carry EpiEstim's error of up to 1e-13 each, which a falling epidemic blows up.
        double blown = 0;
        for (int k = 0; k < 201; k++) blown += exp(-growth * k);
        ref_value(r, "R_discr_si", got, ref_real(r, "R_discr_si"), 1e-11, got * got * blown * 1e-13);
    }
}

static struct pooled_design design_of(struct ref *r, pooled_scheme scheme)
{
    double m = ref_has(&r->table, "m") ? ref_real(r, "m") : NAN;
    return (struct pooled_design){
        scheme,          (int32_t)ref_int(r, "n"), isnan(m) ? 0 : (int32_t)m, ref_real(r, "se"), ref_real(r, "sp"),
        ref_real(r, "p")};
}

void ref_pooled(struct ref *r)
{
    static const char *const names[] = {"dorfman_2stage", "hierarchical_3stage", "array_2d", "array_2d_master"};
    REF_EACH_ROW(r)
    {
        int scheme = 0;
        while (scheme < 3 && !ref_is(r, "scheme", names[scheme])) scheme++;
        struct pooled_design d = design_of(r, (pooled_scheme)scheme);
        struct pooled_figures f;
        ref_good(r, pooled_design_figures(&d, &f, NULL));
        ref_match(r, "tpp", f.tests, 1e-12);
        ref_match(r, "pse", f.sensitivity, 1e-12);
        ref_match(r, "psp", f.specificity, 1e-12);
        ref_match(r, "ppv", f.ppv, 1e-9);
        ref_match(r, "npv", f.npv, 1e-12);
    }
}

void ref_pooled_mc(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        struct pooled_design d = design_of(r, ref_real(r, "master") == 1 ? POOLED_ARRAY_MASTER : POOLED_ARRAY);
        struct pooled_figures f;
        ref_good(r, pooled_design_figures(&d, &f, NULL));
        ref_match(r, "formula", f.tests, 1e-12);
        ref_match_abs(r, "mc_mean", f.tests, 2.5 * ref_real(r, "mc_se"));
    }
}

void ref_dorfman_optimum(struct ref *r)
{
    bool table = ref_has(&r->table, "cost");
    REF_EACH_ROW(r)
    {
        int32_t n;
        double tests;
        double se = table ? 1 : ref_real(r, "se"), sp = table ? 1 : ref_real(r, "sp");
        ref_good(
            r, pooled_dorfman_optimum(ref_real(r, "p"), se, sp, 400, &n, &tests, NULL)); // the file's search ends there
        ref_match(r, "n_opt", n, 0);
        ref_match(r, table ? "cost" : "tpp", tests, 1e-12);
        if (table) ref_match_abs(r, "pub_cost_pct", 100 * tests, 1);
    }
}

void ref_pooled_informative(struct ref *r)
{
    struct ref_table t;
    ref_analytics(r, "pooled_informative_risks", &t);
    double *risk = ref_column(r, &t, "risk");
    REF_EACH_ROW(r)
    {
        double sizes[32], tests;
        int32_t size[32];
        size_t n = ref_list(ref_text(r, "sizes"), sizes, 32);
        for (size_t i = 0; i < n; i++) size[i] = (int32_t)sizes[i];
        ref_good(r,
                 pooled_informative_tests(risk, t.rows, size, n, ref_real(r, "se"), ref_real(r, "sp"), &tests, NULL));
        ref_match(r, "tests_total", tests, 1e-12);
        ref_match(r, "tests_per_person", tests / (double)t.rows, 1e-12);
    }
}

void ref_pooled_risks(struct ref *r)
{
    REF_EACH_ROW(r)
    ref_value(r, "a risk", fmin(1, fmax(0, ref_real(r, "risk"))), ref_real(r, "risk"), 0, 0); // input of the former
}

void ref_sir_fit(struct ref *r)
{
    struct ref_table t;
    ref_data(r, "influenza_england_1978_school", &t);
    double *in_bed = ref_column(r, &t, "in_bed");
    REF_EACH_ROW(r)
    {
        struct epidemic_sir_fit f;
        ref_good(r, epidemic_sir_fit(in_bed, t.rows, ref_real(r, "N"), ref_is(r, "fit", "poisson"), 0.005, r->arena, &f,
                                     NULL));
        ref_match(r, "beta", f.beta, 1e-5);
        ref_match(r, "gamma", f.gamma, 1e-5);
        ref_match(r, "R0", f.r0, 1e-5);
        ref_match(r, "infectious_days", f.infectious_days, 1e-5);
        ref_match(r, "objective", f.objective, 1e-8);
        ref_match(r, "I0", in_bed[0], 0);
    }
}

static const struct {
    const char *name;
    pooled_method method;
} pool_methods[] = {{"CP", POOLED_EXACT},
                    {"Wald", POOLED_WALD},
                    {"score", POOLED_SCORE},
                    {"Blaker", POOLED_BLAKER},
                    {"AC", POOLED_AGRESTI_COULL},
                    {"lrt", POOLED_LIKELIHOOD},
                    {"skew-score", POOLED_SKEW_SCORE},
                    {"bc-skew-score", POOLED_BIAS_SKEW_SCORE},
                    {"soc", POOLED_SECOND_ORDER}};
enum { POOL_METHODS = sizeof pool_methods / sizeof *pool_methods };

static size_t pool_method(const struct ref *r, const char *column)
{
    size_t i = 0;
    while (i < POOL_METHODS && !ref_is(r, column, pool_methods[i].name)) i++;
    return i;
}

void ref_pooled_ci(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        struct pooled_group g = {ref_int(r, "pos_pools"), ref_int(r, "pools"), (int32_t)ref_int(r, "pool_size")};
        struct pooled_prevalence p;
        size_t i = pool_method(r, "method");
        ref_good(r, pooled_prevalence(&g, 1, 0.95, i < POOL_METHODS ? pool_methods[i].method : POOLED_SCORE, &p, NULL));
        ref_match(r, "mle", p.prevalence.estimate, 1e-12);
        ref_match(r, "est", p.prevalence.estimate, 1e-12);
        if (i == POOL_METHODS) {
            ref_unmet(r, NULL);
            continue;
        }
        if (pool_methods[i].method == POOLED_BLAKER) { // the tool walks in steps of 1e-4 of the pools: ours lies inside
            struct interval s;
            ref_good(r, proportion_blaker_stepped(g.positive, g.pools, 0.95, 1e-4, &s, NULL));
            double lower = -expm1(log1p(-s.lower) / g.size), upper = -expm1(log1p(-s.upper) / g.size);
            ref_value(r, "Blaker's limits", lower <= p.prevalence.lower && p.prevalence.upper <= upper, 1, 0, 0);
            p.prevalence.lower = lower;
            p.prevalence.upper = upper;
        }
        ref_match(r, "lower", p.prevalence.lower, 5e-9); // of the tool's own root finder, at the smallest limits
        ref_match(r, "upper", p.prevalence.upper, 5e-9);
    }
}

void ref_pooled_unequal(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        double x[8], m[8], n[8];
        struct pooled_group g[8];
        struct pooled_prevalence p;
        size_t count = ref_list(ref_text(r, "x"), x, 8), i = pool_method(r, "ci");
        (void)ref_list(ref_text(r, "m"), m, 8);
        (void)ref_list(ref_text(r, "n"), n, 8);
        for (size_t k = 0; k < count; k++) g[k] = (struct pooled_group){(int64_t)x[k], (int64_t)n[k], (int32_t)m[k]};
        ref_good(r,
                 pooled_prevalence(g, count, 0.95, i < POOL_METHODS ? pool_methods[i].method : POOLED_SCORE, &p, NULL));
        bool mir = ref_is(r, "pt", "mir");
        ref_match(r, "est",
                  mir                      ? p.minimum.estimate
                  : ref_is(r, "pt", "mle") ? p.prevalence.estimate
                                           : p.bias_corrected,
                  1e-11);
        if (i == POOL_METHODS && !mir) {
            ref_unmet(r, NULL);
            continue;
        }
        ref_match(r, "lower", mir ? p.minimum.lower : p.prevalence.lower, 1e-9);
        ref_match(r, "upper", mir ? p.minimum.upper : p.prevalence.upper, 1e-9);
    }
}
