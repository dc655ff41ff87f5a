#include "epi/timely.h"

#include <math.h>
#include <stdlib.h>

enum { TIMELY_DAY = 1440 };
#define TIMELY_FAR ((int64_t)1 << 50) // beyond it no minute is one, and differences stay in range

typedef enum timely_verdict { TIMELY_MET, TIMELY_MISSED, TIMELY_UNDECIDED, TIMELY_UNKNOWN } timely_verdict;

static timely_verdict timely_judge(struct timely_span s, int64_t now, int64_t limit)
{
    if (s.from < -TIMELY_FAR || s.to > TIMELY_FAR) return TIMELY_UNKNOWN;
    // Who has not even begun by now, by a clock ahead of ours, is unknown too.
    if (s.from > now || (s.to != TIMELY_NONE && s.to < s.from)) return TIMELY_UNKNOWN;
    if (s.to != TIMELY_NONE && s.to <= now) return s.to - s.from <= limit ? TIMELY_MET : TIMELY_MISSED;
    return now - s.from > limit ? TIMELY_MISSED : TIMELY_UNDECIDED;
}

static void timely_count(struct timely_part *p, timely_verdict v)
{
    p->met += v == TIMELY_MET;
    p->missed += v == TIMELY_MISSED;
    p->undecided += v == TIMELY_UNDECIDED;
    p->unknown += v == TIMELY_UNKNOWN;
}

static tong_code timely_close(struct timely_part *p, double level, struct err *err)
{
    p->defined = p->met + p->missed > 0;
    if (!p->defined) return TONG_OK;
    return proportion_interval(p->met, p->met + p->missed, level, PROPORTION_WILSON, &p->part, err);
}

static tong_code timely_check(int64_t limit, double level, struct err *err)
{
    if (limit >= 0 && level > 0 && level < 1) return TONG_OK;
    return tong_fail(err, TONG_E_INVALID, "a limit of %lld minutes, a level of %g", (long long)limit, level);
}

tong_code timely_within(const struct timely_span *spans, size_t n, int64_t now, int64_t limit, double level,
                        struct timely_part *out, struct err *err)
{
    struct timely_part p = {0};
    tong_code code = timely_check(limit, level, err);
    if (code != TONG_OK) return code;
    for (size_t i = 0; i < n; i++) timely_count(&p, timely_judge(spans[i], now, limit));
    code = timely_close(&p, level, err);
    if (code == TONG_OK) *out = p;
    return code;
}

struct timely_event {
    int64_t minutes;
    bool open;
};

// Of equal times the ends come first: who is censored then was still at risk.
static int timely_order(const void *a, const void *b)
{
    const struct timely_event *x = a, *y = b;
    if (x->minutes != y->minutes) return x->minutes < y->minutes ? -1 : 1;
    return (x->open > y->open) - (x->open < y->open);
}

tong_code timely_quantiles(const struct timely_span *spans, size_t n, int64_t now, struct arena *arena,
                           struct timely_time *out, struct err *err)
{
    struct timely_time t = {.half = HUGE_VAL, .nine_tenths = HUGE_VAL};
    struct timely_event *event = arena_array(arena, n, sizeof *event);
    if (event == NULL) return tong_fail(err, TONG_E_NOMEM, "%zu spans", n);
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        struct timely_span s = spans[i];
        if (timely_judge(s, now, INT64_MAX) == TIMELY_UNKNOWN) {
            t.unknown++;
            continue;
        }
        bool open = s.to == TIMELY_NONE || s.to > now;
        event[count++] = (struct timely_event){(open ? now : s.to) - s.from, open};
        t.open += open;
        t.done += !open;
    }
    qsort(event, count, sizeof *event, timely_order);
    double left = 1;
    for (size_t i = 0; i < count; i++) {
        if (event[i].open) continue;
        left *= 1 - 1 / (double)(count - i);
        // Rounding must not push the product past the mark.
        if (isinf(t.half) && left <= 0.5 + 1e-12) t.half = (double)event[i].minutes;
        if (isinf(t.nine_tenths) && left <= 0.1 + 1e-12) t.nine_tenths = (double)event[i].minutes;
    }
    t.defined = count > 0;
    *out = t;
    return TONG_OK;
}

