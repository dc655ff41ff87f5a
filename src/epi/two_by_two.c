#include "epi/two_by_two.h"

#include "epi/root.h"
#include "epi/special.h"

#include <assert.h>
#include <math.h>

// The table as real numbers, with its risks.
struct two_data {
    double a, b, c, d, n1, n0, n, p1, p0, z;
    double factor; // of the score statistic's variance
};

static struct interval two_log_interval(double estimate, double centre, double half)
{
    return (struct interval){estimate, exp(centre - half), exp(centre + half)};
}

// ---- score intervals: where the constrained statistic, squared, equals z squared ----

struct two_score {
    const struct two_data *t;
    double value; // the ratio, difference or odds ratio tried
};

// Constrained maximum likelihood of the unexposed risk at risk ratio `ratio`: the root of Koopman 1984's quadratic.
static double two_ratio_gap(double log_ratio, const void *context)
{
    const struct two_data *t = ((const struct two_score *)context)->t;
    double ratio = exp(log_ratio), a = t->n * ratio, b = t->n1 * ratio + t->a + t->n0 + t->c * ratio, c = t->a + t->c;
    double p0 = 2 * c / (b + sqrt(fmax(0, b * b - 4 * a * c))), p1 = fmin(1, ratio * p0);
    double variance = p1 * (1 - p1) / t->n1 + ratio * ratio * p0 * (1 - p0) / t->n0;
    double gap = t->p1 - ratio * t->p0;
    return gap * gap - t->z * t->z * t->factor * variance;
}

static double two_difference_slope(double p0, const void *context)
{
    const struct two_score *s = context;
    const struct two_data *t = s->t;
    double p1 = p0 + s->value;
    return t->a * (1 - p1) * p0 * (1 - p0) - t->b * p1 * p0 * (1 - p0) + t->c * (1 - p0) * p1 * (1 - p1) -
           t->d * p0 * p1 * (1 - p1);
}

// At a risk difference: the constrained risk solves the score equation, multiplied out so that nothing divides by zero.
static double two_difference_gap(double difference, const void *context)
{
    struct two_score s = {((const struct two_score *)context)->t, difference};
    const struct two_data *t = s.t;
    double lo = fmax(0, -difference), hi = fmin(1, 1 - difference), p0;
    double inside = 1e-12 * (hi - lo);
    if (!root_find(two_difference_slope, &s, lo + inside, hi - inside, &p0)) // the maximum lies at an end
        p0 = two_difference_slope(0.5 * (lo + hi), &s) > 0 ? hi : lo;
    double p1 = p0 + difference, gap = t->p1 - t->p0 - difference;
    return gap * gap - t->z * t->z * t->factor * (p1 * (1 - p1) / t->n1 + p0 * (1 - p0) / t->n0);
}

// At an odds ratio: fitted cells keep the margins.
static double two_odds_gap(double log_odds, const void *context)
{
    const struct two_data *t = ((const struct two_score *)context)->t;
    double psi = exp(log_odds), ill = t->a + t->c, fitted;
    if (psi == 1) fitted = t->n1 * ill / t->n;
    else {
        double s = t->n + (t->n1 + ill) * (psi - 1), root = s * s - 4 * psi * (psi - 1) * t->n1 * ill;
        fitted = 2 * psi * t->n1 * ill / (s + sqrt(fmax(0, root)));
    }
    double cells = 1 / fitted + 1 / (t->n1 - fitted) + 1 / (ill - fitted) + 1 / (t->n0 - ill + fitted);
    double gap = t->a - fitted;
    return gap * gap * cells - t->z * t->z * t->factor;
}

static bool two_score_limits(const struct two_data *t, root_function gap, double estimate, struct interval *out)
{
    struct two_score s = {t, 0};
    bool difference = gap == two_difference_gap;
    double centre = difference ? estimate : log(estimate), lo, hi;
    bool good;
    if (difference) good = root_find(gap, &s, -1, centre, &lo) && root_find(gap, &s, centre, 1, &hi);
    else
        good =
            root_find_outward(gap, &s, centre, centre - 1, &lo) && root_find_outward(gap, &s, centre, centre + 1, &hi);
    if (good) *out = (struct interval){estimate, difference ? lo : exp(lo), difference ? hi : exp(hi)};
    return good;
}

