#include "epi/nowcast.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"

// Of the symmetric Dirichlet prior of the delays; broken off from the longest delay it is Beta(kappa, d kappa) for
// g(d).
static const double NOWCAST_KAPPA = 0.1;

static tong_code nowcast_check(const struct nowcast_triangle *tri, int32_t now, struct err *err)
{
    if (tri->days < 1 || tri->days > NOWCAST_DAYS_MAX || tri->delays < 1 || tri->delays > NOWCAST_DELAYS_MAX ||
        now < 0 || now >= tri->days)
        return tong_fail(err, TONG_E_INVALID, "day %d of a triangle of %d days and %d delays", (int)now, (int)tri->days,
                         (int)tri->delays);
    for (size_t i = 0; i < (size_t)tri->days * (size_t)tri->delays; i++)
        if (tri->count[i] < 0 || tri->count[i] > NOWCAST_COUNT_MAX)
            return tong_fail(err, TONG_E_INVALID, "cell %zu of the triangle is negative, or beyond any count", i);
    return TONG_OK;
}

// Cases of day t at delay d as known on `now`. A day longer ago than the longest delay has its last cell complete.
static double nowcast_cell(const struct nowcast_triangle *tri, int32_t t, int32_t d)
{
    return (double)tri->count[(int64_t)t * tri->delays + d];
}

static int64_t nowcast_reported(const struct nowcast_triangle *tri, int32_t t, int32_t now)
{
    int64_t sum = 0;
    for (int32_t d = 0; d < tri->delays && t + d <= now; d++) sum += tri->count[(int64_t)t * tri->delays + d];
    return sum;
}

// The overdispersion as a ratio of sums: cells with few at risk, whose own ratios would be wild, weigh little.
static double nowcast_overdispersion(const struct nowcast_triangle *tri, int32_t first, int32_t now,
                                     const struct nowcast_delays *delays)
{
    double squares = 0, variance = 0;
    for (int32_t t = first; t <= now; t++) {
        double risk = 0;
        for (int32_t d = 0; d < tri->delays && t + d <= now; d++) {
            double n = nowcast_cell(tri, t, d), g = delays->hazard[d];
            risk += n;
            if (d == 0) continue; // everyone at risk at delay 0 is reported at delay 0
            squares += (n - risk * g) * (n - risk * g);
            variance += risk * g * (1 - g);
        }
    }
    return variance > 0 && squares > variance ? squares / variance : 1;
}

tong_code nowcast_learn(const struct nowcast_triangle *tri, int32_t now, int32_t window, double forget,
                        struct nowcast_delays *out, struct err *err)
{
    tong_code code = nowcast_check(tri, now, err);
    if (code != TONG_OK) return code;
    if (!(forget > 0) || !(forget <= 1) || window < 0)
        return tong_fail(err, TONG_E_INVALID, "forget %g, window %d", forget, (int)window);
    struct nowcast_delays made = {0};
    int32_t first = window > 0 && now - window > 0 ? now - window : 0;
    for (int32_t t = first; t <= now; t++) {
        double risk = 0;
        for (int32_t d = 0; d < tri->delays && t + d <= now; d++) {
            double n = nowcast_cell(tri, t, d), weight = forget < 1 ? pow(forget, now - t - d) : 1;
            risk += n;
            made.at[d] += weight * n;
            made.risk[d] += weight * risk;
        }
    }
    double complete = 1;
    for (int32_t d = tri->delays - 1; d >= 0; d--) {
        made.hazard[d] = made.risk[d] > 0 ? made.at[d] / made.risk[d] : 0;
        made.complete[d] = complete;
        complete *= 1 - made.hazard[d];
    }
    made.phi = nowcast_overdispersion(tri, first, now, &made);
    *out = made;
    return TONG_OK;
}

static double nowcast_complete(const struct nowcast_triangle *tri, const double *complete, int32_t age)
{
    return age >= tri->delays ? 1 : complete[age];
}

tong_code nowcast_lawless(const struct nowcast_triangle *tri, int32_t now, int32_t window, int32_t back,
                          struct nowcast_day *out, struct err *err)
{
    struct nowcast_delays delays;
    tong_code code = nowcast_learn(tri, now, window, 1, &delays, err);
    if (code != TONG_OK) return code;
    if (back < 1 || back > now + 1) return tong_fail(err, TONG_E_INVALID, "%d days up to day %d", (int)back, (int)now);
    for (int32_t i = 0; i < back; i++) {
        int32_t t = now - back + 1 + i, age = now - t;
        struct nowcast_day day = {.day = t, .reported = nowcast_reported(tri, t, now)};
        day.complete = nowcast_complete(tri, delays.complete, age);
        day.defined = day.complete > 0;
        if (day.defined) {
            double n = (double)day.reported, f = day.complete, of_f = 0;
            for (int32_t d = age + 1; d < tri->delays; d++)
                if (delays.risk[d] > 0) of_f += delays.hazard[d] / (delays.risk[d] * (1 - delays.hazard[d]));
            day.mean = n / f;
            day.sd = sqrt(n * (1 - f) / (f * f) + day.mean * day.mean * of_f);
        }
        out[i] = day;
    }
    return TONG_OK;
}

