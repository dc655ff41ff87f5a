// Reference files on proportions and counts.
#include "epi/proportion.h"
#include "reference.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    proportion_method method;
} methods[] = {
    {"agresti-coull", PROPORTION_AGRESTI_COULL},
    {"asymptotic", PROPORTION_WALD},
    {"cloglog", PROPORTION_CLOGLOG},
    {"exact", PROPORTION_EXACT},
    {"logit", PROPORTION_LOGIT},
    {"probit", PROPORTION_PROBIT},
    {"wilson", PROPORTION_WILSON},
    {"binom.test(Clopper-Pearson)", PROPORTION_EXACT},
    {"prop.test(Wilson+continuity)", PROPORTION_WILSON_CONTINUITY},
    {"jeffreys(equal-tailed)", PROPORTION_JEFFREYS},
    {"lrt(exact root)", PROPORTION_LIKELIHOOD},
    {"jeffreys-hpd(exact root)", PROPORTION_JEFFREYS_HPD},
    {"blaker", PROPORTION_BLAKER},
    {"c-p", PROPORTION_EXACT},
};

static struct interval interval_by_name(struct ref *r, const char *name, int64_t x, int64_t n, double level)
{
    struct interval out = {NAN, NAN, NAN};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(methods[i].name, name) == 0) {
            ref_good(r, proportion_interval(x, n, level, methods[i].method, &out, NULL));
            return out;
        }
    ref_unmet(r, "unknown method");
    return out;
}

void ref_binomial_ci(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        const char *method = ref_text(r, "method");
        struct interval i = interval_by_name(r, method, ref_int(r, "x"), ref_int(r, "n"), ref_real(r, "conf"));
        ref_match(r, "mean", i.estimate, 1e-14);
        ref_match(r, "lower", i.lower, 1e-9);
        ref_match(r, "upper", i.upper, 1e-9);
    }
}

void ref_poisson_ci(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        struct interval exact, byar;
        ref_good(r, count_interval_exact(ref_int(r, "x"), ref_real(r, "conf"), &exact, NULL));
        ref_good(r, count_interval_byar(ref_int(r, "x"), ref_real(r, "conf"), &byar, NULL));
        ref_match(r, "exact_lower", exact.lower, 1e-12);
        ref_match(r, "exact_upper", exact.upper, 1e-12);
        ref_match(r, "byar_lower", byar.lower, 1e-12);
        ref_match(r, "byar_upper", byar.upper, 1e-12);
    }
}

void ref_attack_rates(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        struct interval exact, wilson;
        int64_t x = ref_int(r, "cases"), n = ref_int(r, "n");
        ref_good(r, proportion_interval(x, n, 0.95, PROPORTION_EXACT, &exact, NULL));
        ref_good(r, proportion_interval(x, n, 0.95, PROPORTION_WILSON, &wilson, NULL));
        ref_match(r, "rate", exact.estimate, 1e-15);
        ref_match(r, "cp_lo", exact.lower, 1e-12);
        ref_match(r, "cp_hi", exact.upper, 1e-12);
        ref_match(r, "wilson_lo", wilson.lower, 1e-12);
        ref_match(r, "wilson_hi", wilson.upper, 1e-12);
    }
}

void ref_rogan_gladen(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        int64_t x = ref_int(r, "pos"), n = ref_int(r, "n");
        struct interval a = interval_by_name(r, ref_text(r, "method"), x, n, 0.95), t;
        if (ref_is(r, "method", "blaker")) { // epiR walks in steps of 1e-4: ours is inside, and closer than a step
            struct interval stepped;
            ref_good(r, proportion_blaker_stepped(x, n, 0.95, 1e-4, &stepped, NULL));
            ref_value(r, "Blaker's lower limit", a.lower, stepped.lower + 5e-5, 0, 5.0001e-5);
            ref_value(r, "Blaker's upper limit", a.upper, stepped.upper - 5e-5, 0, 5.0001e-5);
            a = stepped;
        }
        ref_good(r, proportion_true_prevalence(&a, ref_real(r, "se"), ref_real(r, "sp"), &t, NULL));
        ref_match(r, "ap", a.estimate, 1e-12);
        ref_match(r, "ap_lo", a.lower, 1e-9);
        ref_match(r, "ap_hi", a.upper, 1e-9);
        ref_match(r, "tp", t.estimate, 1e-12);
        ref_match(r, "tp_lo", t.lower, 1e-9);
        ref_match(r, "tp_hi", t.upper, 1e-9);
    }
}
