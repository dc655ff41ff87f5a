#include "epi/quality.h"

#include "epi/special.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static tong_code quality_check(const double *count, size_t n, bool negative, struct err *err)
{
    if (n == 0 || n > QUALITY_DAYS_MAX) return tong_fail(err, TONG_E_INVALID, "%zu days", n);
    for (size_t i = 0; i < n; i++)
        if (isinf(count[i]) || fabs(count[i]) > 1e12 || (!negative && count[i] < 0))
            return tong_fail(err, TONG_E_INVALID, "day %zu: a count of %g", i, count[i]);
    return TONG_OK;
}

// ---- negative counts ----

// Takes `owed` off the days before `day` in proportion to what they have; what is left over at the end.
static double quality_spread(double *count, size_t day, double owed)
{
    for (size_t reach = 28;; reach *= 4) { // ends: it reaches the first day at last
        size_t from = day > reach ? day - reach : 0;
        double held = 0;
        for (size_t i = from; i < day; i++) held += count[i] > 0 ? count[i] : 0;
        if (held >= owed || from == 0) {
            double part = held > owed ? owed / held : held > 0 ? 1 : 0;
            for (size_t i = from; i < day; i++)
                if (count[i] > 0) count[i] -= part * count[i];
            return held > owed ? 0 : owed - held;
        }
    }
}

tong_code quality_mend(double *count, size_t n, quality_negative policy, struct quality_mended *out, struct err *err)
{
    struct quality_mended m = {.first = -1};
    tong_code code = quality_check(count, n, true, err);
    if (code != TONG_OK) return code;
    for (size_t i = 0; i < n; i++) {
        if (!(count[i] < 0)) continue;
        if (policy == QUALITY_NEGATIVE_REFUSE)
            return tong_fail(err, TONG_E_INVALID, "day %zu: a count of %g", i, count[i]);
        if (m.first < 0) m.first = (int32_t)i;
        m.days++;
        m.total += count[i];
    }
    for (size_t i = 0; i < n; i++) {
        if (!(count[i] < 0)) continue;
        double owed = -count[i];
        count[i] = policy == QUALITY_NEGATIVE_MISSING ? NAN : 0;
        if (policy == QUALITY_NEGATIVE_SPREAD) m.unpaid += quality_spread(count, i, owed);
        else if (policy == QUALITY_NEGATIVE_ZERO) m.unpaid += owed;
    }
    *out = m;
    return TONG_OK;
}

// ---- weekdays ----

// The mean of the seven days about day i; false where they are not whole or empty.
static bool quality_about(const double *count, size_t n, size_t i, double *mean)
{
    double sum = 0;
    if (i < 3 || i + 3 >= n) return false;
    for (size_t k = i - 3; k <= i + 3; k++) sum += count[k];
    *mean = sum / 7;
    return isfinite(sum) && sum > 0;
}

tong_code quality_weekdays(const double *count, size_t n, civil_day first, struct quality_weekday *out, struct err *err)
{
    struct quality_weekday w = {.dispersion = 1, .p = 1, .weekend = 1};
    double seen[7] = {0}, expected[7] = {0}, days[7] = {0}, pearson = 0, mean;
    int64_t judged = 0;
    tong_code code = quality_check(count, n, false, err);
    if (code != TONG_OK) return code;
    if (first.d == CIVIL_DAY_NONE) return tong_fail(err, TONG_E_INVALID, "weekdays without a date");
    int32_t monday = civil_weekday(first) - 1;
    for (size_t i = 0; i < n; i++) {
        size_t d = (size_t)monday % 7;
        monday++;
        if (!quality_about(count, n, i, &mean)) continue;
        seen[d] += count[i];
        expected[d] += mean;
        days[d]++;
        judged++;
    }
    bool all = true;
    for (int d = 0; d < 7; d++) {
        w.ratio[d] = expected[d] > 0 ? seen[d] / expected[d] : 0;
        all = all && days[d] >= 3;
    }
    w.weeks = judged / 7;
    w.defined = all && judged >= 28;
    if (w.defined) {
        monday = civil_weekday(first) - 1;
        for (size_t i = 0; i < n; i++) {
            double ratio = w.ratio[monday++ % 7];
            if (!quality_about(count, n, i, &mean)) continue;
            double fit = mean * fmax(ratio, 1e-3);
            pearson += (count[i] - fit) * (count[i] - fit) / fit;
        }
        w.dispersion = fmax(1, pearson / (double)(judged - 7));
        double statistic = 0;
        for (int d = 0; d < 7; d++) statistic += (seen[d] - expected[d]) * (seen[d] - expected[d]) / expected[d];
        w.p = special_chi2_q(statistic / w.dispersion, 6);
        double five = (w.ratio[0] + w.ratio[1] + w.ratio[2] + w.ratio[3] + w.ratio[4]) / 5;
        w.weekend = five > 0 ? (w.ratio[5] + w.ratio[6]) / 2 / five : HUGE_VAL;
    }
    *out = w;
    return TONG_OK;
}

