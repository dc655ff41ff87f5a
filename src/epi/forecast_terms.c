// Of what each method makes its forecasts: the terms of its regression.
#include <math.h>

#include "epi/forecast_inner.h"

static const double FORECAST_GROWTH_MOST = 2;                   // of a week's logarithm that a term can be
static const double FORECAST_FEW = 8;                           // growth of so many cases in two weeks counts half
static const double FORECAST_PHI = 0.65, FORECAST_CHANGE = 0.7; // trend: damping a week; weight of the change of growth
static const double FORECAST_TO_ONE = 0.9;                      // renewal: log R a week later
enum { FORECAST_SI_DAYS = 16, FORECAST_RENEWAL_PAST = 26 };

static double forecast_cut(double x, double most)
{
    return x > most ? most : x < -most ? -most : x;
}

// Growths of the week before day t, of the two weeks before that one, and the change within the week, of few cases
// drawn to 0: the noise of 3 after 1 is no growth.
struct forecast_growths {
    double last, before, first, change;
};

static struct forecast_growths forecast_growths(const struct forecast_series *s, int32_t place, int32_t t)
{
    const double *z = s->log_week + (int64_t)place * (s->now + 1), *week = s->week + (int64_t)place * (s->now + 1);
    double cases = week[t] + week[t - 7], weight = cases / (cases + FORECAST_FEW);
    struct forecast_growths g;
    g.last = forecast_cut((z[t] - z[t - 7]) * weight, FORECAST_GROWTH_MOST);
    g.before = forecast_cut((z[t - 7] - z[t - 14]) * weight, FORECAST_GROWTH_MOST);
    g.first = forecast_cut((z[t - 14] - z[t - 21]) * weight, FORECAST_GROWTH_MOST);
    g.change = forecast_cut((z[t] - z[t - 3]) * weight * 7 / 3 - g.last, FORECAST_GROWTH_MOST);
    return g;
}

double forecast_growth_of(const struct forecast_work *w, int32_t place, int32_t day)
{
    return forecast_growths(&w->own, place, day).last;
}

// How far the logarithm stands above its lowest value of the last eight weeks, in thirds of at most 3.
static double forecast_rise(const struct forecast_series *s, int32_t place, int32_t t)
{
    const double *z = s->log_week + (int64_t)place * (s->now + 1), *week = s->week + (int64_t)place * (s->now + 1);
    double least = z[t], cases = week[t] + week[t - 7];
    for (int32_t u = t - 7; u >= 13 && u >= t - 56; u -= 7) least = fmin(least, z[u]);
    return fmin(z[t] - least, 3) * cases / (cases + FORECAST_FEW) / 3;
}

// The ratio of driver to count, a week apart, against its own past (weights die away in 60 days).
static double forecast_gap(const struct forecast_work *w, int32_t place, int32_t t)
{
    const double *z = w->own.log_week + (int64_t)place * (w->own.now + 1);
    const double *week = w->own.week + (int64_t)place * (w->own.now + 1);
    const double *e = w->driver.log_week + (int64_t)place * (w->own.now + 1);
    double sum = 0, weight = 0;
    for (int32_t u = t - 7; u >= 13 && u > t - 250; u -= 7) {
        double one = exp((u - t) / 60.0) * week[u] / (week[u] + 10);
        sum += one * (e[u - 7] - z[u]);
        weight += one;
    }
    if (!(weight > 0)) return 0;
    return forecast_cut((e[t] - z[t] - sum / weight) * weight / (weight + 1), FORECAST_GROWTH_MOST);
}

int32_t forecast_terms_regression(const struct forecast_work *w, int32_t place, int32_t day, int32_t horizon, double *x)
{
    (void)horizon;
    struct forecast_growths g = forecast_growths(&w->own, place, day);
    int32_t n = 0;
    x[n++] = 1;
    x[n++] = g.last;
    x[n++] = g.before;
    x[n++] = g.first;
    x[n++] = g.change;
    x[n++] = g.last > 0 ? g.last : 0;
    x[n++] = g.last * g.last;
    x[n++] = forecast_rise(&w->own, place, day);
    if (!w->driven) return n;
    g = forecast_growths(&w->driver, place, day);
    x[n++] = g.last;
    x[n++] = g.before;
    x[n++] = g.first;
    x[n++] = g.change;
    x[n++] = forecast_gap(w, place, day);
    return n;
}

int32_t forecast_terms_trend(const struct forecast_work *w, int32_t place, int32_t day, int32_t horizon, double *x)
{
    const struct forecast_series *s = w->driven ? &w->driver : &w->own; // deaths follow the cases' trend
    struct forecast_growths g = forecast_growths(s, place, day), own = forecast_growths(&w->own, place, day);
    double sum = 0, phi = 1;
    for (int32_t h = 0; h <= horizon; h++) sum += phi *= FORECAST_PHI;
    x[0] = 1;
    x[1] = (w->driven ? 0.5 * (g.last + own.last) : g.last + FORECAST_CHANGE * g.change) * sum;
    return 2;
}

// Generation time of about five days (gamma of shape 4), whole: the forecast hardly depends on it, since R and the
// pressure of infection come from the same weights.
static void forecast_weights(double *w)
{
    double sum = 0;
    for (int32_t k = 1; k < FORECAST_SI_DAYS; k++) sum += w[k] = k * k * k * exp(-k / 1.3);
    for (int32_t k = 1; k < FORECAST_SI_DAYS; k++) w[k] /= sum;
}

int32_t forecast_terms_renewal(const struct forecast_work *w, int32_t place, int32_t day, int32_t horizon, double *x)
{
    const double *week = w->own.week + (int64_t)place * (w->own.now + 1);
    double level[FORECAST_RENEWAL_PAST + 7 * FORECAST_WEEKS], weight[FORECAST_SI_DAYS] = {0};
    double cases = 1, pressure = 1, sum = 0;
    forecast_weights(weight);
    for (int32_t k = 0; k < FORECAST_RENEWAL_PAST; k++) {
        int32_t t = day - FORECAST_RENEWAL_PAST + 1 + k;
        level[k] = week[t] / 7;
    }
    int32_t now = FORECAST_RENEWAL_PAST;
    for (int32_t k = now - 7; k < now; k++) {
        cases += level[k];
        for (int32_t s = 1; s < FORECAST_SI_DAYS; s++) pressure += weight[s] * level[k - s];
    }
    double log_r = forecast_cut(log(cases / pressure), 1.2);
    for (int32_t k = now; k < now + 7 * (horizon + 1); k++) {
        double p = 0;
        for (int32_t s = 1; s < FORECAST_SI_DAYS; s++) p += weight[s] * level[k - s];
        level[k] = p * exp(log_r * pow(FORECAST_TO_ONE, (k - now + 3) / 7.0));
        if (k >= now + 7 * horizon) sum += level[k];
    }
    x[0] = 1;
    x[1] = forecast_cut(log((sum + 1) / (week[day] + 1)), 3);
    return 2;
}
