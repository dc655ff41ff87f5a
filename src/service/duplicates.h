// duplicates.h -- probable duplicates: GET /api/v1/duplicates, side by side; POST /api/v1/duplicates/{pair} decides: one person
// (merged), or two. POST .../preview says what would follow of a merge; POST .../part takes a decision back.
#ifndef TONG_SERVICE_DUPLICATES_H
#define TONG_SERVICE_DUPLICATES_H

#include "service/route.h"

extern const struct route_table duplicates_routes;

#endif
