// Any bytes as the input of the estimators: what answers OK has given numbers where numbers are promised, and never NaN.
//
// The first byte chooses the estimator; the rest are doubles, or small counts, or bits of either, as the second byte says.
#include "epi/branching.h"
#include "epi/cusum.h"
#include "epi/delay.h"
#include "epi/ears.h"
#include "epi/ending.h"
#include "epi/false_alarm.h"
#include "epi/farrington.h"
#include "epi/fisher.h"
#include "epi/growth.h"
#include "epi/nowcast.h"
#include "epi/pooled.h"
#include "epi/proportion.h"
#include "epi/quality.h"
#include "epi/rt.h"
#include "epi/scores.h"
#include "epi/timely.h"
#include "epi/two_by_two.h"
#include "fuzz.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { N = 96 };
struct input {
    double x[N];      // anything, NaN and infinity too
    int64_t count[N]; // small, or anything
    size_t n;
};

static struct input read_input(const uint8_t *data, size_t size)
{
    struct input in = {.n = 0};
    bool doubles = size > 0 && (data[0] & 1) != 0;
    size_t step = doubles ? 8 : 1;
    for (size_t at = 1; at + step <= size && in.n < N; at += step) {
        if (doubles) {
            memcpy(&in.x[in.n], data + at, 8);
            memcpy(&in.count[in.n], data + at, 8);
        } else {
            in.x[in.n] = (data[0] & 2) != 0 ? data[at] / 8.0 : (double)data[at];
            in.count[in.n] = data[at];
        }
        in.n++;
    }
    return in;
}

static void number(double x)
{
    assert(!isnan(x));
}

static void interval(struct interval i)
{
    number(i.estimate);
    number(i.lower);
    number(i.upper);
    assert(i.lower <= i.upper);
}

static void rates(struct input *in, struct arena *a)
{
    struct interval i;
    struct two_by_two t = {in->count[0], in->count[1], in->count[2], in->count[3]};
    struct fisher_exact f;
    struct diagnostic_accuracy d;
    for (int m = 0; m < PROPORTION_METHOD_COUNT; m++)
        if (proportion_interval(in->count[0], in->count[1], 0.95, (proportion_method)m, &i, NULL) == TONG_OK)
            interval(i);
    for (int m = 0; m < TWO_MEASURE_COUNT; m++)
        if (two_by_two_measure_of(&t, (two_by_two_measure)m, 0.9, &i, NULL) == TONG_OK)
            number(i.estimate), number(i.lower), number(i.upper);
    if (t.a < 2000 && t.b < 2000 && t.c < 2000 && t.d < 2000 && fisher_exact(&t, 1, 0.95, a, &f, NULL) == TONG_OK)
        interval(f.odds_ratio), number(f.p_value);
    if (diagnostic_accuracy(&t, 0.95, &d, NULL) == TONG_OK) interval(d.sensitivity), number(d.positive_ratio.upper);
}

static void growing(struct input *in, struct arena *a)
{
    double t[N], w[12] = {0, 0.1, 0.3, 0.3, 0.2, 0.1};
    struct growth_fit g;
    for (size_t i = 0; i < in->n; i++) t[i] = (double)i;
    for (int m = 0; m < GROWTH_MODEL_COUNT; m++)
        if (growth_fit(t, in->x, in->n, (growth_model)m, 0.95, &g, NULL) == TONG_OK)
            number(g.r), number(g.wald.lower), number(g.profile.upper), number(g.dispersion);
    struct rt_input r = {.local = in->x, .days = in->n, .si = w, .si_days = 12};
    struct rt_window window = {1, in->n > 1 ? (int32_t)in->n - 1 : 1};
    struct rt_estimate e;
    struct rt_case c;
    if (in->n > 1 && rt_instantaneous(&r, &window, 1, a, &e, NULL) == TONG_OK) number(e.mean), number(e.sd);
    if (in->n > 1 && rt_case_number(&r, &window, 1, a, &c, NULL) == TONG_OK) number(c.mean);
    struct ending_input end = {in->x, in->n, w, 12, in->x[0], in->x[1]};
    double p;
    if (in->n > 1 && ending_more(&end, in->n, &p, NULL) == TONG_OK) assert(p >= 0 && p <= 1);
    size_t day;
    if (in->n > 1 && ending_day(&end, 0.05, &day, NULL) == TONG_OK) assert(day + 1 >= in->n && day <= in->n + 12);
}

static void delays(struct input *in)
{
    struct delay_datum d[N / 5];
    struct delay_fit f;
    size_t n = 0;
    for (size_t i = 0; i + 5 <= in->n; i += 5)
        d[n++] = (struct delay_datum){in->x[i], in->x[i + 1], in->x[i + 2], in->x[i + 3], in->x[i + 4]};
    for (int law = 0; law < DELAY_LAW_COUNT; law++) {
        if (delay_fit(d, n, (delay_law)law, &f, NULL) == TONG_OK)
            number(f.a), number(f.b), number(f.loglik), number(f.se_a), number(f.se_b);
        if (delay_fit_exact(in->x, in->n, (delay_law)law, &f, NULL) == TONG_OK)
            number(f.a), number(f.b), number(f.loglik);
    }
}

