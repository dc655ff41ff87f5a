#include "epi/ending.h"

#include "epi/serial.h"

#include <math.h>

static tong_code ending_check(const struct ending_input *in, struct err *err)
{
    if (!(in->r > 0 && in->r < 1e6) || !(in->k >= 1e-6))
        return tong_fail(err, TONG_E_INVALID, "R %g, k %g", in->r, in->k);
    double sum = 0;
    for (size_t i = 0; i < in->days; i++) {
        if (!(in->cases[i] >= 0 && in->cases[i] < 1e12))
            return tong_fail(err, TONG_E_INVALID, "day %zu: a count of %g", i, in->cases[i]);
        sum += in->cases[i];
    }
    if (!(sum > 0)) return tong_fail(err, TONG_E_INVALID, "an outbreak without cases");
    return serial_check(in->si, in->si_days, err);
}

tong_code ending_more(const struct ending_input *in, size_t day, double *p, struct err *err)
{
    tong_code code = ending_check(in, err);
    if (code != TONG_OK) return code;
    if (day + 1 < in->days) return tong_fail(err, TONG_E_INVALID, "day %zu lies before the last of the counts", day);
    double none = 0, total = 0; // log probability that all has been seen
    for (size_t k = 0; k < in->si_days; k++) total += in->si[k];
    for (size_t i = 0; i < in->days; i++) {
        if (!(in->cases[i] > 0)) continue;
        double seen = 0;
        for (size_t k = 0; k < in->si_days && k <= day - i; k++) seen += in->si[k];
        double left = in->r * fmax(0, total - seen) / total; // a tail that was cut belongs to the rest
        none -= in->cases[i] * (isinf(in->k) ? left : in->k * log1p(left / in->k));
    }
    *p = -expm1(none);
    return TONG_OK;
}

tong_code ending_day(const struct ending_input *in, double level, size_t *day, struct err *err)
{
    if (!(level > 0 && level < 1)) return tong_fail(err, TONG_E_INVALID, "a level of %g", level);
    double p = 1;
    // By days + si_days nothing is left of any case; bisection, for the probability only falls.
    size_t lo = in->days == 0 ? 0 : in->days - 1, hi = lo + in->si_days;
    tong_code code = ending_more(in, lo, &p, err);
    if (code != TONG_OK) return code;
    if (p < level) hi = lo;
    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;
        code = ending_more(in, middle, &p, err);
        if (code != TONG_OK) return code;
        if (p < level) hi = middle;
        else lo = middle + 1;
    }
    *day = lo;
    return TONG_OK;
}
