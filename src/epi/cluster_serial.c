#include "epi/cluster_serial.h"

#include "epi/special.h"

#include <math.h>

// Integral from a to b of (c0 + c1 x) times the normal density, in closed form.
static double cluster_slope(double mean, double sd, double a, double b, double c0, double c1)
{
    double u = (a - mean) / sd, v = (b - mean) / sd;
    double mass = u > 0 ? special_normal_p(-u) - special_normal_p(-v) : special_normal_p(v) - special_normal_p(u);
    return c0 * mass + c1 * (mean * mass - sd * (special_normal_density(v) - special_normal_density(u)));
}

// Probability of an interval of d whole days when the true one is normal; for d = 0 both sides fall together.
static double cluster_day(double d, double mean, double sd)
{
    if (d == 0) return cluster_slope(mean, sd, 0, 1, 2, -2);
    return cluster_slope(mean, sd, d - 1, d, 1 - d, 1) + cluster_slope(mean, sd, d, d + 1, d + 1, -1);
}

// Probability that an interval is of exactly one link, forwards.
static double cluster_direct(double d, double mu, double sigma)
{
    double all = 2 * cluster_day(d, 0, sqrt(2) * sigma), direct = 0;
    for (int g = 1; g <= 3; g++) {
        double forward = cluster_day(d, g * mu, sqrt(g) * sigma);
        if (g == 1) direct = forward;
        all += forward + cluster_day(d, -g * mu, sqrt(g) * sigma);
    }
    return all > 0 ? direct / all : 0;
}

tong_code cluster_serial_fit(const double *days, size_t n, struct arena *arena, struct cluster_serial *out,
                             struct err *err)
{
    double mu = 0, sigma = 0;
    if (n < 3 || n > CLUSTER_INTERVALS_MAX) return tong_fail(err, TONG_E_INVALID, "%zu intervals", n);
    for (size_t i = 0; i < n; i++) {
        if (!(days[i] >= 0 && days[i] < 1e5) || days[i] != floor(days[i]))
            return tong_fail(err, TONG_E_INVALID, "interval %zu is no number of whole days", i + 1);
        mu += days[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) sigma += (days[i] - mu) * (days[i] - mu) / (double)(n - 1);
    sigma = sqrt(sigma);
    double *weight = arena_array(arena, n, sizeof *weight);
    if (weight == NULL) return tong_fail(err, TONG_E_NOMEM, "%zu intervals", n);
    for (int round = 0; round < CLUSTER_ROUNDS; round++) {
        double sum = 0, squares = 0, mean = 0, spread = 0;
        if (!(mu > 0) || !(sigma > 1e-6)) return tong_fail(err, TONG_E_INVALID, "these intervals have no spread");
        for (size_t i = 0; i < n; i++) {
            weight[i] = cluster_direct(days[i], mu, sigma);
            sum += weight[i];
            squares += weight[i] * weight[i];
            mean += weight[i] * days[i];
        }
        if (!(sum * sum > squares * (1 + 1e-12)))
            return tong_fail(err, TONG_E_INVALID, "too few intervals are of one link");
        mean /= sum;
        for (size_t i = 0; i < n; i++) spread += weight[i] * (days[i] - mean) * (days[i] - mean);
        double sd = sqrt(spread * sum / (sum * sum - squares));
        double moved = fabs(mean - mu) + fabs(sd - sigma);
        mu = mean;
        sigma = sd;
        if (moved < 1e-13 * mu) break;
    }
    *out = (struct cluster_serial){mu, sigma, n};
    return TONG_OK;
}
