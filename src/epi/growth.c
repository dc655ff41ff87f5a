#include "epi/growth.h"

#include "epi/root.h"
#include "epi/special.h"

#include <math.h>

// Times are moved to their middle and scaled to -1 .. 1, so that the two coefficients hardly depend on each other.
struct growth_data {
    const double *t, *y;
    size_t n;
    double middle, half;
    double theta;       // HUGE_VAL for Poisson
    double a, b;        // on the moved scale
    double best, slope; // of the profile: the largest log likelihood, and the slope tried
    double z2;
};

static double growth_x(const struct growth_data *d, size_t i)
{
    return (d->t[i] - d->middle) / d->half;
}

static double growth_mu(const struct growth_data *d, size_t i)
{
    return exp(d->a + d->b * growth_x(d, i));
}

static double growth_loglik(const struct growth_data *d)
{
    double sum = 0;
    for (size_t i = 0; i < d->n; i++) sum += special_log_negbin_density(d->y[i], d->theta, growth_mu(d, i));
    return sum;
}

// Scoring for both coefficients (`both`) or the intercept alone; covariance of the slope in *variance. Steps are halved
// until the likelihood does not fall. False when it runs away.
static bool growth_score(struct growth_data *d, bool both, double *variance)
{
    double now = growth_loglik(d);
    for (int round = 0; round < 200; round++) {
        double w0 = 0, w1 = 0, w2 = 0, g0 = 0, g1 = 0;
        for (size_t i = 0; i < d->n; i++) {
            double x = growth_x(d, i), mu = growth_mu(d, i), shrink = 1 / (1 + mu / d->theta);
            double w = mu * shrink, g = (d->y[i] - mu) * shrink;
            w0 += w;
            w1 += w * x;
            w2 += w * x * x;
            g0 += g;
            g1 += g * x;
        }
        double det = w0 * w2 - w1 * w1, da = g0 / w0, db = 0;
        if (both) {
            da = (w2 * g0 - w1 * g1) / det;
            db = (w0 * g1 - w1 * g0) / det;
            *variance = w0 / det;
        }
        if (!isfinite(da) || !isfinite(db) || fabs(d->a) > 300 || fabs(d->b) > 300) return false;
        double a = d->a, b = d->b, step = 1, then = now;
        for (int k = 0; k < 40; k++, step /= 2) {
            d->a = a + step * da;
            d->b = b + step * db;
            then = growth_loglik(d);
            if (then >= now - 1e-12 * fabs(now)) break;
        }
        now = then;
        if (fabs(da) < 1e-13 * (1 + fabs(d->a)) && fabs(db) < 1e-13 * (1 + fabs(d->b))) break;
    }
    return isfinite(now);
}

// Derivative of the log likelihood in theta at the present means; positive below the estimate.
static double growth_theta_score(double log_theta, const void *context)
{
    const struct growth_data *d = context;
    double theta = exp(log_theta), sum = 0;
    for (size_t i = 0; i < d->n; i++) {
        double y = d->y[i], mu = growth_mu(d, i), more = 0;
        if (y < 50 && y == floor(y))
            for (double j = 0; j < y; j++) more += 1 / (theta + j);
        else more = special_digamma(y + theta) - special_digamma(theta);
        sum += more - log1p(mu / theta) + (mu - y) / (mu + theta);
    }
    return theta * sum;
}

static bool growth_negative_binomial(struct growth_data *d, double *variance)
{
    if (!growth_score(d, true, variance)) return false; // Poisson to start with
    for (int round = 0; round < 500; round++) {
        double at, before = d->theta;
        // Score positive far out: less spread than Poisson, whose theta is infinite.
        if (!root_find(growth_theta_score, d, log(1e-6), log(1e7), &at)) {
            d->theta = HUGE_VAL;
            return growth_score(d, true, variance);
        }
        d->theta = exp(at);
        if (!growth_score(d, true, variance)) return false;
        if (fabs(d->theta - before) < 1e-12 * d->theta) break;
    }
    return true;
}

static double growth_profile_gap(double slope, const void *context)
{
    struct growth_data d = *(const struct growth_data *)context;
    double ignored;
    d.b = slope;
    if (!growth_score(&d, false, &ignored)) return NAN;
    return 2 * (d.best - growth_loglik(&d)) - d.z2;
}

