// peer.h -- the baseline model of OpenABM-Covid19 from its own parameter and household files (../shared), for tests and
// benchmarks: its data are never shipped.
#ifndef TONG_TESTS_TWIN_PEER_H
#define TONG_TESTS_TWIN_PEER_H

#include "twin/population.h"

#include <stdbool.h>

struct peer {
    struct disease disease;
    struct population_plan plan;
    struct household_kind *kinds; // of the plan; free it
};

// false: the folder with the files is not there.
bool peer_read(uint32_t persons, struct peer *out);
void peer_free(struct peer *peer);
// A column of openabm_baseline_parameters.csv; NAN when absent.
double peer_parameter(const char *name);

// A row of theory.csv; NAN when absent. `parameters` is compared up to its length.
double peer_theory(const char *check, const char *parameters, const char *quantity);

// The values of a column of openabm_100k_summary.csv in the rows of a scenario: how many, at most `max`.
int peer_summary(const char *scenario, const char *column, double *out, int max);
// One number of a CSV file whose row begins with `scenario,key`; column 0 is the first. NAN when absent.
double peer_cell(const char *file, const char *row, int column);

#endif
