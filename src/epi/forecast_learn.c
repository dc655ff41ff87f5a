// The regression behind the methods: one pass through the panel's past, week by week.
//
// Each week every place is forecast with what was known then; when the week it spoke of has passed, the error goes into
// the variance and the row into the coefficients. So the spread of today's forecast is that of forecasts really made,
// not of a fit to known answers (A. P. Dawid 1984, J R Stat Soc A 147:278, prequential).
#include <math.h>
#include <string.h>

#include "epi/forecast_inner.h"
#include "epi/special.h"

static const double FORECAST_SILENT_SD = 0.7; // silence of two weeks mostly goes on
static const double FORECAST_OUTLIER = 9;     // squared errors count up to so many of their expected variances

struct forecast_state { // of one horizon
    double normal[FORECAST_TERMS][FORECAST_TERMS], right[FORECAST_TERMS];
    double part_normal[FORECAST_PARTS][FORECAST_PARTS], part_right[FORECAST_PARTS];
    double coefficient[FORECAST_TERMS], part[FORECAST_PARTS];
};

struct forecast_pass {
    const struct forecast_work *w;
    const struct forecast_prior *prior;
    forecast_terms terms;
    int32_t horizon, count;   // terms in use
    struct forecast_row *row; // of each week and place
    double *x;                // their terms
    double *change;           // forecast of each: change of the logarithm
    struct forecast_state s;
};

// Symmetric positive definite by construction (the prior stands on the diagonal): Cholesky 1910, in place.
static void forecast_solve(double *a, double *b, int32_t n, int32_t stride)
{
    for (int32_t j = 0; j < n; j++) {
        for (int32_t k = 0; k < j; k++) a[j * stride + j] -= a[j * stride + k] * a[j * stride + k];
        a[j * stride + j] = sqrt(fmax(a[j * stride + j], 1e-12));
        for (int32_t i = j + 1; i < n; i++) {
            for (int32_t k = 0; k < j; k++) a[i * stride + j] -= a[i * stride + k] * a[j * stride + k];
            a[i * stride + j] /= a[j * stride + j];
        }
    }
    for (int32_t j = 0; j < n; j++) {
        for (int32_t k = 0; k < j; k++) b[j] -= a[j * stride + k] * b[k];
        b[j] /= a[j * stride + j];
    }
    for (int32_t j = n - 1; j >= 0; j--) {
        for (int32_t k = j + 1; k < n; k++) b[j] -= a[k * stride + j] * b[k];
        b[j] /= a[j * stride + j];
    }
}

static void forecast_parts(const struct forecast_row *r, double *q)
{
    q[0] = 1;
    q[1] = 1 / (r->week + 1);
    q[2] = r->growth * r->growth;
    q[3] = 1 / sqrt(r->week + 1);
}

static double forecast_sum_parts(const double *part, const double *q)
{
    double v = 0;
    for (int32_t a = 0; a < FORECAST_PARTS; a++) v += part[a] * q[a];
    return v;
}

static void forecast_fade(struct forecast_state *s, const struct forecast_prior *prior)
{
    double keep = exp(-7 / prior->memory_days), keep_part = exp(-7 / prior->part_memory_days);
    for (int32_t a = 0; a < FORECAST_TERMS; a++) {
        s->right[a] *= keep;
        for (int32_t b = 0; b < FORECAST_TERMS; b++) s->normal[a][b] *= keep;
    }
    for (int32_t a = 0; a < FORECAST_PARTS; a++) {
        s->part_right[a] *= keep_part;
        for (int32_t b = 0; b < FORECAST_PARTS; b++) s->part_normal[a][b] *= keep_part;
    }
}

// A row whose week has passed: into the coefficients as it was, into the variance as it was forecast.
static void forecast_take(struct forecast_pass *f, int64_t at)
{
    const struct forecast_row *r = &f->row[at];
    const double *x = f->x + at * FORECAST_TERMS, *prior = f->prior->part[f->horizon];
    struct forecast_state *s = &f->s;
    double later = r->later[f->horizon], most = 1 + f->horizon, q[FORECAST_PARTS];
    double y = later > most ? most : later < -most ? -most : later;
    double weight = r->week / (r->week + f->prior->half_weight);
    for (int32_t a = 0; a < f->count; a++) {
        s->right[a] += weight * x[a] * y;
        for (int32_t b = 0; b <= a; b++) s->normal[a][b] += weight * x[a] * x[b];
    }
    forecast_parts(r, q);
    double expected = forecast_sum_parts(prior, q), error = later - f->change[at];
    double square = fmin(error * error, FORECAST_OUTLIER * expected);
    for (int32_t a = 0; a < FORECAST_PARTS; a++) {
        s->part_right[a] += q[a] * square / (expected * expected);
        for (int32_t b = 0; b < FORECAST_PARTS; b++) s->part_normal[a][b] += q[a] * q[b] / (expected * expected);
    }
}

