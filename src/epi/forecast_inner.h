// forecast_inner.h -- what the files of the forecasts share.
#ifndef TONG_EPI_FORECAST_INNER_H
#define TONG_EPI_FORECAST_INNER_H

#include "epi/forecast.h"

enum { FORECAST_TERMS = 13, FORECAST_OWN_TERMS = 8, FORECAST_PARTS = 4 };

// Counts as known on day `now`, corrected, and their sums over seven days; day t of place p at p * (now + 1) + t.
struct forecast_series {
    int32_t places, now;
    double *count, *week, *log_week; // log(week + 1)
};

struct forecast_work {
    struct forecast_series own, driver;
    bool driven;
    int32_t weeks; // origins in the past: days now - 7 (weeks - 1) .. now
};

// One place on one day of the past, and what became of it.
struct forecast_row {
    bool live; // there were cases in the last two weeks
    double week, log_week;
    double growth;                // of the last week, for the variance
    double later[FORECAST_WEEKS]; // log_week 1 .. 4 weeks on, less that of today; NAN: not known yet
};

// How a method's terms are weighed before anything is learned, and its spread.
struct forecast_prior {
    double coefficient[FORECAST_WEEKS][FORECAST_TERMS];
    double part[FORECAST_WEEKS][FORECAST_PARTS]; // variance: of 1, 1 / S, growth^2, 1 / sqrt S
    double change_most[FORECAST_WEEKS];          // of the logarithm, approached but not passed
    double sd_most[FORECAST_WEEKS];
    double ridge, memory_days, half_weight; // rows of `half_weight` cases count half
    double part_weight, part_memory_days;
    double curl, stretch, upper; // quantiles: z (1 + curl z^2) stretch, above the median times `upper`
};

// The terms of a method for one row and horizon; how many.
typedef int32_t (*forecast_terms)(const struct forecast_work *w, int32_t place, int32_t day, int32_t horizon,
                                  double *x);
int32_t forecast_terms_regression(const struct forecast_work *w, int32_t place, int32_t day, int32_t horizon,
                                  double *x);
int32_t forecast_terms_trend(const struct forecast_work *w, int32_t place, int32_t day, int32_t horizon, double *x);
int32_t forecast_terms_renewal(const struct forecast_work *w, int32_t place, int32_t day, int32_t horizon, double *x);
double forecast_growth_of(const struct forecast_work *w, int32_t place, int32_t day);

const struct forecast_prior *forecast_prior_of(forecast_method method, bool driven);

tong_code forecast_learn(const struct forecast_work *w, forecast_terms terms, const struct forecast_prior *prior,
                         struct arena *scratch, struct forecast *out, struct err *err) TONG_MUST_USE;

#endif
