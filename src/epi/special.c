#include "epi/special.h"

#include <float.h>
#include <math.h>

static const double half_log_two_pi = 0.918938533204672741780329736406;
static const double two_pi = 6.283185307179586476925286766559;

enum { SPECIAL_STEPS_MAX = 200000, SPECIAL_NEWTON_MAX = 200 };

// log(n!) - log(sqrt(2 pi n) (n/e)^n). Stirling's series from 10 on; below, the recurrence
// d(n) = d(n + 1) + (n + 1/2) log(1 + 1/n) - 1, whose terms are small, so that nothing cancels.
static double special_stirling(double n)
{
    double sum = 0;
    for (; n < 10; n += 1) sum += (n + 0.5) * log1p(1 / n) - 1;
    double m = 1 / (n * n);
    double series = 1.0 / 1188 - m * (691.0 / 360360 - m * (1.0 / 156));
    series = 1.0 / 12 - m * (1.0 / 360 - m * (1.0 / 1260 - m * (1.0 / 1680 - m * series)));
    return series / n + sum;
}

// x log(x / m) + m - x without cancellation near x = m (Loader 2000, section 4).
static double special_deviance(double x, double m)
{
    if (fabs(x - m) >= 0.1 * (x + m)) return x * log(x / m) + m - x;
    double v = (x - m) / (x + m), sum = (x - m) * v, term = 2 * x * v;
    v *= v;
    for (int j = 1; j < 1000; j++) {
        term *= v;
        double next = sum + term / (2 * j + 1);
        if (next == sum) break;
        sum = next;
    }
    return sum;
}

double special_log_gamma(double x)
{
    if (!(x > 0)) return NAN;
    if (isinf(x)) return x;
    if (x < 20) return log(tgamma(x)); // no cancellation: Gamma itself is good to an ulp or two
    return (x - 0.5) * log(x) - x + half_log_two_pi + special_stirling(x);
}

double special_log_choose(double n, double k)
{
    if (!(k >= 0) || !(n >= k)) return NAN;
    if (k == 0 || k == n) return 0;
    double r = n - k;
    return special_stirling(n) - special_stirling(k) - special_stirling(r) - k * log(k / n) - r * log1p(-k / n) +
           0.5 * log(n / (two_pi * k * r));
}

double special_digamma(double x)
{
    if (!(x > 0)) return NAN;
    double sum = 0;
    for (; x < 12; x += 1) sum -= 1 / x;
    double m = 1 / (x * x);
    double series =
        m * (1.0 / 12 -
             m * (1.0 / 120 - m * (1.0 / 252 - m * (1.0 / 240 - m * (1.0 / 132 - m * (691.0 / 32760 - m / 12))))));
    return sum + log(x) - 0.5 / x - series;
}

double special_trigamma(double x)
{
    if (!(x > 0)) return NAN;
    double sum = 0;
    for (; x < 14; x += 1) sum += 1 / (x * x);
    double m = 1 / (x * x);
    double series =
        1.0 / 6 -
        m * (1.0 / 30 - m * (1.0 / 42 - m * (1.0 / 30 - m * (5.0 / 66 - m * (691.0 / 2730 - m * (7.0 / 6))))));
    return sum + 1 / x + 0.5 * m + series * m / x;
}

double special_poisson_density(double x, double mean)
{
    if (!(x >= 0) || !(mean >= 0)) return NAN;
    if (mean == 0) return x == 0 ? 1 : 0;
    if (x == 0) return exp(-mean);
    if (isinf(mean)) return 0;
    return exp(-special_stirling(x) - special_deviance(x, mean)) / sqrt(two_pi * x);
}

double special_log_poisson_density(double x, double mean)
{
    if (!(x >= 0) || !(mean >= 0)) return NAN;
    if (mean == 0) return x == 0 ? 0 : -HUGE_VAL;
    if (x == 0) return -mean;
    return -special_stirling(x) - special_deviance(x, mean) - 0.5 * log(x) - half_log_two_pi;
}