static tong_code growth_log_linear(const struct growth_data *d, struct growth_fit *f, double *variance, struct err *err)
{
    double n = (double)d->n, sx = 0, sy = 0, sxx = 0, sxy = 0, residual = 0;
    for (size_t i = 0; i < d->n; i++) {
        if (d->y[i] == 0) return tong_fail(err, TONG_E_INVALID, "a count of 0 has no logarithm");
        sx += growth_x(d, i) / n;
        sy += log(d->y[i]) / n;
    }
    for (size_t i = 0; i < d->n; i++) {
        double x = growth_x(d, i) - sx;
        sxx += x * x;
        sxy += x * (log(d->y[i]) - sy);
    }
    double b = sxy / sxx, a = sy - b * sx;
    for (size_t i = 0; i < d->n; i++) {
        double gap = log(d->y[i]) - a - b * growth_x(d, i);
        residual += gap * gap;
    }
    f->dispersion = sqrt(residual / (n - 2));
    f->loglik = -n / 2 * (log(2 * 3.14159265358979323846 * residual / n) + 1);
    f->r = b;
    f->intercept = a;
    *variance = residual / (n - 2) / sxx;
    if (!(residual > 0))
        return tong_fail(err, TONG_E_INVALID, "the points lie on a line: nothing to judge the spread by");
    return TONG_OK;
}

static tong_code growth_read(const double *t, const double *y, size_t n, double level, struct growth_data *d,
                             struct err *err)
{
    double first = HUGE_VAL, last = -HUGE_VAL, total = 0, positive = 0;
    if (n < 3 || n > GROWTH_POINTS_MAX) return tong_fail(err, TONG_E_INVALID, "%zu points", n);
    if (!(level > 0 && level < 1))
        return tong_fail(err, TONG_E_INVALID, "the confidence %g is not between 0 and 1", level);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(t[i]) || fabs(t[i]) > 1e9) return tong_fail(err, TONG_E_INVALID, "the time of point %zu", i + 1);
        if (!(y[i] >= 0 && y[i] < 1e15))
            return tong_fail(err, TONG_E_INVALID, "the count of point %zu is no count", i + 1);
        first = fmin(first, t[i]);
        last = fmax(last, t[i]);
        total += y[i];
    }
    // At least two different times need cases, or the slope runs to infinity.
    double at = NAN;
    for (size_t i = 0; i < n; i++)
        if (y[i] > 0 && t[i] != at) {
            at = t[i];
            positive += 1;
        }
    if (!(last > first) || positive < 2) return tong_fail(err, TONG_E_INVALID, "cases at one time only");
    *d = (struct growth_data){.t = t,
                              .y = y,
                              .n = n,
                              .middle = 0.5 * (first + last),
                              .half = 0.5 * (last - first),
                              .theta = HUGE_VAL,
                              .a = log(total / (double)n)};
    double z = special_normal_quantile((1 - level) / 2);
    d->z2 = z * z;
    return TONG_OK;
}

static void growth_profile(struct growth_data *d, double se, struct growth_fit *f)
{
    double lo, hi;
    d->best = growth_loglik(d);
    double slope = d->b;
    if (root_find_outward(growth_profile_gap, d, slope, slope - se, &lo)) f->profile.lower = lo / d->half;
    if (root_find_outward(growth_profile_gap, d, slope, slope + se, &hi)) f->profile.upper = hi / d->half;
}

tong_code growth_fit(const double *t, const double *y, size_t n, growth_model model, double level,
                     struct growth_fit *out, struct err *err)
{
    struct growth_data d;
    struct growth_fit f = {.n = n};
    double variance = 0;
    tong_code code = growth_read(t, y, n, level, &d, err);
    if (code != TONG_OK) return code;
    if (model == GROWTH_LOG_LINEAR) {
        code = growth_log_linear(&d, &f, &variance, err);
        if (code != TONG_OK) return code;
        d.a = f.intercept;
        d.b = f.r;
    } else {
        bool good = model == GROWTH_NEGATIVE_BINOMIAL ? growth_negative_binomial(&d, &variance)
                                                      : growth_score(&d, true, &variance);
        if (!good) return tong_fail(err, TONG_E_INVALID, "the counts have no exponential trend that could be fitted");
        f.loglik = model == GROWTH_QUASI_POISSON ? 0 : growth_loglik(&d);
        f.dispersion = model == GROWTH_NEGATIVE_BINOMIAL ? d.theta : 1;
    }
    if (model == GROWTH_QUASI_POISSON) {
        f.dispersion = 0;
        for (size_t i = 0; i < n; i++) {
            double mu = growth_mu(&d, i);
            f.dispersion += (y[i] - mu) * (y[i] - mu) / mu / (double)(n - 2);
        }
        variance *= f.dispersion;
    }
    double z = sqrt(d.z2), s = special_t_quantile(0.5 + level / 2, (double)(n - 2));
    f.r = d.b / d.half;
    f.intercept = d.a - f.r * d.middle;
    f.se = sqrt(variance) / d.half;
    f.wald = (struct interval){f.r, f.r - z * f.se, f.r + z * f.se};
    f.student = (struct interval){f.r, f.r - s * f.se, f.r + s * f.se};
    f.profile = f.wald;
    if (model == GROWTH_POISSON || model == GROWTH_NEGATIVE_BINOMIAL) growth_profile(&d, sqrt(variance), &f);
    if (!isfinite(f.r) || !isfinite(f.se))
        return tong_fail(err, TONG_E_INVALID, "the counts have no exponential trend that could be fitted");
    *out = f;
    return TONG_OK;
}

