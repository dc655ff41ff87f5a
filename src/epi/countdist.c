#include "epi/countdist.h"

#include <math.h>
#include <stdbool.h>

#include "epi/special.h"

// Beyond, the fractions behind the distribution functions take for ever, and no count of cases is meant.
static const double COUNTDIST_MEAN_MAX = 1e10, COUNTDIST_X_MAX = 1e12;

static bool countdist_domain(double x, double mean, double size)
{
    return mean >= 0 && mean <= COUNTDIST_MEAN_MAX && size > 0 && x <= COUNTDIST_X_MAX && x == floor(x);
}

// A negative binomial this near to Poisson cannot be told from it in double precision.
static bool countdist_is_poisson(double mean, double size)
{
    return !isfinite(size) || size > 1e16 * (1 + mean * mean);
}

double countdist_log_density(double x, double mean, double size)
{
    if (!countdist_domain(x, mean, size)) return NAN;
    if (x < 0) return -HUGE_VAL;
    if (mean == 0) return x == 0 ? 0 : -HUGE_VAL;
    if (countdist_is_poisson(mean, size)) return x * log(mean) - mean - special_log_gamma(x + 1);
    double q = mean / (size + mean); // log p = log1p(-q) keeps large sizes exact
    double log_p = q < 0.5 ? log1p(-q) : log(size / (size + mean));
    double choose = x == 0 ? 0 : special_log_gamma(x + size) - special_log_gamma(size) - special_log_gamma(x + 1);
    return choose + size * log_p + x * log(q);
}

double countdist_p(double x, double mean, double size)
{
    if (!countdist_domain(x, mean, size)) return NAN;
    if (x < 0) return 0;
    if (mean == 0) return 1;
    if (countdist_is_poisson(mean, size)) return special_gamma_q(x + 1, mean);
    return special_beta_p(size, x + 1, size / (size + mean), mean / (size + mean));
}

double countdist_q(double x, double mean, double size)
{
    if (!countdist_domain(x, mean, size)) return NAN;
    if (x < 0) return 1;
    if (mean == 0) return 0;
    if (countdist_is_poisson(mean, size)) return special_gamma_p(x + 1, mean);
    return special_beta_q(size, x + 1, size / (size + mean), mean / (size + mean));
}

// Whether x is at or beyond the quantile. A hair of slack so that a p that is exactly reached counts as reached.
static bool countdist_reached(double x, double p, double mean, double size, bool upper)
{
    const double slack = 64 * 2.220446049250313e-16;
    return upper ? countdist_q(x, mean, size) <= p * (1 + slack) : countdist_p(x, mean, size) >= p * (1 - slack);
}

static double countdist_search(double p, double mean, double size, bool upper)
{
    if (countdist_reached(0, p, mean, size, upper)) return 0;
    double low = 0, high = ceil(mean) + 1;
    while (!countdist_reached(high, p, mean, size, upper)) {
        low = high;
        high *= 2;
        if (high > COUNTDIST_X_MAX) return NAN;
    }
    while (high - low > 1) {
        double x = floor(low + (high - low) / 2);
        if (countdist_reached(x, p, mean, size, upper)) high = x;
        else low = x;
    }
    return high;
}

double countdist_quantile(double p, double mean, double size)
{
    if (!countdist_domain(0, mean, size) || !(p >= 0) || !(p < 1)) return NAN;
    return countdist_search(p, mean, size, false);
}

double countdist_quantile_upper(double tail, double mean, double size)
{
    if (!countdist_domain(0, mean, size) || !(tail > 0) || !(tail <= 1)) return NAN;
    return countdist_search(tail, mean, size, true);
}
