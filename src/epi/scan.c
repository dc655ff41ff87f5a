#include "epi/scan.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

static const double SCAN_EARTH_KM = 6371.0088; // mean radius (IUGG)
static const double SCAN_DEGREE = 3.14159265358979323846 / 180;

struct scan_near {
    double distance;
    int32_t place;
};

struct scan_best {
    double llr;
    int32_t centre, rings, first, last;
};

struct scan_work {
    const struct scan_input *in;
    const struct scan_options *o;
    int64_t cases;
    double *log_of;   // log k, k = 0 .. cases
    double *log_days; // log k, k = 0 .. days
    int32_t *days_on; // days with cases of the circle at hand
    int32_t *near;    // near[i * places + k]: the k-th nearest place to i, itself first
    int32_t *reach;   // so many of them are used
    int32_t *until;   // until[place * (days + 1) + d]: cases on days before d
    int64_t *place_cases;
    int64_t *day_until;  // cases of all places on days before d
    int64_t *ring_until; // of the places gathered so far, by day
    double *share;       // part of all people; NULL for the permutation scan
    int32_t *case_place, *case_day;
    double *cumulative; // of share, for drawing
    struct scan_best *by_centre;
};

double scan_distance(const struct scan_input *in, int32_t i, int32_t j)
{
    if (!in->degrees) return hypot(in->x[i] - in->x[j], in->y[i] - in->y[j]);
    double a = in->y[i] * SCAN_DEGREE, b = in->y[j] * SCAN_DEGREE; // haversine: exact for near ones, too
    double dy = sin(0.5 * (a - b)), dx = sin(0.5 * (in->x[i] - in->x[j]) * SCAN_DEGREE);
    double h = dy * dy + cos(a) * cos(b) * dx * dx;
    return 2 * SCAN_EARTH_KM * asin(sqrt(h > 1 ? 1 : h));
}

static tong_code scan_check(const struct scan_input *in, const struct scan_options *o, int64_t *cases, struct err *err)
{
    if (in->places < 1 || in->places > SCAN_PLACES_MAX || in->days < 1 || in->days > SCAN_DAYS_MAX)
        return tong_fail(err, TONG_E_LIMIT, "%d places, %d days", (int)in->places, (int)in->days);
    if (o->days_max < 1 || !(o->share_max > 0) || !(o->share_max <= 1) || o->replicates < 0 ||
        o->replicates > SCAN_REPLICATES_MAX || o->clusters < 1)
        return tong_fail(err, TONG_E_INVALID, "clusters of %d days and %g of all, %d replicates", (int)o->days_max,
                         o->share_max, (int)o->replicates);
    double people = 0;
    for (int32_t i = 0; i < in->places; i++) {
        bool good = isfinite(in->x[i]) && isfinite(in->y[i]);
        if (in->degrees) good = good && fabs(in->x[i]) <= 360 && fabs(in->y[i]) <= 90;
        if (in->people != NULL) good = good && in->people[i] >= 0 && isfinite(in->people[i]);
        if (!good) return tong_fail(err, TONG_E_INVALID, "the position or people of place %d", (int)i);
        if (in->people != NULL) people += in->people[i];
    }
    if (in->people != NULL && !(people > 0)) return tong_fail(err, TONG_E_INVALID, "nobody lives anywhere");
    int64_t sum = 0;
    for (int64_t k = 0; k < (int64_t)in->places * in->days; k++) {
        if (in->count[k] < 0) return tong_fail(err, TONG_E_INVALID, "a negative count");
        if (in->people != NULL && in->count[k] > 0 && !(in->people[k / in->days] > 0))
            return tong_fail(err, TONG_E_INVALID, "cases in place %d, where nobody lives", (int)(k / in->days));
        sum += in->count[k];
    }
    if (sum < 2) return tong_fail(err, TONG_E_INVALID, "%d cases", (int)sum);
    if (sum > SCAN_CASES_MAX) return tong_fail(err, TONG_E_LIMIT, "more than %d cases", SCAN_CASES_MAX);
    *cases = sum;
    return TONG_OK;
}

