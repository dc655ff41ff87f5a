#include "epi/scores.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "epi/countdist.h"
#include "epi/special.h"

static const double SCORES_LEVEL_SLACK = 1e-9; // levels are written in decimals: 0.025 + 0.975 is 1 only nearly

tong_code scores_interval(double alpha, double lower, double upper, double y, struct score_parts *out, struct err *err)
{
    if (!(alpha > 0) || !(alpha <= 1) || !isfinite(lower) || !isfinite(upper) || !isfinite(y) || lower > upper)
        return tong_fail(err, TONG_E_INVALID, "interval %g to %g of alpha %g", lower, upper, alpha);
    struct score_parts s = {.dispersion = upper - lower};
    if (y < lower) s.overprediction = 2 / alpha * (lower - y);
    if (y > upper) s.underprediction = 2 / alpha * (y - upper);
    s.total = s.dispersion + s.overprediction + s.underprediction;
    *out = s;
    return TONG_OK;
}

static tong_code scores_check(const struct score_quantiles *q, double y, struct err *err)
{
    if (q->n == 0 || q->n > SCORES_QUANTILES_MAX || !isfinite(y))
        return tong_fail(err, TONG_E_INVALID, "%zu quantiles, observed %g", q->n, y);
    for (size_t i = 0; i < q->n; i++) {
        if (!(q->level[i] > 0) || !(q->level[i] < 1) || !isfinite(q->value[i]))
            return tong_fail(err, TONG_E_INVALID, "quantile %zu: level %g, value %g", i, q->level[i], q->value[i]);
        if (i > 0 && (!(q->level[i] > q->level[i - 1]) || q->value[i] < q->value[i - 1]))
            return tong_fail(err, TONG_E_INVALID, "quantile %zu is not above the one before", i);
    }
    return TONG_OK;
}

tong_code scores_wis(const struct score_quantiles *q, double y, struct score_parts *out, struct err *err)
{
    tong_code code = scores_check(q, y, err);
    if (code != TONG_OK) return code;
    struct score_parts sum = {0};
    double weight = 0;
    for (size_t i = 0; i < (q->n + 1) / 2; i++) {
        size_t j = q->n - 1 - i;
        if (fabs(q->level[i] + q->level[j] - 1) > SCORES_LEVEL_SLACK)
            return tong_fail(err, TONG_E_INVALID, "level %g has no partner", q->level[i]);
        double low = q->value[i], high = q->value[j];
        // Half the alpha of the interval, or half of 1 for the median, which is an interval without width.
        double half = q->level[i];
        weight += i == j ? 0.5 : 1;
        sum.dispersion += half * (high - low);
        if (y < low) sum.overprediction += (i == j ? 0.5 : 1) * (low - y);
        if (y > high) sum.underprediction += (i == j ? 0.5 : 1) * (y - high);
    }
    *out = (struct score_parts){.dispersion = sum.dispersion / weight, .overprediction = sum.overprediction / weight,
                                .underprediction = sum.underprediction / weight};
    out->total = out->dispersion + out->overprediction + out->underprediction;
    return TONG_OK;
}

tong_code scores_pinball(const struct score_quantiles *q, double y, double *out, struct err *err)
{
    tong_code code = scores_check(q, y, err);
    if (code != TONG_OK) return code;
    double sum = 0;
    for (size_t i = 0; i < q->n; i++) {
        double off = y - q->value[i];
        sum += off >= 0 ? q->level[i] * off : (q->level[i] - 1) * off;
    }
    *out = 2 * sum / (double)q->n;
    return TONG_OK;
}

static bool scores_find(const struct score_quantiles *q, double level, size_t *at)
{
    for (size_t i = 0; i < q->n; i++)
        if (fabs(q->level[i] - level) <= SCORES_LEVEL_SLACK) {
            *at = i;
            return true;
        }
    return false;
}

static bool scores_covered(const struct score_quantiles *q, double alpha, double y, bool *covered)
{
    size_t low, high;
    if (!scores_find(q, alpha / 2, &low) || !scores_find(q, 1 - alpha / 2, &high)) return false;
    *covered = y >= q->value[low] && y <= q->value[high];
    return true;
}

