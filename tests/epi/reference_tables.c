// Reference files on 2x2 tables and diagnostic tests.
#include "epi/two_by_two.h"
#include "reference.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    two_by_two_measure measure;
    double scale; // per cent in epiR's risks
} measures[] = {
    {"OR epitools wald", TWO_ODDS_RATIO_WALD, 1},
    {"OR epitools small", TWO_ODDS_RATIO_SMALL, 1},
    {"RR epitools wald", TWO_RISK_RATIO_WALD, 1},
    {"RR epitools small", TWO_RISK_RATIO_SMALL, 1},
    {"RR PropCIs riskscoreci (Koopman)", TWO_RISK_RATIO_SCORE, 1},
    {"RD PropCIs diffscoreci (Miettinen-Nurminen type)", TWO_RISK_DIFFERENCE_SCORE_N, 1},
    {"RD prop.test Wald no correction", TWO_RISK_DIFFERENCE_WALD, 1},
    {"RR epiR RR.strata.wald", TWO_RISK_RATIO_WALD, 1},
    {"RR epiR RR.strata.taylor", TWO_RISK_RATIO_WALD, 1},
    {"OR epiR OR.strata.wald", TWO_ODDS_RATIO_WALD, 1},
    {"OR epiR OR.strata.score", TWO_ODDS_RATIO_SCORE, 1},
    {"ARisk epiR ARisk.strata.wald", TWO_RISK_DIFFERENCE_WALD, 100},
    {"ARisk epiR ARisk.strata.score", TWO_RISK_DIFFERENCE_SCORE, 100},
    {"AFRisk epiR AFRisk.strata.wald", TWO_ATTRIBUTABLE_EXPOSED, 1},
    {"PARisk epiR PARisk.strata.wald", TWO_POPULATION_DIFFERENCE, 100},
    {"PAFRisk epiR PAFRisk.strata.wald", TWO_POPULATION_FRACTION, 1},
    {"NNT epiR NNT.strata.wald", TWO_NEEDED_TO_HARM, 1},
};

static void match_interval(struct ref *r, const struct interval *i, double scale, double relative)
{
    ref_match(r, "estimate", scale * i->estimate, relative);
    ref_match(r, "lower", scale * i->lower, relative);
    ref_match(r, "upper", scale * i->upper, relative);
}

static struct two_by_two table_of(const struct ref_table *t, size_t row)
{
    return (struct two_by_two){(int64_t)ref_real_in(t, row, "a"), (int64_t)ref_real_in(t, row, "b"),
                               (int64_t)ref_real_in(t, row, "c"), (int64_t)ref_real_in(t, row, "d")};
}

// Rows that stand for exact conditional inference; fisher.test, epitools and epiR's "mle" leave the root finder at its
// default tolerance (quirk 2), so that their limits are only near: half a per cent.
static bool match_exact(struct ref *r, const char *method, const struct fisher_exact *f)
{
    bool mid = strncmp(method, "mid-p", 5) == 0, rough_mid = strcmp(method, "epitools midp") == 0;
    bool exact = strncmp(method, "exact conditional", 17) == 0,
         rough = strstr(method, "fisher") != NULL || strstr(method, "strata.mle") != NULL;
    if (!mid && !rough_mid && !exact && !rough) return false;
    match_interval(r, mid || rough_mid ? &f->mid_p : &f->odds_ratio, 1, rough || rough_mid ? 5e-3 : 1e-10);
    if (!isnan(ref_real(r, "p_value"))) ref_match(r, "p_value", rough_mid ? f->p_value_mid : f->p_value, 1e-11);
    return true;
}

static void match_measure(struct ref *r, const struct two_by_two *t, const struct fisher_exact *f, const char *measure,
                          const char *method)
{
    const char *name = arena_printf(r->arena, "%s %s", measure, method);
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        if (name == NULL || strcmp(measures[i].name, name) != 0) continue;
        struct interval got;
        ref_good(r, two_by_two_measure_of(t, measures[i].measure, 0.95, &got, NULL));
        // The two tools for the difference's score limits stop at about 1e-7 of them: both sides of ours are met.
        bool iterated =
            measures[i].measure == TWO_RISK_DIFFERENCE_SCORE || measures[i].measure == TWO_RISK_DIFFERENCE_SCORE_N;
        // PropCIs, behind epiR's score limits of the odds ratio, walks from a tenth beyond the estimate in steps of a
        // factor 1.001 and stops at the first that goes too far: with our exact limits that step is known.
        if (measures[i].measure == TWO_ODDS_RATIO_SCORE) {
            double from = 1.1 * got.estimate, to = got.estimate / 1.1;
            got.upper = from * pow(1.001, ceil(log(got.upper / from) / log(1.001)));
            got.lower = to / pow(1.001, ceil(log(to / got.lower) / log(1.001)));
        }
        match_interval(r, &got, measures[i].scale, iterated ? 2e-6 : 1e-9);
        if (isnan(ref_real(r, "p_value"))) return;
        struct chi_square chi;
        ref_good(r, two_by_two_chi_square(t, false, &chi, NULL));
        ref_match(r, "p_value", strstr(method, "small") != NULL ? f->p_value_mid : chi.p_value, 1e-11);
        return;
    }
    ref_unmet(r, "unknown measure");
}

