// The five numbers on which a district commander decides.
#include "service/figures_count.h"

#include "base/map.h"
#include "epi/growth.h"

#include <math.h>
#include <stdlib.h>

// ---- 1: new cases that stood on nobody's list ----

static tong_code decide_unlisted(struct figures *f, struct json_out *j, struct err *err)
{
    struct roll_query recent = figures_cases(f), listed = figures_contacts(f);
    struct roll_set contacts = {0};
    show_filter(&recent, ROLL_ENROLMENT_OPENED, ROLL_FROM, figures_minute_of_day(f, (civil_day){f->today.d - FIGURES_RECENT_DAYS + 1}));
    int64_t all = figures_count(f, &recent);
    roll_read_begin(f->roll);
    bool good = f->nothing || roll_collect(f->roll, &listed, ROLL_ENROLMENT_SUBJECT, &contacts);
    roll_read_end(f->roll);
    if (!good) return tong_fail(err, TONG_E_NOMEM, "figures");
    show_filter(&recent, ROLL_ENROLMENT_SUBJECT, ROLL_WITHOUT, 0);
    recent.filter[recent.filter_count - 1].numbers = &contacts;
    json_out_object(j, "unlisted");
    json_out_int(j, "cases", figures_count(f, &recent));
    json_out_int(j, "of", all);
    json_out_int(j, "days", FIGURES_RECENT_DAYS);
    json_out_end(j);
    return TONG_OK;
}

// ---- 2: hours from onset to isolation ----

// The steps between two of these are what can be slow.
typedef enum decide_step { STEP_REPORT, STEP_ORDER, STEP_BEGIN, STEP_WHOLE, STEP_COUNT } decide_step;
static const struct word decide_steps[STEP_COUNT] = {
    [STEP_REPORT] = {"report", LABEL("onset to report", "发病至报告")},
    [STEP_ORDER] = {"order", LABEL("report to signed order", "报告至签发指令")},
    [STEP_BEGIN] = {"begin", LABEL("signed order to begun", "签发至执行")},
    [STEP_WHOLE] = {"whole", LABEL("onset to isolation", "发病至隔离")},
};
struct decide_delays {
    double *hours[STEP_COUNT];
    size_t count[STEP_COUNT];
};

static int decide_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// Hyndman and Fan 1996, type 7. `hours` is sorted.
static double decide_quantile(const double *hours, size_t n, double p)
{
    double at = p * (double)(n - 1);
    size_t low = (size_t)at;
    return low + 1 < n ? hours[low] + (at - (double)low) * (hours[low + 1] - hours[low]) : hours[n - 1];
}

static void decide_delay_add(struct decide_delays *d, decide_step step, int32_t from, int32_t to)
{
    if (from == ROLL_NONE || to == ROLL_NONE || to < from) return; // begun before it was reported: no delay
    d->hours[step][d->count[step]++] = (double)(to - from) / 60;
}

// A recent case: when it began, when it was opened. Onset is a day: its noon is taken, so a single case is true to half a day,
// and the median of many is not shifted.
struct decide_case {
    int32_t onset, opened;
};
struct decide_walk {
    const struct figures *f;
    struct map *of; // subject -> case
    struct decide_case *cases;
    size_t count, cap;
    struct decide_delays delays;
};

static bool decide_case_row(void *payload, int64_t id, const int32_t *e)
{
    struct decide_walk *w = payload;
    struct decide_case *cases = arena_grow(w->f->rq->arena, w->cases, w->count, &w->cap, sizeof *cases);
    (void)id;
    if (cases == NULL) return false;
    w->cases = cases;
    int32_t onset = e[ROLL_ENROLMENT_ONSET] == ROLL_NONE
                        ? ROLL_NONE
                        : figures_minute_of_day(w->f, (civil_day){e[ROLL_ENROLMENT_ONSET]}) + 12 * 60;
    cases[w->count] = (struct decide_case){onset, e[ROLL_ENROLMENT_OPENED]};
    return map_put_number(w->of, e[ROLL_ENROLMENT_SUBJECT], (int64_t)w->count++);
}