struct nowcast_options nowcast_plain(void)
{
    return (struct nowcast_options){.prior_mean = 50, .prior_variance = 3000, .forget = 1, .draws = 2000, .seed = 1};
}

struct nowcast_options nowcast_robust(void)
{
    struct nowcast_options o = nowcast_plain();
    o.prior_mean = 0;
    o.overdispersed = true;
    o.forget = 0.9;
    o.discount = 0.5;
    return o;
}

struct nowcast_work {
    const struct nowcast_triangle *tri;
    const struct nowcast_options *o;
    struct nowcast_delays delays;
    int32_t now, back, first; // the filter begins on day `first`
    const int64_t *reported;  // of each day from `first`
    double *drawn;            // back * draws: what is still to come
    double *complete;         // F of one draw
    double prior_a, prior_b;
};

// What a day has on average, from those of which at least half is reported; failing that, from all. At least half a
// case, so that a silent past leaves room for a first one.
static double nowcast_level(const struct nowcast_work *w)
{
    double sum[2] = {0}, weight[2] = {0};
    for (int32_t t = w->first; t <= w->now; t++) {
        double f = nowcast_complete(w->tri, w->delays.complete, w->now - t);
        double n = (double)nowcast_reported(w->tri, t, w->now);
        for (int k = 0; k < 2; k++) {
            if (k == 1 && f < 0.5) continue;
            sum[k] += n;
            weight[k] += f;
        }
    }
    int k = weight[1] > 0 ? 1 : 0;
    double level = weight[k] > 0 ? sum[k] / weight[k] : 0;
    return level > 0.5 ? level : 0.5;
}

static double nowcast_beta(struct rng *r, double a, double b)
{
    double x = rng_gamma(r, a, 1), y = rng_gamma(r, b, 1);
    return x + y > 0 ? x / (x + y) : a / (a + b);
}

// One draw of the delays, and of what is to come on each day given them. The mean of the negative binomial is summed
// instead of its draws: the same expectation with less noise.
static void nowcast_draw(struct nowcast_work *w, int32_t draw, struct nowcast_day *out)
{
    const struct nowcast_options *o = w->o;
    double phi = o->overdispersed ? w->delays.phi : 1, complete = 1;
    struct rng r = rng_stream(o->seed, (uint32_t)draw, 0, 0, 0);
    for (int32_t d = w->tri->delays - 1; d >= 0; d--) {
        w->complete[d] = complete;
        if (d == 0) break; // g(0) is 1: nobody is reported before
        double at = w->delays.at[d] / phi, before = (w->delays.risk[d] - w->delays.at[d]) / phi;
        complete *= 1 - nowcast_beta(&r, NOWCAST_KAPPA + at, NOWCAST_KAPPA * d + (before > 0 ? before : 0));
    }
    double a0 = w->prior_a, b0 = w->prior_b, a = a0, b = b0;
    for (int32_t t = w->first; t <= w->now; t++) {
        double f = nowcast_complete(w->tri, w->complete, w->now - t);
        a = o->discount * a + (1 - o->discount) * a0 + (double)w->reported[t - w->first] / phi;
        b = o->discount * b + (1 - o->discount) * b0 + f / phi;
        int32_t i = t - (w->now - w->back + 1);
        if (i < 0) continue;
        double mean = rng_gamma(&r, a, 1 / b) * (1 - f);
        if (mean > 9e8) mean = 9e8;
        double come = phi > 1 + 1e-9 && mean > 0 ? (double)rng_negative_binomial(&r, mean, mean / (phi - 1))
                                                 : (double)rng_poisson(&r, mean);
        w->drawn[(int64_t)i * o->draws + draw] = come;
        double expected = a / b * (1 - f);
        out[i].mean += expected;
        out[i].sd += come * come;
    }
}