static void alarms(struct input *in, struct arena *a)
{
    struct ears_day e[N];
    struct farrington_week w[N];
    struct false_alarm_recent r;
    struct false_alarm f;
    bool alarm[N];
    double q[N];
    struct ears_options o = {.method = EARS_C3, .baseline = 7, .threshold = 2};
    struct farrington_options fo = farrington_flexible();
    fo.periodicity = 12;
    fo.years = 3;
    fo.window = 1;
    fo.periods = 3;
    fo.skip = 2;
    if (ears_run(in->count, in->n, &o, e, NULL) == TONG_OK)
        for (size_t i = 0; i < in->n; i++) number(e[i].statistic), number(e[i].upper);
    if (in->n > 40 && farrington_run(in->count, NULL, in->n, 40, &fo, w, NULL) == TONG_OK)
        for (size_t i = 0; i < in->n - 40; i++) number(w[i].upper), number(w[i].p_value), number(w[i].score);
    if (false_alarm_recent(in->count, in->n, 10, 1, &r, NULL) == TONG_OK) assert(r.p >= 0 && r.p <= 1);
    if (false_alarm_control(in->x, in->n, FALSE_ALARM_HOCHBERG, 0.1, a, alarm, q, &f, NULL) == TONG_OK)
        assert(f.alarms <= in->n && f.cut >= 0);
}

static void quality(struct input *in, struct arena *a)
{
    struct quality_mended m;
    struct quality_weekday w;
    struct quality_silence s;
    struct quality_digits d;
    struct quality_jump j[4];
    struct timely_span span[N / 2];
    struct timely_part p;
    struct timely_time t;
    size_t found, n = 0;
    if (quality_mend(in->x, in->n, QUALITY_NEGATIVE_SPREAD, &m, NULL) == TONG_OK) {
        number(m.unpaid);
        for (size_t i = 0; i < in->n; i++) assert(isnan(in->x[i]) || in->x[i] >= -1e-3);
        for (size_t i = 0; i < in->n; i++) in->x[i] = fmax(0, in->x[i]);
    }
    if (quality_weekdays(in->x, in->n, (civil_day){18000}, &w, NULL) == TONG_OK) number(w.p), number(w.weekend);
    if (quality_silent(in->x, in->n, 28, &s, NULL) == TONG_OK) assert(s.p > 0 && s.p <= 1);
    if (quality_last_digits(in->x, in->n, 0, &d, NULL) == TONG_OK) number(d.p), number(d.whipple);
    if (quality_jumps(in->x, in->n, &(struct quality_jump_options){2, 3}, j, 4, &found, NULL) == TONG_OK)
        for (size_t i = 0; i < found && i < 4; i++) number(j[i].score), number(j[i].expected);
    for (size_t i = 0; i + 1 < in->n; i += 2) span[n++] = (struct timely_span){in->count[i], in->count[i + 1]};
    if (timely_within(span, n, 100000, 1440, 0.95, &p, NULL) == TONG_OK)
        assert(p.met + p.missed + p.undecided + p.unknown == (int64_t)n);
    if (timely_quantiles(span, n, 100000, a, &t, NULL) == TONG_OK) number(t.half), number(t.nine_tenths);
    number(timely_person_days(span, n, 100000));
}

static void others(struct input *in, struct arena *a)
{
    struct branching_tally tally[N / 2];
    struct branching_fit b;
    struct pooled_figures pf;
    size_t n = 0;
    for (size_t i = 0; i + 1 < in->n; i += 2) tally[n++] = (struct branching_tally){in->count[i], in->count[i + 1]};
    if (branching_fit_offspring(tally, n, 0.95, &b, NULL) == TONG_OK)
        number(b.r), number(b.k), number(b.k_lo), number(b.k_hi);
    struct pooled_design d = {POOLED_DORFMAN, (int32_t)(in->count[0] & 63), 0, in->x[0], in->x[1], in->x[2]};
    if (pooled_design_figures(&d, &pf, NULL) == TONG_OK) number(pf.tests), number(pf.ppv);
    static const double level[5] = {0.05, 0.25, 0.5, 0.75, 0.95};
    struct score_quantiles q = {level, in->x, 5};
    struct score_parts s;
    if (scores_wis(&q, in->x[5], &s, NULL) == TONG_OK) number(s.total), number(s.dispersion);
    struct nowcast_triangle tri = {in->count, 8, 12};
    struct nowcast_day day[4];
    double quantile[8];
    const double levels[2] = {0.1, 0.9};
    struct nowcast_options o = nowcast_robust();
    o.draws = 100;
    if (nowcast_bayes(&tri, 7, 4, &o, levels, 2, a, day, quantile, NULL) == TONG_OK)
        for (int i = 0; i < 4; i++) number(day[i].mean), number(quantile[2 * i]), number(quantile[2 * i + 1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    struct arena arena = {0};
    struct input in = read_input(data + 1, size - 1);
    switch (data[0] % 6) {
    case 0: rates(&in, &arena); break;
    case 1: growing(&in, &arena); break;
    case 2: delays(&in); break;
    case 3: alarms(&in, &arena); break;
    case 4: quality(&in, &arena); break;
    default: others(&in, &arena); break;
    }
    arena_free(&arena);
    return 0;
}
