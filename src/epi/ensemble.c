#include "epi/ensemble.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "epi/scores.h"

static const double ENSEMBLE_POWER = 3;
// Before anything can be judged: as they did on the places the priors were chosen on.
static const double ensemble_begin[FORECAST_METHOD_COUNT] = {0, 0.15, 0.05, 0.8};
static const double ENSEMBLE_MEMORY_DAYS = 60;
static const double ENSEMBLE_FEW = 50; // so many judged forecasts count as much as the prior stretch of 1
static const double ENSEMBLE_STRETCH_LEAST = 0.8, ENSEMBLE_STRETCH_MOST = 1.3;
enum { ENSEMBLE_BACK = 12, ENSEMBLE_RATIOS_MAX = 200000 };

tong_code ensemble_open(int32_t places, int32_t capacity, struct arena *arena, struct ensemble_log *out,
                        struct err *err)
{
    if (places < 1 || places > FORECAST_PLACES_MAX || capacity < 1 || capacity > ENSEMBLE_ORIGINS_MAX)
        return tong_fail(err, TONG_E_LIMIT, "%d places, %d origins", (int)places, (int)capacity);
    struct ensemble_log log = {.capacity = capacity, .places = places};
    log.origin = arena_array(arena, (size_t)capacity, sizeof *log.origin);
    if (log.origin == NULL) return tong_fail(err, TONG_E_NOMEM, "%d origins", (int)capacity);
    *out = log;
    return TONG_OK;
}

// WIS of quantiles already on the log scale. Their levels and order are our own, so it cannot fail.
static double ensemble_wis(const double *value, double y)
{
    double sum = 0;
    for (int32_t l = 0; l < FORECAST_LEVELS; l++) {
        double gap = y - value[l], level = forecast_levels()[l];
        sum += 2 * (gap >= 0 ? level * gap : (level - 1) * gap);
    }
    return sum / FORECAST_LEVELS;
}

static void ensemble_logs(const double *value, double *out)
{
    for (int32_t l = 0; l < FORECAST_LEVELS; l++) out[l] = log1p(value[l]);
}

// What the forecasts of one horizon that can be judged by `now` say: scores of the methods, and for the ensemble how
// far the truth lay from the median, in halves of the 90 % interval of that side before it was stretched.
struct ensemble_past {
    double score[FORECAST_METHOD_COUNT], plain[FORECAST_METHOD_COUNT]; // on the log scale, and on the plain one
    double *ratio;
    int32_t ratios;
};

static void ensemble_past_of(const struct ensemble_log *log, const struct forecast_panel *panel, int32_t now,
                             int32_t horizon, struct ensemble_past *past)
{
    for (int32_t i = 0; i < log->origins; i++) {
        const struct ensemble_origin *o = &log->origin[i];
        int32_t first = o->now + 7 * horizon + 1;
        double fade = exp((o->now - now) / ENSEMBLE_MEMORY_DAYS);
        if (first + 6 > now || fade < 1e-3) continue;
        for (int32_t p = 0; p < log->places; p++) {
            double y = forecast_truth(panel, p, first), logs[FORECAST_LEVELS];
            if (!(y >= 0) || (y == 0 && !(o->forecast[FORECAST_REGRESSION][p].value[horizon][20] > 0))) continue;
            double z = log1p(y);
            for (int32_t m = 1; m < FORECAST_METHOD_COUNT; m++) {
                ensemble_logs(o->forecast[m][p].value[horizon], logs);
                past->score[m] += fade * ensemble_wis(logs, z);
                past->plain[m] += fade * ensemble_wis(o->forecast[m][p].value[horizon], y);
            }
            ensemble_logs(o->forecast[ENSEMBLE][p].value[horizon], logs);
            double gap = z - logs[FORECAST_MEDIAN];
            double half = gap > 0 ? logs[20] - logs[FORECAST_MEDIAN] : logs[FORECAST_MEDIAN] - logs[2];
            half /= o->stretch[horizon];
            if (past->ratios < ENSEMBLE_RATIOS_MAX && half > 0) past->ratio[past->ratios++] = fabs(gap) / half;
        }
    }
}

