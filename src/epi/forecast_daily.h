// forecast_daily.h -- forecasts of weeks made into days, and what follows from cases: beds, tubes, hours of tracing.
//
// Days: the level runs on the logarithm from last week's daily mean through those of the forecast weeks, each placed at
// its middle day, at every quantile; a weekday has its part of a week as in the last eight, few cases drawn to one
// seventh; the noise of single days about such a curve (overdispersion of the last four weeks, at least Poisson) widens
// the quantiles about the median as independent variances do. Below DAILY_FEW expected cases quantiles are those of a
// negative binomial law, whole numbers.
//
// Load: each case needs `need[k]` units k days after its report (beds: the probability to lie in one; tubes; hours), so
// the load of a day is a sum over cases of past and coming days. Coming days are taken to be high or low together (the
// weeks of a forecast nearly are): the quantile of the sum is the sum of quantiles, which is careful.
#ifndef TONG_EPI_FORECAST_DAILY_H
#define TONG_EPI_FORECAST_DAILY_H

#include "epi/forecast.h"

enum { FORECAST_DAYS = 7 * FORECAST_WEEKS, DAILY_FEW = 30, LOAD_DAYS_MAX = 400 };

struct forecast_daily {
    double value[FORECAST_DAYS][FORECAST_LEVELS]; // days now + 1 .. now + 28; ascending quantiles
};

// Of one place: its counts of days 0 .. now (NAN: none came) and its weekly forecast. TONG_E_INVALID: a forecast that
// was not made, now before FORECAST_FIRST, an infinite count.
tong_code forecast_daily(const double *count, int32_t now, const struct forecast *weeks, struct forecast_daily *out,
                         struct err *err) TONG_MUST_USE;

// need: days_of_need numbers >= 0. TONG_E_INVALID.
tong_code forecast_load(const double *count, int32_t now, const struct forecast_daily *days, const double *need,
                        size_t days_of_need, struct forecast_daily *out, struct err *err) TONG_MUST_USE;

// What share of cases needs a bed, from how many are taken now: the factor by which `need` must be multiplied so that
// the last week's mean load of the cases is that seen (occupied: of the same days as count, NAN where unknown).
// TONG_E_INVALID: nothing seen, or no load.
tong_code forecast_load_scale(const double *count, const double *occupied, int32_t now, const double *need,
                              size_t days_of_need, double *factor, struct err *err) TONG_MUST_USE;

#endif
