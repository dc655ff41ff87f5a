// Nowcasts against the reference outputs, row by row, and whether their intervals hold what they promise.
#include "base/civil.h"
#include "epi/nowcast.h"
#include "epi/scores.h"
#include "epi/special.h"
#include "tap.h"
#include "sheet.h"

static int32_t day_of(const char *text)
{
    struct civil_date d = {0};
    civil_day day = {0};
    if (sscanf(text, "%d-%d-%d", &d.year, &d.month, &d.day) != 3 || !civil_from_date(d, &day)) abort();
    return day.d;
}

// The HUS outbreak: hospitalisations from 1 May 2011 on.
static int32_t hus_first;
static struct nowcast_triangle hus;

static bool hus_read(struct arena *a)
{
    struct sheet s;
    if (!sheet_read("data/surveillance_husO104Hosp.csv", &s)) return false;
    static int32_t event[1000], report[1000];
    hus_first = day_of("2011-04-01");
    for (size_t i = 0; i < s.rows; i++) {
        event[i] = day_of(sheet_text(&s, i, "dHosp")) - hus_first;
        report[i] = day_of(sheet_text(&s, i, "dReport")) - hus_first;
    }
    size_t left = 0;
    if (nowcast_from_list(event, report, s.rows, 120, 16, a, &hus, &left, NULL) != TONG_OK) abort();
    EQ_INT(left, 0, "no hospitalisation is left out");
    sheet_free(&s);
    return true;
}

static struct nowcast_triangle sim[10]; // of the simulation

static void test_hus_tables(void)
{
    struct sheet s;
    if (!sheet_read("reference/analytics/husO104Hosp_delay_counts.csv", &s)) return;
    for (size_t i = 0; i < s.rows; i++) {
        int64_t sum = 0;
        for (int32_t t = 0; t < hus.days; t++) sum += hus.count[t * 16 + sheet_int(&s, i, "delay")];
        CHECK(sum == sheet_int(&s, i, "n"), "delay %zu", i);
    }
    OK(s.rows == 16, "husO104Hosp_delay_counts: %zu rows", s.rows);
    sheet_free(&s);
    if (!sheet_read("reference/analytics/husO104Hosp_reporting_triangle_2011-06-02.csv", &s)) return;
    int32_t now = day_of("2011-06-02") - hus_first;
    for (size_t i = 0; i < s.rows; i++) {
        int32_t t = day_of(sheet_text(&s, i, "event_date")) - hus_first;
        for (int32_t d = 0; d < 16; d++) {
            char name[16];
            (void)snprintf(name, sizeof name, "X%d", (int)d + 1);
            CHECK(sheet_int(&s, i, name) == (t + d <= now ? hus.count[t * 16 + d] : 0), "row %zu delay %d", i, (int)d);
        }
    }
    OK(s.rows == 33, "husO104Hosp_reporting_triangle_2011-06-02: %zu rows", s.rows);
    sheet_free(&s);
}


// The package turns each Lawless estimate into probabilities of n, n + 1 .. 500: steps of the normal distribution with
// the binomial part of the variance alone. Done here likewise, our estimate gives its figures.
static void test_hus_lawless(void)
{
    struct sheet s;
    if (!sheet_read("reference/analytics/surveillance_nowcast_husO104Hosp.csv", &s)) return;
    size_t rows = 0, silent = 0;
    double worst = 0;
    for (size_t i = 0; i < s.rows; i++) {
        if (!sheet_is(&s, i, "method", "lawless")) continue;
        rows++;
        int32_t now = day_of(sheet_text(&s, i, "now")) - hus_first, age = (int32_t)sheet_int(&s, i, "delay_now");
        struct nowcast_day days[10];
        if (nowcast_lawless(&hus, now, 25, 10, days, NULL) != TONG_OK) abort();
        const struct nowcast_day *d = &days[9 - age];
        CHECK(d->reported == sheet_int(&s, i, "reported_by_now"), "row %zu: reported", i);
        CHECK(d->day == day_of(sheet_text(&s, i, "event_date")) - hus_first, "row %zu: day", i);
        if (d->reported == 0) { // theirs is nothing with certainty; so is the mean of ours
            silent++;
            CHECK(d->mean == 0 && sheet_real(&s, i, "pmf_mean") == 0, "row %zu: nothing reported", i);
            continue;
        }
        double sd = sqrt((double)d->reported * (1 - d->complete)) / d->complete, total = 0, sum = 0;
        for (int64_t k = d->reported; k <= 500; k++) { // all below n counts as n
            double p = special_normal_p(((double)k - d->mean) / sd);
            if (k > d->reported) p -= special_normal_p(((double)k - 1 - d->mean) / sd);
            total += p;
            sum += p * (double)k;
        }
        double want = sheet_real(&s, i, "pmf_mean"), off = fabs(sum / total - want) / want;
        CHECK(off <= 1e-9, "row %zu: %.15g, not %.15g (n %d, F %g)", i, sum / total, want, (int)d->reported,
              d->complete);
        worst = fmax(worst, off);
        CHECK(d->sd >= sd, "row %zu: the variance of the delays is added", i);
    }
    OK(rows >= 100, "lawless: %zu rows, largest relative difference %.1e; %zu without a report", rows, worst, silent);
    sheet_free(&s);
}

