// From reports to what lies behind them: infections and R through delays, onsets that are missing, genomes that belong
// together, days and beds out of weekly forecasts.
#include "base/rng.h"
#include "epi/delay.h"
#include "epi/ensemble.h"
#include "epi/forecast_daily.h"
#include "epi/infections.h"
#include "epi/onset_curve.h"
#include "epi/scores.h"
#include "epi/serial.h"
#include "epi/snp_cluster.h"
#include "sheet_tree.h"

#include "panels.h"

static void discretised(delay_law law, double x, double y, double *w, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) sum += w[k] = delay_cdf(law, x, y, (double)k + 1) - delay_cdf(law, x, y, (double)k);
    for (size_t k = 0; k < n; k++) w[k] /= sum;
}

// R falls from 2 to 0.7; reports come ten days later on average, fewer at weekends.
static void test_infections(void)
{
    enum { DAYS = 110, LEAD = 30 };
    double si[20], delay[31], infected[DAYS + LEAD], truth[DAYS + LEAD], reports[DAYS] = {0};
    if (serial_discretise(5, 2, 20, si, NULL) != TONG_OK) abort();
    discretised(DELAY_GAMMA, 4, 2.2, delay, 31);
    struct rng r = rng_stream(21, 0, 0, 0, 0);
    for (int t = 0; t < DAYS + LEAD; t++) {
        truth[t] = t < LEAD + 45 ? 1.3 : 0.7;
        double sum = 0;
        for (int s = 1; s < 20 && s <= t; s++) sum += si[s] * infected[t - s];
        infected[t] = t < 8 ? 40 : truth[t] * sum;
        infected[t] = (double)rng_poisson(&r, infected[t]);
    }
    for (int t = 0; t < DAYS; t++) {
        for (int k = 0; k < 31; k++) reports[t] += infected[t + LEAD - k] * delay[k];
        reports[t] = (double)rng_poisson(&r, reports[t] * (t % 7 > 4 ? 0.8 : 1.08));
    }
    struct infections_input in = {.reports = reports,
                                  .days = DAYS,
                                  .delay = delay,
                                  .delay_days = 31,
                                  .si = si,
                                  .si_days = 20,
                                  .window = 7,
                                  .draws = 60,
                                  .seed = 1};
    struct infections_day out[DAYS];
    EQ_INT(infections_run(&in, out, NULL), TONG_OK, "110 days of reports");
    double error = 0, n = 0, plain = 0, held = 0, rs = 0;
    for (int t = 10; t < 95; t++) {
        error += fabs(out[t].infections - infected[t + LEAD]);
        plain += fabs(reports[t] - infected[t + LEAD]);
        n += 1;
        if (!out[t].known || t < 15 || (t > 35 && t < 60)) continue;
        held += truth[t + LEAD] >= out[t].q05 && truth[t + LEAD] <= out[t].q95;
        rs += 1;
    }
    OK(error < 0.45 * plain, "infections are far nearer than reports: mean error %.0f, reports %.0f", error / n,
       plain / n);
    OK(held / rs > 0.75, "90 %% intervals of R hold %.0f %% away from the step", 100 * held / rs);
    OK(out[40].q50 > 1.15 && out[80].q50 < 0.9, "R before and after the step: %.2f, %.2f", out[40].q50, out[80].q50);
    OK(!out[DAYS - 1].known && out[DAYS - 25].known, "of the last days nothing is said");
    reports[3] = -1;
    EQ_INT(infections_run(&in, out, NULL), TONG_E_INVALID, "a negative report");
    reports[3] = 1;
    delay[0] += 0.5;
    EQ_INT(infections_run(&in, out, NULL), TONG_E_INVALID, "delays that do not sum to 1");
}