// The same by what happened and what did not: x + r trials, so that a small r keeps its digits.
static double special_binomial_parts(double x, double r, double p, double q)
{
    double n = x + r;
    if (p == 0) return x == 0 ? 1 : 0;
    if (q == 0) return r == 0 ? 1 : 0;
    if (x == 0) return exp(p < 0.1 ? n * log1p(-p) : n * log(q));
    if (r == 0) return exp(q < 0.1 ? n * log1p(-q) : n * log(p));
    double log_part = special_stirling(n) - special_stirling(x) - special_stirling(r) - special_deviance(x, n * p) -
                      special_deviance(r, n * q);
    return exp(log_part) * sqrt(n / (two_pi * x * r));
}

double special_binomial_density(double x, double n, double p, double q)
{
    if (!(x >= 0) || !(x <= n) || !(p >= 0) || !(q >= 0)) return NAN;
    return special_binomial_parts(x, n - x, p, q);
}

double special_negbin_density(double x, double size, double mean)
{
    if (!(x >= 0) || !(size > 0) || !(mean >= 0)) return NAN;
    if (isinf(size) || size > 1e14) return special_poisson_density(x, mean);
    double p = size / (size + mean), q = mean / (size + mean);
    if (x == 0) return exp(-size * log1p(mean / size));
    return size / (size + x) * special_binomial_parts(size, x, p, q);
}

double special_log_negbin_density(double x, double size, double mean)
{
    if (!(x >= 0) || !(size > 0) || !(mean >= 0)) return NAN;
    if (isinf(size) || size > 1e14) return special_log_poisson_density(x, mean);
    if (mean == 0) return x == 0 ? 0 : -HUGE_VAL;
    if (x == 0) return -size * log1p(mean / size);
    double n = size + x, parts = special_stirling(n) - special_stirling(x) - special_stirling(size);
    parts -= special_deviance(size, n * (size / (size + mean))) + special_deviance(x, n * (mean / (size + mean)));
    return parts + 0.5 * log(size / (n * x)) - half_log_two_pi;
}

// ---- incomplete gamma ----

// P by its series, A&S 6.5.29: all terms positive.
static double special_gamma_series(double a, double x)
{
    double term = 1, sum = 1;
    for (int n = 1; n < SPECIAL_STEPS_MAX; n++) {
        term *= x / (a + n);
        sum += term;
        if (term < sum * (DBL_EPSILON / 8)) break;
    }
    return sum * special_poisson_density(a, x);
}

// Q by its continued fraction, A&S 6.5.31 in its even form, evaluated after Lentz 1976.
static double special_gamma_fraction(double a, double x)
{
    double b = x + 1 - a, c = HUGE_VAL, d = 1 / b, h = d;
    for (int n = 1; n < SPECIAL_STEPS_MAX; n++) {
        double an = -n * (n - a);
        b += 2;
        d = an * d + b;
        if (d == 0) d = DBL_MIN;
        c = b + an / c;
        if (c == 0) c = DBL_MIN;
        d = 1 / d;
        double factor = d * c;
        h *= factor;
        if (fabs(factor - 1) < DBL_EPSILON / 2) break;
    }
    return h * a * special_poisson_density(a, x);
}

double special_gamma_p(double shape, double x)
{
    if (!(shape > 0) || !(x >= 0)) return NAN;
    if (x == 0) return 0;
    if (isinf(x)) return 1;
    return x < shape + 1 ? special_gamma_series(shape, x) : 1 - special_gamma_fraction(shape, x);
}

double special_gamma_q(double shape, double x)
{
    if (!(shape > 0) || !(x >= 0)) return NAN;
    if (x == 0) return 1;
    if (isinf(x)) return 0;
    return x < shape + 1 ? 1 - special_gamma_series(shape, x) : special_gamma_fraction(shape, x);
}

// ---- incomplete beta ----

