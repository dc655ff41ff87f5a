// Forecasts: what they may read, what they must not, and whether they hold on real series.
#include "base/rng.h"
#include "epi/ensemble.h"
#include "tap.h"

#include "panels.h"

enum { PLACES = 6, DAYS = 200 };

// Waves of different phases, with a weekday pattern and Poisson noise.
static void waves(double *x, double scale)
{
    static const double weekday[7] = {1.2, 1.1, 1.1, 1.0, 1.0, 0.9, 0.7};
    for (int32_t p = 0; p < PLACES; p++) {
        struct rng r = rng_stream(7, 0, 0, (uint32_t)p, 0);
        for (int32_t t = 0; t < DAYS; t++) {
            double level = 300 * exp(1.5 * sin(0.05 * t + p)) * scale;
            x[p * DAYS + t] = (double)rng_poisson(&r, level * weekday[t % 7]);
        }
    }
}

static bool good(const struct forecast *f)
{
    for (int32_t h = 0; h < FORECAST_WEEKS; h++)
        for (int32_t l = 0; l < FORECAST_LEVELS; l++) {
            double v = f->value[h][l];
            if (!isfinite(v) || v < 0 || (l > 0 && v < f->value[h][l - 1])) return false;
        }
    return true;
}

static void test_methods(struct arena *a)
{
    static double x[PLACES * DAYS], y[PLACES * DAYS];
    waves(x, 1);
    struct forecast_panel panel = {PLACES, DAYS, x, NULL};
    struct forecast f[PLACES], g[PLACES];
    for (int32_t m = 0; m < FORECAST_METHOD_COUNT; m++) {
        EQ_INT(forecast_make(&panel, 150, (forecast_method)m, a, f, NULL), TONG_OK, "method %d", (int)m);
        bool all = true;
        for (int32_t p = 0; p < PLACES; p++) all = all && f[p].made && good(&f[p]);
        OK(all, "its quantiles ascend, none below 0");
        memcpy(y, x, sizeof y);
        for (int32_t p = 0; p < PLACES; p++)
            for (int32_t t = 151; t < DAYS; t++) y[p * DAYS + t] = 1e6 + t;
        struct forecast_panel other = {PLACES, DAYS, y, NULL};
        EQ_INT(forecast_make(&other, 150, (forecast_method)m, a, g, NULL), TONG_OK, "with another future");
        OK(memcmp(f, g, sizeof f) == 0, "method %d reads nothing from after its day", (int)m);
    }
    // Flat: the median is last week.
    EQ_INT(forecast_make(&panel, 150, FORECAST_FLAT, a, f, NULL), TONG_OK, "flat");
    double week = 0;
    for (int32_t t = 144; t <= 150; t++) week += x[2 * DAYS + t];
    NEAR(f[2].value[0][FORECAST_MEDIAN], week, 1e-9, "the flat median is last week's count");
    NEAR(f[2].value[3][FORECAST_MEDIAN], week, 1e-9, "at four weeks too");
    OK(f[2].value[3][20] - f[2].value[3][2] > f[2].value[0][20] - f[2].value[0][2], "but less sure");
}

// A hundred times the counts: a hundred times the forecast, nearly (small counts are noisier).
static void test_scale(struct arena *a)
{
    static double x[PLACES * DAYS], y[PLACES * DAYS];
    waves(x, 10);
    for (size_t i = 0; i < PLACES * DAYS; i++) y[i] = 100 * x[i];
    struct forecast_panel one = {PLACES, DAYS, x, NULL}, hundred = {PLACES, DAYS, y, NULL};
    struct forecast f[PLACES], g[PLACES];
    for (int32_t m = 0; m < FORECAST_METHOD_COUNT; m++) {
        if (forecast_make(&one, 150, (forecast_method)m, a, f, NULL) != TONG_OK ||
            forecast_make(&hundred, 150, (forecast_method)m, a, g, NULL) != TONG_OK)
            abort();
        double worst = 0;
        for (int32_t p = 0; p < PLACES; p++)
            for (int32_t h = 0; h < FORECAST_WEEKS; h++)
                worst = fmax(worst, fabs(g[p].value[h][FORECAST_MEDIAN] / (100 * f[p].value[h][FORECAST_MEDIAN]) - 1));
        OK(worst < 0.02, "method %d: the median goes with the scale (to %.2g)", (int)m, worst);
    }
    // Order of places.
    for (int32_t p = 0; p < PLACES; p++) memcpy(y + p * DAYS, x + (PLACES - 1 - p) * DAYS, DAYS * sizeof *x);
    if (forecast_make(&one, 150, FORECAST_REGRESSION, a, f, NULL) != TONG_OK ||
        forecast_make(&hundred, 150, FORECAST_REGRESSION, a, g, NULL) != TONG_OK)
        abort();
    double worst = 0;
    for (int32_t p = 0; p < PLACES; p++)
        worst = fmax(worst, fabs(g[PLACES - 1 - p].value[3][20] / f[p].value[3][20] - 1));
    OK(worst < 1e-9, "the order of the places does not matter (%.1e)", worst);
}

