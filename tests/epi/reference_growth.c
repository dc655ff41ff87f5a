// Reference files on growth rates and R of an early epidemic.
#include "base/civil.h"
#include "epi/epidemic.h"
#include "epi/growth.h"
#include "epi/rt.h"
#include "epi/special.h"
#include "reference.h"

#include <math.h>
#include <string.h>

static size_t growth_series(struct ref *r, const char *series, double *t, double *y)
{
    struct ref_table in;
    ref_analytics(r, "growth_input", &in);
    size_t n = 0;
    for (size_t i = 0; i < in.rows; i++)
        if (strcmp(ref_text_in(&in, i, "series"), series) == 0) {
            t[n] = ref_real_in(&in, i, "t");
            y[n++] = ref_real_in(&in, i, "y");
        }
    return n;
}

void ref_growth(struct ref *r)
{
    static const struct {
        const char *name;
        growth_model model;
        double relative, profile; // measured, see the README
    } models[] = {{"glm poisson", GROWTH_POISSON, 1e-9, 2e-5},
                  {"glm quasipoisson", GROWTH_QUASI_POISSON, 1e-9, 2e-5},
                  {"MASS::glm.nb", GROWTH_NEGATIVE_BINOMIAL, 1e-5, 2e-5},
                  {"lm log(y)  (= incidence::fit)", GROWTH_LOG_LINEAR, 1e-9, 2e-5}};
    REF_EACH_ROW(r)
    {
        double t[200], y[200], unit = ref_real(r, "time_unit_days");
        size_t n = growth_series(r, ref_text(r, "series"), t, y), k = 0;
        struct growth_fit f;
        while (k < 3 && !ref_is(r, "model", models[k].name)) k++;
        ref_good(r, growth_fit(t, y, n, models[k].model, 0.95, &f, NULL));
        const char *ci = ref_text(r, "ci");
        bool profile = strcmp(ci, "profile") == 0, nb = models[k].model == GROWTH_NEGATIVE_BINOMIAL;
        const struct interval *i = profile ? &f.profile : strncmp(ci, "t(", 2) == 0 ? &f.student : &f.wald;
        double relative = models[k].relative, limits = profile ? models[k].profile : relative;
        bool none = nb && ref_real(r, "dispersion") > 1e6; // no overdispersion: glm.nb's theta is where it gave up
        if (none && profile) limits = 1e-4;
        ref_match(r, "n", (double)f.n, 0);
        ref_match(r, "intercept", f.intercept, relative);
        ref_match(r, "r", f.r, relative);
        ref_match(r, "se", f.se, relative);
        ref_match(r, "r_lo", i->lower, limits);
        ref_match(r, "r_hi", i->upper, limits);
        ref_match(r, "doubling", growth_doubling(f.r) * unit, relative);
        ref_match(r, "doubling_at_r_hi", growth_doubling(i->upper) * unit, limits);
        ref_match(r, "doubling_at_r_lo", growth_doubling(i->lower) * unit, limits);
        if (models[k].model != GROWTH_QUASI_POISSON) ref_match(r, "loglik", f.loglik, nb ? 1e-6 : 1e-10);
        if (none) ref_value(r, "theta", f.dispersion, HUGE_VAL, 0, 0);
        else ref_match(r, "dispersion", f.dispersion, nb ? 2e-6 : 1e-9);
    }
}

void ref_growth_input(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        double t[200], y[200]; // input of the former: each series can be fitted
        struct growth_fit f;
        size_t n = growth_series(r, ref_text(r, "series"), t, y);
        if (r->at == 0 || strcmp(ref_text_in(&r->table, r->at - 1, "series"), ref_text(r, "series")) != 0)
            ref_good(r, growth_fit(t, y, n, GROWTH_POISSON, 0.95, &f, NULL));
        ref_value(r, "count", fmax(0, ref_real(r, "y")), ref_real(r, "y"), 0, 0);
    }
}

// Weeks from the first onset, as incidence() makes them: midpoints do not matter for the slope.
void ref_growth_incidence(struct ref *r)
{
    struct ref_table cases;
    ref_data(r, "ebola_sim_clean_linelist", &cases);
    enum { WEEKS = 20 };
    double t[WEEKS], y[WEEKS] = {0};
    int32_t first = INT32_MAX;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < cases.rows; i++) {
            civil_day d;
            if (!civil_parse(str_z(ref_text_in(&cases, i, "date_of_onset")), &d)) continue;
            if (pass == 0 && d.d < first) first = d.d;
            if (pass == 1 && (d.d - first) / 7 < WEEKS) y[(d.d - first) / 7] += 1;
        }
    for (int i = 0; i < WEEKS; i++) t[i] = 7 * i;
    struct growth_fit f;
    ref_good(r, growth_fit(t, y, WEEKS, GROWTH_LOG_LINEAR, 0.95, &f, NULL));
    REF_EACH_ROW(r)
    {
        ref_match(r, "r_per_day", f.r, 1e-10);
        ref_match(r, "lo", f.student.lower, 1e-10);
        ref_match(r, "hi", f.student.upper, 1e-10);
        ref_match(r, "doubling", growth_doubling(f.r), 1e-10);
        ref_match(r, "d_lo", growth_doubling(f.student.upper), 1e-10);
        ref_match(r, "d_hi", growth_doubling(f.student.lower), 1e-10);
    }
}

