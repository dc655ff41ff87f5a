// Reference files on serial intervals and reproduction numbers.
#include "base/civil.h"
#include "epi/rt.h"
#include "reference.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A data set of EpiEstim with its local and imported cases, as they were given to it.
static struct rt_input series(struct ref *r, const char *dataset)
{
    static char name[96];
    struct ref_table t;
    struct rt_input in = {0};
    if (strncmp(dataset, "mers_korea_2015", 15) == 0) {
        ref_analytics(r, "epiestim_input_mers_korea_2015", &t);
        bool total = strcmp(dataset, "mers_korea_2015_total") == 0;
        double *local = ref_column(r, &t, "local"), *imported = ref_column(r, &t, "imported");
        for (size_t i = 0; total && i < t.rows; i++) local[i] += imported[i];
        in.local = local;
        in.imported = total ? NULL : imported;
    } else {
        (void)snprintf(name, sizeof name, "epiestim_%s_incidence", dataset);
        ref_data(r, name, &t);
        in.local = ref_column(r, &t, ref_has(&t, "local") ? "local" : "I");
        in.imported = ref_has(&t, "imported") ? ref_column(r, &t, "imported") : NULL;
    }
    in.days = t.rows;
    return in;
}

static double *discretised(struct ref *r, double mean, double sd, size_t n)
{
    double *w = arena_array(r->arena, n + 1, sizeof *w);
    if (w == NULL) abort();
    ref_good(r, serial_discretise(mean, sd, n, w, NULL));
    return w;
}

void ref_discr_si(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        double w[62];
        int64_t k = ref_int(r, "k");
        ref_good(r, serial_discretise(ref_real(r, "mu"), ref_real(r, "sigma"), 62, w, NULL));
        ref_match_abs(r, "w", w[k], 1.5e-13); // EpiEstim's own error is up to 8e-14 (against 40 digits); ours a tenth
    }
}

void ref_infectivity(struct ref *r)
{
    struct rt_input in = {0};
    const char *before = "";
    double *lambda = NULL;
    REF_EACH_ROW(r)
    {
        const char *dataset = ref_text(r, "dataset");
        if (strcmp(dataset, before) != 0) {
            in = series(r, dataset);
            in.si = discretised(r, ref_real(r, "mean_si"), ref_real(r, "std_si"), in.days);
            in.si_days = in.days;
            lambda = arena_array(r->arena, in.days, sizeof *lambda);
            ref_good(r, rt_infectivity(&in, lambda, NULL));
            before = dataset;
        }
        int64_t t = ref_int(r, "t");
        ref_value(r, "lambda", t == 1 ? NAN : lambda[t - 1], ref_real(r, "lambda"), 2e-11, 2e-14);
    }
}

static void match_estimate(struct ref *r, const struct rt_estimate *e)
{
    static const struct {
        const char *column;
        double p;
    } quantiles[] = {{"q025", 0.025}, {"q05", 0.05}, {"q25", 0.25}, {"q50", 0.5},
                     {"q500", 0.5},   {"q75", 0.75}, {"q95", 0.95}, {"q975", 0.975}};
    ref_match(r, "mean", e->known ? e->mean : NAN, 2e-11);
    ref_match(r, "sd", e->known ? e->sd : NAN, 2e-11);
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++)
        if (ref_has(&r->table, quantiles[i].column))
            ref_match(r, quantiles[i].column, e->known ? rt_quantile(e, quantiles[i].p) : NAN, 2e-11);
}