static void test_edges(struct arena *a)
{
    static double x[PLACES * DAYS];
    struct forecast_panel panel = {PLACES, DAYS, x, NULL};
    struct forecast f[PLACES];
    for (int32_t m = 0; m < FORECAST_METHOD_COUNT; m++) {
        EQ_INT(forecast_make(&panel, 100, (forecast_method)m, a, f, NULL), TONG_OK, "no case at all");
        OK(good(&f[0]) && f[0].value[3][20] < 20, "is forecast as nearly none");
    }
    waves(x, 1);
    x[50] = -500;
    x[DAYS + 60] = (double)NAN;
    x[2 * DAYS + 100] = 1e6;
    for (int32_t m = 0; m < FORECAST_METHOD_COUNT; m++) {
        EQ_INT(forecast_make(&panel, 100, (forecast_method)m, a, f, NULL), TONG_OK, "corrections, gaps, batches");
        bool all = true;
        for (int32_t p = 0; p < PLACES; p++) all = all && good(&f[p]);
        OK(all, "give numbers");
    }
    // The first forecasts are the most at the mercy of the priors: still numbers, whatever came before.
    for (uint32_t k = 0; k < 200; k++) {
        struct rng r = rng_stream(3, k, 0, 0, 0);
        for (size_t i = 0; i < PLACES * DAYS; i++) {
            double u = rng_uniform(&r);
            x[i] = u < 0.3 ? 0 : u < 0.4 ? -100 * rng_uniform(&r) : u < 0.45 ? (double)NAN : exp(25 * rng_uniform(&r));
        }
        struct forecast_panel wild = {PLACES, DAYS, x, k % 2 == 0 ? NULL : x};
        int32_t now = FORECAST_FIRST + (int32_t)rng_below(&r, DAYS - FORECAST_FIRST);
        for (int32_t m = 0; m < FORECAST_METHOD_COUNT; m++) {
            tong_code code = forecast_make(&wild, now, (forecast_method)m, a, f, NULL);
            if (CHECK(code == TONG_OK, "noise %u", k))
                for (int32_t p = 0; p < PLACES; p++) CHECK(good(&f[p]), "noise %u, method %d", k, (int)m);
        }
        arena_free(a);
    }
    OK(true, "noise of 25 orders of magnitude gives numbers");
    EQ_INT(forecast_make(&panel, FORECAST_FIRST - 1, FORECAST_FLAT, a, f, NULL), TONG_E_INVALID, "too early");
    EQ_INT(forecast_make(&panel, DAYS, FORECAST_FLAT, a, f, NULL), TONG_E_INVALID, "beyond the panel");
    x[0] = HUGE_VAL;
    EQ_INT(forecast_make(&panel, 100, FORECAST_FLAT, a, f, NULL), TONG_E_INVALID, "an infinite count");
}