// ---- digits ----

tong_code quality_last_digits(const double *value, size_t n, double least, struct quality_digits *out, struct err *err)
{
    struct quality_digits q = {.p = 1};
    int64_t middle = 0, fives = 0;
    if (n > QUALITY_ROWS_MAX) return tong_fail(err, TONG_E_INVALID, "%zu values", n);
    for (size_t i = 0; i < n; i++) {
        double v = value[i];
        if (!(fabs(v) < 1e15) || v < least || v < 0 || v != floor(v)) continue;
        int digit = (int)fmod(v, 10);
        q.tally[digit]++;
        q.n++;
        if (v >= 23 && v <= 62) {
            middle++;
            fives += digit == 0 || digit == 5;
        }
    }
    q.defined = q.n >= 50;
    if (q.n > 0) q.part_0_5 = (double)(q.tally[0] + q.tally[5]) / (double)q.n;
    if (middle >= 50) q.whipple = 500.0 * (double)fives / (double)middle;
    if (q.defined) {
        double expected = (double)q.n / 10, statistic = 0;
        for (int d = 0; d < 10; d++)
            statistic += ((double)q.tally[d] - expected) * ((double)q.tally[d] - expected) / expected;
        q.p = special_chi2_q(statistic, 9);
    }
    *out = q;
    return TONG_OK;
}

// ---- silence ----

tong_code quality_silent(const double *count, size_t n, int32_t before, struct quality_silence *out, struct err *err)
{
    struct quality_silence s = {.p = 1};
    tong_code code = quality_check(count, n, false, err);
    if (code != TONG_OK) return code;
    if (before < 7 || before > QUALITY_DAYS_MAX) return tong_fail(err, TONG_E_INVALID, "%d days before", (int)before);
    size_t end = n;
    while (end > 0 && !(count[end - 1] > 0)) end--;
    size_t from = end > (size_t)before ? end - (size_t)before : 0, days = 0;
    double sum = 0, squares = 0;
    for (size_t i = from; i < end; i++) {
        if (isnan(count[i])) continue;
        sum += count[i];
        squares += count[i] * count[i];
        days++;
    }
    s.days = (int32_t)(n - end);
    s.defined = days >= 7;
    if (s.defined) {
        double size = (double)days, mean = sum / size, variance = (squares - size * mean * mean) / (size - 1);
        s.expected = mean;
        // The days of silence share what makes days vary: the probability of none in one is multiplied up.
        double k = variance > mean * (1 + 1e-9) ? mean * mean / (variance - mean) : HUGE_VAL;
        double one = isinf(k) ? -mean : -k * log1p(mean / k);
        s.p = fmax(exp(one * s.days), 1e-300);
    }
    *out = s;
    return TONG_OK;
}

// ---- jumps ----

enum { QUALITY_BACK = 10 };

static int quality_ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quality_median(double *v, size_t n)
{
    assert(n > 0);
    qsort(v, n, sizeof *v, quality_ascending);
    return n % 2 == 1 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

// The line through the logarithms of the days before `day`: its value on the day, and the spread about it.
static bool quality_line(const double *count, size_t day, double *at, double *spread)
{
    double x[QUALITY_BACK], y[QUALITY_BACK], slope[QUALITY_BACK * QUALITY_BACK], rest[QUALITY_BACK];
    size_t n = 0, slopes = 0;
    for (size_t i = day - QUALITY_BACK; i < day; i++) {
        if (isnan(count[i])) continue;
        x[n] = (double)i - (double)day;
        y[n++] = log(count[i] + 0.5);
    }
    if (n < 6) return false;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) slope[slopes++] = (y[j] - y[i]) / (x[j] - x[i]);
    double b = quality_median(slope, slopes);
    for (size_t i = 0; i < n; i++) rest[i] = y[i] - b * x[i];
    *at = quality_median(rest, n);
    for (size_t i = 0; i < n; i++) rest[i] = fabs(y[i] - b * x[i] - *at);
    *spread = 1.4826 * quality_median(rest, n);
    return true;
}