double growth_doubling(double r)
{
    return r == 0 ? HUGE_VAL : 0.693147180559945309417 / r;
}

// ---- R of an early epidemic ----

struct growth_ratio {
    double cases, pressure, z2;
};

// Twice the fall of the Poisson log likelihood in R, less the allowed one.
static double growth_ratio_gap(double r, const void *context)
{
    const struct growth_ratio *g = context;
    double best = g->cases / g->pressure;
    return 2 * (g->cases * log(best / r) + g->pressure * (r - best)) - g->z2;
}

tong_code growth_r_likelihood(const double *cases, size_t days, const double *w, size_t w_days, double level,
                              struct interval *out, struct err *err)
{
    struct growth_ratio g = {0};
    if (!(level > 0 && level < 1))
        return tong_fail(err, TONG_E_INVALID, "the confidence %g is not between 0 and 1", level);
    for (size_t k = 0; k < w_days; k++)
        if (!(w[k] >= 0 && w[k] <= 1))
            return tong_fail(err, TONG_E_INVALID, "the weight of day %zu is no probability", k);
    for (size_t t = 0; t < days; t++) {
        if (!(cases[t] >= 0 && cases[t] < 1e15))
            return tong_fail(err, TONG_E_INVALID, "the count of day %zu is no count", t);
        if (t > 0) g.cases += cases[t];
        for (size_t k = 1; t > 0 && k <= t && k < w_days; k++) g.pressure += w[k] * cases[t - k];
    }
    if (!(g.cases > 0) || !(g.pressure > 0)) return tong_fail(err, TONG_E_INVALID, "no case follows another");
    g.z2 = special_chi2_quantile(level, 1);
    struct interval got = {g.cases / g.pressure, 0, 0};
    if (!root_find(growth_ratio_gap, &g, got.estimate * 1e-12, got.estimate, &got.lower) ||
        !root_find_outward(growth_ratio_gap, &g, got.estimate, 2 * got.estimate, &got.upper))
        return tong_fail(err, TONG_E_INVALID, "too few cases for an interval");
    *out = got;
    return TONG_OK;
}

static double growth_attack(double a)
{
    return -log1p(-a) / a;
}

tong_code growth_r_attack(double cases, double people, double level, struct interval *out, struct err *err)
{
    if (!(cases > 0) || !(cases < people) || isinf(people))
        return tong_fail(err, TONG_E_INVALID, "%g cases of %g people", cases, people);
    if (!(level > 0 && level < 1))
        return tong_fail(err, TONG_E_INVALID, "the confidence %g is not between 0 and 1", level);
    double a = cases / people, half = -special_normal_quantile((1 - level) / 2) * sqrt(a * (1 - a) / people);
    if (a - half <= 0 || a + half >= 1) return tong_fail(err, TONG_E_INVALID, "too few people for a normal interval");
    *out = (struct interval){growth_attack(a), growth_attack(a - half), growth_attack(a + half)};
    return TONG_OK;
}

enum { GROWTH_GRID = 5001 }; // R = 0, 0.01 .. 50

tong_code growth_r_sequential(const double *cases, size_t days, double mean_generation_days, double level,
                              struct arena *arena, struct interval *out, struct err *err)
{
    if (days < 2 || days > GROWTH_POINTS_MAX || !(mean_generation_days > 0) || isinf(mean_generation_days) ||
        !(level > 0 && level < 1))
        return tong_fail(err, TONG_E_INVALID, "%zu days, generation time %g, confidence %g", days, mean_generation_days,
                         level);
    for (size_t t = 0; t < days; t++)
        if (!(cases[t] >= 0 && cases[t] < 1e15) || (cases[t] == 0 && t + 1 < days))
            return tong_fail(err, TONG_E_INVALID, "day %zu has no case to grow from", t);
    double *log_post = arena_array(arena, GROWTH_GRID, sizeof *log_post);
    if (log_post == NULL) return tong_fail(err, TONG_E_NOMEM, "the grid of R");
    for (size_t t = 0; t + 1 < days; t++) {
        int best = 0;
        double sum = 0, running = 0;
        for (int i = 0; i < GROWTH_GRID; i++) {
            log_post[i] +=
                special_log_poisson_density(cases[t + 1], cases[t] * exp((i / 100.0 - 1) / mean_generation_days));
            if (log_post[i] > log_post[best]) best = i;
        }
        for (int i = 0; i < GROWTH_GRID; i++) sum += exp(log_post[i] - log_post[best]);
        struct interval at = {best / 100.0, -1, 50};
        for (int i = 0; i < GROWTH_GRID; i++) {
            running += exp(log_post[i] - log_post[best]) / sum;
            if (at.lower < 0 && running >= (1 - level) / 2) at.lower = i / 100.0;
            if (running >= (1 + level) / 2) {
                at.upper = i / 100.0;
                break;
            }
        }
        out[t] = at;
    }
    return TONG_OK;
}
