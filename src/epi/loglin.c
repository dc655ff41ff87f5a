#include "epi/loglin.h"

#include <assert.h>
#include <math.h>
#include <string.h>

// Deviance settles quadratically; a group of zeros drives its mean to 0 by a factor e each turn and needs about 30.
enum { LOGLIN_TURNS_MAX = 200 };
static const double LOGLIN_SETTLED = 1e-8; // of the deviance; see loglin_finish
static const double LOGLIN_ALIASED = 1e-10; // of a column's own size left after those before it

struct loglin_work {
    const struct loglin_data *d;
    struct loglin *out;
    double normal[LOGLIN_COLUMNS_MAX][LOGLIN_COLUMNS_MAX];
    double right[LOGLIN_COLUMNS_MAX];
    double *eta, *own;   // logarithms of the means; y log y
    double *before; // the means of which the last normal equations were made
};

static double loglin_weight(const struct loglin_data *d, int32_t i)
{
    return d->weight == NULL ? 1 : d->weight[i];
}

static double loglin_offset(const struct loglin_data *d, int32_t i)
{
    return d->offset == NULL ? 0 : d->offset[i];
}

// own: y log y, taken once; eta: log of the mean, known before the mean is.
static double loglin_unit_deviance(double y, double own, double mean, double eta, double alpha)
{
    double first = own - y * eta;
    if (alpha == 0) return 2 * (first - (y - mean));
    return 2 * (first - (y + 1 / alpha) * log((1 + alpha * y) / (1 + alpha * mean)));
}

// X'WX and X'W(working response) at the present means.
static void loglin_normal(struct loglin_work *w)
{
    const struct loglin_data *d = w->d;
    memset(w->normal, 0, sizeof w->normal);
    memset(w->right, 0, sizeof w->right);
    memcpy(w->before, w->out->mean, (size_t)d->rows * sizeof *w->before);
    for (int32_t i = 0; i < d->rows; i++) {
        const double *x = d->x + (size_t)i * (size_t)d->columns;
        double mean = w->out->mean[i];
        double weight = loglin_weight(d, i) * mean / (1 + d->alpha * mean);
        double response = w->eta[i] - loglin_offset(d, i) + (d->y[i] - mean) / mean;
        for (int32_t j = 0; j < d->columns; j++) {
            if (x[j] == 0) continue;
            w->right[j] += weight * x[j] * response;
            for (int32_t k = 0; k <= j; k++) w->normal[j][k] += weight * x[j] * x[k];
        }
    }
}

// Cholesky factor in the lower half of w->normal; columns that depend on earlier ones are marked unused and cleared.
static void loglin_factor(struct loglin_work *w)
{
    int32_t p = w->d->columns;
    for (int32_t j = 0; j < p; j++) {
        double size = w->normal[j][j], left = size;
        for (int32_t k = 0; k < j; k++) {
            if (!w->out->used[k]) {
                w->normal[j][k] = 0;
                continue;
            }
            double sum = w->normal[j][k];
            for (int32_t m = 0; m < k; m++) sum -= w->normal[j][m] * w->normal[k][m];
            w->normal[j][k] = sum / w->normal[k][k];
            left -= w->normal[j][k] * w->normal[j][k];
        }
        w->out->used[j] = size > 0 && left > LOGLIN_ALIASED * size;
        w->normal[j][j] = w->out->used[j] ? sqrt(left) : 1;
        if (!w->out->used[j])
            for (int32_t k = 0; k < j; k++) w->normal[j][k] = 0;
    }
}

static void loglin_solve(const struct loglin_work *w, const double *right, double *out)
{
    int32_t p = w->d->columns;
    for (int32_t j = 0; j < p; j++) {
        double sum = w->out->used[j] ? right[j] : 0;
        for (int32_t k = 0; k < j; k++) sum -= w->normal[j][k] * out[k];
        out[j] = w->out->used[j] ? sum / w->normal[j][j] : 0;
    }
    for (int32_t j = p - 1; j >= 0; j--) {
        double sum = out[j];
        for (int32_t k = j + 1; k < p; k++) sum -= w->out->used[k] ? w->normal[k][j] * out[k] : 0;
        out[j] = w->out->used[j] ? sum / w->normal[j][j] : 0;
    }
}

// Means and deviance of the coefficients; an exponent beyond +-300 is held there so that nothing overflows.
static double loglin_means(struct loglin_work *w)
{
    const struct loglin_data *d = w->d;
    double deviance = 0;
    for (int32_t i = 0; i < d->rows; i++) {
        double eta = loglin_offset(d, i) + loglin_at(w->out, d->x + (size_t)i * (size_t)d->columns, d->columns, NULL);
        eta = eta > 300 ? 300 : eta < -300 ? -300 : eta;
        w->eta[i] = eta;
        w->out->mean[i] = exp(eta);
        deviance += loglin_weight(d, i) * loglin_unit_deviance(d->y[i], w->own[i], w->out->mean[i], eta, d->alpha);
    }
    return deviance;
}