// ---- the measures ----

static bool two_ratio(const struct two_data *t, two_by_two_measure m, struct interval *out)
{
    if (t->a == 0 || t->c == 0) return false;
    double half = t->z * sqrt(1 / t->a - 1 / t->n1 + 1 / t->c - 1 / t->n0), ratio = t->p1 / t->p0;
    double small = t->p1 / ((t->c + 1) / (t->n0 + 1));
    if (m == TWO_RISK_RATIO_SCORE) return two_score_limits(t, two_ratio_gap, ratio, out);
    if (m == TWO_RISK_RATIO_SMALL) *out = two_log_interval(small, log(small), half);
    else *out = two_log_interval(ratio, log(ratio), half);
    if (m == TWO_ATTRIBUTABLE_EXPOSED) *out = (struct interval){1 - 1 / ratio, 1 - 1 / out->lower, 1 - 1 / out->upper};
    if (m == TWO_POPULATION_FRACTION) {
        double part = (ratio - 1) / ratio * t->a / (t->a + t->c);
        double variance = (t->b + part * (t->a + t->d)) / (t->n * t->c), spread = t->z * sqrt(variance);
        if (!(variance >= 0)) return false;
        *out = (struct interval){part, 1 - exp(log1p(-part) + spread), 1 - exp(log1p(-part) - spread)};
    }
    return true;
}

static bool two_odds(const struct two_data *t, two_by_two_measure m, struct interval *out)
{
    if (m == TWO_ODDS_RATIO_SMALL) {
        double a = t->a + 0.5, b = t->b + 0.5, c = t->c + 0.5, d = t->d + 0.5;
        double half = t->z * sqrt(1 / a + 1 / b + 1 / c + 1 / d);
        *out = two_log_interval(t->a * t->d / ((t->b + 1) * (t->c + 1)), log(a * d / (b * c)), half);
        return true;
    }
    if (t->a == 0 || t->b == 0 || t->c == 0 || t->d == 0) return false;
    double odds = t->a * t->d / (t->b * t->c);
    if (m == TWO_ODDS_RATIO_SCORE) return two_score_limits(t, two_odds_gap, odds, out);
    *out = two_log_interval(odds, log(odds), t->z * sqrt(1 / t->a + 1 / t->b + 1 / t->c + 1 / t->d));
    return true;
}

static bool two_difference(const struct two_data *t, two_by_two_measure m, struct interval *out)
{
    double difference = t->p1 - t->p0, v1 = t->p1 * (1 - t->p1) / t->n1, v0 = t->p0 * (1 - t->p0) / t->n0;
    if (m == TWO_RISK_DIFFERENCE_SCORE || m == TWO_RISK_DIFFERENCE_SCORE_N)
        return two_score_limits(t, two_difference_gap, difference, out);
    double half = t->z * sqrt(v1 + v0);
    *out = (struct interval){difference, difference - half, difference + half};
    if (m == TWO_POPULATION_DIFFERENCE) {
        double all = (t->a + t->c) / t->n;
        half = t->z * sqrt(all * (1 - all) / t->n + v0);
        *out = (struct interval){all - t->p0, all - t->p0 - half, all - t->p0 + half};
    }
    if (m == TWO_NEEDED_TO_HARM) {
        if (out->lower == 0 || out->upper == 0) return false;
        double one = 1 / out->lower, other = 1 / out->upper;
        *out = (struct interval){difference == 0 ? HUGE_VAL : 1 / difference, fmin(one, other), fmax(one, other)};
    }
    return true;
}