static void test_sim_hazard(void)
{
    struct sheet s;
    if (!sheet_read("reference/analytics/sim_nowcast_reverse_hazard.csv", &s)) return;
    double worst = 0;
    for (size_t i = 0; i < s.rows; i++) {
        int32_t now = (int32_t)sheet_int(&s, i, "now") - 1, age = now - (int32_t)sheet_int(&s, i, "t") + 1;
        const struct nowcast_triangle *tri = &sim[sheet_int(&s, i, "rep") - 1];
        struct nowcast_day d[10];
        if (nowcast_lawless(tri, now, 0, 10, d, NULL) != TONG_OK) abort();
        CHECK(d[9 - age].reported == sheet_int(&s, i, "reported"), "row %zu: reported", i);
        double off = fmax(fabs(d[9 - age].complete / sheet_real(&s, i, "F") - 1),
                          fabs(d[9 - age].mean / sheet_real(&s, i, "nowcast") - 1));
        CHECK(off <= 1e-12, "row %zu: F %.15g, nowcast %.15g", i, d[9 - age].complete, d[9 - age].mean);
        worst = fmax(worst, off);
    }
    OK(s.rows == 300, "sim_nowcast_reverse_hazard: %zu rows, largest relative difference %.1e", s.rows, worst);
    sheet_free(&s);
}

static bool sim_read(struct arena *a)
{
    struct sheet s;
    if (!sheet_read("data/sim_reporting_triangle.csv", &s)) return false;
    for (size_t r = 0; r < 10; r++) {
        int64_t *c = arena_array(a, 100 * 21, sizeof *c);
        if (c == NULL) abort();
        for (size_t t = 0; t < 100; t++)
            for (size_t d = 0; d < 21; d++)
                c[t * 21 + d] = strtoll(s.cell[(r * 100 + t + 1) * s.columns + 2 + d], NULL, 10);
        sim[r] = (struct nowcast_triangle){c, 100, 21};
    }
    sheet_free(&s);
    return true;
}

// Coverage, width and WIS of one set of options over all reference rows of a triangle.
struct judged {
    double covered_95, covered_50, width, wis, n;
};

static const double judge_level[] = {0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975};
enum { JUDGE_LEVELS = 9 };

static void judge(struct judged *j, const struct nowcast_triangle *tri, int32_t now, int32_t back,
                  const struct nowcast_options *o, struct arena *a)
{
    struct nowcast_day day[32];
    double q[32 * JUDGE_LEVELS];
    if (nowcast_bayes(tri, now, back, o, judge_level, JUDGE_LEVELS, a, day, q, NULL) != TONG_OK) abort();
    for (int32_t i = 0; i < back; i++) {
        double truth = 0;
        for (int32_t d = 0; d < tri->delays; d++) truth += (double)tri->count[day[i].day * tri->delays + d];
        const double *v = q + i * JUDGE_LEVELS;
        struct score_quantiles forecast = {judge_level, v, JUDGE_LEVELS};
        struct score_parts parts;
        if (scores_wis(&forecast, truth, &parts, NULL) != TONG_OK) abort();
        j->covered_95 += truth >= v[0] && truth <= v[8];
        j->covered_50 += truth >= v[3] && truth <= v[5];
        j->width += v[8] - v[0];
        j->wis += parts.total;
        j->n++;
    }
}