tong_code scores_extras(const struct score_quantiles *q, double y, struct score_quantile_extras *out, struct err *err)
{
    tong_code code = scores_check(q, y, err);
    if (code != TONG_OK) return code;
    size_t middle;
    if (!scores_find(q, 0.5, &middle)) return tong_fail(err, TONG_E_INVALID, "the median is not among the quantiles");
    struct score_quantile_extras e = {.median_error = fabs(y - q->value[middle])};
    if (y < q->value[middle]) {
        e.bias = 1;
        for (size_t i = 0; i < q->n && q->value[i] <= y; i++) e.bias = 1 - 2 * q->level[i];
    } else if (y > q->value[middle]) {
        e.bias = -1;
        for (size_t i = q->n; i > 0 && q->value[i - 1] >= y; i--) e.bias = 1 - 2 * q->level[i - 1];
    }
    e.has_50 = scores_covered(q, 0.5, y, &e.covered_50);
    e.has_90 = scores_covered(q, 0.1, y, &e.covered_90);
    *out = e;
    return TONG_OK;
}

double scores_log_scale(double x)
{
    return log1p(x > 0 ? x : 0);
}

static bool scores_law_good(score_law law, double a, double b, double y)
{
    if (!isfinite(a) || !isfinite(y)) return false;
    bool count = law == SCORE_POISSON || law == SCORE_NEGBIN;
    if (law == SCORE_POISSON) b = 1;
    if (!isfinite(b) || !(b > 0)) return false;
    if (count) return a > 0 && y >= 0 && y == floor(y) && y < 1e15;
    return law == SCORE_GAMMA ? a > 0 : true;
}

// Sum over x of (F(x) - 1{x >= y})^2. Far below the mean F is 0 and far above it is 1 to the last digit; there the sum
// is that of the steps between, which are counted, not walked.
static tong_code scores_crps_count(double mean, double size, double y, double *out, struct err *err)
{
    double first = countdist_quantile(1e-18, mean, size), last = countdist_quantile_upper(1e-18, mean, size);
    if (!(last - first <= 1e8)) return tong_fail(err, TONG_E_LIMIT, "a law %g counts wide", last - first);
    double sum = 0;
    if (y < first) sum += first - y;
    if (y > last) sum += y - last;
    for (double x = first; x < last; x++) {
        double f = x < y ? countdist_p(x, mean, size) : countdist_q(x, mean, size);
        sum += f * f;
    }
    *out = sum;
    return TONG_OK;
}

tong_code scores_crps(score_law law, double a, double b, double y, double *out, struct err *err)
{
    const double root_pi = 1.7724538509055160272981674833411, root_2 = 1.4142135623730950488016887242097;
    if (!scores_law_good(law, a, b, y))
        return tong_fail(err, TONG_E_INVALID, "CRPS of law %d with %g, %g, observed %g", (int)law, a, b, y);
    double z = 0, value = 0;
    switch (law) {
    case SCORE_NORMAL:
        z = (y - a) / b;
        value = b * (z * (special_normal_p(z) - special_normal_p(-z)) + 2 * special_normal_density(z) - 1 / root_pi);
        break;
    case SCORE_LOGNORMAL:
        z = y > 0 ? (log(y) - a) / b : -HUGE_VAL;
        value = y * (special_normal_p(z) - special_normal_p(-z)) -
                2 * exp(a + b * b / 2) * (special_normal_p(z - b) - special_normal_p(-b / root_2));
        break;
    case SCORE_GAMMA:
        z = y > 0 ? b * y : 0;
        value = y * (special_gamma_p(a, z) - special_gamma_q(a, z)) -
                a / b * (special_gamma_p(a + 1, z) - special_gamma_q(a + 1, z)) -
                exp(special_log_gamma(a + 0.5) - special_log_gamma(a)) / (b * root_pi);
        break;
    case SCORE_POISSON: return scores_crps_count(a, HUGE_VAL, y, out, err);
    case SCORE_NEGBIN: return scores_crps_count(a, b, y, out, err);
    }
    if (!isfinite(value)) return tong_fail(err, TONG_E_INVALID, "CRPS of law %d with %g, %g overflows", (int)law, a, b);
    *out = value;
    return TONG_OK;
}