void ref_epiestim(struct ref *r)
{
    struct rt_input in = {0};
    char before[96] = "", key[96];
    REF_EACH_ROW(r)
    {
        const char *dataset = ref_text(r, "dataset");
        bool parametric = ref_is(r, "method", "parametric_si");
        (void)snprintf(key, sizeof key, "%s %d", dataset, parametric);
        if (strcmp(key, before) != 0) {
            in = series(r, dataset);
            if (parametric) {
                in.si = discretised(r, ref_real(r, "mean_si"), ref_real(r, "std_si"), in.days);
                in.si_days = in.days;
            } else {
                struct ref_table si;
                const char *name = arena_printf(r->arena, "epiestim_%s_si", dataset);
                ref_data(r, name, &si);
                in.si = ref_column(r, &si, "w");
                in.si_days = si.rows;
            }
            (void)snprintf(before, sizeof before, "%s", key);
        }
        struct rt_window w = {(int32_t)ref_int(r, "t_start") - 1, (int32_t)ref_int(r, "t_end") - 1};
        struct rt_estimate e;
        ref_good(r, rt_instantaneous(&in, &w, 1, r->arena, &e, NULL));
        match_estimate(r, &e);
        ref_match(r, "sum_local_I",
                  e.known || isnan(ref_real(r, "mean")) == 0 ? e.local_cases : ref_real(r, "sum_local_I"), 0);
        if (e.known) ref_match(r, "sum_lambda", e.infectivity, 2e-11);
    }
}

void ref_korea_input(struct ref *r)
{
    struct ref_table cases;
    ref_data(r, "mers_korea_2015_linelist", &cases);
    int32_t first = INT32_MAX;
    for (size_t i = 0; i < cases.rows; i++) {
        civil_day d;
        if (civil_parse(str_z(ref_text_in(&cases, i, "dt_onset")), &d) && d.d < first) first = d.d;
    }
    REF_EACH_ROW(r)
    {
        double n = 0, want = ref_real(r, "local") + ref_real(r, "imported");
        for (size_t i = 0; i < cases.rows; i++) {
            civil_day d;
            if (civil_parse(str_z(ref_text_in(&cases, i, "dt_onset")), &d))
                n += d.d == first + (int32_t)ref_int(r, "t") - 1;
        }
        ref_value(r, "onsets of the day", n, want, 0, 0);
    }
}

void ref_wallinga_teunis(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        const char *dataset = ref_text(r, "dataset");
        static const struct {
            const char *name;
            double mean, sd;
        } known[] = {
            {"Flu1918", 2.6, 1.5}, {"Flu2009", 2.6, 1.5}, {"Measles1861", 14.9, 3.9}, {"Smallpox1972", 22.4, 6.1}};
        struct rt_input in = series(r, dataset);
        if (ref_is(r, "method", "non_parametric_si")) {
            struct ref_table si;
            ref_data(r, arena_printf(r->arena, "epiestim_%s_si", dataset), &si);
            in.si = ref_column(r, &si, "w");
            in.si_days = si.rows;
        } else
            for (size_t i = 0; i < 4; i++)
                if (strcmp(known[i].name, dataset) == 0) {
                    in.si = discretised(r, known[i].mean, known[i].sd, in.days);
                    in.si_days = in.days;
                }
        struct rt_window w = {(int32_t)ref_int(r, "t_start") - 1, (int32_t)ref_int(r, "t_end") - 1};
        struct rt_case c;
        ref_good(r, rt_case_number(&in, &w, 1, r->arena, &c, NULL));
        ref_match(r, "mean", c.known ? c.mean : NAN, 2e-11);
    }
}

// Monte Carlo: within four times the spread of five seeds. The limits are those of EpiEstim's own example of the
// method; the ones used for SARS are not recorded.
void ref_uncertain_si(struct ref *r)
{
    struct rt_input in = series(r, "Flu2009");
    const struct rt_uncertain si = {2.6, 1, 1.0000001, 4.2, 1.5, 0.5, 0.5, 2.5, 2000, 1};
    enum { WINDOWS = 25 };
    struct rt_window w[WINDOWS];
    struct rt_mixed mixed[WINDOWS];
    for (int32_t i = 0; i < WINDOWS; i++) w[i] = (struct rt_window){i + 1, i + 7};
    ref_good(r, rt_mixture(&in, &si, w, WINDOWS, r->arena, mixed, NULL));
    REF_EACH_ROW(r)
    {
        if (!ref_is(r, "dataset", "Flu2009")) {
            ref_unmet(r, NULL);
            continue;
        }
        const struct rt_mixed *m = &mixed[ref_int(r, "t_start") - 2];
        double spread = ref_real(r, "seed_sd_of_mean") * 4 + 0.004 * ref_real(r, "mean");
        ref_match_abs(r, "mean", m->mean, spread);
        ref_match_abs(r, "q50", m->q50, spread);
        ref_value(r, "sd", m->sd, ref_real(r, "sd"), 0.1, 2 * spread);
        ref_value(r, "q025", m->q025, ref_real(r, "q025"), 0.03, spread);
        ref_value(r, "q975", m->q975, ref_real(r, "q975"), 0.05, spread);
    }
}

