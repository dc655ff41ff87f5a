#include "twin/spell.h"

#include <assert.h>
#include <math.h>

// Stirling's series (Abramowitz, Stegun 1964, 6.1.41) after shifting the argument above 12.
static double spell_log_gamma(double x)
{
    double shift = 0;
    while (x < 12) {
        shift += key_log(x);
        x += 1;
    }
    static const double half_log_2pi = 0.91893853320467274178;
    double z = 1 / (x * x);
    double series = (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z / 1188)))) / x;
    return (x - 0.5) * key_log(x) - x + half_log_2pi + series - shift;
}

static double spell_factor(double shape, double x)
{
    double power = shape * key_log(x) - x - spell_log_gamma(shape);
    return power < -700 ? 0 : key_exp(power);
}

double spell_gamma_cdf(double shape, double x)
{
    assert(shape > 0);
    if (x <= 1e-300) return 0;
    double factor = spell_factor(shape, x);
    if (x < shape + 1) {
        double term = 1 / shape, sum = term;
        for (int n = 1; n < 10000 && term > sum * 1e-17; n++) {
            term *= x / (shape + n);
            sum += term;
        }
        double p = factor * sum;
        return p < 1 ? p : 1;
    }
    // Lentz's method, modified (Thompson, Barnett 1986).
    double b = x + 1 - shape, c = 1e300, d = 1 / b, h = d;
    for (int n = 1; n < 10000; n++) {
        double a = -n * (n - shape);
        b += 2;
        d = a * d + b;
        if (d > -1e-300 && d < 1e-300) d = 1e-300;
        c = b + a / c;
        if (c > -1e-300 && c < 1e-300) c = 1e-300;
        d = 1 / d;
        double step = d * c;
        h *= step;
        if (step - 1 < 1e-16 && 1 - step < 1e-16) break;
    }
    double q = factor * h;
    return q < 1 ? 1 - q : 0;
}

// Phi(x) by the gamma function: P(Z^2 <= x^2) is that of a gamma of shape 1/2.
static double spell_normal_cdf(double x)
{
    double half = spell_gamma_cdf(0.5, x * x / 2) / 2;
    return x < 0 ? 0.5 - half : 0.5 + half;
}

static double spell_cdf(struct spell_shape s, double x)
{
    if (x <= 0) return 0;
    switch (s.law) {
    case SPELL_GAMMA: {
        double scale = s.sd * s.sd / s.mean;
        return spell_gamma_cdf(s.mean / scale, x / scale);
    }
    case SPELL_LOGNORMAL: {
        double variance = key_log(1 + (s.sd / s.mean) * (s.sd / s.mean));
        return spell_normal_cdf((key_log(x / s.mean) + variance / 2) / sqrt(variance));
    }
    case SPELL_GEOMETRIC:
    case SPELL_FIXED: break;
    }
    return 1; // these two have no density: spell_make does not ask
}

void spell_from_weights(const double *weight, int32_t n, struct spell *out)
{
    assert(n > 0 && n <= SPELL_DAYS_MAX);
    double sum = 0, upto = 0;
    for (int32_t d = 0; d < n; d++) sum += weight[d];
    assert(sum > 0);
    int32_t last = n - 1;
    while (weight[last] <= 0) last--;
    for (int32_t d = 0; d < SPELL_DAYS_MAX; d++) {
        if (d < n) upto += weight[d];
        double share = upto / sum;
        out->upto[d] = d >= last || share >= 1 ? UINT64_MAX : (uint64_t)(share * 0x1p64);
    }
    out->days = 0;
    while (out->upto[out->days] != UINT64_MAX) out->days++;
    int32_t day = 0;
    for (uint64_t cell = 0; cell < SPELL_GUIDE; cell++) {
        while (cell << 56 >= out->upto[day]) day++;
        out->guide[cell] = (uint8_t)day;
    }
}

void spell_make(struct spell_shape shape, int32_t least, struct spell *out)
{
    assert(shape.mean >= 0 && least >= 0 && least < SPELL_DAYS_MAX);
    double weight[SPELL_DAYS_MAX] = {0};
    spell_law law = shape.law;
    if (law != SPELL_GEOMETRIC && (shape.sd <= 0 || shape.mean <= 0)) law = SPELL_FIXED;
    if (law == SPELL_FIXED) {
        double mean = shape.mean < least ? least : shape.mean;
        if (mean > SPELL_DAYS_MAX - 2) mean = SPELL_DAYS_MAX - 2;
        int32_t whole = (int32_t)mean;
        weight[whole] = 1 - (mean - whole);
        weight[whole + 1] = mean - whole;
    } else if (law == SPELL_GEOMETRIC) {
        double mean = shape.mean < 1 ? 1 : shape.mean, stays = 1;
        for (int32_t d = 1; d < SPELL_DAYS_MAX; d++) {
            weight[d] = d == SPELL_DAYS_MAX - 1 ? stays : stays / mean;
            stays *= 1 - 1 / mean;
        }
    } else {
        double before = 0;
        for (int32_t d = least; d < SPELL_DAYS_MAX; d++) {
            double upto = d == SPELL_DAYS_MAX - 1 ? 1 : spell_cdf(shape, d + 0.5);
            weight[d] = upto > before ? upto - before : 0;
            before = upto;
        }
    }
    spell_from_weights(weight, SPELL_DAYS_MAX, out);
}

double spell_mean(const struct spell *s)
{
    double mean = 0, before = 0;
    for (int32_t d = 0; d <= s->days; d++) {
        double upto = d == s->days ? 1 : (double)s->upto[d] * 0x1p-64;
        mean += d * (upto - before);
        before = upto;
    }
    return mean;
}