static bool decide_measure_row(void *payload, int64_t id, const int32_t *m)
{
    struct decide_walk *w = payload;
    int64_t at;
    (void)id;
    if (!map_get_number(w->of, m[ROLL_MEASURE_SUBJECT], &at) || w->delays.count[STEP_ORDER] >= w->count) return true;
    const struct decide_case *c = &w->cases[at];
    decide_delay_add(&w->delays, STEP_ORDER, c->opened, m[ROLL_MEASURE_ORDERED]);
    decide_delay_add(&w->delays, STEP_BEGIN, m[ROLL_MEASURE_ORDERED], m[ROLL_MEASURE_STARTED]);
    decide_delay_add(&w->delays, STEP_WHOLE, c->onset, m[ROLL_MEASURE_STARTED]);
    return true;
}

static bool decide_delays_read(struct decide_walk *w)
{
    struct roll_query cases = figures_cases(w->f), isolations = figures_query(w->f, ROLL_MEASURES);
    int32_t since = figures_minute_of_day(w->f, (civil_day){w->f->today.d - FIGURES_DELAY_DAYS});
    show_filter(&cases, ROLL_ENROLMENT_OPENED, ROLL_FROM, since);
    show_filter(&isolations, ROLL_MEASURE_KIND, ROLL_IS, MEASURE_KIND_ISOLATION);
    show_filter(&isolations, ROLL_MEASURE_PROPOSED, ROLL_FROM, since);
    if (!figures_walk(w->f, &cases, decide_case_row, w)) return false;
    for (int32_t k = 0; k < STEP_COUNT; k++) {
        w->delays.hours[k] = arena_array(w->f->rq->arena, 2 * w->count + 1, sizeof(double));
        if (w->delays.hours[k] == NULL) return false;
    }
    for (size_t i = 0; i < w->count; i++) decide_delay_add(&w->delays, STEP_REPORT, w->cases[i].onset, w->cases[i].opened);
    return figures_walk(w->f, &isolations, decide_measure_row, w);
}

static tong_code decide_delay(struct figures *f, struct json_out *j, struct err *err)
{
    struct decide_walk w = {.f = f, .of = map_open()};
    bool good = w.of != NULL && decide_delays_read(&w);
    map_close(w.of);
    if (!good) return tong_fail(err, TONG_E_NOMEM, "figures");
    int32_t slowest = -1;
    double longest = -1;
    json_out_object(j, "delay");
    json_out_int(j, "days", FIGURES_DELAY_DAYS);
    json_out_int(j, "of", (int64_t)w.count);
    json_out_array(j, "steps");
    for (int32_t k = 0; k < STEP_COUNT; k++) {
        size_t n = w.delays.count[k];
        qsort(w.delays.hours[k], n, sizeof(double), decide_compare);
        json_out_object(j, NULL);
        show_words_at(j, "step", &decide_steps[k], f->rq->language);
        json_out_int(j, "cases", (int64_t)n);
        if (n == 0) json_out_null(j, "median_h");
        else json_out_real(j, "median_h", decide_quantile(w.delays.hours[k], n, 0.5));
        if (n == 0) json_out_null(j, "p90_h");
        else json_out_real(j, "p90_h", decide_quantile(w.delays.hours[k], n, 0.9));
        json_out_end(j);
        if (k == STEP_WHOLE || n == 0 || decide_quantile(w.delays.hours[k], n, 0.5) <= longest) continue;
        longest = decide_quantile(w.delays.hours[k], n, 0.5);
        slowest = k;
    }
    json_out_end(j);
    if (slowest < 0) json_out_null(j, "slowest");
    else show_words_at(j, "slowest", &decide_steps[slowest], f->rq->language);
    json_out_end(j);
    return TONG_OK;
}

// ---- 3: contacts due today, seen, never found ----

static void decide_follow_up(struct figures *f, struct json_out *j)
{
    struct roll_query open = figures_contacts(f), lost = figures_contacts(f);
    show_filter(&open, ROLL_ENROLMENT_ENDED, ROLL_ABSENT, 0);
    show_filter(&lost, ROLL_ENROLMENT_FINAL, ROLL_IS, FINAL_LOST);
    struct roll_query seen = open, never = open;
    show_filter(&seen, ROLL_SUBJECT_SEEN, ROLL_FROM, f->midnight);
    show_filter(&never, ROLL_SUBJECT_SEEN, ROLL_ABSENT, 0);
    json_out_object(j, "follow_up");
    json_out_int(j, "open", figures_count(f, &open));
    json_out_int(j, "seen_today", figures_count(f, &seen));
    json_out_int(j, "never_seen", figures_count(f, &never));
    json_out_int(j, "lost", figures_count(f, &lost));
    json_out_end(j);
}

// ---- 4: growth ----