// Weights, covariance and leverage are those of the last step, made from the means before it, and the deviance need
// only settle to 1e-8: so R's glm ends, and the dispersions, which move in the fifth digit by it, agree with R to ten.
static void loglin_finish(struct loglin_work *w)
{
    const struct loglin_data *d = w->d;
    struct loglin *out = w->out;
    int32_t used = 0;
    for (int32_t j = 0; j < d->columns; j++) {
        double unit[LOGLIN_COLUMNS_MAX] = {0}, column[LOGLIN_COLUMNS_MAX];
        used += out->used[j];
        unit[j] = 1;
        loglin_solve(w, unit, column);
        for (int32_t k = 0; k < d->columns; k++) out->covariance[k][j] = column[k];
    }
    out->free_rows = d->rows - used;
    out->pearson = 0;
    for (int32_t i = 0; i < d->rows; i++) {
        double variance, before = w->before[i], residual = d->y[i] / out->mean[i] - 1;
        (void)loglin_at(out, d->x + (size_t)i * (size_t)d->columns, d->columns, &variance);
        double weight = loglin_weight(d, i) * before / (1 + d->alpha * before);
        out->leverage[i] = variance * weight > 1 ? 1 : variance * weight;
        out->pearson += weight * residual * residual;
    }
}

tong_code loglin_fit(const struct loglin_data *d, struct arena *arena, struct loglin *out, struct err *err)
{
    assert(d->columns >= 1);
    assert(d->columns <= LOGLIN_COLUMNS_MAX);
    double total = 0;
    for (int32_t i = 0; i < d->rows; i++) {
        if (!(d->y[i] >= 0) || !isfinite(d->y[i]))
            return tong_fail(err, TONG_E_INVALID, "count %d is not a count", (int)i);
        total += d->y[i];
    }
    if (!(total > 0)) return tong_fail(err, TONG_E_INVALID, "no cases among %d counts", (int)d->rows);
    struct loglin made = {0};
    struct loglin_work w = {.d = d, .out = &made};
    made.mean = arena_array(arena, (size_t)d->rows, sizeof *made.mean);
    made.leverage = arena_array(arena, (size_t)d->rows, sizeof *made.leverage);
    w.before = arena_array(arena, (size_t)d->rows, sizeof *w.before);
    w.eta = arena_array(arena, (size_t)d->rows, sizeof *w.eta);
    w.own = arena_array(arena, (size_t)d->rows, sizeof *w.own);
    if (made.mean == NULL || made.leverage == NULL || w.before == NULL || w.eta == NULL || w.own == NULL)
        return tong_fail(err, TONG_E_NOMEM, "no memory for a regression of %d rows", (int)d->rows);
    for (int32_t i = 0; i < d->rows; i++) {
        double y = d->y[i], start = d->alpha == 0 ? y + 0.1 : y > 0 ? y : 1.0 / 6; // as R and its package MASS start
        made.mean[i] = start;
        w.eta[i] = log(start);
        w.own[i] = y > 0 ? y * log(y) : 0;
    }
    double before = HUGE_VAL;
    int32_t turn = 0;
    for (; turn < LOGLIN_TURNS_MAX; turn++) {
        double old[LOGLIN_COLUMNS_MAX];
        memcpy(old, made.coefficient, sizeof old);
        loglin_normal(&w);
        loglin_factor(&w);
        loglin_solve(&w, w.right, made.coefficient);
        made.deviance = loglin_means(&w);
        // A step that overshoots is halved towards the last coefficients; the first has none to go back to.
        for (int32_t half = 0; turn > 0 && half < 30 && !(made.deviance <= before * (1 + 1e-9) + 1e-9); half++) {
            for (int32_t j = 0; j < d->columns; j++)
                made.coefficient[j] = 0.5 * (made.coefficient[j] + old[j]);
            made.deviance = loglin_means(&w);
        }
        if (fabs(made.deviance - before) <= LOGLIN_SETTLED * (fabs(made.deviance) + 0.1)) break;
        before = made.deviance;
    }
    if (turn == LOGLIN_TURNS_MAX || !isfinite(made.deviance))
        return tong_fail(err, TONG_E_INVALID, "the regression of %d rows does not settle", (int)d->rows);
    loglin_finish(&w);
    *out = made;
    return TONG_OK;
}

double loglin_at(const struct loglin *fit, const double *x, int32_t columns, double *variance)
{
    double eta = 0;
    for (int32_t j = 0; j < columns; j++) eta += x[j] * fit->coefficient[j];
    if (variance == NULL) return eta;
    *variance = 0;
    for (int32_t j = 0; j < columns; j++)
        for (int32_t k = 0; x[j] != 0 && k < columns; k++) *variance += x[j] * fit->covariance[j][k] * x[k];
    if (*variance < 0) *variance = 0;
    return eta;
}