// EpiNow2's own fit of its example. Its model is joint, ours goes step by step; on 8 of 10 days our R lies in its band.
static void test_epinow2(void)
{
    struct sheet s, d, g, f;
    if (!sheet_read("data/epinow2_example_confirmed.csv", &s) ||
        !sheet_read("reference/analytics/epinow2_stored_fit_delays.csv", &d) ||
        !sheet_read("reference/analytics/epinow2_stored_fit_generation_time_pmf.csv", &g) ||
        !sheet_read("reference/analytics/epinow2_stored_fit.csv", &f)) {
        tap_skip("EpiNow2's stored fit is not beside the checkout");
        return;
    }
    double si[32] = {0}, one[31], two[31], delay[61] = {0}, sum = 0, reports[60];
    size_t longest = 0;
    for (size_t i = 0; i < g.rows; i++) {
        size_t k = (size_t)sheet_int(&g, i, "k");
        if (k == 0 || k >= 32) continue;
        si[k] = sheet_real(&g, i, "mean_pmf");
        longest = k > longest ? k : longest;
    }
    for (size_t k = 0; k <= longest; k++) sum += si[k];
    for (size_t k = 0; k <= longest; k++) si[k] /= sum;
    // Incubation and report: lognormal, their parameters the third and fourth, the fifth and sixth.
    discretised(DELAY_LOGNORMAL, sheet_real(&d, 2, "mean"), sheet_real(&d, 3, "mean"), one, 31);
    discretised(DELAY_LOGNORMAL, sheet_real(&d, 4, "mean"), sheet_real(&d, 5, "mean"), two, 31);
    for (int i = 0; i < 31; i++)
        for (int k = 0; k < 31; k++) delay[i + k] += one[i] * two[k];
    for (size_t t = 0; t < 60; t++) reports[t] = sheet_real(&s, t, "confirm");
    struct infections_input in = {.reports = reports,
                                  .days = 60,
                                  .delay = delay,
                                  .delay_days = 35,
                                  .si = si,
                                  .si_days = longest + 1,
                                  .window = 7,
                                  .draws = 100,
                                  .seed = 1};
    for (int k = 35; k < 61; k++) CHECK(delay[k] < 0.002, "the tail left out is slight");
    static struct infections_day out[60];
    EQ_INT(infections_run(&in, out, NULL), TONG_OK, "Italy, 60 days");
    int inside = 0, compared = 0, overlap = 0;
    size_t rows = 0;
    for (size_t i = 0; i < f.rows; i++) {
        rows++;
        if (!sheet_is(&f, i, "variable", "R")) continue;
        for (size_t t = 25; t < 60; t++) {
            if (strcmp(sheet_text(&s, t, "date"), sheet_text(&f, i, "date")) != 0 || !out[t].known) continue;
            // A window ends on its last day and speaks of its middle.
            size_t middle = t + 3;
            if (middle >= 60 || !out[middle].known) continue;
            double lo = sheet_real(&f, i, "q05"), hi = sheet_real(&f, i, "q95"), wide = 0.5 * (hi - lo);
            inside += out[middle].q50 >= lo - wide && out[middle].q50 <= hi + wide;
            overlap += out[middle].q05 <= hi && out[middle].q95 >= lo;
            compared++;
        }
    }
    OK(rows == f.rows && compared >= 10, "%zu rows of EpiNow2's fit, %d days of R to compare", rows, compared);
    OK(overlap >= 0.8 * compared,
       "90 %% intervals meet on %d of %d days; our median within its band and half its width "
       "beside on %d",
       overlap, compared, inside);
    sheet_free(&s);
    sheet_free(&d);
    sheet_free(&g);
    sheet_free(&f);
}