// Cases by the day they were reported. Today is not over and is left out.
static void decide_growth(struct figures *f, struct json_out *j)
{
    double t[FIGURES_GROWTH_DAYS], y[FIGURES_GROWTH_DAYS], all = 0;
    struct growth_fit fit;
    struct err none;
    for (int32_t k = 0; k < FIGURES_GROWTH_DAYS; k++) {
        struct roll_query q = figures_cases(f);
        civil_day day = {f->today.d - FIGURES_GROWTH_DAYS + k};
        show_filter(&q, ROLL_ENROLMENT_OPENED, ROLL_FROM, figures_minute_of_day(f, day));
        show_filter(&q, ROLL_ENROLMENT_OPENED, ROLL_TO, figures_minute_of_day(f, (civil_day){day.d + 1}) - 1);
        t[k] = k;
        y[k] = (double)figures_count(f, &q);
        all += y[k];
    }
    // Below so many cases a week a rate says nothing; the page then says why.
    bool enough = all >= (double)f->growth_cases * FIGURES_GROWTH_DAYS / 7;
    json_out_object(j, "growth");
    json_out_int(j, "days", FIGURES_GROWTH_DAYS);
    json_out_int(j, "cases", (int64_t)all);
    if (enough && growth_fit(t, y, FIGURES_GROWTH_DAYS, GROWTH_NEGATIVE_BINOMIAL, 0.95, &fit, &none) == TONG_OK &&
        isfinite(fit.r) && isfinite(fit.student.lower) && isfinite(fit.student.upper)) {
        json_out_real(j, "rate", fit.r);
        json_out_real(j, "low", fit.student.lower);
        json_out_real(j, "high", fit.student.upper);
        if (fit.r == 0) json_out_null(j, "doubling_days");
        else json_out_real(j, "doubling_days", growth_doubling(fit.r));
    } else {
        json_out_null(j, "rate");
    }
    json_out_end(j);
}

// ---- 5: people restricted, and what waits ----

static void decide_restricted(struct figures *f, struct json_out *j)
{
    struct roll_query force = figures_query(f, ROLL_MEASURES), waits = force, late = figures_query(f, ROLL_OBJECTIONS), open = late;
    uint64_t binding = 0; // on people: a zone's or a closure's subject is a place
    for (int32_t k = 0; k < MEASURE_KIND_WORD_COUNT; k++)
        if (measure_kind_restricts((measure_kind_word)k) && k != MEASURE_KIND_ZONE && k != MEASURE_KIND_CLOSURE) binding |= 1u << k;
    show_filter(&force, ROLL_MEASURE_KIND, ROLL_ONE_OF, 0);
    force.filter[force.filter_count - 1].set[0] = binding;
    waits = force;
    show_filter(&force, ROLL_MEASURE_STATE, ROLL_IS, ROLL_MEASURE_IS_IN_FORCE);
    show_filter(&waits, ROLL_MEASURE_STATE, ROLL_TO, ROLL_MEASURE_IS_HALF_SIGNED);
    struct roll_query soon = force, old = waits;
    show_filter(&soon, ROLL_MEASURE_UNTIL, ROLL_TO, f->midnight_next + 24 * 60 - 1);
    show_filter(&old, ROLL_MEASURE_PROPOSED, ROLL_TO, f->now - f->unsigned_hours * 60);
    show_filter(&open, ROLL_OBJECTION_DECIDED, ROLL_ABSENT, 0);
    late = open;
    show_filter(&late, ROLL_OBJECTION_DEADLINE, ROLL_TO, f->now);
    json_out_object(j, "restricted");
    json_out_int(j, "in_force", figures_count(f, &force));
    json_out_int(j, "ends_by_tomorrow", figures_count(f, &soon));
    json_out_int(j, "unsigned", figures_count(f, &waits));
    json_out_int(j, "unsigned_late", figures_count(f, &old));
    json_out_int(j, "objections", figures_count(f, &open));
    json_out_int(j, "objections_late", figures_count(f, &late));
    json_out_end(j);
}

tong_code figures_decide(struct figures *f, struct json_out *j, struct err *err)
{
    json_out_object(j, "decide");
    tong_code code = decide_unlisted(f, j, err);
    if (code == TONG_OK) code = decide_delay(f, j, err);
    if (code != TONG_OK) return code;
    decide_follow_up(f, j);
    decide_growth(f, j);
    decide_restricted(f, j);
    json_out_end(j);
    return TONG_OK;
}
