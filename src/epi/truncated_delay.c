#include "epi/truncated_delay.h"

#include <math.h>
#include <stdbool.h>

#include "epi/special.h"

struct truncated_work {
    const double *delay, *seen;
    size_t n;
    double sum, sum_log;
};

static double truncated_log_likelihood(const struct truncated_work *w, double log_shape, double log_scale)
{
    double shape = exp(log_shape), scale = exp(log_scale), n = (double)w->n;
    double total = (shape - 1) * w->sum_log - w->sum / scale - n * (special_log_gamma(shape) + shape * log_scale);
    for (size_t i = 0; w->seen != NULL && i < w->n; i++) total -= log(special_gamma_p(shape, w->seen[i] / scale));
    return total;
}

// Gradient and second derivatives by central differences of fourth order: 1e-9 of the curvature, so the estimates are
// good to eight digits, the standard errors to six.
static void truncated_slopes(const struct truncated_work *w, const double at[2], double gradient[2], double curve[3])
{
    const double h = 2e-3;
    double f[5][5];
    for (int i = -2; i <= 2; i++)
        for (int j = -2; j <= 2; j++)
            f[i + 2][j + 2] =
                (i == 0 || j == 0 || i == j || i == -j) ? truncated_log_likelihood(w, at[0] + i * h, at[1] + j * h) : 0;
    gradient[0] = (8 * (f[3][2] - f[1][2]) - (f[4][2] - f[0][2])) / (12 * h);
    gradient[1] = (8 * (f[2][3] - f[2][1]) - (f[2][4] - f[2][0])) / (12 * h);
    curve[0] = (16 * (f[3][2] + f[1][2]) - (f[4][2] + f[0][2]) - 30 * f[2][2]) / (12 * h * h);
    curve[2] = (16 * (f[2][3] + f[2][1]) - (f[2][4] + f[2][0]) - 30 * f[2][2]) / (12 * h * h);
    double near = (f[3][3] - f[3][1] - f[1][3] + f[1][1]) / (4 * h * h);
    double wide = (f[4][4] - f[4][0] - f[0][4] + f[0][0]) / (16 * h * h);
    curve[1] = (4 * near - wide) / 3;
}

static tong_code truncated_check(const struct truncated_work *w, struct err *err)
{
    double low = HUGE_VAL, high = 0;
    for (size_t i = 0; i < w->n; i++) {
        if (!(w->delay[i] > 0) || !isfinite(w->delay[i]) ||
            (w->seen != NULL && (!(w->seen[i] >= w->delay[i]) || !isfinite(w->seen[i]))))
            return tong_fail(err, TONG_E_INVALID, "delay %zu is %g, seen up to %g", i, w->delay[i],
                             w->seen == NULL ? HUGE_VAL : w->seen[i]);
        low = fmin(low, w->delay[i]);
        high = fmax(high, w->delay[i]);
    }
    if (w->n < 3 || !(high > low))
        return tong_fail(err, TONG_E_INVALID, "%zu delays, none different from the others", w->n);
    return TONG_OK;
}

tong_code truncated_delay_fit(const double *delay, const double *seen, size_t n, struct truncated_delay *out,
                              struct err *err)
{
    struct truncated_work w = {.delay = delay, .seen = seen, .n = n};
    tong_code code = truncated_check(&w, err);
    if (code != TONG_OK) return code;
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        w.sum += delay[i];
        w.sum_log += log(delay[i]);
        squares += delay[i] * delay[i];
    }
    double mean = w.sum / (double)n, variance = squares / (double)n - mean * mean;
    double at[2] = {log(mean * mean / variance), log(variance / mean)}; // moments
    double gradient[2], curve[3], best = truncated_log_likelihood(&w, at[0], at[1]);
    bool settled = false;
    for (int turn = 0; turn < 100 && !settled; turn++) {
        truncated_slopes(&w, at, gradient, curve);
        double det = curve[0] * curve[2] - curve[1] * curve[1], step[2];
        if (curve[0] < 0 && det > 0) { // a hill: Newton
            step[0] = -(curve[2] * gradient[0] - curve[1] * gradient[1]) / det;
            step[1] = -(curve[0] * gradient[1] - curve[1] * gradient[0]) / det;
        } else { // not yet: uphill by a little
            double size = hypot(gradient[0], gradient[1]);
            step[0] = size > 0 ? 0.1 * gradient[0] / size : 0;
            step[1] = size > 0 ? 0.1 * gradient[1] / size : 0;
        }
        double longest = fmax(fabs(step[0]), fabs(step[1]));
        if (longest > 1) step[0] /= longest, step[1] /= longest;
        settled = longest < 1e-9;
        double next = -HUGE_VAL;
        for (int half = 0; half < 40; half++) {
            next = truncated_log_likelihood(&w, at[0] + step[0], at[1] + step[1]);
            if (next >= best || longest < 1e-6) break;
            step[0] *= 0.5;
            step[1] *= 0.5;
        }
        if (!isfinite(next) || fabs(at[0] + step[0]) > 20 || fabs(at[1] + step[1]) > 30) break;
        at[0] += step[0];
        at[1] += step[1];
        best = next;
    }
    truncated_slopes(&w, at, gradient, curve);
    double det = curve[0] * curve[2] - curve[1] * curve[1];
    if (!settled || !(curve[0] < 0) || !(det > 0))
        return tong_fail(err, TONG_E_INVALID, "the likelihood of %zu delays has no maximum", n);
    struct truncated_delay fit = {.shape = exp(at[0]), .scale = exp(at[1]), .log_likelihood = best};
    fit.mean = fit.shape * fit.scale;
    fit.sd = sqrt(fit.shape) * fit.scale;
    fit.se_log_shape = sqrt(-curve[2] / det);
    fit.se_log_scale = sqrt(-curve[0] / det);
    *out = fit;
    return TONG_OK;
}