tong_code timely_717_of(const struct timely_717 *events, size_t n, int64_t now, double level,
                        struct timely_717_parts *out, struct err *err)
{
    struct timely_717_parts p = {0};
    tong_code code = timely_check(0, level, err);
    for (size_t i = 0; code == TONG_OK && i < n; i++) {
        const struct timely_717 *e = &events[i];
        const timely_verdict v[3] = {
            timely_judge((struct timely_span){e->emergence, e->detection}, now, 7 * TIMELY_DAY),
            timely_judge((struct timely_span){e->detection, e->notification}, now, TIMELY_DAY),
            timely_judge((struct timely_span){e->notification, e->response}, now, 7 * TIMELY_DAY)};
        timely_count(&p.detect, v[0]);
        timely_count(&p.notify, v[1]);
        timely_count(&p.respond, v[2]);
        timely_verdict all = TIMELY_MET;
        for (int k = 0; k < 3; k++) {
            if (v[k] == TIMELY_MISSED) all = TIMELY_MISSED;
            else if (v[k] != TIMELY_MET && all == TIMELY_MET) all = v[k];
        }
        timely_count(&p.all, all);
    }
    struct timely_part *parts[] = {&p.detect, &p.notify, &p.respond, &p.all};
    for (int k = 0; k < 4 && code == TONG_OK; k++) code = timely_close(parts[k], level, err);
    if (code == TONG_OK) *out = p;
    return code;
}

double timely_person_days(const struct timely_span *spans, size_t n, int64_t now)
{
    double minutes = 0;
    for (size_t i = 0; i < n; i++) {
        if (spans[i].from < -TIMELY_FAR) continue;
        int64_t to = spans[i].to == TIMELY_NONE || spans[i].to > now ? now : spans[i].to;
        if (to > spans[i].from) minutes += (double)(to - spans[i].from);
    }
    return minutes / TIMELY_DAY;
}

struct timely_entry {
    int64_t who;
    double at;
};

static int timely_by_who(const void *a, const void *b)
{
    const struct timely_entry *x = a, *y = b;
    if (x->who != y->who) return x->who < y->who ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static int timely_ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

tong_code timely_entering(const int64_t *who, const double *at, size_t n, double most, double alone,
                          struct arena *arena, struct timely_work *out, struct err *err)
{
    if (!(most > 0 && most < 1e6) || !(alone >= 0 && alone <= most))
        return tong_fail(err, TONG_E_INVALID, "gaps of %g minutes, %g alone", most, alone);
    struct timely_work w = {.entries = (int64_t)n};
    struct timely_entry *entry = arena_array(arena, n, sizeof *entry);
    double *took = arena_array(arena, n, sizeof *took);
    if (entry == NULL || took == NULL) return tong_fail(err, TONG_E_NOMEM, "%zu entries", n);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(at[i])) return tong_fail(err, TONG_E_INVALID, "entry %zu has no time", i);
        entry[i] = (struct timely_entry){who[i], at[i]};
    }
    qsort(entry, n, sizeof *entry, timely_by_who);
    for (size_t i = 0; i < n; i++) {
        bool same = i > 0 && entry[i].who == entry[i - 1].who;
        w.people += !same;
        double gap = same ? entry[i].at - entry[i - 1].at : HUGE_VAL;
        took[i] = gap <= most ? gap : alone;
        w.minutes += took[i];
    }
    qsort(took, n, sizeof *took, timely_ascending);
    if (n > 0) w.median = n % 2 == 1 ? took[n / 2] : (took[n / 2 - 1] + took[n / 2]) / 2;
    *out = w;
    return TONG_OK;
}