static void judge_all(const struct nowcast_options *o, struct judged *h, struct judged *m, struct arena *a)
{
    for (int32_t now = day_of("2011-05-28"); now <= day_of("2011-06-08"); now++)
        judge(h, &hus, now - hus_first, 10, o, a);
    for (int r = 0; r < 10; r++)
        for (int32_t now = 44; now < 100; now += 10) judge(m, &sim[r], now, 10, o, a);
}

static void say(const char *name, const struct judged *j)
{
    printf("# %s: 95 %% intervals cover %.1f %%, 50 %% ones %.1f %%, mean width %.1f, WIS %.2f (%.0f days)\n", name,
           100 * j->covered_95 / j->n, 100 * j->covered_50 / j->n, j->width / j->n, j->wis / j->n, j->n);
}

// The plain form is right where its assumptions hold and fails on the HUS outbreak, as the reference tools do; the
// robust one holds on both.
static void test_calibration(struct arena *a)
{
    struct judged plain_hus = {0}, plain_sim = {0}, robust_hus = {0}, robust_sim = {0};
    struct nowcast_options plain = nowcast_plain(), robust = nowcast_robust();
    plain.window = 25;
    judge_all(&plain, &plain_hus, &plain_sim, a);
    judge_all(&robust, &robust_hus, &robust_sim, a);
    say("HUS, plain", &plain_hus);
    say("HUS, robust", &robust_hus);
    say("simulation, plain", &plain_sim);
    say("simulation, robust", &robust_sim);
    OK(plain_hus.covered_95 / plain_hus.n < 0.75, "plain intervals are too narrow on the HUS outbreak, as known");
    OK(fabs(plain_sim.covered_95 / plain_sim.n - 0.95) <= 0.02, "and hold where delays do not change");
    OK(robust_hus.covered_95 / robust_hus.n >= 0.92, "robust intervals hold on the HUS outbreak");
    OK(fabs(robust_sim.covered_95 / robust_sim.n - 0.96) <= 0.02, "and on the simulation");
    OK(robust_hus.wis < 0.35 * plain_hus.wis, "at a third of the loss, or less");
    OK(robust_sim.wis < plain_sim.wis, "and with no loss on the simulation");
}

// The package's Bayesian rows are draws, cut at 500 cases: point and limits must agree within what draws leave. The
// rows with a changepoint come from a model that is told the day of the change; ours is not, and must do no worse.
static void test_hus_bayes(struct arena *a)
{
    struct sheet s;
    if (!sheet_read("reference/analytics/surveillance_nowcast_husO104Hosp.csv", &s)) return;
    size_t rows = 0, met = 0, few = 0, changepoint = 0;
    double worst = 0, error_changepoint = 0, error_robust = 0;
    for (size_t i = 0; i < s.rows; i++) {
        if (sheet_is(&s, i, "method", "lawless")) continue;
        bool ddcp = sheet_is(&s, i, "method", "bayes.trunc.ddcp");
        int32_t now = day_of(sheet_text(&s, i, "now")) - hus_first, age = (int32_t)sheet_int(&s, i, "delay_now");
        struct nowcast_options o = ddcp ? nowcast_robust() : nowcast_plain();
        if (!ddcp) o.window = 25;
        struct nowcast_day d[10];
        double level[3] = {0.025, 0.5, 0.975}, q[30];
        if (nowcast_bayes(&hus, now, 10, &o, level, 3, a, d, q, NULL) != TONG_OK) abort();
        const double *v = q + (9 - age) * 3;
        if (ddcp) {
            changepoint++;
            error_changepoint += fabs(sheet_real(&s, i, "point") - sheet_real(&s, i, "final_truth"));
            error_robust += fabs(v[1] - sheet_real(&s, i, "final_truth"));
            continue;
        }
        rows++;
        if (sheet_real(&s, i, "hi95") > 300) { // their cut at 500 shows
            few++;
            continue;
        }
        met++;
        double width = sheet_real(&s, i, "hi95") - sheet_real(&s, i, "lo95");
        double off = fmax(fabs(v[1] - sheet_real(&s, i, "point")),
                          fmax(fabs(v[0] - sheet_real(&s, i, "lo95")), fabs(v[2] - sheet_real(&s, i, "hi95"))));
        worst = fmax(worst, off / width);
    }
    OK(worst <= 0.12, "bayes.trunc: %zu rows, %zu met, point and limits within %.2f of the interval's width; %zu "
       "reach their cut at 500", rows, met, worst, few);
    OK(error_robust < error_changepoint * 1.1,
       "changepoint rows (%zu): mean absolute error %.1f, ours, told of no changepoint, %.1f", changepoint,
       error_changepoint / (double)changepoint, error_robust / (double)changepoint);
    sheet_free(&s);
}