static void forecast_estimate(struct forecast_pass *f)
{
    const struct forecast_prior *prior = f->prior;
    struct forecast_state *s = &f->s;
    double a[FORECAST_TERMS][FORECAST_TERMS], v[FORECAST_PARTS][FORECAST_PARTS];
    memcpy(a, s->normal, sizeof a);
    memcpy(v, s->part_normal, sizeof v);
    for (int32_t k = 0; k < f->count; k++) {
        a[k][k] += prior->ridge;
        s->coefficient[k] = s->right[k] + prior->ridge * prior->coefficient[f->horizon][k];
    }
    forecast_solve(&a[0][0], s->coefficient, f->count, FORECAST_TERMS);
    for (int32_t k = 0; k < FORECAST_PARTS; k++) {
        double part = prior->part[f->horizon][k], weight = prior->part_weight / (part * part);
        v[k][k] += weight;
        s->part[k] = s->part_right[k] + weight * part;
    }
    forecast_solve(&v[0][0], s->part, FORECAST_PARTS, FORECAST_PARTS);
    for (int32_t k = 0; k < FORECAST_PARTS; k++)
        if (!(s->part[k] > 0.05 * prior->part[f->horizon][k])) s->part[k] = 0.05 * prior->part[f->horizon][k];
}

static void forecast_say(const struct forecast_pass *f, int64_t at, struct forecast *out)
{
    const struct forecast_row *r = &f->row[at];
    const struct forecast_prior *prior = f->prior;
    double q[FORECAST_PARTS], most = prior->sd_most[f->horizon] + 2 / sqrt(r->week + 1);
    forecast_parts(r, q);
    if (!r->live && most > FORECAST_SILENT_SD) most = FORECAST_SILENT_SD;
    double sd = fmin(sqrt(forecast_sum_parts(f->s.part, q)), most);
    for (int32_t l = 0; l < FORECAST_LEVELS; l++) {
        double z = special_normal_quantile(forecast_levels()[l]);
        z *= (1 + prior->curl * z * z) * prior->stretch * (l > FORECAST_MEDIAN ? prior->upper : 1);
        double value = r->log_week + f->change[at] + sd * z;
        out->value[f->horizon][l] = value > 0 ? expm1(value) : 0;
    }
}

static void forecast_horizon(struct forecast_pass *f, struct forecast *out)
{
    int32_t places = f->w->own.places, weeks = f->w->weeks;
    double most = f->prior->change_most[f->horizon];
    f->s = (struct forecast_state){0};
    for (int32_t i = 0; i < weeks; i++) {
        forecast_fade(&f->s, f->prior);
        int32_t known = i - (f->horizon + 1); // forecasts of that week can be judged now
        for (int32_t p = 0; p < places && known >= 0; p++)
            if (f->row[(int64_t)known * places + p].live) forecast_take(f, (int64_t)known * places + p);
        forecast_estimate(f);
        for (int32_t p = 0; p < places; p++) {
            int64_t at = (int64_t)i * places + p;
            const double *x = f->x + at * FORECAST_TERMS;
            double change = 0;
            for (int32_t k = 0; k < f->count; k++) change += f->s.coefficient[k] * x[k];
            f->change[at] = most * tanh(change / most);
            if (i == weeks - 1) forecast_say(f, at, &out[p]);
        }
    }
}

static void forecast_rows(struct forecast_pass *f)
{
    const struct forecast_series *s = &f->w->own;
    int32_t places = s->places, weeks = f->w->weeks;
    for (int32_t i = 0; i < weeks; i++)
        for (int32_t p = 0; p < places; p++) {
            int32_t t = s->now - 7 * (weeks - 1 - i);
            const double *week = s->week + (int64_t)p * (s->now + 1), *z = s->log_week + (int64_t)p * (s->now + 1);
            struct forecast_row *r = &f->row[(int64_t)i * places + p];
            *r = (struct forecast_row){.live = week[t] > 0 || week[t - 7] > 0, .week = week[t], .log_week = z[t]};
            r->growth = forecast_growth_of(f->w, p, t);
            for (int32_t h = 0; h < FORECAST_WEEKS; h++)
                r->later[h] = t + 7 * (h + 1) <= s->now ? z[t + 7 * (h + 1)] - z[t] : (double)NAN;
        }
}

tong_code forecast_learn(const struct forecast_work *w, forecast_terms terms, const struct forecast_prior *prior,
                         struct arena *scratch, struct forecast *out, struct err *err)
{
    size_t all = (size_t)w->weeks * (size_t)w->own.places;
    struct forecast_pass f = {.w = w, .prior = prior, .terms = terms};
    f.row = arena_array(scratch, all, sizeof *f.row);
    f.x = arena_array(scratch, all * FORECAST_TERMS, sizeof *f.x);
    f.change = arena_array(scratch, all, sizeof *f.change);
    if (f.row == NULL || f.x == NULL || f.change == NULL)
        return tong_fail(err, TONG_E_NOMEM, "no memory for %zu weeks of the past", all);
    forecast_rows(&f);
    for (int32_t p = 0; p < w->own.places; p++) out[p] = (struct forecast){.made = true};
    for (f.horizon = 0; f.horizon < FORECAST_WEEKS; f.horizon++) {
        // The regression's terms are the same for all horizons.
        for (size_t at = 0; at < all && (f.horizon == 0 || terms != forecast_terms_regression); at++) {
            int32_t i = (int32_t)(at / (size_t)w->own.places), p = (int32_t)(at % (size_t)w->own.places);
            f.count = terms(w, p, w->own.now - 7 * (w->weeks - 1 - i), f.horizon, f.x + at * FORECAST_TERMS);
        }
        forecast_horizon(&f, out);
    }
    return TONG_OK;
}