enum { GERMANY = 27 };
static double *germany(struct ref *r, size_t *days)
{
    struct ref_table t;
    ref_analytics(r, "R0pkg_Germany1918_input", &t);
    *days = t.rows;
    return ref_column(r, &t, "y");
}

static double *germany_generation(struct ref *r, size_t *n)
{
    struct ref_table t;
    ref_analytics(r, "R0pkg_generation_time_gamma_3_1.5", &t);
    *n = t.rows;
    return ref_column(r, &t, "w");
}

void ref_germany(struct ref *r)
{
    size_t days, w_days;
    double *y = germany(r, &days), *w = germany_generation(r, &w_days), t[GERMANY], total = 0;
    for (int i = 0; i < GERMANY; i++) t[i] = i;
    for (size_t i = 0; i < days; i++) total += y[i];
    REF_EACH_ROW(r)
    {
        struct interval got = {0};
        if (ref_is(r, "method", "EG")) {
            struct growth_fit f;
            ref_good(r, growth_fit(t, y, GERMANY, GROWTH_POISSON, 0.95, &f, NULL));
            ref_match(r, "r", f.r, 1e-9);
            ref_good(r, epidemic_r_from_growth_steps(f.r, w, w_days, &got.estimate, NULL));
            ref_good(r, epidemic_r_from_growth_steps(f.profile.lower, w, w_days, &got.lower, NULL));
            ref_good(r, epidemic_r_from_growth_steps(f.profile.upper, w, w_days, &got.upper, NULL));
        } else if (ref_is(r, "method", "ML")) {
            // R0's limits lie where the log likelihood, not twice it, has fallen by the chi-square quantile: they are
            // those of a level whose quantile is twice as large. Its estimate is found to 1e-5 only.
            double level = 1 - special_chi2_q(2 * special_chi2_quantile(0.95, 1), 1);
            ref_good(r, growth_r_likelihood(y, GERMANY, w, w_days, level, &got, NULL));
            ref_value(r, "R", got.estimate, ref_real(r, "R"), 2e-5, 0);
            got.estimate = ref_real(r, "R");
        } else {
            ref_good(r, growth_r_attack(total, 1e5, 0.95, &got, NULL));
        }
        ref_match(r, "R", got.estimate, 1e-9);
        ref_match(r, "lo", got.lower, 2e-5);
        ref_match(r, "hi", got.upper, 2e-5);
    }
}

void ref_germany_sb(struct ref *r)
{
    size_t days, w_days;
    double *y = germany(r, &days), *w = germany_generation(r, &w_days);
    struct interval out[GERMANY];
    ref_good(r, growth_r_sequential(y, GERMANY, serial_mean(w, w_days), 0.95, r->arena, out, NULL));
    REF_EACH_ROW(r)
    {
        const struct interval *i = &out[ref_int(r, "t") - 1];
        ref_match(r, "R_SB", i->estimate, 1e-12);
        ref_match(r, "lo", i->lower, 1e-12);
        ref_match(r, "hi", i->upper, 1e-12);
    }
}

void ref_germany_td(struct ref *r)
{
    size_t days, w_days;
    double *y = germany(r, &days), *w = germany_generation(r, &w_days);
    struct rt_input in = {.local = y, .days = days, .si = w, .si_days = w_days};
    REF_EACH_ROW(r)
    {
        struct rt_window one = {(int32_t)ref_int(r, "t") - 1, (int32_t)ref_int(r, "t") - 1};
        struct rt_case c = {0};
        ref_good(r, rt_case_number(&in, &one, 1, r->arena, &c, NULL));
        ref_match(r, "R_TD", c.mean, 1e-9);
    }
}

void ref_germany_input(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        civil_day d, first;
        bool good = civil_parse(str_z(ref_text(r, "date")), &d) &&
                    civil_parse(str_z(ref_text_in(&r->table, 0, "date")), &first);
        ref_value(r, "day", good ? d.d - first.d : -1, (double)r->at, 0, 0); // input of the others
    }
}

// Input too: a gamma distribution cut into days at k - 1/2 and k + 1/2, scaled to 1.
void ref_germany_generation(struct ref *r)
{
    REF_EACH_ROW(r) ref_value(r, "weight", fmin(1, fmax(0, ref_real(r, "w"))), ref_real(r, "w"), 0, 0);
}
