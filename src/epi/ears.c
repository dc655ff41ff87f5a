#include "epi/ears.h"

#include <math.h>

// Mean and standard deviation of the baseline, and the plain statistic. A flat baseline has no scale: any count above
// it is an alarm, but by how many standard deviations cannot be said, so such a day carries nothing into C3.
static struct ears_day ears_plain(const int64_t *count, size_t t, size_t lag, const struct ears_options *o)
{
    struct ears_day d = {0};
    size_t length = (size_t)o->baseline;
    if (t < length + lag) return d;
    const int64_t *base = count + (t - lag - length);
    double sum = 0, squares = 0;
    for (size_t i = 0; i < length; i++) sum += (double)base[i];
    d.mean = sum / (double)length;
    for (size_t i = 0; i < length; i++) squares += ((double)base[i] - d.mean) * ((double)base[i] - d.mean);
    d.sd = sqrt(squares / (double)(length - 1));
    if (d.sd < o->sd_min) d.sd = o->sd_min;
    d.flat = d.sd == 0;
    d.statistic = d.flat ? 0 : ((double)count[t] - d.mean) / d.sd;
    d.upper = d.mean + o->threshold * d.sd;
    d.alarm = (double)count[t] > d.upper;
    d.defined = true;
    return d;
}

static double ears_over_one(const struct ears_day *d)
{
    return d->statistic > 1 ? d->statistic - 1 : 0;
}

tong_code ears_run(const int64_t *count, size_t n, const struct ears_options *o, struct ears_day *out, struct err *err)
{
    if (o->baseline < 2 || o->baseline > EARS_BASELINE_MAX || !(o->threshold >= 0) || !isfinite(o->threshold) ||
        !(o->sd_min >= 0) || !isfinite(o->sd_min))
        return tong_fail(err, TONG_E_INVALID, "baseline %d, threshold %g, sd_min %g", (int)o->baseline, o->threshold,
                         o->sd_min);
    for (size_t t = 0; t < n; t++)
        if (count[t] < 0) return tong_fail(err, TONG_E_INVALID, "count %zu is negative", t);
    size_t lag = o->method == EARS_C1 ? 0 : 2;
    bool sums = o->method == EARS_C3 || o->method == EARS_C3_BOUND;
    struct ears_day before[2] = {{0}}; // the plain statistic of t - 2 and t - 1
    for (size_t t = 0; t < n; t++) {
        struct ears_day d = ears_plain(count, t, lag, o), plain = d;
        if (sums) {
            if (!before[0].defined) d = (struct ears_day){0};
            else {
                d.carried = ears_over_one(&before[0]) + ears_over_one(&before[1]);
                double room = o->threshold - d.carried; // what today may add
                if (o->method == EARS_C3) {
                    d.statistic = d.carried + ears_over_one(&plain);
                    d.upper = room < 0 ? -1 : d.mean + d.sd * (1 + room);
                } else {
                    d.upper = d.mean + d.sd * room;
                    if (d.upper < -1) d.upper = -1;
                }
                d.alarm = (double)count[t] > d.upper;
            }
            before[0] = before[1];
            before[1] = plain;
        }
        out[t] = d;
    }
    return TONG_OK;
}