// I_x(a, b) for x up to the mean, by the continued fraction of A. R. DiDonato & A. H. Morris 1992 (ACM TOMS 18:360,
// equation 9): it uses a - (a + b) x, which is formed from the smaller of x and y so that it keeps its digits.
static double special_beta_fraction(double a, double b, double x, double y)
{
    double lambda = a <= b ? a - (a + b) * x : (a + b) * y - b;
    double beta = a * (lambda + 1) / (a + 1), c = HUGE_VAL, d = 1 / beta, h = d;
    for (int n = 1; n < SPECIAL_STEPS_MAX; n++) {
        double s = a + 2 * n - 1, w = n * (b - n) * x;
        double alpha = (a + n - 1) * (a + b + n - 1) / (s * s) * w * x;
        beta = n + w / s + (a + n) / (s + 2) * (lambda + 1 + n * (1 + y));
        d = alpha * d + beta;
        if (d == 0) d = DBL_MIN;
        c = beta + alpha / c;
        if (c == 0) c = DBL_MIN;
        d = 1 / d;
        double factor = d * c;
        h *= factor;
        if (fabs(factor - 1) < DBL_EPSILON / 2) break;
    }
    return h * special_binomial_parts(a, b, x, y) * a * b / (a + b);
}

double special_beta_p(double a, double b, double x, double y)
{
    if (!(a > 0) || !(b > 0) || !(x >= 0) || !(y >= 0)) return NAN;
    if (x == 0) return 0;
    if (y == 0) return 1;
    if (x <= a / (a + b)) return special_beta_fraction(a, b, x, y);
    return 1 - special_beta_fraction(b, a, y, x);
}

double special_beta_q(double a, double b, double x, double y)
{
    return special_beta_p(b, a, y, x);
}

// ---- normal and t ----

double special_normal_p(double z)
{
    return 0.5 * erfc(-z * 0.707106781186547524400844362105);
}

double special_normal_density(double z)
{
    return exp(-0.5 * z * z) / sqrt(two_pi);
}

double special_t_q(double t, double df)
{
    if (!(df > 0) || isnan(t)) return NAN;
    double x = df / (df + t * t), tail = 0.5 * special_beta_p(df / 2, 0.5, x, t * t / (df + t * t));
    return t >= 0 ? tail : 1 - tail;
}

// Halley's step on Phi(z) = p from a start good to 5e-4: two steps reach the last digit. Near the middle the condition
// is written with erf, in the tails with the logarithm, so that neither loses digits.
double special_normal_quantile(double p)
{
    if (!(p >= 0) || !(p <= 1)) return NAN;
    if (p == 0) return -HUGE_VAL;
    if (p == 1) return HUGE_VAL;
    double tail = p < 0.5 ? p : 1 - p;
    double t = sqrt(-2 * log(tail));
    double z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    for (int i = 0; i < 3; i++) { // z > 0 with upper tail probability `tail`
        double density = special_normal_density(z), step;
        if (tail > 0.1) step = (0.5 - tail - 0.5 * erf(z * 0.707106781186547524400844362105)) / density;
        else {
            double q = special_normal_p(-z);
            step = log(q / tail) * q / density;
        }
        z += tail > 0.1 ? step / (1 - 0.5 * z * step) : step;
    }
    return p < 0.5 ? -z : z;
}

// ---- quantiles by Newton's method on the logarithm of a tail in the logarithm of x ----

// Log-concavity makes it converge from any side; a bracket guards the rest. `tail` gives the chosen tail at x and the
// density times x.
typedef double (*special_tail)(double a, double b, double x, bool upper, double *density_x);

static double special_solve(special_tail tail, double a, double b, double p, bool upper, double u)
{
    double lo = -1e4, hi = 1e4, log_p = log(p), last = HUGE_VAL;
    for (int i = 0; i < SPECIAL_NEWTON_MAX; i++) {
        double dx = 0, got = tail(a, b, exp(u), upper, &dx);
        double gap = got > 0 ? log(got) - log_p : -HUGE_VAL;
        if (fabs(gap) < 0.1) gap = log1p((got - p) / p);
        if ((gap < 0) != upper) lo = u;
        else hi = u;
        if (gap == 0) break;
        double step = got > 0 && dx > 0 ? -gap * got / dx : NAN;
        if (upper) step = -step;
        double next = u + step;
        if (!(next > lo && next < hi)) next = lo > -1e4 && hi < 1e4 ? 0.5 * (lo + hi) : lo > -1e4 ? u + 2 : u - 2;
        double moved = fabs(next - u);
        u = next;
        // The last digits cannot improve once a step is no smaller than the one before.
        if (moved < 4e-16 || (moved < 1e-13 && moved >= last)) break;
        last = moved;
    }
    return exp(u);
}