static void test_edges(struct arena *a)
{
    int64_t count[12] = {3, 2, 1, 4, 2, 0, 5, 0, 0, 2, 0, 0};
    struct nowcast_triangle tri = {count, 4, 3};
    struct nowcast_options o = nowcast_robust();
    struct nowcast_day d[4], again[4];
    double level[2] = {0.025, 0.975}, q[8], r[8];
    EQ_INT(nowcast_bayes(&tri, 3, 4, &o, level, 2, a, d, q, NULL), TONG_OK, "a small triangle");
    EQ_INT(nowcast_bayes(&tri, 3, 4, &o, level, 2, a, again, r, NULL), TONG_OK, "again");
    OK(memcmp(q, r, sizeof q) == 0 && d[3].mean == again[3].mean && d[3].sd == again[3].sd, "gives the same numbers");
    OK(q[0] == 6 && q[1] == 6 && d[0].sd == 0, "a day that is complete is certain");
    OK(q[6] >= 2 && d[3].mean > 2 && q[7] >= q[6], "today is not");
    count[7] = 9; // day 2 delay 1 is known on day 3, delay 2 (cell 8) is not
    count[8] = 99;
    struct nowcast_day early[3], late[3];
    if (nowcast_lawless(&tri, 2, 0, 3, early, NULL) != TONG_OK) abort();
    count[7] = 0;
    count[8] = 0;
    if (nowcast_lawless(&tri, 2, 0, 3, late, NULL) != TONG_OK) abort();
    OK(early[2].mean == late[2].mean && early[2].sd == late[2].sd && early[2].complete == late[2].complete,
       "nothing from after the day is read");
    int64_t nothing[12] = {0};
    tri.count = nothing;
    EQ_INT(nowcast_bayes(&tri, 3, 4, &o, level, 2, a, d, q, NULL), TONG_OK, "a triangle without a case");
    for (int i = 0; i < 4; i++)
        CHECK(isfinite(d[i].mean) && isfinite(q[2 * i + 1]) && d[i].mean < 3, "day %d is a small number", i);
    tri.count = count;
    EQ_INT(nowcast_bayes(&tri, 4, 1, &o, level, 2, a, d, q, NULL), TONG_E_INVALID, "a day outside is refused");
    EQ_INT(nowcast_bayes(&tri, 3, 5, &o, level, 2, a, d, q, NULL), TONG_E_INVALID, "more days than there are, too");
    o.discount = 1;
    EQ_INT(nowcast_bayes(&tri, 3, 4, &o, level, 2, a, d, q, NULL), TONG_E_INVALID, "and a discount of 1");
    count[0] = -1;
    EQ_INT(nowcast_lawless(&tri, 3, 0, 1, d, NULL), TONG_E_INVALID, "and a negative count");
    int32_t event[4] = {0, 1, 9, 2}, report[4] = {5, 0, 9, 2};
    size_t left = 0;
    EQ_INT(nowcast_from_list(event, report, 4, 4, 3, a, &tri, &left, NULL), TONG_OK, "a list");
    OK(left == 2 && tri.count[2] == 1 && tri.count[6] == 1,
       "reports before the event and days outside are counted apart");
}

int main(void)
{
    struct arena a = {0};
    if (!hus_read(&a) || !sim_read(&a)) tap_skip("no reference files beside the source");
    else {
        test_hus_tables();
        test_hus_lawless();
        test_sim_hazard();
        test_hus_bayes(&a);
        test_calibration(&a);
    }
    test_edges(&a);
    arena_free(&a);
    return tap_done();
}
