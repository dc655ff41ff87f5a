#include "epi/farrington.h"

#include <assert.h>
#include <math.h>

#include "epi/countdist.h"
#include "epi/loglin_groups.h"
#include "epi/special.h"

struct farrington_options farrington_original(void)
{
    return (struct farrington_options){.years = 5,
                                       .window = 3,
                                       .periods = 1,
                                       .periodicity = 52,
                                       .alpha = 0.005,
                                       .reweight_above = 1,
                                       .trend = true,
                                       .trend_level = 0.05,
                                       .bound = FARRINGTON_DELTA,
                                       .power = FARRINGTON_POWER_2_3,
                                       .enough_cases = 5,
                                       .enough_weeks = 4};
}

struct farrington_options farrington_flexible(void)
{
    return (struct farrington_options){.years = 5,
                                       .window = 3,
                                       .periods = 10,
                                       .skip = 26,
                                       .periodicity = 52,
                                       .alpha = 0.005,
                                       .reweight_above = 2.58,
                                       .trend = true,
                                       .trend_level = 1,
                                       .bound = FARRINGTON_PLUGIN,
                                       .power = FARRINGTON_POWER_2_3,
                                       .enough_cases = 5,
                                       .enough_weeks = 4};
}

// The reference weeks of one week, and the regression on them.
struct farrington_work {
    const struct farrington_options *o;
    const int64_t *count;
    const civil_day *date;
    struct arena arena;
    int32_t rows, capacity;
    int32_t at[FARRINGTON_YEARS_MAX + 1]; // the week itself and the same week of each year before
    int32_t *week, *group;                // of each row
    double *y, *weight;
    const double *power_of, *y_log_y, *log_start; // of each count of the series: y^(2/3), y log y, log(y + 0.1)
    double *row_power, *row_y_log_y, *row_log_start;
    struct loglin_groups fit;
    double phi;
    double spread, spread_tested; // dispersion for the variance of the forecast, and of the trend when it is tested
    double eta, eta_variance;     // forecast; variance with the dispersion
};

// The week with the date of `years` years ago: of the two nearest, the one that is less far away.
static int32_t farrington_year_ago(const struct farrington_work *w, int32_t t, int32_t years)
{
    if (w->date == NULL) return t - years * w->o->periodicity;
    struct civil_date d = civil_to_date(w->date[t]);
    civil_day then = {0};
    d.year -= years;
    if (!civil_from_date(d, &then)) { // 29 February
        d.day = 28;
        bool ok = civil_from_date(d, &then);
        assert(ok);
        then.d++;
    }
    int32_t days = w->date[t].d - then.d;
    return t - (days + 3) / 7;
}

static void farrington_add(struct farrington_work *w, int32_t week, int32_t group)
{
    assert(w->rows < w->capacity);
    w->week[w->rows] = week;
    w->group[w->rows] = group;
    w->row_power[w->rows] = w->power_of[week];
    w->row_y_log_y[w->rows] = w->y_log_y[week];
    w->row_log_start[w->rows] = w->log_start[week];
    w->y[w->rows++] = (double)w->count[week];
}

// Rows in order of time. False: the past does not reach back far enough.
static bool farrington_reference(struct farrington_work *w, int32_t t)
{
    const struct farrington_options *o = w->o;
    w->rows = 0;
    for (int32_t i = 0; i <= o->years; i++) w->at[i] = farrington_year_ago(w, t, i);
    if (w->at[o->years] - o->window < 0) return false;
    int32_t last = o->periods > 1 ? t - o->skip - 1 : t - 1;
    for (int32_t i = o->years; i >= 1; i--) {
        int32_t here = w->at[i], next = w->at[i - 1];
        for (int32_t k = here - o->window; k <= here + o->window && k <= last; k++) farrington_add(w, k, 0);
        int32_t from = here + o->window + 1, length = next - o->window - from;
        if (o->periods == 1 || length <= 0) continue;
        int32_t parts = o->periods - 1, size = length / parts,
                longer = length % parts; // the first `longer` have one more
        for (int32_t k = 0; k < length && from + k <= last; k++) {
            int32_t group = k < longer * (size + 1) ? k / (size + 1) : longer + (k - longer * (size + 1)) / size;
            farrington_add(w, from + k, 1 + group);
        }
    }
    if (o->periods > 1)
        for (int32_t k = t - o->window; k <= last; k++) farrington_add(w, k, 0);
    return w->rows > 0;
}