// Three in ten onsets hidden: the true curve lies within the 95 % of nearly every day.
static void test_onsets(struct arena *a)
{
    struct sheet s;
    if (!sheet_read("data/ebola_sim_clean_linelist.csv", &s)) {
        tap_skip("the Ebola line list is not beside the checkout");
        return;
    }
    civil_day *onset = arena_array(a, s.rows, sizeof *onset), *hidden = arena_array(a, s.rows, sizeof *hidden);
    civil_day *seen = arena_array(a, s.rows, sizeof *seen);
    struct rng r = rng_stream(31, 0, 0, 0, 0);
    size_t n = 0;
    for (size_t i = 0; i < s.rows; i++) {
        if (!civil_parse(str_z(sheet_text(&s, i, "date_of_onset")), &onset[n]) ||
            !civil_parse(str_z(sheet_text(&s, i, "date_of_hospitalisation")), &seen[n]))
            continue;
        hidden[n] = rng_uniform(&r) < 0.3 ? (civil_day){CIVIL_DAY_NONE} : onset[n];
        n++;
    }
    sheet_free(&s);
    struct onset_curve_input in = {.onset = hidden, .reported = seen, .cases = n, .window = 7, .draws = 200, .seed = 4};
    struct onset_curve c;
    EQ_INT(onset_curve(&in, a, &c, NULL), TONG_OK, "%zu cases", n);
    double held = 0, days = 0, off = 0, all = 0, total = 0;
    for (int32_t t = 0; t < c.days; t++) {
        double truth = 0;
        for (size_t i = 0; i < n; i++) truth += onset[i].d == c.first.d + t;
        total += c.mean[t];
        if (truth == 0 && c.mean[t] < 0.5) continue;
        held += truth >= c.lo[t] && truth <= c.hi[t];
        off += fabs(truth - c.mean[t]);
        all += truth;
        days += 1;
    }
    OK(held / days >= 0.93 && held / days <= 1, "95 %% intervals hold the true count of %.1f %% of %.0f days",
       100 * held / days, days);
    OK(off / all < 0.1, "off by %.1f %% of the cases", 100 * off / all);
    NEAR(total, (double)n, 0.02 * (double)n, "nobody is lost");
    OK((double)c.imputed > 0.25 * (double)n && c.left_out == 0, "%zu imputed", c.imputed);
    for (size_t i = 0; i < n; i++) hidden[i].d = CIVIL_DAY_NONE;
    EQ_INT(onset_curve(&in, a, &c, NULL), TONG_E_INVALID, "no delay known at all");
    in.reported = hidden;
    EQ_INT(onset_curve(&in, a, &c, NULL), TONG_E_INVALID, "no date at all");
}

static void test_snp(struct arena *a)
{
    // A chain 0-1-2 by small steps, a pair 3-4, one alone; 1-3 are far.
    static const int32_t d[36] = {0,  2,  5,  20, 21, 30, 2,  0,  2,  19, 20, 30, 5,  2,  0,  18, 19, 30,
                                  20, 19, 18, 0,  1,  30, 21, 20, 19, 1,  0,  30, 30, 30, 30, 30, 30, 0};
    const civil_day day[6] = {{10}, {5}, {9}, {40}, {90}, {1}};
    struct snp_clusters c;
    EQ_INT(snp_cluster(d, 6, 3, day, 14, a, &c, NULL), TONG_OK, "six genomes");
    OK(c.clusters == 2 && c.size[0] == 3 && c.size[1] == 2 && c.cluster[5] == SNP_ALONE, "a chain, a pair, one alone");
    OK(c.cluster[0] == 0 && c.cluster[2] == 0 && c.cluster[3] == 1, "the larger first");
    OK(c.links == 2 && c.link[0].from == 1 && c.link[0].to == 0,
       "links the dates allow, earlier one first; not 3 to 4");
    EQ_INT(snp_cluster(d, 6, -1, day, 14, a, &c, NULL), TONG_E_INVALID, "a threshold below 0");
    struct fake_outbreak f;
    if (!fake_read(&f)) return;
    EQ_INT(snp_cluster(f.snp, FAKE_CASES, 10, NULL, 0, a, &c, NULL), TONG_OK, "the outbreak of three introductions");
    bool apart = true;
    for (int32_t i = 0; i < FAKE_CASES; i++) {
        int32_t root = i, other;
        while (f.truth[root] >= 0) root = f.truth[root];
        for (int32_t j = 0; j < i; j++) {
            for (other = j; f.truth[other] >= 0; other = f.truth[other]) continue;
            if (root != other && c.cluster[i] != SNP_ALONE) apart = apart && c.cluster[i] != c.cluster[j];
        }
    }
    OK(apart && c.clusters == 2 && c.size[0] + c.size[1] == 29, "falls apart into its chains and one case alone");
}

