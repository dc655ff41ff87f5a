#include "epi/false_alarm.h"

#include "epi/countdist.h"

#include <math.h>
#include <stdlib.h>

struct false_alarm_rank {
    double p;
    size_t series;
};

static int false_alarm_order(const void *a, const void *b)
{
    const struct false_alarm_rank *x = a, *y = b;
    if (x->p < y->p) return -1;
    if (x->p > y->p) return 1;
    return (x->series > y->series) - (x->series < y->series);
}

tong_code false_alarm_control(const double *p, size_t n, false_alarm_rule rule, double level, struct arena *arena,
                              bool *alarm, double *adjusted, struct false_alarm *out, struct err *err)
{
    struct false_alarm f = {0};
    if (!(level > 0) || (rule != FALSE_ALARM_EXPECTED && !(level < 1)) || isinf(level))
        return tong_fail(err, TONG_E_INVALID, "a level of %g", level);
    struct false_alarm_rank *rank = arena_array(arena, n, sizeof *rank);
    if (rank == NULL) return tong_fail(err, TONG_E_NOMEM, "%zu series", n);
    size_t m = 0;
    double harmonic = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(p[i])) continue;
        if (!(p[i] >= 0 && p[i] <= 1)) return tong_fail(err, TONG_E_INVALID, "series %zu: p = %g", i, p[i]);
        rank[m++] = (struct false_alarm_rank){p[i], i};
        harmonic += 1 / (double)m;
    }
    qsort(rank, m, sizeof *rank, false_alarm_order);
    for (size_t i = 0; i < n; i++) {
        alarm[i] = false;
        if (adjusted != NULL) adjusted[i] = NAN;
    }
    double times = rule == FALSE_ALARM_YEKUTIELI ? harmonic : 1, least = HUGE_VAL;
    for (size_t k = m; k-- > 0;) {
        double need = rank[k].p * (double)m * times;
        if (rule != FALSE_ALARM_EXPECTED) need = fmin(1, need / (double)(k + 1));
        least = fmin(least, need); // the step-up rule: whoever stands below an alarm is one
        if (adjusted != NULL) adjusted[rank[k].series] = least;
        if (!(least <= level)) continue;
        alarm[rank[k].series] = true;
        f.alarms++;
        f.cut = fmax(f.cut, rank[k].p);
    }
    f.expected = (double)m * f.cut;
    *out = f;
    return TONG_OK;
}

tong_code false_alarm_recent(const int64_t *count, size_t n, int32_t baseline, int32_t gap,
                             struct false_alarm_recent *out, struct err *err)
{
    if (baseline < 5 || baseline > 3660 || gap < 0 || gap > 3660)
        return tong_fail(err, TONG_E_INVALID, "a baseline of %d, %d before", (int)baseline, (int)gap);
    if (n < (size_t)(baseline + gap + 1)) return tong_fail(err, TONG_E_INVALID, "%zu counts are too few", n);
    const int64_t *from = count + n - 1 - (size_t)gap - (size_t)baseline;
    double sum = 0, squares = 0, size = baseline;
    for (int32_t i = 0; i < baseline; i++) {
        if (from[i] < 0 || from[i] > 1000000000) return tong_fail(err, TONG_E_INVALID, "a count that is none");
        sum += (double)from[i];
        squares += (double)from[i] * (double)from[i];
    }
    int64_t last = count[n - 1];
    if (last < 0 || last > 1000000000) return tong_fail(err, TONG_E_INVALID, "a count that is none");
    double mean = (sum + 0.5) / size, variance = (squares - sum * sum / size) / (size - 1);
    // The variance of Student's t stands for what the dispersion, estimated from so few counts, is unsure of.
    double phi = sum > 0 ? fmax(1, variance / (sum / size) * (size - 1) / (size - 3)) : 1;
    double spread = mean * phi * (1 + 1 / size) + (phi > 1 ? 0 : 1e-9 * mean);
    double k = mean * mean / (spread - mean);
    *out = (struct false_alarm_recent){mean, last == 0 ? 1 : fmin(1, countdist_q((double)last - 1, mean, k))};
    return TONG_OK;
}
