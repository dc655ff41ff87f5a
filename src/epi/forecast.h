// forecast.h -- what comes next: weekly counts one to four weeks ahead, for many places at once.
//
// A panel holds the daily counts of places; a forecast made at the end of day `now` reads days 0 .. now only. What is
// forecast is the sum of days now + 1 .. now + 7, of the seven after, and so on: weeks are counted from the day of the
// forecast, so no weekday pattern is in the way. Each forecast is 23 quantiles, the levels of the forecast hubs.
//
//   FORECAST_FLAT        next week as last week; spread from past one-week differences, each also with the other sign,
//                        as many added up as weeks lie between (the hubs' baseline: E. Cramer et al. 2022, PNAS
//                        119:e2113561119, SI 2). The measure of all others
//   FORECAST_TREND       local growth that dies down: g (phi + phi^2 + ..), phi = 0.65 a week, g the last week's growth
//                        and part of its own change (E. Gardner & E. McKenzie 1985, Manag Sci 31:1237)
//   FORECAST_RENEWAL     R of the last week by the renewal equation (A. Cori et al. 2013) from counts freed of
//                        weekdays, drawn to 1 by a part each week, and the renewal equation run on
//   FORECAST_REGRESSION  growth h weeks on, on the growths of the weeks before, their change within the week, whether
//                        the curve rises, how far it has risen in eight weeks, and with a driver (cases, for deaths)
//                        its growths and how far the ratio of the two is from its own past
//
// All but the first are linear in a few terms on the logarithm of counts. Coefficients and spread are learned from the
// panel's own past with a prior (ridge): what a forecast a year ago was wrong by, counts for the spread of today. The
// variance has four parts: constant, 1 / S, 1 / sqrt S (S the week's count) and growth squared. The priors were chosen
// on every second place of four panels, see docs/analytics.md.
//
// A negative count (a correction) is taken back from the days before it; a day five times the mean of the week before
// is a batch and is laid on the two weeks before. Forecasts and their past see the counts so; the truth they are judged
// by is as reported. Pure.
#ifndef TONG_EPI_FORECAST_H
#define TONG_EPI_FORECAST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum {
    FORECAST_WEEKS = 4,
    FORECAST_LEVELS = 23,
    FORECAST_MEDIAN = 11, // index of the level 0.5; 2 and 20 are 0.05 and 0.95, 6 and 16 0.25 and 0.75
    FORECAST_FIRST = 27,  // the first day (from 0) on which a forecast can be made
    FORECAST_PLACES_MAX = 100000
};

typedef enum forecast_method {
    FORECAST_FLAT,
    FORECAST_TREND,
    FORECAST_RENEWAL,
    FORECAST_REGRESSION,
    FORECAST_METHOD_COUNT
} forecast_method;

struct forecast_panel {
    int32_t places, days;
    const double *count;  // count[place * days + day]; NAN: no report that day, the next one holds its cases
    const double *driver; // NULL, or cases that run ahead of count, likewise
};

struct forecast {
    bool made;                                     // false: nothing to go by (flat: fewer than two differences)
    double value[FORECAST_WEEKS][FORECAST_LEVELS]; // ascending, >= 0
};

// The 23 levels, ascending: 0.01, 0.025, 0.05, 0.10 .. 0.95, 0.975, 0.99.
const double *forecast_levels(void);

// One forecast a place, as known at the end of day `now`. TONG_E_INVALID: a count that is infinite, now before
// FORECAST_FIRST or beyond the panel; TONG_E_LIMIT; TONG_E_NOMEM.
tong_code forecast_make(const struct forecast_panel *panel, int32_t now, forecast_method method, struct arena *scratch,
                        struct forecast *out, struct err *err) TONG_MUST_USE;

// The count of days first .. first + 6 as the panel has it, NAN when a negative sum says that it is no count.
double forecast_truth(const struct forecast_panel *panel, int32_t place, int32_t first);

#endif
