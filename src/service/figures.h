// figures.h -- GET /api/v1/figures: what a command centre looks at, counted from the lists in memory.
//
// First the five numbers that change decisions, each with its denominator: new cases that were on nobody's list; hours from
// onset to isolation and the slowest step; contacts due, seen, never found; growth with its interval; people restricted and
// what waits for a signature or an answer. Then curve, tasks, measures, places, alarms. Nothing is kept: every figure is a
// count over the roll at the moment it is asked for, within the asker's scope.
#ifndef TONG_SERVICE_FIGURES_H
#define TONG_SERVICE_FIGURES_H

#include "service/route.h"

extern const struct route_table figures_routes;

#endif