static int nowcast_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static bool nowcast_options_good(const struct nowcast_options *o, const double *level, size_t levels)
{
    for (size_t k = 0; k < levels; k++)
        if (!(level[k] > 0) || !(level[k] < 1)) return false;
    return o->prior_mean >= 0 && isfinite(o->prior_mean) && o->prior_variance > 0 && isfinite(o->prior_variance) &&
           o->discount >= 0 && o->discount < 1 && o->draws >= 100 && o->draws <= NOWCAST_DRAWS_MAX &&
           levels <= NOWCAST_LEVELS_MAX;
}

tong_code nowcast_bayes(const struct nowcast_triangle *tri, int32_t now, int32_t back, const struct nowcast_options *o,
                        const double *level, size_t levels, struct arena *arena, struct nowcast_day *out,
                        double *quantile, struct err *err)
{
    if (!nowcast_options_good(o, level, levels))
        return tong_fail(err, TONG_E_INVALID, "nowcast with prior %g, %g, discount %g, %d draws", o->prior_mean,
                         o->prior_variance, o->discount, (int)o->draws);
    struct nowcast_work w = {.tri = tri, .o = o, .now = now, .back = back};
    tong_code code = nowcast_learn(tri, now, o->window, o->forget, &w.delays, err);
    if (code != TONG_OK) return code;
    if (back < 1 || back > now + 1) return tong_fail(err, TONG_E_INVALID, "%d days up to day %d", (int)back, (int)now);
    // Two delays before the first day asked for: enough for the level, and the filter of the discount has forgotten
    // more.
    w.first = now - back + 1 - 2 * tri->delays;
    if (w.first < 0) w.first = 0;
    int64_t *reported = arena_array(arena, (size_t)(now - w.first + 1), sizeof *reported);
    w.drawn = arena_array(arena, (size_t)back * (size_t)o->draws, sizeof *w.drawn);
    w.complete = arena_array(arena, (size_t)tri->delays, sizeof *w.complete);
    if (reported == NULL || w.drawn == NULL || w.complete == NULL)
        return tong_fail(err, TONG_E_NOMEM, "no memory for %d draws", (int)o->draws);
    for (int32_t t = w.first; t <= now; t++) reported[t - w.first] = nowcast_reported(tri, t, now);
    w.reported = reported;
    double mean = o->prior_mean > 0 ? o->prior_mean : nowcast_level(&w);
    w.prior_b = o->prior_mean > 0 ? mean / o->prior_variance : 1 / (1.2 * mean);
    w.prior_a = mean * w.prior_b;
    for (int32_t i = 0; i < back; i++) {
        int32_t t = now - back + 1 + i;
        out[i] = (struct nowcast_day){.day = t, .reported = reported[t - w.first], .defined = true};
        out[i].complete = nowcast_complete(tri, w.delays.complete, now - t);
    }
    for (int32_t draw = 0; draw < o->draws; draw++) nowcast_draw(&w, draw, out);
    for (int32_t i = 0; i < back; i++) {
        double *drawn = w.drawn + (int64_t)i * o->draws, come = 0;
        qsort(drawn, (size_t)o->draws, sizeof *drawn, nowcast_order);
        for (int32_t k = 0; k < o->draws; k++) come += drawn[k] / o->draws;
        double variance = out[i].sd / o->draws - come * come;
        out[i].sd = variance > 0 ? sqrt(variance) : 0;
        out[i].mean = (double)out[i].reported + out[i].mean / o->draws;
        for (size_t k = 0; k < levels; k++) {
            int32_t at = (int32_t)ceil(level[k] * o->draws) - 1;
            quantile[(size_t)i * levels + k] = (double)out[i].reported + drawn[at < 0 ? 0 : at];
        }
    }
    return TONG_OK;
}

tong_code nowcast_from_list(const int32_t *event, const int32_t *report, size_t n, int32_t days, int32_t delays,
                            struct arena *arena, struct nowcast_triangle *out, size_t *left_out, struct err *err)
{
    if (days < 1 || days > NOWCAST_DAYS_MAX || delays < 1 || delays > NOWCAST_DELAYS_MAX)
        return tong_fail(err, TONG_E_LIMIT, "a triangle of %d days and %d delays", (int)days, (int)delays);
    int64_t *count = arena_array(arena, (size_t)days * (size_t)delays, sizeof *count);
    if (count == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a triangle of %d days", (int)days);
    size_t left = 0;
    for (size_t i = 0; i < n; i++) {
        if (event[i] < 0 || event[i] >= days || report[i] < event[i]) {
            left++;
            continue;
        }
        int64_t delay = (int64_t)report[i] - event[i];
        if (delay >= delays) delay = delays - 1;
        count[(int64_t)event[i] * delays + delay]++;
    }
    *out = (struct nowcast_triangle){.count = count, .days = days, .delays = delays};
    *left_out = left;
    return TONG_OK;
}
