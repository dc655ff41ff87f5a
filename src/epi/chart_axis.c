#include "epi/chart.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void chart_tick(struct chart_axis *a, double at)
{
    if (a->n < CHART_TICKS_MAX) a->at[a->n++] = at;
}

void chart_axis_numbers(double lo, double hi, int32_t wanted, bool part, bool widen, struct chart_axis *out)
{
    *out = (struct chart_axis){.lo = lo, .hi = hi};
    assert(isfinite(lo) && isfinite(hi) && lo < hi && wanted >= 2 && wanted < CHART_TICKS_MAX / 3);
    double raw = (hi - lo) / wanted, power = pow(10, floor(log10(raw))), step = power;
    if (raw > 5 * power) step = 10 * power;
    else if (raw > 2 * power) step = 5 * power;
    else if (raw > power) step = 2 * power;
    double first = floor(lo / step), last = ceil(hi / step);
    for (double k = first; k <= last; k++) {
        double at = k * step;
        bool inside = at >= lo - 1e-9 * step && at <= hi + 1e-9 * step;
        if (inside || widen) chart_tick(out, at);
    }
    if (widen) {
        out->lo = first * step;
        out->hi = last * step;
    }
    double shown = part ? 100 * step : step;
    int digits = shown >= 1 ? 0 : (int)ceil(-log10(shown) - 1e-9);
    for (size_t i = 0; i < out->n; i++) {
        double v = part ? 100 * out->at[i] : out->at[i];
        if (fabs(v) < step * 1e-9) v = 0;
        if (fabs(v) >= 1e6 || digits > 6) (void)snprintf(out->text[i], CHART_TICK_TEXT, "%.3g%s", v, part ? "%" : "");
        else (void)snprintf(out->text[i], CHART_TICK_TEXT, "%.*f%s", digits, v, part ? "%" : "");
    }
}

void chart_axis_log(double lo, double hi, struct chart_axis *out)
{
    *out = (struct chart_axis){.lo = lo, .hi = hi};
    assert(lo > 0 && lo < hi && isfinite(hi));
    double first = floor(log10(lo)), last = ceil(log10(hi));
    // 1, 2, 5 within two decades, then whole decades, then every so many.
    static const double within[] = {1, 2, 5};
    double step = ceil((last - first) / 8);
    bool fine = last - first <= 3;
    for (double k = first; k <= last; k += step)
        for (int m = 0; m < (fine ? 3 : 1); m++) {
            double at = within[m] * pow(10, k);
            if (at < lo * (1 - 1e-9) || at > hi * (1 + 1e-9)) continue;
            size_t i = out->n;
            chart_tick(out, at);
            if (out->n > i) (void)snprintf(out->text[i], CHART_TICK_TEXT, "%.4g", at);
        }
}

// Whole months from January of year 0, and back.
static int32_t chart_month_of(civil_day day)
{
    struct civil_date d = civil_to_date(day);
    return d.year * 12 + d.month - 1;
}

static civil_day chart_month_begin(int32_t month)
{
    civil_day day = {0};
    bool good = civil_from_date((struct civil_date){month / 12, month % 12 + 1, 1}, &day);
    assert(good);
    return day;
}

void chart_axis_days(double lo, double hi, int32_t wanted, struct chart_axis *out)
{
    *out = (struct chart_axis){.lo = lo, .hi = hi};
    assert(lo < hi && lo >= CIVIL_DAY_MIN && hi <= CIVIL_DAY_MAX - 400 && wanted >= 2);
    static const int32_t day_steps[] = {1, 2, 7, 14};
    static const int32_t month_steps[] = {1, 2, 3, 6, 12, 24, 60, 120, 600, 1200};
    double span = hi - lo;
    for (size_t i = 0; i < sizeof day_steps / sizeof day_steps[0]; i++) {
        int32_t step = day_steps[i];
        if (span / step > wanted) continue;
        int32_t from = (int32_t)ceil(lo), phase = step >= 7 ? 4 : 0; // 1970-01-05, day 4, was a Monday
        from += ((phase - from) % step + step) % step;
        for (int32_t d = from; d <= hi; d += step) {
            size_t k = out->n;
            chart_tick(out, d);
            if (out->n == k) break;
            struct civil_date date = civil_to_date((civil_day){d});
            (void)snprintf(out->text[k], CHART_TICK_TEXT, "%02d-%02d", (int)date.month, (int)date.day);
        }
        return;
    }
    for (size_t i = 0; i < sizeof month_steps / sizeof month_steps[0]; i++) {
        int32_t step = month_steps[i];
        if (span / 30.4 / step > wanted && i + 1 < sizeof month_steps / sizeof month_steps[0]) continue;
        int32_t month = chart_month_of((civil_day){(int32_t)ceil(lo)});
        month += (step - month % step) % step;
        for (; month / 12 < 3000; month += step) { // civil days end with the year 2999
            civil_day at = chart_month_begin(month);
            if (at.d > hi) return;
            if (at.d < lo) continue;
            size_t k = out->n;
            chart_tick(out, at.d);
            if (out->n == k) return;
            if (step >= 12) (void)snprintf(out->text[k], CHART_TICK_TEXT, "%04d", month / 12);
            else (void)snprintf(out->text[k], CHART_TICK_TEXT, "%04d-%02d", month / 12, month % 12 + 1);
        }
        return;
    }
}