static int ensemble_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double ensemble_stretch(struct ensemble_past *past)
{
    if (past->ratios == 0) return 1;
    qsort(past->ratio, (size_t)past->ratios, sizeof *past->ratio, ensemble_order);
    double at = past->ratio[(int32_t)(0.9 * (past->ratios - 1) + 0.5)], n = past->ratios;
    if (!(at > 0.05)) at = 0.05;
    double stretch = exp(n / (n + ENSEMBLE_FEW) * log(at));
    return stretch < ENSEMBLE_STRETCH_LEAST  ? ENSEMBLE_STRETCH_LEAST
           : stretch > ENSEMBLE_STRETCH_MOST ? ENSEMBLE_STRETCH_MOST
                                             : stretch;
}

// By the product of both scores: the plain one is about the large places, the other about all.
static double ensemble_weight(const struct ensemble_past *past, int32_t m)
{
    double score = past->score[m] * past->plain[m];
    double best = past->score[FORECAST_REGRESSION] * past->plain[FORECAST_REGRESSION];
    return ensemble_begin[m] * (score > 0 && best > 0 ? pow(best / score, ENSEMBLE_POWER) : 1);
}

static void ensemble_mix(struct ensemble_origin *o, int32_t places, int32_t horizon)
{
    for (int32_t p = 0; p < places; p++) {
        double mean[FORECAST_LEVELS] = {0}, logs[FORECAST_LEVELS];
        for (int32_t m = 1; m < FORECAST_METHOD_COUNT; m++) {
            ensemble_logs(o->forecast[m][p].value[horizon], logs);
            for (int32_t l = 0; l < FORECAST_LEVELS; l++) mean[l] += o->weight[horizon][m] * logs[l];
        }
        o->forecast[ENSEMBLE][p].made = true;
        for (int32_t l = 0; l < FORECAST_LEVELS; l++) {
            double v = mean[FORECAST_MEDIAN] + o->stretch[horizon] * (mean[l] - mean[FORECAST_MEDIAN]);
            o->forecast[ENSEMBLE][p].value[horizon][l] = v > 0 && mean[l] > 1e-9 ? expm1(v) : 0;
        }
    }
}

tong_code ensemble_add(struct ensemble_log *log, const struct forecast_panel *panel, int32_t now, struct arena *arena,
                       struct err *err)
{
    if (log->origins == log->capacity) return tong_fail(err, TONG_E_LIMIT, "the log is full");
    if (panel->places != log->places || (log->origins > 0 && now <= log->origin[log->origins - 1].now))
        return tong_fail(err, TONG_E_INVALID, "day %d does not follow the last one", (int)now);
    struct ensemble_origin o = {.now = now};
    for (int32_t m = 0; m < ENSEMBLE_MEMBERS; m++) {
        o.forecast[m] = arena_array(arena, (size_t)log->places, sizeof *o.forecast[m]);
        if (o.forecast[m] == NULL) return tong_fail(err, TONG_E_NOMEM, "forecasts of %d places", (int)log->places);
    }
    struct arena scratch = {0};
    tong_code code = TONG_OK;
    for (int32_t m = 0; m < FORECAST_METHOD_COUNT && code == TONG_OK; m++) {
        code = forecast_make(panel, now, (forecast_method)m, &scratch, o.forecast[m], err);
        arena_free(&scratch);
    }
    double *ratio = code == TONG_OK ? arena_array(&scratch, ENSEMBLE_RATIOS_MAX, sizeof *ratio) : NULL;
    if (code == TONG_OK && ratio == NULL) code = tong_fail(err, TONG_E_NOMEM, "the record of the past");
    for (int32_t h = 0; h < FORECAST_WEEKS && code == TONG_OK; h++) {
        struct ensemble_past past = {.ratio = ratio};
        ensemble_past_of(log, panel, now, h, &past);
        double sum = 0;
        for (int32_t m = 1; m < FORECAST_METHOD_COUNT; m++) sum += o.weight[h][m] = ensemble_weight(&past, m);
        for (int32_t m = 1; m < FORECAST_METHOD_COUNT; m++) o.weight[h][m] /= sum;
        o.stretch[h] = ensemble_stretch(&past);
        ensemble_mix(&o, log->places, h);
    }
    arena_free(&scratch);
    if (code == TONG_OK) log->origin[log->origins++] = o;
    return code;
}

