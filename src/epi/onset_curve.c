#include "epi/onset_curve.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "epi/curve.h"

enum { ONSET_ENOUGH = 30, ONSET_DELAYS = ONSET_DELAY_MAX + 1 };
static const double ONSET_PRIOR = 0.01; // of each delay, as much as a case weighs: longer and shorter ones may come

struct onset_work {
    const struct onset_curve_input *in;
    struct onset_curve *out;
    int32_t first_report, reports;
    int64_t *by_report; // reports * ONSET_DELAYS: known delays
    int64_t *missing;   // cases without onset by report day
    int32_t *drawn;     // draws * days
};

static bool onset_delay(const struct onset_curve_input *in, size_t i, int32_t *delay)
{
    if (in->onset[i].d == CIVIL_DAY_NONE || in->reported[i].d == CIVIL_DAY_NONE) return false;
    *delay = in->reported[i].d - in->onset[i].d;
    return *delay >= 0 && *delay <= ONSET_DELAY_MAX;
}

// The delays known of reports about day r, from as wide a window as gives enough.
static bool onset_delays(const struct onset_work *w, int32_t r, int64_t *count)
{
    for (int32_t window = w->in->window;; window = window < 1 ? 1 : 2 * window) {
        int64_t sum = 0;
        for (int32_t d = 0; d < ONSET_DELAYS; d++) count[d] = 0;
        for (int32_t k = r - window < 0 ? 0 : r - window; k <= r + window && k < w->reports; k++)
            for (int32_t d = 0; d < ONSET_DELAYS; d++) {
                count[d] += w->by_report[(int64_t)k * ONSET_DELAYS + d];
                sum += w->by_report[(int64_t)k * ONSET_DELAYS + d];
            }
        if (sum >= ONSET_ENOUGH || (window >= w->reports && sum > 0)) return true;
        if (window >= w->reports) return false;
    }
}

static void onset_draw(struct onset_work *w, int32_t r, const int64_t *count)
{
    int32_t most = 0;
    for (int32_t d = 0; d < ONSET_DELAYS; d++)
        if (count[d] > 0) most = d;
    most = most + 3 < ONSET_DELAYS ? most + 3 : ONSET_DELAYS - 1;
    for (int32_t k = 0; k < w->in->draws; k++) {
        struct rng g = rng_stream(w->in->seed, (uint32_t)k, r, 0, 0);
        double part[ONSET_DELAYS], sum = 0;
        for (int32_t d = 0; d <= most; d++) sum += part[d] = rng_gamma(&g, ONSET_PRIOR + (double)count[d], 1);
        for (int64_t i = 0; i < w->missing[r]; i++) {
            double u = rng_uniform(&g) * sum;
            int32_t d = 0;
            while (d < most && (u -= part[d]) >= 0) d++;
            int32_t day = w->first_report + r - d - w->out->first.d;
            if (day >= 0) w->drawn[(int64_t)k * w->out->days + day]++;
        }
    }
}

static int onset_order(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? -1 : x > y;
}

static bool onset_sum(struct onset_work *w, struct arena *scratch)
{
    int32_t draws = w->in->draws, *column = arena_array(scratch, (size_t)draws, sizeof *column);
    if (column == NULL) return false;
    for (int32_t t = 0; t < w->out->days; t++) {
        double known = (double)w->out->known[t];
        for (int32_t k = 0; k < draws; k++) {
            column[k] = w->drawn[(int64_t)k * w->out->days + t];
            w->out->mean[t] += (double)column[k] / draws;
        }
        qsort(column, (size_t)draws, sizeof *column, onset_order);
        w->out->mean[t] += known;
        w->out->lo[t] = known + column[(int32_t)(0.025 * draws)];
        w->out->hi[t] = known + column[(int32_t)ceil(0.975 * draws) - 1];
    }
    return true;
}