// Trend in units of the past's length, from the week judged.
static tong_code farrington_regress(struct farrington_work *w, bool trend, struct err *err)
{
    struct loglin_groups_data data = {.week = w->week,
                                      .group = w->group,
                                      .y = w->y,
                                      .weight = w->weight,
                                      .y_log_y = w->row_y_log_y,
                                      .log_start = w->row_log_start,
                                      .rows = w->rows,
                                      .groups = w->o->periods,
                                      .trend = trend,
                                      .origin = w->at[0],
                                      .span = w->at[0] - w->week[0]};
    tong_code code = loglin_groups_fit(&data, &w->arena, &w->fit, err);
    if (code != TONG_OK) return code;
    double dispersion = w->fit.free_rows > 0 ? w->fit.pearson / w->fit.free_rows : 1;
    w->phi = dispersion > 1 ? dispersion : 1;
    w->spread = w->phi;
    w->spread_tested = dispersion;
    if (!w->o->relative_variance || w->fit.free_rows <= 0) return TONG_OK;
    double sum = 0;
    for (int32_t i = 0; i < w->rows; i++) {
        double residual = w->y[i] / w->fit.mean[i] - 1;
        sum += w->weight[i] * residual * residual;
    }
    w->spread = w->spread_tested = sum / w->fit.free_rows;
    return TONG_OK;
}

// Step 3 of the header. Rows that fit exactly (leverage 1) keep full weight.
static void farrington_reweight(struct farrington_work *w)
{
    double sum = 0;
    for (int32_t i = 0; i < w->rows; i++) {
        double root = w->fit.power[i], free_part = 1 - w->fit.leverage[i], s = 0; // root: m^(1/6)
        if (free_part > 1e-12 && w->fit.mean[i] > 1e-12)
            s = 1.5 * (w->row_power[i] / root - root * root * root) / sqrt(w->phi * free_part);
        w->weight[i] = s > w->o->reweight_above ? 1 / (s * s) : 1;
        sum += w->weight[i];
    }
    for (int32_t i = 0; i < w->rows; i++) w->weight[i] *= (double)w->rows / sum;
}

// Both fits with and without weights.
static tong_code farrington_fit(struct farrington_work *w, bool trend, struct err *err)
{
    for (int32_t i = 0; i < w->rows; i++) w->weight[i] = 1;
    tong_code code = farrington_regress(w, trend, err);
    if (code == TONG_OK && isfinite(w->o->reweight_above)) {
        farrington_reweight(w);
        code = farrington_regress(w, trend, err);
    }
    if (code != TONG_OK) return code;
    w->eta = w->fit.level[0];
    w->eta_variance = w->fit.origin_variance * w->spread;
    return TONG_OK;
}

// Whether the trend just fitted may stay. The t test uses the dispersion as estimated, below 1 too, as R does.
static bool farrington_trend_stays(const struct farrington_work *w)
{
    double highest = 0;
    for (int32_t i = 0; i < w->rows; i++) highest = fmax(highest, w->y[i]);
    if (!w->fit.trend_used || w->fit.free_rows <= 0 || exp(w->eta) > highest) return false;
    if (w->o->trend_level >= 1) return true;
    double se = sqrt(w->fit.trend_variance * w->spread_tested);
    if (!(se > 0)) return true; // no spread at all about the trend
    return 2 * special_t_q(fabs(w->fit.trend / se), w->fit.free_rows) < w->o->trend_level;
}

static double farrington_size(double mean, double phi)
{
    return phi > 1 ? mean / (phi - 1) : HUGE_VAL;
}

static void farrington_judge(const struct farrington_work *w, double count, struct farrington_week *out)
{
    const struct farrington_options *o = w->o;
    double mean = exp(w->eta);
    out->expected = mean;
    out->phi = w->phi;
    if (o->bound != FARRINGTON_DELTA) {
        double at = mean;
        if (o->bound == FARRINGTON_UPPER)
            at = exp(w->eta + special_normal_quantile(1 - o->alpha) * sqrt(w->eta_variance));
        out->upper = countdist_quantile_upper(o->alpha, at, farrington_size(at, w->phi));
        out->p_value = countdist_q(count - 1, at, farrington_size(at, w->phi));
        return;
    }
    double power = o->power == FARRINGTON_POWER_2_3 ? 2.0 / 3 : o->power == FARRINGTON_POWER_1_2 ? 0.5 : 1;
    double tau = w->phi + w->eta_variance * mean;             // var(mean) = mean^2 var(eta)
    double se = power * sqrt(tau * pow(mean, 2 * power - 1)); // delta method for mean^power
    double limit = pow(mean, power) + special_normal_quantile(1 - o->alpha) * se;
    out->upper = pow(limit, 1 / power);
    double z = se > 0 ? (pow(count, power) - pow(mean, power)) / se : 0;
    out->p_value = special_normal_p(-z);
}

// Nothing in the whole reference: with Jeffreys prior for the mean, the next count is negative binomial with size 1/2
// and probability n/(n + 1).
static void farrington_judge_empty(const struct farrington_work *w, double count, struct farrington_week *out)
{
    double mean = 0.5 / w->rows;
    out->expected = 0;
    out->phi = 1;
    out->upper = countdist_quantile_upper(w->o->alpha, mean, 0.5);
    out->p_value = countdist_q(count - 1, mean, 0.5);
}