static tong_code two_read(const struct two_by_two *table, double level, struct two_data *t, struct err *err)
{
    const int64_t most = (int64_t)1 << 50;
    if (table->a < 0 || table->b < 0 || table->c < 0 || table->d < 0)
        return tong_fail(err, TONG_E_INVALID, "a negative count");
    if (table->a > most || table->b > most || table->c > most || table->d > most)
        return tong_fail(err, TONG_E_LIMIT, "a count beyond 2^50");
    if (table->a + table->b == 0 || table->c + table->d == 0)
        return tong_fail(err, TONG_E_INVALID, "nobody in one of the groups");
    if (!(level > 0 && level < 1))
        return tong_fail(err, TONG_E_INVALID, "the confidence %g is not between 0 and 1", level);
    *t = (struct two_data){
        .a = (double)table->a, .b = (double)table->b, .c = (double)table->c, .d = (double)table->d, .factor = 1};
    t->n1 = t->a + t->b;
    t->n0 = t->c + t->d;
    t->n = t->n1 + t->n0;
    t->p1 = t->a / t->n1;
    t->p0 = t->c / t->n0;
    t->z = -special_normal_quantile((1 - level) / 2);
    return TONG_OK;
}

tong_code two_by_two_measure_of(const struct two_by_two *table, two_by_two_measure measure, double level,
                                struct interval *out, struct err *err)
{
    struct two_data t = {0};
    tong_code code = two_read(table, level, &t, err);
    if (code != TONG_OK) return code;
    if (measure == TWO_RISK_DIFFERENCE_SCORE_N) t.factor = t.n / (t.n - 1);
    struct interval got;
    bool good = false;
    switch (measure) {
    case TWO_RISK_RATIO_WALD:
    case TWO_RISK_RATIO_SMALL:
    case TWO_RISK_RATIO_SCORE:
    case TWO_ATTRIBUTABLE_EXPOSED:
    case TWO_POPULATION_FRACTION: good = two_ratio(&t, measure, &got); break;
    case TWO_ODDS_RATIO_WALD:
    case TWO_ODDS_RATIO_SMALL:
    case TWO_ODDS_RATIO_SCORE: good = two_odds(&t, measure, &got); break;
    case TWO_RISK_DIFFERENCE_WALD:
    case TWO_RISK_DIFFERENCE_SCORE:
    case TWO_RISK_DIFFERENCE_SCORE_N:
    case TWO_POPULATION_DIFFERENCE:
    case TWO_NEEDED_TO_HARM: good = two_difference(&t, measure, &got); break;
    case TWO_MEASURE_COUNT: assert(measure != TWO_MEASURE_COUNT); break;
    }
    if (!good) return tong_fail(err, TONG_E_INVALID, "a zero in the table leaves this measure undefined");
    *out = got;
    return TONG_OK;
}

tong_code two_by_two_chi_square(const struct two_by_two *table, bool corrected, struct chi_square *out, struct err *err)
{
    struct two_data t = {0};
    tong_code code = two_read(table, 0.95, &t, err);
    if (code != TONG_OK) return code;
    double ill = t.a + t.c, well = t.b + t.d;
    if (ill == 0 || well == 0) return tong_fail(err, TONG_E_INVALID, "an empty column leaves nothing to compare");
    double gap = fabs(t.a - t.n1 * ill / t.n);
    if (corrected) gap -= fmin(0.5, gap);
    double x = gap * gap * t.n * t.n * t.n / (t.n1 * t.n0 * ill * well);
    *out = (struct chi_square){x, special_chi2_q(x, 1)};
    return TONG_OK;
}

