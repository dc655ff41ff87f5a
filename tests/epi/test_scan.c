// The space-time scan: against brute force, planted clusters, p-values under no clustering, real cases.
#include "base/rng.h"
#include "epi/scan.h"
#include "epi/special.h"
#include "tap.h"

enum { PLACES = 9, DAYS = 12 };

static double llr(double c, double mu, double all)
{
    if (c <= mu) return 0;
    return c * log(c / mu) + (c < all ? (all - c) * log((all - c) / (all - mu)) : 0);
}

// Every circle and every stretch of days, looked at one by one, cell by cell.
static double brute(const struct scan_input *in, const struct scan_options *o)
{
    double best = 0, all = 0, people = 0;
    for (int32_t k = 0; k < in->places * in->days; k++) all += in->count[k];
    for (int32_t i = 0; i < in->places; i++) people += in->people != NULL ? in->people[i] : 0;
    for (int32_t centre = 0; centre < in->places; centre++)
        for (int32_t edge = 0; edge < in->places; edge++) {
            double radius = scan_distance(in, centre, edge), held = 0, share = 0;
            for (int32_t i = 0; i < in->places; i++) {
                if (scan_distance(in, centre, i) > radius) continue;
                share += in->people != NULL ? in->people[i] / people : 0;
                for (int32_t d = 0; d < in->days; d++) held += in->count[i * in->days + d];
            }
            if (edge != centre && (in->people != NULL ? share : held / all) > o->share_max) continue;
            for (int32_t first = 0; first < in->days; first++)
                for (int32_t last = first; last < in->days && last - first < o->days_max; last++) {
                    if (o->living && last != in->days - 1) continue;
                    double c = 0, on = 0;
                    for (int32_t i = 0; i < in->places; i++)
                        for (int32_t d = first; d <= last; d++) {
                            on += in->count[i * in->days + d];
                            if (scan_distance(in, centre, i) <= radius) c += in->count[i * in->days + d];
                        }
                    double mu = in->people != NULL ? all * share * (last - first + 1) / in->days : held * on / all;
                    if (mu > 0) best = fmax(best, llr(c, mu, all));
                }
        }
    return best;
}

static void fill(uint32_t run, int32_t *count, double *x, double *y, double *people)
{
    struct rng r = rng_stream(5, run, 0, 0, 0);
    for (int32_t i = 0; i < PLACES; i++) {
        x[i] = 10 * rng_uniform(&r);
        y[i] = 10 * rng_uniform(&r);
        people[i] = 100 + 900 * rng_uniform(&r);
        for (int32_t d = 0; d < DAYS; d++) count[i * DAYS + d] = (int32_t)rng_poisson(&r, 0.002 * people[i]);
    }
}

static void test_brute(struct arena *a)
{
    int32_t count[PLACES * DAYS];
    double x[PLACES], y[PLACES], people[PLACES];
    double worst = 0;
    for (uint32_t run = 0; run < 200; run++) {
        fill(run, count, x, y, people);
        struct scan_input in = {PLACES, DAYS, x, y, run % 3 == 0, count, run % 2 == 0 ? people : NULL};
        struct scan_options o = {
            .days_max = 1 + (int32_t)(run % 7), .share_max = 0.5, .living = run % 5 == 0, .clusters = 3};
        struct scan s;
        if (scan_find(&in, &o, a, &s, NULL) != TONG_OK) abort();
        double want = brute(&in, &o), got = s.clusters > 0 ? s.cluster[0].llr : 0;
        CHECK(fabs(got - want) <= 1e-9 * (1 + want), "run %u: %.12g, not %.12g", run, got, want);
        worst = fmax(worst, fabs(got - want));
        for (int32_t k = 0; k < s.clusters; k++) {
            const struct scan_cluster *c = &s.cluster[k];
            CHECK(fabs(llr((double)c->observed, c->expected, (double)s.cases) - c->llr) < 1e-9, "cluster %d", (int)k);
        }
        arena_free(a);
    }
    OK(worst < 1e-9, "200 random maps: the most likely cluster is that of a search through all (%.1e)", worst);
}

