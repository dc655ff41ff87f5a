#include "epi/loglin_groups.h"

#include <assert.h>
#include <math.h>
#include <string.h>

// As in loglin.c.
enum { LOGLIN_GROUPS_TURNS = 200 };
static const double LOGLIN_GROUPS_SETTLED = 1e-8, LOGLIN_GROUPS_ALIASED = 1e-10;

struct loglin_groups_work {
    const struct loglin_groups_data *d;
    struct loglin_groups *out;
    double *at;                                                  // trend's unit of each row
    double *eta;                                                 // logarithm of the mean
    double *before;                                              // the means of which the last step was made
    double *growth;                                              // exp(trend * k / span / 6) for k = 0 .. weeks
    double weight[LOGLIN_GROUPS_MAX], moment[LOGLIN_GROUPS_MAX]; // sums of weights, of weight times unit
    double spread;                                               // of the units within groups
};

// One weighted least squares step from the present means.
static void loglin_groups_step(struct loglin_groups_work *w, double *level, double *trend)
{
    const struct loglin_groups_data *d = w->d;
    double response[LOGLIN_GROUPS_MAX] = {0}, square = 0, cross = 0, size = 0;
    memset(w->weight, 0, sizeof w->weight);
    memset(w->moment, 0, sizeof w->moment);
    memcpy(w->before, w->out->mean, (size_t)d->rows * sizeof *w->before);
    for (int32_t i = 0; i < d->rows; i++) {
        double mean = w->out->mean[i], weight = d->weight[i] * mean, t = w->at[i];
        double weighed = weight * w->eta[i] + d->weight[i] * (d->y[i] - mean); // weight times working response
        int32_t g = d->group[i];
        w->weight[g] += weight;
        w->moment[g] += weight * t;
        response[g] += weighed;
        square += weight * t * t;
        cross += weighed * t;
    }
    size = square;
    for (int32_t g = 0; g < d->groups; g++) {
        if (!(w->weight[g] > 0)) continue;
        square -= w->moment[g] * w->moment[g] / w->weight[g];
        cross -= w->moment[g] * response[g] / w->weight[g];
    }
    w->spread = square;
    w->out->trend_used = d->trend && size > 0 && square > LOGLIN_GROUPS_ALIASED * size;
    *trend = w->out->trend_used ? cross / square : 0;
    for (int32_t g = 0; g < d->groups; g++)
        level[g] = w->weight[g] > 0 ? (response[g] - *trend * w->moment[g]) / w->weight[g] : 0;
}

// Means, their sixth roots and the deviance at the present levels and trend. Of rows in order of weeks the trend's
// factor is a power of one number: exp is taken once for it and once a group.
static double loglin_groups_means(struct loglin_groups_work *w)
{
    const struct loglin_groups_data *d = w->d;
    struct loglin_groups *out = w->out;
    double sixth[LOGLIN_GROUPS_MAX], step = exp(-out->trend / d->span / 6), deviance = 0;
    int32_t weeks = d->origin - d->week[0];
    w->growth[0] = 1;
    for (int32_t k = 1; k <= weeks; k++) w->growth[k] = w->growth[k - 1] * step;
    for (int32_t g = 0; g < d->groups; g++) sixth[g] = exp(out->level[g] / 6);
    for (int32_t i = 0; i < d->rows; i++) {
        double p = sixth[d->group[i]] * w->growth[d->origin - d->week[i]], p3 = p * p * p, mean = p3 * p3;
        w->eta[i] = out->level[d->group[i]] + out->trend * w->at[i];
        out->power[i] = p;
        out->mean[i] = mean;
        deviance += d->weight[i] * 2 * (d->y_log_y[i] - d->y[i] * w->eta[i] - (d->y[i] - mean));
    }
    return deviance;
}