static double special_gamma_tail(double a, double b, double x, bool upper, double *density_x)
{
    (void)b;
    *density_x = a * special_poisson_density(a, x);
    return upper ? special_gamma_q(a, x) : special_gamma_p(a, x);
}

double special_gamma_quantile(double p, double shape, bool upper)
{
    if (!(p >= 0) || !(p <= 1) || !(shape > 0)) return NAN;
    if (p == 0) return upper ? HUGE_VAL : 0;
    if (p == 1) return upper ? 0 : HUGE_VAL;
    if (p > 0.5) { // the smaller tail; 1 - p is exact
        p = 1 - p;
        upper = !upper;
    }
    double z = special_normal_quantile(p), c = 1 / (9 * shape), root = 1 - c + (upper ? -z : z) * sqrt(c);
    double u = shape > 0.2 && root > 0.2 ? log(shape) + 3 * log(root)
                                         : (log(upper ? 1 - p : p) + special_log_gamma(shape + 1)) / shape;
    return special_solve(special_gamma_tail, shape, 0, p, upper, u);
}

static double special_beta_tail(double a, double b, double x, bool upper, double *density_x)
{
    if (x >= 1) {
        *density_x = 0;
        return upper ? 0 : 1;
    }
    double y = 1 - x;
    *density_x = special_binomial_parts(a, b, x, y) * a * b / ((a + b) * y);
    return upper ? special_beta_q(a, b, x, y) : special_beta_p(a, b, x, y);
}

// x where the tail is p, *y = 1 - x; the smaller of the two is solved for, so both keep their digits.
static double special_beta_both(double p, double a, double b, bool upper, double *y)
{
    double at_half = upper ? special_beta_q(a, b, 0.5, 0.5) : special_beta_p(a, b, 0.5, 0.5);
    bool swap = upper ? p < at_half : p > at_half; // x > 1/2: solve for 1 - x of the mirrored distribution
    if (swap) {
        double keep = a;
        a = b;
        b = keep;
        upper = !upper;
    }
    if (p > 0.5) {
        p = 1 - p;
        upper = !upper;
    }
    double mean = a / (a + b), start = log(mean < 0.5 ? mean : 0.4);
    if (!upper || a < 1) { // leading term of the series at 0
        double first =
            (log(upper ? 1 - p : p) + log(a) + special_log_gamma(a) + special_log_gamma(b) - special_log_gamma(a + b)) /
            a;
        if (first < start) start = first;
    }
    double x = special_solve(special_beta_tail, a, b, p, upper, start);
    if (x > 1) x = 1;
    *y = swap ? x : 1 - x;
    return swap ? 1 - x : x;
}

double special_beta_quantile(double p, double a, double b, bool upper)
{
    if (!(p >= 0) || !(p <= 1) || !(a > 0) || !(b > 0)) return NAN;
    if (p == 0) return upper ? 1 : 0;
    if (p == 1) return upper ? 0 : 1;
    double y;
    return special_beta_both(p, a, b, upper, &y);
}

double special_t_quantile(double p, double df)
{
    if (!(p >= 0) || !(p <= 1) || !(df > 0)) return NAN;
    if (p == 0.5) return 0;
    double tail = p < 0.5 ? p : 1 - p;
    if (tail == 0) return p < 0.5 ? -HUGE_VAL : HUGE_VAL;
    double y, x = special_beta_both(2 * tail, df / 2, 0.5, false, &y);
    double t = sqrt(df * (y / x));
    return p < 0.5 ? -t : t;
}

double special_chi2_quantile(double p, double df)
{
    return 2 * special_gamma_quantile(p, df / 2, false);
}

double special_chi2_q(double x, double df)
{
    return special_gamma_q(df / 2, x / 2);
}