tong_code scores_log(score_law law, double a, double b, double y, double *out, struct err *err)
{
    const double half_log_2pi = 0.91893853320467274178032973640562;
    if (!scores_law_good(law, a, b, y))
        return tong_fail(err, TONG_E_INVALID, "log score of law %d with %g, %g, observed %g", (int)law, a, b, y);
    double z = 0, value = 0;
    switch (law) {
    case SCORE_NORMAL:
        z = (y - a) / b;
        value = 0.5 * z * z + log(b) + half_log_2pi;
        break;
    case SCORE_LOGNORMAL:
        z = y > 0 ? (log(y) - a) / b : HUGE_VAL;
        value = y > 0 ? 0.5 * z * z + log(b) + half_log_2pi + log(y) : HUGE_VAL;
        break;
    case SCORE_GAMMA:
        value = y > 0 ? special_log_gamma(a) - a * log(b) - (a - 1) * log(y) + b * y : HUGE_VAL;
        break;
    case SCORE_POISSON: value = -countdist_log_density(y, a, HUGE_VAL); break;
    case SCORE_NEGBIN: value = -countdist_log_density(y, a, b); break;
    }
    if (!isfinite(value))
        return tong_fail(err, TONG_E_INVALID, "observed %g has no probability under law %d", y, (int)law);
    *out = value;
    return TONG_OK;
}

static int scores_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

// Interpolated quantile of a sorted sample (type 7 of R. Hyndman & Y. Fan 1996).
static double scores_sorted_quantile(const double *sorted, size_t n, double p)
{
    double at = p * (double)(n - 1), low = floor(at);
    size_t i = (size_t)low;
    return i + 1 < n ? sorted[i] + (at - low) * (sorted[i + 1] - sorted[i]) : sorted[n - 1];
}

static double scores_kernel(const double *sorted, size_t n, double y, double sd_sample)
{
    double iqr = (scores_sorted_quantile(sorted, n, 0.75) - scores_sorted_quantile(sorted, n, 0.25)) / 1.34;
    double width = 1.06 * (iqr > 0 && iqr < sd_sample ? iqr : sd_sample) * pow((double)n, -0.2);
    double nearest = HUGE_VAL, sum = 0; // log-sum-exp about the nearest point, or far observations would have density 0
    for (size_t i = 0; i < n; i++) nearest = fmin(nearest, fabs(y - sorted[i]));
    for (size_t i = 0; i < n; i++) {
        double far = fabs(y - sorted[i]);
        sum += exp(-0.5 * (far - nearest) * (far + nearest) / (width * width));
    }
    return 0.5 * nearest * nearest / (width * width) - log(sum / (double)n) + log(width) + 0.91893853320467274178;
}

tong_code scores_sample(const double *sample, size_t n, double y, struct arena *scratch, struct score_sample *out,
                        struct err *err)
{
    if (n < 2 || !isfinite(y)) return tong_fail(err, TONG_E_INVALID, "sample of %zu, observed %g", n, y);
    double *sorted = arena_array(scratch, n, sizeof *sorted), mean = 0, squares = 0;
    if (sorted == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a sample of %zu", n);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(sample[i])) return tong_fail(err, TONG_E_INVALID, "value %zu of the sample is no number", i);
        sorted[i] = sample[i];
        mean += sample[i] / (double)n;
    }
    qsort(sorted, n, sizeof *sorted, scores_order);
    // 2/n^2 * sum over the order statistics of (x_i - y) (n 1{y < x_i} - i + 1/2)   [Jordan, Krueger, Lerch 2019, 3.2]
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (sorted[i] - y) * ((y < sorted[i] ? (double)n : 0) - (double)i - 0.5);
        squares += (sorted[i] - mean) * (sorted[i] - mean);
    }
    struct score_sample s = {.crps = 2 * sum / ((double)n * (double)n), .varies = sorted[0] < sorted[n - 1]};
    if (s.varies) {
        double variance = squares / (double)n;
        s.dss = (y - mean) * (y - mean) / variance + log(variance);
        s.log_score = scores_kernel(sorted, n, y, sqrt(squares / (double)(n - 1)));
    }
    if (!isfinite(s.crps) || !isfinite(s.dss) || !isfinite(s.log_score))
        return tong_fail(err, TONG_E_INVALID, "the sample is too wide to score");
    *out = s;
    return TONG_OK;
}