// Covariance, leverage and dispersion are those of the last step, as in loglin_finish.
static void loglin_groups_finish(struct loglin_groups_work *w)
{
    const struct loglin_groups_data *d = w->d;
    struct loglin_groups *out = w->out;
    int32_t used = out->trend_used;
    double middle[LOGLIN_GROUPS_MAX] = {0}, part[LOGLIN_GROUPS_MAX] = {0};
    for (int32_t g = 0; g < d->groups; g++) {
        if (!(w->weight[g] > 0)) continue;
        used++;
        middle[g] = w->moment[g] / w->weight[g];
        part[g] = 1 / w->weight[g];
    }
    out->trend_variance = out->trend_used ? 1 / w->spread : 0;
    out->origin_variance = part[0] + middle[0] * middle[0] * out->trend_variance;
    out->free_rows = d->rows - used;
    out->pearson = 0;
    for (int32_t i = 0; i < d->rows; i++) {
        int32_t g = d->group[i];
        double off = w->at[i] - middle[g], weight = d->weight[i] * w->before[i];
        double leverage = (part[g] + off * off * out->trend_variance) * weight;
        double residual = d->y[i] / out->mean[i] - 1;
        out->leverage[i] = leverage > 1 ? 1 : leverage;
        out->pearson += weight * residual * residual;
    }
}

static bool loglin_groups_room(struct loglin_groups_work *w, struct arena *a)
{
    size_t rows = (size_t)w->d->rows, weeks = (size_t)(w->d->origin - w->d->week[0]) + 1;
    w->out->mean = arena_array(a, rows, sizeof *w->out->mean);
    w->out->leverage = arena_array(a, rows, sizeof *w->out->leverage);
    w->out->power = arena_array(a, rows, sizeof *w->out->power);
    w->at = arena_array(a, rows, sizeof *w->at);
    w->eta = arena_array(a, rows, sizeof *w->eta);
    w->before = arena_array(a, rows, sizeof *w->before);
    w->growth = arena_array(a, weeks, sizeof *w->growth);
    return w->out->mean != NULL && w->out->leverage != NULL && w->out->power != NULL && w->at != NULL &&
           w->eta != NULL && w->before != NULL && w->growth != NULL;
}

tong_code loglin_groups_fit(const struct loglin_groups_data *d, struct arena *arena, struct loglin_groups *out,
                            struct err *err)
{
    assert(d->groups >= 1 && d->groups <= LOGLIN_GROUPS_MAX);
    assert(d->rows >= 1 && d->span > 0 && d->origin >= d->week[d->rows - 1]);
    struct loglin_groups made = {0};
    struct loglin_groups_work w = {.d = d, .out = &made};
    if (!loglin_groups_room(&w, arena))
        return tong_fail(err, TONG_E_NOMEM, "no memory for a regression of %d rows", (int)d->rows);
    double total = 0;
    for (int32_t i = 0; i < d->rows; i++) {
        w.at[i] = (double)(d->week[i] - d->origin) / d->span;
        made.mean[i] = d->y[i] + 0.1;
        w.eta[i] = d->log_start[i];
        total += d->y[i];
    }
    if (!(total > 0)) return tong_fail(err, TONG_E_INVALID, "no cases among %d counts", (int)d->rows);
    double before = HUGE_VAL;
    int32_t turn = 0;
    for (; turn < LOGLIN_GROUPS_TURNS; turn++) {
        double old[LOGLIN_GROUPS_MAX], old_trend = made.trend;
        memcpy(old, made.level, sizeof old);
        loglin_groups_step(&w, made.level, &made.trend);
        made.deviance = loglin_groups_means(&w);
        for (int32_t half = 0; turn > 0 && half < 30 && !(made.deviance <= before * (1 + 1e-9) + 1e-9); half++) {
            for (int32_t g = 0; g < d->groups; g++) made.level[g] = 0.5 * (made.level[g] + old[g]);
            made.trend = 0.5 * (made.trend + old_trend);
            made.deviance = loglin_groups_means(&w);
        }
        if (fabs(made.deviance - before) <= LOGLIN_GROUPS_SETTLED * (fabs(made.deviance) + 0.1)) break;
        before = made.deviance;
    }
    if (turn == LOGLIN_GROUPS_TURNS || !isfinite(made.deviance))
        return tong_fail(err, TONG_E_INVALID, "the regression of %d rows does not settle", (int)d->rows);
    loglin_groups_finish(&w);
    *out = made;
    return TONG_OK;
}