tong_code ensemble_now(const struct forecast_panel *panel, int32_t now, struct arena *arena, struct ensemble_log *out,
                       struct err *err)
{
    int32_t back = (now - FORECAST_FIRST) / 7;
    if (back > ENSEMBLE_BACK) back = ENSEMBLE_BACK;
    if (back < 0) back = 0;
    struct ensemble_log log;
    tong_code code = ensemble_open(panel->places, back + 1, arena, &log, err);
    for (int32_t k = back; k >= 0 && code == TONG_OK; k--) code = ensemble_add(&log, panel, now - 7 * k, arena, err);
    if (code == TONG_OK) *out = log;
    return code;
}

// ---- judging ----

static double ensemble_recent(const struct forecast_panel *panel, int32_t place, int32_t last, int32_t days)
{
    double sum = 0;
    for (int32_t t = last - days + 1; t <= last; t++) {
        double x = panel->count[(int64_t)place * panel->days + t];
        sum += isnan(x) ? 0 : x;
    }
    return sum;
}

static tong_code ensemble_judge_one(const struct forecast *f, int32_t horizon, double y, struct ensemble_score *to,
                                    struct err *err)
{
    const double *value = f->value[horizon];
    double logs[FORECAST_LEVELS];
    struct score_quantiles q = {forecast_levels(), value, FORECAST_LEVELS};
    struct score_parts parts;
    tong_code code = scores_wis(&q, y, &parts, err);
    if (code != TONG_OK) return code;
    ensemble_logs(value, logs);
    to->forecasts += 1;
    to->wis += parts.total;
    to->wis_log += ensemble_wis(logs, log1p(y));
    to->covered_50 += value[6] <= y && y <= value[16];
    to->covered_90 += value[2] <= y && y <= value[20];
    return TONG_OK;
}

tong_code ensemble_judge(const struct ensemble_log *log, const struct forecast_panel *panel, int32_t from, int32_t to,
                         const bool *place, struct ensemble_scores *out, struct err *err)
{
    struct ensemble_scores s = {0};
    assert(from >= 0);
    for (int32_t i = from; i < to && i < log->origins; i++) {
        const struct ensemble_origin *o = &log->origin[i];
        for (int32_t p = 0; p < log->places; p++) {
            if (place != NULL && !place[p]) continue;
            if (!(ensemble_recent(panel, p, o->now, 21) > 0) || !o->forecast[FORECAST_FLAT][p].made) continue;
            for (int32_t h = 0; h < FORECAST_WEEKS && o->now + 7 * (h + 1) < panel->days; h++) {
                double y = forecast_truth(panel, p, o->now + 7 * h + 1);
                if (!(y >= 0) || (y == 0 && !(ensemble_recent(panel, p, o->now, 7) > 0))) continue;
                for (int32_t m = 0; m < ENSEMBLE_MEMBERS; m++) {
                    tong_code code = ensemble_judge_one(&o->forecast[m][p], h, y, &s.of[m][h], err);
                    if (code != TONG_OK) return code;
                }
            }
        }
    }
    *out = s;
    return TONG_OK;
}

double ensemble_ratio(const struct ensemble_scores *scores, int32_t member, bool log_scale)
{
    double own = 0, flat = 0;
    for (int32_t h = 0; h < FORECAST_WEEKS; h++) {
        const struct ensemble_score *a = &scores->of[member][h], *b = &scores->of[FORECAST_FLAT][h];
        own += log_scale ? a->wis_log : a->wis;
        flat += log_scale ? b->wis_log : b->wis;
    }
    return flat > 0 ? own / flat : HUGE_VAL;
}

double ensemble_coverage(const struct ensemble_scores *scores, int32_t member, bool of_90)
{
    double held = 0, n = 0;
    for (int32_t h = 0; h < FORECAST_WEEKS; h++) {
        held += of_90 ? scores->of[member][h].covered_90 : scores->of[member][h].covered_50;
        n += scores->of[member][h].forecasts;
    }
    return n > 0 ? held / n : 0;
}
