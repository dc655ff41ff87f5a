// duplicates.h -- probable duplicates: GET /api/v1/duplicates, side by side; POST /api/v1/duplicates/{pair} decides: one person
// (merged, which can be taken back by retracting the merge), or two.
#ifndef TONG_SERVICE_DUPLICATES_H
#define TONG_SERVICE_DUPLICATES_H

#include "service/route.h"

extern const struct route_table duplicates_routes;

#endif