static void test_log(struct arena *a)
{
    static double x[PLACES * DAYS], y[PLACES * DAYS];
    waves(x, 1);
    memcpy(y, x, sizeof y);
    for (int32_t p = 0; p < PLACES; p++)
        for (int32_t t = 160; t < DAYS; t++) y[p * DAYS + t] = 5;
    struct forecast_panel one = {PLACES, DAYS, x, NULL}, other = {PLACES, DAYS, y, NULL};
    struct ensemble_log log, again;
    struct err err;
    EQ_INT(ensemble_open(PLACES, 30, a, &log, &err), TONG_OK, "a log");
    EQ_INT(ensemble_open(PLACES, 30, a, &again, &err), TONG_OK, "another");
    for (int32_t now = 30; now < 190; now += 7) {
        if (ensemble_add(&log, &one, now, a, &err) != TONG_OK) abort();
        if (ensemble_add(&again, &other, now, a, &err) != TONG_OK) abort();
    }
    bool same = true;
    for (int32_t i = 0; i < log.origins && log.origin[i].now < 160; i++)
        same = same && memcmp(log.origin[i].forecast[ENSEMBLE], again.origin[i].forecast[ENSEMBLE],
                              PLACES * sizeof(struct forecast)) == 0;
    OK(same, "ensembles, too, know nothing from after their day");
    double sum = 0;
    for (int32_t m = 0; m < FORECAST_METHOD_COUNT; m++) sum += log.origin[10].weight[2][m];
    NEAR(sum, 1, 1e-12, "weights sum to 1");
    OK(log.origin[10].weight[2][FORECAST_FLAT] == 0, "the baseline takes no part");
    struct ensemble_scores s;
    EQ_INT(ensemble_judge(&log, &one, 0, log.origins, NULL, &s, &err), TONG_OK, "judged");
    OK(ensemble_ratio(&s, ENSEMBLE, false) < 0.8, "on smooth waves far better than flat: %.2f",
       ensemble_ratio(&s, ENSEMBLE, false));
    NEAR(ensemble_ratio(&s, FORECAST_FLAT, true), 1, 1e-12, "which is itself");
    double coverage = ensemble_coverage(&s, ENSEMBLE, true);
    OK(coverage > 0.7 && coverage <= 1, "coverage %.2f", coverage);
    EQ_INT(ensemble_add(&log, &one, 30, a, &err), TONG_E_INVALID, "days come in order");
    EQ_INT(ensemble_now(&one, 150, a, &again, &err), TONG_OK, "for one day alone");
    OK(again.origins == 13 && again.origin[12].now == 150 && good(&again.origin[12].forecast[ENSEMBLE][0]),
       "a log of twelve weeks before it");
}

// The real series: a part of what ./dev bench forecast measures, so that a change that spoils forecasts fails here.
static void test_real(struct arena *a)
{
    struct panel_set set[PANELS_MAX];
    size_t n = panels_read(a, set);
    if (n == 0) {
        tap_skip("the series are not beside the checkout");
        return;
    }
    static const struct {
        size_t which;
        double plain, log_scale;
    } most[] = {{0, 0.70, 0.60}, {1, 0.72, 0.75}, {7, 0.62, 0.45}, {8, 0.62, 0.68}};
    for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
        const struct panel_set *p = &set[most[i].which];
        struct ensemble_log log;
        struct ensemble_scores s;
        struct err err;
        if (ensemble_open(p->panel.places, 500, a, &log, &err) != TONG_OK) abort();
        for (int32_t now = FORECAST_FIRST; now + 7 < p->panel.days; now += 7)
            if (ensemble_add(&log, &p->panel, now, a, &err) != TONG_OK) abort();
        EQ_INT(ensemble_judge(&log, &p->panel, 0, log.origins, NULL, &s, &err), TONG_OK, "%s", p->name);
        double plain = ensemble_ratio(&s, ENSEMBLE, false), logs = ensemble_ratio(&s, ENSEMBLE, true);
        OK(plain <= most[i].plain && logs <= most[i].log_scale, "%s: WIS %.3f of the baseline's, log scale %.3f",
           p->name, plain, logs);
        for (int32_t h = 0; h < FORECAST_WEEKS; h++)
            CHECK(s.of[ENSEMBLE][h].wis < s.of[FORECAST_FLAT][h].wis &&
                      s.of[ENSEMBLE][h].wis_log < s.of[FORECAST_FLAT][h].wis_log,
                  "%s: better %d weeks ahead", p->name, (int)h + 1);
        double coverage = ensemble_coverage(&s, ENSEMBLE, true);
        OK(coverage >= 0.8 && coverage <= 0.97, "%s: 90 %% intervals hold %.1f %%", p->name, 100 * coverage);
    }
}

int main(void)
{
    struct arena a = {0};
    test_methods(&a);
    test_scale(&a);
    test_edges(&a);
    test_log(&a);
    test_real(&a);
    arena_free(&a);
    return tap_done();
}