static void test_planted(struct arena *a)
{
    enum { SIDE = 12, N = SIDE * SIDE, T = 60 };
    static int32_t count[N * T];
    static double x[N], y[N];
    struct rng r = rng_stream(8, 0, 0, 0, 0);
    memset(count, 0, sizeof count);
    for (int32_t i = 0; i < N; i++) {
        x[i] = i % SIDE;
        y[i] = (double)(i / SIDE);
        for (int32_t d = 0; d < T; d++) count[i * T + d] = (int32_t)rng_poisson(&r, d % 7 == 6 ? 0.02 : 0.08);
    }
    static const int32_t middle = 5 * SIDE + 4;
    for (int32_t i = 0; i < N; i++)
        if (hypot(x[i] - x[middle], y[i] - y[middle]) < 1.5)
            for (int32_t d = T - 6; d < T; d++) count[i * T + d] += (int32_t)rng_poisson(&r, 0.6);
    struct scan_input in = {N, T, x, y, false, count, NULL};
    struct scan_options o = {
        .days_max = 14, .share_max = 0.5, .living = true, .replicates = 199, .clusters = 4, .seed = 3};
    struct scan s;
    EQ_INT(scan_run(&in, &o, a, &s, NULL), TONG_OK, "a map of %d places", N);
    const struct scan_cluster *c = &s.cluster[0];
    OK(c->p <= 0.005 && hypot(x[c->centre] - x[middle], y[c->centre] - y[middle]) <= 1.5, "the planted cluster: p %.3f",
       c->p);
    OK(c->last == T - 1 && abs(c->first - (T - 6)) <= 1, "its days: %d to %d", (int)c->first, (int)c->last);
    OK(c->places >= 5 && c->places <= 13 && c->ratio > 3, "its extent: %d places, risk %.1f times", (int)c->places,
       c->ratio);
    bool apart = s.clusters > 1 && s.cluster[1].p > 0.05;
    for (int32_t k = 1; k < s.clusters; k++)
        for (int32_t i = 0; i < s.cluster[k].places; i++)
            for (int32_t j = 0; j < c->places; j++) apart = apart && s.cluster[k].place[i] != c->place[j];
    OK(apart, "the others share no place with it and are nothing");
    double split[199];
    if (scan_replicates(&in, &o, 0, 100, split, NULL) != TONG_OK ||
        scan_replicates(&in, &o, 100, 99, split + 100, NULL) != TONG_OK)
        abort();
    struct scan again = s;
    double p = s.cluster[0].p, q = s.cluster[1].p;
    scan_judge(&again, split, 199);
    OK(again.cluster[0].p == p && again.cluster[1].p == q, "replicates in two parts give the same p");
}

// p-values of maps without any cluster: uniform, for both models.
static void test_uniform(struct arena *a)
{
    enum { RUNS = 300, BINS = 10 };
    for (int model = 0; model < 2; model++) {
        int32_t count[PLACES * DAYS];
        double x[PLACES], y[PLACES], people[PLACES], bin[BINS] = {0}, chi = 0;
        for (uint32_t run = 0; run < RUNS; run++) {
            fill(10000 + run, count, x, y, people);
            struct scan_input in = {PLACES, DAYS, x, y, false, count, model == 0 ? people : NULL};
            struct scan_options o = {.days_max = 5, .share_max = 0.5, .replicates = 99, .clusters = 1, .seed = run};
            struct scan s;
            if (scan_run(&in, &o, a, &s, NULL) != TONG_OK) abort();
            double p = s.clusters > 0 ? s.cluster[0].p : 1;
            int b = (int)(p * BINS - 1e-9);
            bin[b < 0 ? 0 : b >= BINS ? BINS - 1 : b] += 1;
            arena_free(a);
        }
        for (int b = 0; b < BINS; b++) chi += (bin[b] - RUNS / BINS) * (bin[b] - RUNS / BINS) / (RUNS / BINS);
        OK(special_chi2_q(chi, BINS - 1) > 0.005, "%s: p-values uniform, chi-square %.1f, p %.3f",
           model == 0 ? "with people" : "permutation", chi, special_chi2_q(chi, BINS - 1));
    }
}

static void test_edges(struct arena *a)
{
    int32_t count[4] = {1, 1, 0, 0};
    double x[2] = {0, 1}, y[2] = {0, 0}, people[2] = {10, 0};
    struct scan_input in = {2, 2, x, y, false, count, NULL};
    struct scan_options o = {.days_max = 1, .share_max = 0.5, .replicates = 9, .clusters = 1};
    struct scan s;
    EQ_INT(scan_run(&in, &o, a, &s, NULL), TONG_OK, "two cases in one place");
    EQ_INT(s.clusters, 0, "cannot cluster: place and days explain them");
    in.people = people;
    EQ_INT(scan_run(&in, &o, a, &s, NULL), TONG_OK, "all people in one place");
    count[3] = 1;
    EQ_INT(scan_run(&in, &o, a, &s, NULL), TONG_E_INVALID, "a case where nobody lives");
    count[3] = -1;
    in.people = NULL;
    EQ_INT(scan_run(&in, &o, a, &s, NULL), TONG_E_INVALID, "a negative count");
    count[3] = 0;
    x[1] = (double)NAN;
    EQ_INT(scan_run(&in, &o, a, &s, NULL), TONG_E_INVALID, "a position that is none");
    x[1] = 1;
    count[1] = 0;
    EQ_INT(scan_run(&in, &o, a, &s, NULL), TONG_E_INVALID, "one case");
    struct scan_input globe = {2, 1, (double[]){0, 180}, (double[]){0, 0}, true, count, NULL};
    NEAR(scan_distance(&globe, 0, 1), 3.14159265358979 * 6371.0088, 1e-6, "half around the earth");
}

int main(void)
{
    struct arena a = {0};
    test_brute(&a);
    test_planted(&a);
    test_uniform(&a);
    test_edges(&a);
    arena_free(&a);
    return tap_done();
}