static tong_code farrington_one(struct farrington_work *w, int32_t t, struct farrington_week *out, struct err *err)
{
    const struct farrington_options *o = w->o;
    struct farrington_week week = {0};
    *out = week;
    if (!farrington_reference(w, t)) return TONG_OK;
    double total = 0;
    for (int32_t i = 0; i < w->rows; i++) total += w->y[i];
    if (total == 0) farrington_judge_empty(w, (double)w->count[t], &week);
    else {
        bool trend = o->trend && o->years >= 3;
        tong_code code = farrington_fit(w, trend, err);
        if (code != TONG_OK) return code;
        if (trend && !farrington_trend_stays(w)) {
            trend = false;
            code = farrington_fit(w, trend, err);
            if (code != TONG_OK) return code;
        }
        week.trend = trend ? w->fit.trend / (double)(w->at[0] - w->week[0]) : 0;
        farrington_judge(w, (double)w->count[t], &week);
    }
    double room = week.upper - week.expected, recent = 0;
    week.score = room > 0 ? ((double)w->count[t] - week.expected) / room : 0;
    for (int32_t k = t; k > t - o->enough_weeks && k >= 0; k--) recent += (double)w->count[k];
    week.enough = recent >= (double)o->enough_cases;
    week.alarm = week.enough && (double)w->count[t] > week.upper;
    week.defined = true;
    if (!isfinite(week.upper) || !isfinite(week.expected) || !isfinite(week.score) || !isfinite(week.p_value))
        return tong_fail(err, TONG_E_INVALID, "no bound for week %d", (int)t);
    *out = week;
    return TONG_OK;
}

static bool farrington_options_good(const struct farrington_options *o)
{
    return o->years >= 1 && o->years <= FARRINGTON_YEARS_MAX && o->window >= 0 && o->periodicity >= 2 &&
           o->periodicity <= 366 && 2 * o->window + 1 <= o->periodicity && o->periods >= 1 &&
           o->periods <= FARRINGTON_PERIODS_MAX && o->periods - 1 <= o->periodicity - 2 * o->window - 1 &&
           o->skip >= 0 && o->skip < o->periodicity && o->alpha > 0 && o->alpha < 1 && o->reweight_above > 0 &&
           o->enough_weeks >= 0;
}

// What is the same for all weeks, made once: a series is judged on hundreds of weeks, each of which many others refer
// to.
static tong_code farrington_room(struct farrington_work *w, size_t n, struct arena *a, struct err *err)
{
    size_t rows = (size_t)w->capacity;
    double *power_of = arena_array(a, n, sizeof *power_of), *y_log_y = arena_array(a, n, sizeof *y_log_y);
    double *log_start = arena_array(a, n, sizeof *log_start);
    w->week = arena_array(a, rows, sizeof *w->week);
    w->group = arena_array(a, rows, sizeof *w->group);
    w->y = arena_array(a, rows, sizeof *w->y);
    w->weight = arena_array(a, rows, sizeof *w->weight);
    w->row_power = arena_array(a, rows, sizeof *w->row_power);
    w->row_y_log_y = arena_array(a, rows, sizeof *w->row_y_log_y);
    w->row_log_start = arena_array(a, rows, sizeof *w->row_log_start);
    if (power_of == NULL || y_log_y == NULL || log_start == NULL || w->week == NULL || w->group == NULL ||
        w->y == NULL || w->weight == NULL || w->row_power == NULL || w->row_y_log_y == NULL || w->row_log_start == NULL)
        return tong_fail(err, TONG_E_NOMEM, "no memory for %zu weeks", n);
    for (size_t t = 0; t < n; t++) {
        double y = (double)w->count[t], root = cbrt(y);
        power_of[t] = root * root;
        y_log_y[t] = y > 0 ? y * log(y) : 0;
        log_start[t] = log(y + 0.1);
    }
    w->power_of = power_of;
    w->y_log_y = y_log_y;
    w->log_start = log_start;
    return TONG_OK;
}

tong_code farrington_run(const int64_t *count, const civil_day *date, size_t n, size_t first,
                         const struct farrington_options *o, struct farrington_week *out, struct err *err)
{
    if (!farrington_options_good(o) || n > INT32_MAX / 2)
        return tong_fail(err, TONG_E_INVALID, "%d years, window %d, %d periods, alpha %g", (int)o->years,
                         (int)o->window, (int)o->periods, o->alpha);
    for (size_t t = 0; t < n; t++) {
        if (count[t] < 0) return tong_fail(err, TONG_E_INVALID, "count %zu is negative", t);
        if (count[t] > FARRINGTON_COUNT_MAX) return tong_fail(err, TONG_E_LIMIT, "count %zu is too large", t);
        if (date != NULL && t > 0 && date[t].d != date[t - 1].d + 7)
            return tong_fail(err, TONG_E_INVALID, "week %zu does not follow the one before", t);
    }
    struct arena kept = {0};
    struct farrington_work w = {.o = o, .count = count, .date = date};
    w.capacity = (o->years + 1) * (o->periodicity + 2) + 2 * o->window;
    tong_code code = farrington_room(&w, n, &kept, err);
    for (size_t t = first; t < n && code == TONG_OK; t++) {
        code = farrington_one(&w, (int32_t)t, &out[t - first], err);
        arena_reset(&w.arena);
    }
    arena_free(&w.arena);
    arena_free(&kept);
    return code;
}