static void onset_widen(civil_day d, int32_t *first, int32_t *last)
{
    if (d.d == CIVIL_DAY_NONE) return;
    if (d.d < *first) *first = d.d;
    if (d.d > *last) *last = d.d;
}

static tong_code onset_span(struct onset_work *w, struct err *err)
{
    const struct onset_curve_input *in = w->in;
    int32_t first = INT32_MAX, last = INT32_MIN, first_report = INT32_MAX, last_report = INT32_MIN;
    for (size_t i = 0; i < in->cases; i++) {
        onset_widen(in->onset[i], &first, &last);
        onset_widen(in->reported[i], &first_report, &last_report);
    }
    if (first_report > last_report && first > last) return tong_fail(err, TONG_E_INVALID, "no case has a date");
    if (first_report <= last_report) {
        first = first < first_report - ONSET_DELAY_MAX ? first : first_report - ONSET_DELAY_MAX;
        last = last > last_report ? last : last_report;
        w->first_report = first_report;
        w->reports = last_report - first_report + 1;
    }
    if (last - first >= CURVE_DAYS_MAX) return tong_fail(err, TONG_E_LIMIT, "%d days", (int)(last - first));
    w->out->first.d = first;
    w->out->days = last - first + 1;
    return TONG_OK;
}

static tong_code onset_fill(struct onset_work *w, struct arena *scratch, struct err *err)
{
    const struct onset_curve_input *in = w->in;
    for (size_t i = 0; i < in->cases; i++) {
        int32_t delay;
        if (onset_delay(in, i, &delay))
            w->by_report[(int64_t)(in->reported[i].d - w->first_report) * ONSET_DELAYS + delay]++;
        if (in->onset[i].d != CIVIL_DAY_NONE) w->out->known[in->onset[i].d - w->out->first.d]++;
        else if (in->reported[i].d == CIVIL_DAY_NONE) w->out->left_out++;
        else {
            w->missing[in->reported[i].d - w->first_report]++;
            w->out->imputed++;
        }
    }
    for (int32_t r = 0; r < w->reports; r++) {
        int64_t count[ONSET_DELAYS];
        if (w->missing[r] == 0) continue;
        if (!onset_delays(w, r, count))
            return tong_fail(err, TONG_E_INVALID, "onsets are missing, and no case tells the delay to the report");
        onset_draw(w, r, count);
    }
    return onset_sum(w, scratch) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "%d draws", (int)in->draws);
}

tong_code onset_curve(const struct onset_curve_input *in, struct arena *arena, struct onset_curve *out, struct err *err)
{
    if (in->draws < 40 || in->draws > ONSET_DRAWS_MAX || in->window < 0)
        return tong_fail(err, TONG_E_INVALID, "%d draws, a window of %d days", (int)in->draws, (int)in->window);
    struct onset_curve made = {0};
    struct onset_work w = {.in = in, .out = &made};
    tong_code code = onset_span(&w, err);
    if (code != TONG_OK) return code;
    struct arena scratch = {0};
    size_t days = (size_t)made.days;
    made.known = arena_array(arena, days, sizeof *made.known);
    made.mean = arena_array(arena, days, sizeof *made.mean);
    made.lo = arena_array(arena, days, sizeof *made.lo);
    made.hi = arena_array(arena, days, sizeof *made.hi);
    w.by_report = arena_array(&scratch, (size_t)w.reports * ONSET_DELAYS, sizeof *w.by_report);
    w.missing = arena_array(&scratch, (size_t)w.reports, sizeof *w.missing);
    w.drawn = arena_array(&scratch, (size_t)in->draws * days, sizeof *w.drawn);
    if (made.known == NULL || made.mean == NULL || made.lo == NULL || made.hi == NULL || w.by_report == NULL ||
        w.missing == NULL || w.drawn == NULL)
        code = tong_fail(err, TONG_E_NOMEM, "%zu days", days);
    else code = onset_fill(&w, &scratch, err);
    arena_free(&scratch);
    if (code == TONG_OK) *out = made;
    return code;
}