static int scan_nearer(const void *a, const void *b)
{
    const struct scan_near *x = a, *y = b;
    if (x->distance != y->distance) return x->distance < y->distance ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

// How far a circle may grow does not depend on when: by what is expected of its places over all days.
static bool scan_lay(struct scan_work *w, struct arena *a)
{
    int32_t n = w->in->places;
    struct scan_near *row = arena_array(a, (size_t)n, sizeof *row);
    w->near = arena_array(a, (size_t)n * (size_t)n, sizeof *w->near);
    w->reach = arena_array(a, (size_t)n, sizeof *w->reach);
    if (row == NULL || w->near == NULL || w->reach == NULL) return false;
    for (int32_t i = 0; i < n; i++) {
        for (int32_t j = 0; j < n; j++) row[j] = (struct scan_near){scan_distance(w->in, i, j), j};
        qsort(row, (size_t)n, sizeof *row, scan_nearer);
        double held = 0;
        for (int32_t k = 0; k < n; k++) {
            int32_t j = row[k].place;
            w->near[(int64_t)i * n + k] = j;
            held += w->share != NULL ? w->share[j] : (double)w->place_cases[j] / (double)w->cases;
            if (k == 0 || held <= w->o->share_max * (1 + 1e-12)) w->reach[i] = k + 1;
        }
    }
    return true;
}

static void scan_count(struct scan_work *w, const int32_t *count)
{
    int32_t days = w->in->days;
    memset(w->day_until, 0, ((size_t)days + 1) * sizeof *w->day_until);
    for (int32_t i = 0; i < w->in->places; i++) {
        int32_t *until = w->until + (int64_t)i * (days + 1), sum = 0;
        for (int32_t d = 0; d < days; d++) {
            until[d] = sum;
            sum += count[(int64_t)i * days + d];
            w->day_until[d + 1] += sum;
        }
        until[days] = sum;
        w->place_cases[i] = sum;
    }
}

static bool scan_prepare(struct scan_work *w, struct arena *a)
{
    const struct scan_input *in = w->in;
    size_t n = (size_t)in->places, days = (size_t)in->days;
    w->log_of = arena_array(a, (size_t)w->cases + 1, sizeof *w->log_of);
    w->log_days = arena_array(a, days + 1, sizeof *w->log_days);
    w->days_on = arena_array(a, days, sizeof *w->days_on);
    w->until = arena_array(a, n * (days + 1), sizeof *w->until);
    w->place_cases = arena_array(a, n, sizeof *w->place_cases);
    w->day_until = arena_array(a, days + 1, sizeof *w->day_until);
    w->ring_until = arena_array(a, days + 1, sizeof *w->ring_until);
    w->by_centre = arena_array(a, n, sizeof *w->by_centre);
    w->share = in->people != NULL ? arena_array(a, n, sizeof *w->share) : NULL;
    w->cumulative = arena_array(a, n, sizeof *w->cumulative);
    if (w->log_of == NULL || w->log_days == NULL || w->days_on == NULL || w->until == NULL || w->place_cases == NULL ||
        w->day_until == NULL || w->ring_until == NULL || w->by_centre == NULL || w->cumulative == NULL ||
        (in->people != NULL && w->share == NULL))
        return false;
    for (int64_t k = 1; k <= w->cases; k++) w->log_of[k] = log((double)k);
    for (size_t k = 1; k <= days; k++) w->log_days[k] = log((double)k);
    double people = 0, sum = 0;
    for (size_t i = 0; i < n && w->share != NULL; i++) people += in->people[i];
    for (size_t i = 0; i < n && w->share != NULL; i++) {
        w->share[i] = in->people[i] / people;
        sum += w->share[i];
        w->cumulative[i] = sum;
    }
    scan_count(w, in->count);
    return scan_lay(w, a);
}

static double scan_llr(const struct scan_work *w, int64_t c, double mu)
{
    double all = (double)w->cases, in = (double)c, out = all - in;
    if (in <= mu) return 0;
    double llr = in * log(in / mu);
    return c < w->cases ? llr + out * log(out / (all - mu)) : llr;
}

// The stretches of days of one circle. One that begins or ends on a day without a case is worse than the shorter one
// without that day (no fewer cases, more expected), so only days with cases are looked at, but for the last day of a
// living cluster. The second term of the LLR is never positive, so the first alone tells which stretches cannot be the
// best; it needs no logarithm but those of whole numbers.
static void scan_circle(const struct scan_work *w, int64_t held, double share, int32_t centre, int32_t rings,
                        struct scan_best *best)
{
    int32_t days = w->in->days, found = 0, *on = w->days_on;
    double log_cases = w->log_of[w->cases], log_held = held > 0 ? w->log_of[held] : 0;
    double log_share = share > 0 ? log(share) : 0;
    for (int32_t d = w->o->living && days > w->o->days_max ? days - w->o->days_max : 0; d < days; d++)
        if (w->ring_until[d + 1] > w->ring_until[d]) on[found++] = d;
    for (int32_t e = found - 1; e >= 0; e--) {
        int32_t last = w->o->living ? days - 1 : on[e];
        for (int32_t s = e; s >= 0 && last - on[s] < w->o->days_max; s--) {
            int32_t first = on[s], length = last + 1 - first;
            int64_t c = w->ring_until[last + 1] - w->ring_until[first];
            double mu, bound;
            if (w->share != NULL) {
                mu = (double)w->cases * share * length / days;
                if ((double)c <= mu) continue;
                bound = (double)c * (w->log_of[c] - log_cases - log_share - w->log_days[length] + w->log_days[days]);
            } else {
                int64_t in_days = w->day_until[last + 1] - w->day_until[first];
                mu = (double)held * (double)in_days / (double)w->cases;
                if ((double)c <= mu) continue;
                bound = (double)c * (w->log_of[c] + log_cases - log_held - w->log_of[in_days]);
            }
            if (bound <= best->llr) continue;
            double llr = scan_llr(w, c, mu);
            if (llr > best->llr) *best = (struct scan_best){llr, centre, rings, first, last};
        }
        if (w->o->living) break;
    }
}

static void scan_centre(const struct scan_work *w, int32_t centre, struct scan_best *best)
{
    int32_t n = w->in->places, days = w->in->days;
    int64_t held = 0;
    double share = 0;
    memset(w->ring_until, 0, ((size_t)days + 1) * sizeof *w->ring_until);
    for (int32_t k = 0; k < w->reach[centre]; k++) {
        int32_t j = w->near[(int64_t)centre * n + k];
        share += w->share != NULL ? w->share[j] : 0;
        if (w->place_cases[j] == 0) continue; // no more cases, not less expected: cannot be better
        held += w->place_cases[j];
        const int32_t *until = w->until + (int64_t)j * (days + 1);
        for (int32_t d = 1; d <= days; d++) w->ring_until[d] += until[d];
        scan_circle(w, held, share, centre, k + 1, best);
    }
}

static bool scan_overlaps(const struct scan_work *w, const struct scan_best *a, const unsigned char *taken)
{
    for (int32_t k = 0; k < a->rings; k++)
        if (taken[w->near[(int64_t)a->centre * w->in->places + k]]) return true;
    return false;
}

static tong_code scan_tell(const struct scan_work *w, const struct scan_best *b, struct arena *arena,
                           struct scan_cluster *out, struct err *err)
{
    int32_t n = w->in->places, days = w->in->days;
    *out = (struct scan_cluster){
        .centre = b->centre, .places = b->rings, .first = b->first, .last = b->last, .llr = b->llr};
    out->place = arena_array(arena, (size_t)b->rings, sizeof *out->place);
    if (out->place == NULL) return tong_fail(err, TONG_E_NOMEM, "%d places", (int)b->rings);
    double share = 0;
    int64_t held = 0;
    for (int32_t k = 0; k < b->rings; k++) {
        int32_t j = w->near[(int64_t)b->centre * n + k];
        out->place[k] = j;
        const int32_t *until = w->until + (int64_t)j * (days + 1);
        out->observed += until[b->last + 1] - until[b->first];
        held += w->place_cases[j];
        share += w->share != NULL ? w->share[j] : 0;
    }
    out->radius = scan_distance(w->in, b->centre, out->place[b->rings - 1]);
    double all = (double)w->cases, in_days = (double)(w->day_until[b->last + 1] - w->day_until[b->first]);
    out->expected = w->share != NULL ? all * share * (b->last + 1 - b->first) / days : (double)held * in_days / all;
    double outside = all - (double)out->observed;
    out->ratio = outside > 0 ? (double)out->observed / out->expected / (outside / (all - out->expected)) : HUGE_VAL;
    return TONG_OK;
}

static int scan_likelier(const void *a, const void *b)
{
    const struct scan_best *x = a, *y = b;
    if (x->llr != y->llr) return x->llr > y->llr ? -1 : 1;
    if (x->rings != y->rings) return x->rings < y->rings ? -1 : 1; // of equals the smaller circle
    return x->centre < y->centre ? -1 : x->centre > y->centre;
}

static tong_code scan_found(struct scan_work *w, struct arena *arena, struct scan *out, struct err *err)
{
    int32_t n = w->in->places;
    struct scan made = {.cases = w->cases};
    made.cluster = arena_array(arena, (size_t)w->o->clusters, sizeof *made.cluster);
    unsigned char *taken = arena_array(arena, (size_t)n, 1);
    if (made.cluster == NULL || taken == NULL) return tong_fail(err, TONG_E_NOMEM, "%d clusters", (int)w->o->clusters);
    for (int32_t i = 0; i < n; i++) {
        w->by_centre[i] = (struct scan_best){0};
        scan_centre(w, i, &w->by_centre[i]);
    }
    qsort(w->by_centre, (size_t)n, sizeof *w->by_centre, scan_likelier);
    for (int32_t i = 0; i < n && made.clusters < w->o->clusters; i++) {
        const struct scan_best *b = &w->by_centre[i];
        if (!(b->llr > 0) || scan_overlaps(w, b, taken)) continue;
        tong_code code = scan_tell(w, b, arena, &made.cluster[made.clusters], err);
        if (code != TONG_OK) return code;
        made.clusters++;
        for (int32_t k = 0; k < b->rings; k++) taken[w->near[(int64_t)b->centre * n + k]] = 1;
    }
    *out = made;
    return TONG_OK;
}

tong_code scan_find(const struct scan_input *in, const struct scan_options *o, struct arena *arena, struct scan *out,
                    struct err *err)
{
    struct scan_work w = {.in = in, .o = o};
    tong_code code = scan_check(in, o, &w.cases, err);
    if (code != TONG_OK) return code;
    struct arena scratch = {0};
    if (!scan_prepare(&w, &scratch))
        code = tong_fail(err, TONG_E_NOMEM, "no memory to scan %d places", (int)in->places);
    else code = scan_found(&w, arena, out, err);
    arena_free(&scratch);
    return code;
}

// ---- replicates ----

static bool scan_list_cases(struct scan_work *w, struct arena *a)
{
    w->case_place = arena_array(a, (size_t)w->cases, sizeof *w->case_place);
    w->case_day = arena_array(a, (size_t)w->cases, sizeof *w->case_day);
    if (w->case_place == NULL || w->case_day == NULL) return false;
    int64_t at = 0;
    for (int32_t i = 0; i < w->in->places; i++)
        for (int32_t d = 0; d < w->in->days; d++)
            for (int32_t k = 0; k < w->in->count[(int64_t)i * w->in->days + d]; k++, at++) {
                w->case_place[at] = i;
                w->case_day[at] = d;
            }
    assert(at == w->cases);
    return true;
}

static int32_t scan_draw_place(const struct scan_work *w, double u)
{
    int32_t lo = 0, hi = w->in->places - 1;
    while (lo < hi) {
        int32_t middle = lo + (hi - lo) / 2;
        if (w->cumulative[middle] > u) hi = middle;
        else lo = middle + 1;
    }
    return lo;
}

// Shuffled from the cases as they are, so that a replicate does not depend on those before it.
static void scan_replicate(const struct scan_work *w, uint64_t seed, int32_t replicate, int32_t *day, int32_t *count)
{
    struct rng r = rng_stream(seed, (uint32_t)replicate, 0, 0, 0);
    int32_t days = w->in->days;
    memset(count, 0, (size_t)w->in->places * (size_t)days * sizeof *count);
    if (w->share != NULL) {
        for (int64_t k = 0; k < w->cases; k++) {
            int32_t i = scan_draw_place(w, rng_uniform(&r) * w->cumulative[w->in->places - 1]);
            count[(int64_t)i * days + (int32_t)rng_below(&r, (uint32_t)days)]++;
        }
        return;
    }
    memcpy(day, w->case_day, (size_t)w->cases * sizeof *day);
    for (int64_t k = w->cases - 1; k >= 0; k--) {
        int64_t j = rng_below(&r, (uint32_t)(k + 1));
        int32_t d = day[j];
        day[j] = day[k];
        count[(int64_t)w->case_place[k] * days + d]++;
    }
}

tong_code scan_replicates(const struct scan_input *in, const struct scan_options *o, int32_t from, int32_t n,
                          double *largest, struct err *err)
{
    struct scan_work w = {.in = in, .o = o};
    tong_code code = scan_check(in, o, &w.cases, err);
    if (code != TONG_OK) return code;
    struct arena scratch = {0};
    int32_t *count = arena_array(&scratch, (size_t)in->places * (size_t)in->days, sizeof *count);
    int32_t *day = arena_array(&scratch, (size_t)w.cases, sizeof *day);
    if (count == NULL || day == NULL || !scan_prepare(&w, &scratch) || !scan_list_cases(&w, &scratch))
        code = tong_fail(err, TONG_E_NOMEM, "no memory to scan %d places", (int)in->places);
    for (int32_t k = 0; k < n && code == TONG_OK; k++) {
        scan_replicate(&w, o->seed, from + k, day, count);
        scan_count(&w, count);
        struct scan_best best = {0};
        for (int32_t i = 0; i < in->places; i++) scan_centre(&w, i, &best);
        largest[k] = best.llr;
    }
    arena_free(&scratch);
    return code;
}

void scan_judge(struct scan *scan, const double *largest, int32_t n)
{
    for (int32_t i = 0; i < scan->clusters; i++) {
        int32_t above = 0;
        for (int32_t k = 0; k < n; k++) above += largest[k] >= scan->cluster[i].llr * (1 - 1e-12);
        scan->cluster[i].p = (1.0 + above) / (1.0 + n);
    }
}

tong_code scan_run(const struct scan_input *in, const struct scan_options *o, struct arena *arena, struct scan *out,
                   struct err *err)
{
    struct scan made;
    tong_code code = scan_find(in, o, arena, &made, err);
    if (code != TONG_OK) return code;
    double *largest = arena_array(arena, (size_t)o->replicates, sizeof *largest);
    if (largest == NULL) return tong_fail(err, TONG_E_NOMEM, "%d replicates", (int)o->replicates);
    code = scan_replicates(in, o, 0, o->replicates, largest, err);
    if (code != TONG_OK) return code;
    scan_judge(&made, largest, o->replicates);
    *out = made;
    return TONG_OK;
}
