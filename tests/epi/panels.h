// panels.h -- the real daily series beside the checkout, as panels to be forecast: used by the test and the benchmark.
#ifndef TONG_TESTS_PANELS_H
#define TONG_TESTS_PANELS_H

#include "epi/forecast.h"

enum { PANELS_MAX = 12 };

struct panel_set {
    const char *name;
    struct forecast_panel panel;
    bool deaths;
    bool chosen_on; // every second place (odd index) served to choose the priors; of the others none did
};

// How many there are; 0 when the folder is not there.
size_t panels_read(struct arena *arena, struct panel_set *out);

#endif
