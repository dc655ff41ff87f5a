#include "epi/glr.h"

#include <math.h>

// Sum over t = k..n of the log ratio at kappa, and its slope; negative binomial.
static double glr_negbin_ratio(const int64_t *count, const double *mean, size_t k, size_t n, double alpha, double kappa,
                               double *slope, double *curve)
{
    double ratio = 0;
    *slope = *curve = 0;
    for (size_t t = k; t <= n; t++) {
        double x = (double)count[t], m = mean[t], up = m * exp(kappa), below = 1 + alpha * up;
        ratio += x * kappa - (x + 1 / alpha) * log1p(alpha * m * expm1(kappa) / (1 + alpha * m));
        *slope += (x - up) / below;
        *curve -= (1 + alpha * x) * up / (below * below);
    }
    return ratio;
}

// The largest ratio over kappa >= 0. The ratio is concave in kappa: Newton, held between brackets.
static double glr_negbin(const int64_t *count, const double *mean, size_t k, size_t n, double alpha)
{
    double slope, curve, low = 0, high = 1, kappa, ratio;
    (void)glr_negbin_ratio(count, mean, k, n, alpha, 0, &slope, &curve);
    if (slope <= 0) return 0;
    do {
        high *= 2;
        (void)glr_negbin_ratio(count, mean, k, n, alpha, high, &slope, &curve);
    } while (slope > 0 && high < 600);
    kappa = 0.5;
    for (int turn = 0;; turn++) {
        ratio = glr_negbin_ratio(count, mean, k, n, alpha, kappa, &slope, &curve);
        if (slope > 0) low = kappa;
        else high = kappa;
        double next = kappa - slope / curve;
        if (!(next > low && next < high)) next = 0.5 * (low + high);
        if (fabs(next - kappa) <= 1e-12 * (1 + kappa) || turn == 200) return ratio;
        kappa = next;
    }
}

tong_code glr_run(const int64_t *count, const double *mean, size_t n, double alpha, double threshold,
                  struct glr_week *out, struct err *err)
{
    if (!(alpha >= 0) || !isfinite(alpha) || !(threshold > 0))
        return tong_fail(err, TONG_E_INVALID, "likelihood ratio with alpha %g, threshold %g", alpha, threshold);
    for (size_t t = 0; t < n; t++)
        if (count[t] < 0 || !(mean[t] > 1e-100) || !(mean[t] < 1e100))
            return tong_fail(err, TONG_E_INVALID, "week %zu: count %lld, mean %g", t, (long long)count[t], mean[t]);
    size_t first = 0;
    for (size_t t = 0; t < n; t++) {
        double best = 0, cases = 0, expected = 0;
        for (size_t k = t + 1; k-- > first;) {
            double ratio = 0;
            cases += (double)count[k];
            expected += mean[k];
            if (alpha > 0) ratio = glr_negbin(count, mean, k, t, alpha);
            else if (cases > expected) ratio = cases * log(cases / expected) - (cases - expected);
            if (ratio > best) best = ratio;
        }
        out[t] = (struct glr_week){.statistic = best, .alarm = best >= threshold};
        if (out[t].alarm) first = t + 1;
    }
    return TONG_OK;
}

struct glr_block {
    double sum, weeks;
};

tong_code glr_outbreak_p(const int64_t *count, size_t n, double threshold, struct arena *scratch, struct glr_week *out,
                         struct err *err)
{
    if (!(threshold > 0)) return tong_fail(err, TONG_E_INVALID, "threshold %g", threshold);
    struct glr_block *block = arena_array(scratch, n + 1, sizeof *block);
    if (block == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for %zu weeks", n);
    size_t blocks = 0;
    double total = 0;
    for (size_t t = 0; t < n; t++) {
        if (count[t] < 0) return tong_fail(err, TONG_E_INVALID, "count %zu is negative", t);
        total += (double)count[t];
        // Pool adjacent violators: weeks so far in blocks of rising means.
        block[blocks++] = (struct glr_block){(double)count[t], 1};
        while (blocks > 1 &&
               block[blocks - 2].sum * block[blocks - 1].weeks >= block[blocks - 1].sum * block[blocks - 2].weeks) {
            block[blocks - 2].sum += block[blocks - 1].sum;
            block[blocks - 2].weeks += block[blocks - 1].weeks;
            blocks--;
        }
        double statistic = 0, plain = total / (double)(t + 1);
        for (size_t i = 0; i < blocks; i++)
            if (block[i].sum > 0) statistic += block[i].sum * log(block[i].sum / block[i].weeks / plain);
        out[t] = (struct glr_week){.statistic = statistic, .alarm = statistic > log(threshold)};
    }
    return TONG_OK;
}