void ref_sim_renewal(struct ref *r)
{
    struct ref_table truth, si;
    ref_data(r, "sim_renewal_truth", &truth);
    ref_analytics(r, "sim_renewal_si", &si);
    enum { DAYS = 150 };
    double *local = ref_column(r, &truth, "local"), *imported = ref_column(r, &truth, "imported");
    double *w = ref_column(r, &si, "w");
    REF_EACH_ROW(r)
    {
        size_t at = (size_t)(ref_int(r, "rep") - 1) * DAYS;
        struct rt_input in = {
            .local = local + at, .imported = imported + at, .days = DAYS, .si = w, .si_days = si.rows};
        struct rt_window window = {(int32_t)ref_int(r, "t_start") - 1, (int32_t)ref_int(r, "t_end") - 1};
        struct rt_estimate e;
        ref_good(r, rt_instantaneous(&in, &window, 1, r->arena, &e, NULL));
        match_estimate(r, &e);
    }
}

void ref_sim_renewal_si(struct ref *r)
{
    REF_EACH_ROW(r)
    {
        double w[31], sum = 0; // the simulation used 30 days, scaled to 1
        ref_good(r, serial_discretise(5, 2, 31, w, NULL));
        for (int k = 0; k < 31; k++) sum += w[k];
        ref_match_abs(r, "w", w[ref_int(r, "k")] / sum, 1.5e-13);
    }
}

// Windows of the simulation whose truth is one value throughout, and how often the interval holds it.
void ref_sim_coverage(struct ref *r)
{
    struct ref_table truth, si;
    ref_data(r, "sim_renewal_truth", &truth);
    ref_analytics(r, "sim_renewal_si", &si);
    enum { DAYS = 150, REPS = 40 };
    double *local = ref_column(r, &truth, "local"), *imported = ref_column(r, &truth, "imported");
    double *w = ref_column(r, &si, "w"), *real = ref_column(r, &truth, "R_true");
    REF_EACH_ROW(r)
    {
        double covered = 0, bias = 0, width = 0, n = 0, want = ref_real(r, "R");
        for (size_t rep = 0; rep < REPS; rep++)
            for (int32_t t = 1; t + 6 < DAYS; t++) {
                const double *is = real + rep * DAYS + t;
                bool same = t + 6 >= 14; // later than two weeks
                for (int k = 0; k < 7; k++) same = same && is[k] == want;
                if (!same) continue;
                struct rt_input in = {.local = local + rep * DAYS,
                                      .imported = imported + rep * DAYS,
                                      .days = DAYS,
                                      .si = w,
                                      .si_days = si.rows};
                struct rt_window window = {t, t + 6};
                struct rt_estimate e;
                ref_good(r, rt_instantaneous(&in, &window, 1, r->arena, &e, NULL));
                if (!e.known) continue;
                double lo = rt_quantile(&e, 0.025), hi = rt_quantile(&e, 0.975);
                covered += lo <= want && want <= hi;
                bias += e.mean - want;
                width += hi - lo;
                n += 1;
            }
        ref_match(r, "n", n, 0);
        ref_match(r, "cover95", covered / n, 1e-12);
        ref_match(r, "bias", bias / n, 1e-9);
        ref_match(r, "width", width / n, 1e-10);
    }
}
