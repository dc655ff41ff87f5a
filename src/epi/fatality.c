#include "epi/fatality.h"

#include <math.h>

tong_code fatality_now(const struct fatality_case *cases, size_t n, civil_day now, delay_law law, double a, double b,
                       struct fatality *out, struct err *err)
{
    struct fatality f = {0};
    if (!(b > 0) || isinf(b) || isnan(a) || isinf(a) || (law != DELAY_LOGNORMAL && !(a > 0)))
        return tong_fail(err, TONG_E_INVALID, "a delay distribution with parameters %g and %g", a, b);
    for (size_t i = 0; i < n; i++) {
        const struct fatality_case *c = &cases[i];
        if (c->onset.d == CIVIL_DAY_NONE) return tong_fail(err, TONG_E_INVALID, "case %zu has no onset", i + 1);
        if (c->onset.d > now.d) continue;
        f.cases++;
        f.weighted += delay_cdf(law, a, b, now.d - c->onset.d + 1.0);
        if (c->outcome.d == CIVIL_DAY_NONE || c->outcome.d > now.d) continue;
        f.deaths += c->died;
        f.recovered += !c->died;
    }
    if (f.cases == 0 || f.deaths + f.recovered == 0 || !(f.weighted > 0))
        return tong_fail(err, TONG_E_INVALID, "no outcome is known yet");
    double deaths = (double)f.deaths;
    f.naive = deaths / (double)f.cases;
    f.resolved = deaths / (double)(f.deaths + f.recovered);
    f.adjusted = fmin(1, deaths / f.weighted);
    *out = f;
    return TONG_OK;
}