tong_code mantel_haenszel(const struct two_by_two *strata, size_t count, double level, struct mantel_haenszel *out,
                          struct err *err)
{
    double r = 0, s = 0, pr = 0, both = 0, qs = 0, gap = 0, variance = 0, z = 0;
    if (count == 0) return tong_fail(err, TONG_E_INVALID, "no stratum");
    for (size_t i = 0; i < count; i++) {
        struct two_data t = {0};
        tong_code code = two_read(&strata[i], level, &t, err);
        if (code != TONG_OK) return code;
        if (t.n < 2) return tong_fail(err, TONG_E_INVALID, "a stratum of one person");
        double ri = t.a * t.d / t.n, si = t.b * t.c / t.n, pi = (t.a + t.d) / t.n, qi = (t.b + t.c) / t.n;
        r += ri;
        s += si;
        pr += pi * ri;
        both += pi * si + qi * ri;
        qs += qi * si;
        gap += t.a - t.n1 * (t.a + t.c) / t.n;
        variance += t.n1 * t.n0 * (t.a + t.c) * (t.b + t.d) / (t.n * t.n * (t.n - 1));
        z = t.z;
    }
    if (r == 0 || s == 0 || variance == 0)
        return tong_fail(err, TONG_E_INVALID, "the strata leave the common odds ratio undefined");
    double spread = z * sqrt(pr / (2 * r * r) + both / (2 * r * s) + qs / (2 * s * s));
    double less = fabs(gap) - fmin(0.5, fabs(gap)), plain = gap * gap / variance, corrected = less * less / variance;
    *out = (struct mantel_haenszel){two_log_interval(r / s, log(r / s), spread),
                                    {plain, special_chi2_q(plain, 1)},
                                    {corrected, special_chi2_q(corrected, 1)}};
    return TONG_OK;
}

tong_code diagnostic_accuracy(const struct two_by_two *table, double level, struct diagnostic_accuracy *out,
                              struct err *err)
{
    struct two_data t = {0};
    tong_code code = two_read(table, level, &t, err);
    if (code != TONG_OK) return code;
    if (t.a == 0 || t.b == 0 || t.c == 0 || t.d == 0)
        return tong_fail(err, TONG_E_INVALID, "a cell of the table is empty");
    int64_t a = table->a, b = table->b, c = table->c, d = table->d, n = a + b + c + d;
    struct diagnostic_accuracy g;
    const struct {
        struct interval *to;
        int64_t x, n;
    } parts[] = {
        {&g.apparent_prevalence, a + b, n}, {&g.true_prevalence, a + c, n}, {&g.sensitivity, a, a + c},
        {&g.specificity, d, b + d},         {&g.accuracy, a + d, n},        {&g.positive_predictive, a, a + b},
        {&g.negative_predictive, d, c + d}, {&g.ruled_out, c + d, n},       {&g.ruled_in, a + b, n},
        {&g.false_positive, b, b + d},      {&g.false_negative, c, a + c},  {&g.false_discovery, b, a + b},
        {&g.false_omission, c, c + d},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        code = proportion_interval(parts[i].x, parts[i].n, level, PROPORTION_EXACT, parts[i].to, err);
        if (code != TONG_OK) return code;
    }
    code = two_by_two_measure_of(table, TWO_ODDS_RATIO_WALD, level, &g.odds_ratio, err);
    if (code != TONG_OK) return code;
    const struct interval *se = &g.sensitivity, *sp = &g.specificity;
    g.youden = (struct interval){se->estimate + sp->estimate - 1, se->lower + sp->lower - 1, se->upper + sp->upper - 1};
    if (g.youden.estimate == 0 || g.youden.lower == 0 || g.youden.upper == 0)
        return tong_fail(err, TONG_E_INVALID, "the test tells nothing");
    g.needed_to_diagnose = (struct interval){1 / g.youden.estimate, 1 / g.youden.upper, 1 / g.youden.lower};
    // Simel, Samsa & Matchar 1991: the ratio of two independent proportions on the log scale.
    double yes = se->estimate / (1 - sp->estimate), no = (1 - se->estimate) / sp->estimate;
    double spread_yes = t.z * sqrt((1 - se->estimate) / t.a + sp->estimate / t.b);
    double spread_no = t.z * sqrt(se->estimate / t.c + (1 - sp->estimate) / t.d);
    g.positive_ratio = two_log_interval(yes, log(yes), spread_yes);
    g.negative_ratio = two_log_interval(no, log(no), spread_no);
    *out = g;
    return TONG_OK;
}
