#include "epi/forecast_daily.h"

#include <math.h>

#include "epi/countdist.h"
#include "epi/special.h"

enum { DAILY_PAST = 56, DAILY_NOISE = 28 };
static const double DAILY_PRIOR = 20; // cases a weekday that count as much as one seventh each

static double daily_count(const double *count, int32_t t)
{
    return t < 0 || isnan(count[t]) || count[t] < 0 ? 0 : count[t];
}

struct daily_past {
    double part[7]; // of day now + 1 + k, relative to 1 a day
    double week;    // of the last seven days
    double noise;   // variance over mean of single days
};

static struct daily_past daily_look(const double *count, int32_t now)
{
    struct daily_past p = {.noise = 1};
    double all = 0, sum[7] = {0}, squares = 0, expected = 0;
    int32_t days = now + 1 < DAILY_PAST ? (now + 1) / 7 * 7 : DAILY_PAST;
    for (int32_t k = 0; k < days; k++) {
        sum[(days - 1 - k) % 7] += daily_count(count, now - k); // k = 6 is the weekday of now + 1
        all += daily_count(count, now - k);
    }
    for (int32_t k = 0; k < 7; k++) p.part[k] = (sum[k] + DAILY_PRIOR) / (all + 7 * DAILY_PRIOR) * 7;
    for (int32_t t = now; t > now - 7; t--) p.week += daily_count(count, t);
    for (int32_t t = now - DAILY_NOISE + 1; t <= now - 3; t++) {
        double week = 0;
        for (int32_t u = t - 3; u <= t + 3; u++) week += daily_count(count, u);
        int32_t place = ((t - now - 1) % 7 + 7) % 7;
        double mean = week / 7 * p.part[place];
        if (!(mean > 0)) continue;
        squares += (daily_count(count, t) - mean) * (daily_count(count, t) - mean);
        expected += mean * 6 / 7; // the day itself is one of the seven
    }
    if (expected > 0 && squares > expected) p.noise = squares / expected;
    return p;
}

// The logarithm of a day's level: straight lines through the middles of the weeks, the last one carried on.
static double daily_level(const double *middle, int32_t day)
{
    double at = (day + 4) / 7.0; // the middle of last week is 4 days before tomorrow
    int32_t week = (int32_t)at;
    if (week >= FORECAST_WEEKS) week = FORECAST_WEEKS - 1;
    return middle[week] + (at - week) * (middle[week + 1] - middle[week]);
}

static void daily_widen(double median, double noise, double *value)
{
    if (median < DAILY_FEW) { // negative binomial with the spread of both: of the curve, and of the day
        double wide = fmax(log((value[20] + 0.5) / (value[2] + 0.5)) / 3.29, 0);
        double variance = noise * median + median * median * expm1(wide * wide);
        double size = variance > median * (1 + 1e-6) ? median * median / (variance - median) : HUGE_VAL;
        for (int32_t l = 0; l < FORECAST_LEVELS; l++)
            value[l] = median > 1e-6 ? countdist_quantile(forecast_levels()[l], median, size) : 0;
        return;
    }
    double own = sqrt(log1p(noise / median));
    for (int32_t l = 0; l < FORECAST_LEVELS; l++) {
        double z = special_normal_quantile(forecast_levels()[l]), curve = log((value[l] + 1e-9) / median);
        double far = sqrt(curve * curve + own * own * z * z);
        value[l] = median * exp(l < FORECAST_MEDIAN ? -far : l > FORECAST_MEDIAN ? far : 0);
    }
}

tong_code forecast_daily(const double *count, int32_t now, const struct forecast *weeks, struct forecast_daily *out,
                         struct err *err)
{
    if (!weeks->made || now < FORECAST_FIRST) return tong_fail(err, TONG_E_INVALID, "no forecast on day %d", (int)now);
    for (int32_t t = 0; t <= now; t++)
        if (isinf(count[t])) return tong_fail(err, TONG_E_INVALID, "the count of day %d", (int)t);
    struct daily_past past = daily_look(count, now);
    for (int32_t l = 0; l < FORECAST_LEVELS; l++) {
        double middle[FORECAST_WEEKS + 1] = {log((past.week + 0.01) / 7)};
        for (int32_t h = 0; h < FORECAST_WEEKS; h++) middle[h + 1] = log((weeks->value[h][l] + 0.01) / 7);
        for (int32_t day = 0; day < FORECAST_DAYS; day++)
            out->value[day][l] = exp(daily_level(middle, day)) * past.part[day % 7];
    }
    for (int32_t day = 0; day < FORECAST_DAYS; day++) {
        daily_widen(out->value[day][FORECAST_MEDIAN], past.noise, out->value[day]);
        for (int32_t l = 1; l < FORECAST_LEVELS; l++) // rounding of the two halves
            out->value[day][l] = fmax(out->value[day][l], out->value[day][l - 1]);
    }
    return TONG_OK;
}

static tong_code load_check(const double *count, int32_t now, const double *need, size_t n, struct err *err)
{
    if (n < 1 || n > LOAD_DAYS_MAX || now < 0) return tong_fail(err, TONG_E_INVALID, "a need of %zu days", n);
    for (size_t k = 0; k < n; k++)
        if (!(need[k] >= 0) || isinf(need[k])) return tong_fail(err, TONG_E_INVALID, "the need of day %zu", k);
    for (int32_t t = 0; t <= now; t++)
        if (isinf(count[t])) return tong_fail(err, TONG_E_INVALID, "the count of day %d", (int)t);
    return TONG_OK;
}

tong_code forecast_load(const double *count, int32_t now, const struct forecast_daily *days, const double *need,
                        size_t n, struct forecast_daily *out, struct err *err)
{
    tong_code code = load_check(count, now, need, n, err);
    if (code != TONG_OK) return code;
    struct forecast_daily made;
    for (int32_t day = 0; day < FORECAST_DAYS; day++)
        for (int32_t l = 0; l < FORECAST_LEVELS; l++) {
            double sum = 0;
            for (int32_t k = 0; k < (int32_t)n; k++)
                sum += need[k] * (k <= day ? days->value[day - k][l] : daily_count(count, now + 1 + day - k));
            made.value[day][l] = sum;
        }
    *out = made;
    return TONG_OK;
}

tong_code forecast_load_scale(const double *count, const double *occupied, int32_t now, const double *need, size_t n,
                              double *factor, struct err *err)
{
    tong_code code = load_check(count, now, need, n, err);
    if (code != TONG_OK) return code;
    double seen = 0, load = 0;
    for (int32_t t = now < 6 ? 0 : now - 6; t <= now; t++) {
        if (isnan(occupied[t])) continue;
        if (!(occupied[t] >= 0) || isinf(occupied[t]))
            return tong_fail(err, TONG_E_INVALID, "%g are taken on day %d", occupied[t], (int)t);
        seen += occupied[t];
        for (int32_t k = 0; k < (int32_t)n; k++) load += need[k] * daily_count(count, t - k);
    }
    if (!(load > 0)) return tong_fail(err, TONG_E_INVALID, "nothing known of the last week");
    *factor = seen / load;
    return TONG_OK;
}
