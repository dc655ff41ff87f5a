// What the methods assume before the panel says better; how these figures were found stands in docs/analytics.md.
#include "epi/forecast_inner.h"

// Terms: 1, growth of the last week, of the one before, of the one before that, change within the week, growth where
// it is positive, its square, rise in eight weeks.
static const struct forecast_prior prior_regression = {
    .coefficient = {{0.013, 0.803, 0.017, -0.038, 0.762, -0.036, -0.072, -0.117},
                    {-0.005, 1.600, -0.100, -0.062, 1.382, -0.151, -0.317, -0.315},
                    {-0.013, 1.600, 0.071, -0.113, 1.600, 0.344, -0.506, -0.873},
                    {-0.091, 1.538, 0.138, -0.133, 1.600, 0.407, -0.573, -1.200}},
    .part = {{0.0035, 2.418, 0.0108, 0.3522},
             {0.0140, 2.238, 0.0298, 1.0000},
             {0.0629, 3.000, 0.1279, 1.0000},
             {0.1200, 2.960, 0.5827, 1.0000}},
    .change_most = {1.5, 1.5, 1.131, 1.290},
    .sd_most = {0.45, 0.674, 0.9, 1.05},
    .ridge = 1050,
    .memory_days = 131,
    .half_weight = 10,
    .part_weight = 10,
    .part_memory_days = 697,
    .curl = 0.0317,
    .stretch = 1.2251,
    .upper = 0.9124};

// The same and of the driver: three growths, change within the week, gap between the two.
static const struct forecast_prior prior_driven = {
    .coefficient = {{-0.117, 0.037, 0.105, -0.092, 0.157, -0.141, 0.251, 0.001, 0.221, 0.064, 0.084, 0.060, 0.113},
                    {-0.131, 0.199, 0.239, -0.225, 0.326, -0.148, 0.318, -0.115, 0.431, 0.091, 0.009, 0.206, 0.321},
                    {-0.263, 0.290, 0.044, -0.120, 0.382, 0.038, 0.252, -0.280, 0.781, 0.214, -0.170, 0.304, 0.528},
                    {-0.300, 0.467, 0.196, -0.301, 0.394, 0.316, -0.122, -0.498, 1.228, 0.122, -0.362, 0.402, 0.775}},
    .part = {{0.0073, 0.462, 0.0142, 0.1724},
             {0.0155, 0.609, 0.1048, 0.1468},
             {0.0458, 0.552, 0.1217, 0.4075},
             {0.0999, 0.590, 0.2073, 0.7442}},
    .change_most = {1.500, 1.500, 1.500, 1.500},
    .sd_most = {0.600, 0.592, 0.534, 0.723},
    .ridge = 25,
    .memory_days = 18.0,
    .half_weight = 22.9,
    .part_weight = 30.0,
    .part_memory_days = 489,
    .curl = 0.0290,
    .stretch = 1.0406,
    .upper = 0.9973};

// One term besides the constant: the method's own forecast of the change, of which later weeks keep less.
#define PRIOR_SIMPLE(one, two, three, four)                                                                          \
    {                                                                                                                \
        .coefficient = {{0, one}, {0, two}, {0, three}, {0, four}},                                                  \
        .part = {{0.004, 1.5, 0.02, 0.39}, {0.02, 1.5, 0.06, 0.78}, {0.06, 2.5, 0.15, 1}, {0.12, 3, 0.4, 1}},        \
        .change_most = {1.4, 1.4, 1.4, 1.2}, .sd_most = {0.5, 0.75, 0.9, 1}, .ridge = 875, .memory_days = 60,        \
        .half_weight = 11, .part_weight = 10, .part_memory_days = 4169, .curl = 0.065, .stretch = 1.2, .upper = 0.88 \
    }
static const struct forecast_prior prior_trend = PRIOR_SIMPLE(1, 0.9, 0.7, 0.5);
static const struct forecast_prior prior_renewal = PRIOR_SIMPLE(0.7, 0.6, 0.5, 0.35);

const struct forecast_prior *forecast_prior_of(forecast_method method, bool driven)
{
    if (method == FORECAST_TREND) return &prior_trend;
    if (method == FORECAST_RENEWAL) return &prior_renewal;
    return driven ? &prior_driven : &prior_regression;
}