// Intensive care in Italy, spring 2020, from cases: the forecast load against keeping today's.
static void test_daily(struct arena *a)
{
    struct panel_set set[PANELS_MAX];
    struct sheet s;
    if (panels_read(a, set) == 0 || !sheet_read("data/covid19_italy_national.csv", &s)) {
        tap_skip("the series are not beside the checkout");
        return;
    }
    const struct forecast_panel *p = &set[0].panel;
    double *icu = arena_array(a, (size_t)p->days, sizeof *icu), need[40];
    for (int32_t t = 0; t < p->days; t++) icu[t] = sheet_real(&s, (size_t)t, "icu");
    sheet_free(&s);
    for (int k = 0; k < 40; k++) need[k] = k < 3 ? 0.3 * (k + 1) : exp(-(k - 3) / 12.0);
    double held[2] = {0}, n[2] = {0}, wis = 0, keep = 0;
    for (int32_t now = 41; now < 120; now += 7) {
        struct ensemble_log log;
        struct forecast_daily days, load;
        double factor;
        if (ensemble_now(p, now, a, &log, NULL) != TONG_OK) abort();
        const struct forecast *weeks = &log.origin[log.origins - 1].forecast[ENSEMBLE][0];
        if (forecast_daily(p->count, now, weeks, &days, NULL) != TONG_OK ||
            forecast_load_scale(p->count, icu, now, need, 40, &factor, NULL) != TONG_OK)
            abort();
        double scaled[40];
        for (int k = 0; k < 40; k++) scaled[k] = need[k] * factor;
        if (forecast_load(p->count, now, &days, scaled, 40, &load, NULL) != TONG_OK) abort();
        for (int32_t d = 0; d < FORECAST_DAYS; d++) {
            struct score_quantiles q = {forecast_levels(), load.value[d], FORECAST_LEVELS};
            struct score_parts parts;
            double truth = icu[now + 1 + d], cases = p->count[now + 1 + d];
            if (scores_wis(&q, truth, &parts, NULL) != TONG_OK) abort();
            wis += parts.total;
            keep += fabs(truth - icu[now]);
            held[0] += cases >= days.value[d][2] && cases <= days.value[d][20];
            held[1] += d >= 7 && truth >= load.value[d][2] && truth <= load.value[d][20];
            n[0] += 1;
            n[1] += d >= 7;
            bool ordered = true;
            for (int32_t l = 1; l < FORECAST_LEVELS; l++) ordered = ordered && days.value[d][l] >= days.value[d][l - 1];
            CHECK(ordered, "day %d: quantiles ascend", (int)d);
        }
        double sum = 0;
        for (int32_t d = 0; d < 7; d++) sum += days.value[d][FORECAST_MEDIAN];
        CHECK(fabs(sum / weeks->value[0][FORECAST_MEDIAN] - 1) < 0.25, "day %d: days make up the week: %.0f, %.0f",
              (int)now, sum, weeks->value[0][FORECAST_MEDIAN]);
    }
    OK(held[0] / n[0] > 0.75 && held[0] / n[0] <= 0.99, "90 %% intervals of days hold %.1f %%", 100 * held[0] / n[0]);
    OK(wis < 0.8 * keep, "beds in intensive care: WIS %.0f a day, error of keeping today's %.0f", wis / n[0],
       keep / n[0]);
    double few[60] = {0};
    few[50] = 2;
    few[55] = 1;
    struct forecast_panel small = {1, 60, few, NULL};
    struct forecast f;
    struct forecast_daily days;
    if (forecast_make(&small, 59, FORECAST_REGRESSION, a, &f, NULL) != TONG_OK) abort();
    EQ_INT(forecast_daily(few, 59, &f, &days, NULL), TONG_OK, "three cases in a season");
    OK(days.value[5][FORECAST_MEDIAN] <= 1 && days.value[5][20] == floor(days.value[5][20]),
       "are forecast as whole numbers");
    f.made = false;
    EQ_INT(forecast_daily(few, 59, &f, &days, NULL), TONG_E_INVALID, "no weeks, no days");
    need[0] = -1;
    EQ_INT(forecast_load(few, 59, &days, need, 40, &days, NULL), TONG_E_INVALID, "a need below nothing");
}

int main(void)
{
    struct arena a = {0};
    test_infections();
    test_epinow2();
    test_onsets(&a);
    test_snp(&a);
    test_daily(&a);
    arena_free(&a);
    return tap_done();
}
