// ensemble.h -- several forecasts as one, weighed by how good each has been, and the record of how good they were.
//
// A log takes one origin after the other, as the days go by. At each it makes the forecasts of all methods and of their
// ensemble from what is known that day; forecasts of weeks that have passed since are judged and never changed. So the
// log of a season is what a command centre would have seen, day by day.
//
//   weights   of a method, one a horizon: (its WIS on the log scale times that on the plain scale)^-3 over the panel's
//             forecasts that can be judged, older ones less (weights from past scores: E. Ray et al. 2023, Int J
//             Forecast 39:1366), times a fixed weight that stands while nothing can be judged. The flat forecast takes
//             no part
//   ensemble  quantiles averaged at each level, on the log scale (F. Vincent 1912; K. Lichtendahl et al. 2013)
//   spread    stretched about the median by one factor a horizon, so that 90 % of what came would have lain inside 90 %
//             (split conformal: Y. Romano, E. Patterson, E. Candes 2019), drawn to 1 while few can be judged
#ifndef TONG_EPI_ENSEMBLE_H
#define TONG_EPI_ENSEMBLE_H

#include "epi/forecast.h"

enum { ENSEMBLE = FORECAST_METHOD_COUNT, ENSEMBLE_MEMBERS = FORECAST_METHOD_COUNT + 1, ENSEMBLE_ORIGINS_MAX = 2000 };

struct ensemble_origin {
    int32_t now;
    double weight[FORECAST_WEEKS][FORECAST_METHOD_COUNT]; // sum 1 a horizon
    double stretch[FORECAST_WEEKS];
    struct forecast *forecast[ENSEMBLE_MEMBERS]; // by place
};

struct ensemble_log {
    struct ensemble_origin *origin; // in order of their days
    int32_t origins, capacity;
    int32_t places;
};

// Room for `capacity` origins of `places`. TONG_E_LIMIT; TONG_E_NOMEM.
tong_code ensemble_open(int32_t places, int32_t capacity, struct arena *arena, struct ensemble_log *out,
                        struct err *err) TONG_MUST_USE;

// The forecasts of day `now`, later than those there. Reads the panel's days 0 .. now. TONG_E_INVALID as forecast_make,
// TONG_E_LIMIT when the log is full.
tong_code ensemble_add(struct ensemble_log *log, const struct forecast_panel *panel, int32_t now, struct arena *arena,
                       struct err *err) TONG_MUST_USE;

// The same for one day alone: a log of up to twelve earlier origins, a week apart, and then `now`.
tong_code ensemble_now(const struct forecast_panel *panel, int32_t now, struct arena *arena, struct ensemble_log *out,
                       struct err *err) TONG_MUST_USE;

// How good they were, by member and horizon: over all places and origins, where the truth is a count, there was a case
// in the three weeks before the forecast, the flat baseline was made, and last week or the truth is above 0 (silence
// that goes on is left out: nothing can be learned of it).
struct ensemble_score {
    double forecasts;
    double wis, wis_log;           // sums
    double covered_50, covered_90; // forecasts whose interval held the truth
};
struct ensemble_scores {
    struct ensemble_score of[ENSEMBLE_MEMBERS][FORECAST_WEEKS];
};
// Origins from .. to - 1 of the log, places for which `place` is NULL or true.
tong_code ensemble_judge(const struct ensemble_log *log, const struct forecast_panel *panel, int32_t from, int32_t to,
                         const bool *place, struct ensemble_scores *out, struct err *err) TONG_MUST_USE;

// Sums over the horizons, against the flat baseline: below 1 is better.
double ensemble_ratio(const struct ensemble_scores *scores, int32_t member, bool log_scale);
double ensemble_coverage(const struct ensemble_scores *scores, int32_t member, bool of_90);

#endif