static quality_jump_kind quality_kind(const double *count, size_t n, size_t day, double expected)
{
    double after[5];
    size_t k = 0;
    for (size_t i = day + 1; i < n && k < 5; i++)
        if (!isnan(count[i])) after[k++] = count[i];
    if (k < 3) return QUALITY_JUMP_UNKNOWN;
    double level = quality_median(after, k), jump = fabs(log((count[day] + 0.5) / (expected + 0.5)));
    // Nearer to where it came from, on the logarithmic scale, or to where it went.
    return fabs(log((level + 0.5) / (expected + 0.5))) < 0.5 * jump ? QUALITY_JUMP_BATCH : QUALITY_JUMP_LEVEL;
}

tong_code quality_jumps(const double *count, size_t n, const struct quality_jump_options *o, struct quality_jump *out,
                        size_t cap, size_t *found, struct err *err)
{
    tong_code code = quality_check(count, n, false, err);
    if (code != TONG_OK) return code;
    if (!(o->factor > 1 && o->factor < 1e6) || !(o->score > 1 && o->score < 1e6))
        return tong_fail(err, TONG_E_INVALID, "a factor of %g, a score of %g", o->factor, o->score);
    size_t k = 0;
    for (size_t day = QUALITY_BACK; day < n; day++) {
        double at, spread;
        if (isnan(count[day]) || !quality_line(count, day, &at, &spread)) continue;
        double expected = exp(at) - 0.5, ratio = log(count[day] + 0.5) - at;
        if (expected < 5 && count[day] < 5) continue;
        double scale = sqrt(fmax(spread, 0.1) * fmax(spread, 0.1) * (1 + 4.0 / QUALITY_BACK) + 1 / (count[day] + 1) +
                            1 / (fmax(expected, 0) + 1));
        if (fabs(ratio) < log(o->factor) || fabs(ratio) / scale < o->score) continue;
        if (k < cap)
            out[k] = (struct quality_jump){(int32_t)day, count[day], fmax(expected, 0), ratio / scale,
                                           quality_kind(count, n, day, fmax(expected, 0))};
        k++;
    }
    *found = k;
    return TONG_OK;
}

// ---- rows ----

void quality_intervals(const civil_day *before, const civil_day *after, size_t n, bool strict, int32_t most,
                       quality_order *verdict, struct quality_interval *out)
{
    *out = (struct quality_interval){0};
    for (size_t i = 0; i < n; i++) {
        quality_order v = QUALITY_ORDER_FINE;
        if (before[i].d == CIVIL_DAY_NONE || after[i].d == CIVIL_DAY_NONE) v = QUALITY_ORDER_UNKNOWN;
        else {
            int64_t days = (int64_t)after[i].d - before[i].d;
            if (days < 0 || (strict && days == 0)) v = QUALITY_ORDER_REVERSED;
            else if (most > 0 && days > most) v = QUALITY_ORDER_FAR;
            out->judged++;
            out->reversed += v == QUALITY_ORDER_REVERSED;
            out->far += v == QUALITY_ORDER_FAR;
        }
        if (verdict != NULL) verdict[i] = v;
    }
}

struct quality_key {
    uint64_t key;
    int32_t row;
};

static int quality_by_key(const void *a, const void *b)
{
    const struct quality_key *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

tong_code quality_duplicates(const uint64_t *key, size_t n, int32_t *first, int64_t *found, struct arena *arena,
                             struct err *err)
{
    if (n > QUALITY_ROWS_MAX) return tong_fail(err, TONG_E_LIMIT, "%zu rows", n);
    struct quality_key *sorted = arena_array(arena, n, sizeof *sorted);
    if (sorted == NULL) return tong_fail(err, TONG_E_NOMEM, "%zu rows", n);
    for (size_t i = 0; i < n; i++) sorted[i] = (struct quality_key){key[i], (int32_t)i};
    qsort(sorted, n, sizeof *sorted, quality_by_key);
    *found = 0;
    for (size_t i = 0, begin = 0; i < n; i++) {
        if (i > 0 && sorted[i].key != sorted[i - 1].key) begin = i;
        bool again = sorted[i].key != 0 && i > begin;
        first[sorted[i].row] = again ? sorted[begin].row : -1;
        *found += again;
    }
    return TONG_OK;
}