void ref_two_by_two(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        struct two_by_two t = table_of(&r->table, r->at);
        const char *method = ref_text(r, "method"), *measure = ref_text(r, "measure");
        struct fisher_exact f;
        ref_good(r, fisher_exact(&t, 1, 0.95, r->arena, &f, NULL));
        if (strcmp(measure, "chisq") == 0) {
            struct chi_square chi;
            ref_good(r, two_by_two_chi_square(&t, strstr(method, "Yates") != NULL, &chi, NULL));
            ref_match(r, "estimate", chi.statistic, 1e-11);
            ref_match(r, "p_value", chi.p_value, 1e-11);
        } else if (strcmp(measure, "OR") != 0 || !match_exact(r, method, &f)) match_measure(r, &t, &f, measure, method);
    }
}

void ref_mantel_haenszel(struct ref *r)
{
    struct ref_table tables;
    ref_analytics(r, "mantel_haenszel_tables", &tables);
    struct two_by_two strata[8];
    for (size_t i = 0; i < tables.rows; i++) strata[i] = table_of(&tables, i);
    struct mantel_haenszel m;
    struct fisher_exact f;
    ref_good(r, mantel_haenszel(strata, tables.rows, 0.95, &m, NULL));
    ref_good(r, fisher_exact(strata, tables.rows, 0.95, r->arena, &f, NULL));
    REF_EACH_ROW(r)
    {
        if (ref_is(r, "test", "mantelhaen exact")) { // quirk 2 holds here too
            match_interval(r, &f.odds_ratio, 1, 5e-3);
            ref_match(r, "statistic", (double)f.exposed_ill, 0);
            ref_match(r, "p_value", f.p_value, 1e-10);
            continue;
        }
        const struct chi_square *chi = ref_is(r, "test", "mantelhaen corrected") ? &m.corrected : &m.plain;
        match_interval(r, &m.odds_ratio, 1, 1e-11);
        ref_match(r, "statistic", chi->statistic, 1e-11);
        ref_match(r, "p_value", chi->p_value, 1e-11);
    }
}

void ref_mantel_haenszel_tables(struct ref *r)
{
    REF_EACH_ROW(r)
    ref_value(r, "a count", (double)table_of(&r->table, r->at).a, ref_real(r, "a"), 0, 0); // input of the former
}

void ref_diagnostic(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        struct two_by_two t = table_of(&r->table, r->at);
        struct diagnostic_accuracy g;
        ref_good(r, diagnostic_accuracy(&t, 0.95, &g, NULL));
        const struct {
            const char *name;
            struct interval *of;
        } parts[] = {
            {"ap", &g.apparent_prevalence},
            {"tp", &g.true_prevalence},
            {"se", &g.sensitivity},
            {"sp", &g.specificity},
            {"diag.ac", &g.accuracy},
            {"diag.or", &g.odds_ratio},
            {"nndx", &g.needed_to_diagnose},
            {"youden", &g.youden},
            {"pv.pos", &g.positive_predictive},
            {"pv.neg", &g.negative_predictive},
            {"lr.pos", &g.positive_ratio},
            {"lr.neg", &g.negative_ratio},
            {"p.rout", &g.ruled_out},
            {"p.rin", &g.ruled_in},
            {"p.tpdn", &g.false_positive},
            {"p.tndp", &g.false_negative},
            {"p.dntp", &g.false_discovery},
            {"p.dptn", &g.false_omission},
        };
        size_t i = 0, n = sizeof parts / sizeof *parts;
        while (i < n && !ref_is(r, "statistic", parts[i].name)) i++;
        if (i == n) {
            ref_unmet(r, "unknown statistic");
            continue;
        }
        ref_match(r, "est", parts[i].of->estimate, 1e-11);
        ref_match(r, "lower", parts[i].of->lower, 1e-11);
        ref_match(r, "upper", parts[i].of->upper, 1e-11);
    }
}
