// hand_overs.h -- people handed over to another jurisdiction: sent, acknowledged, accepted. Until somebody accepts, they are ours.
//
// GET /api/v1/hand-overs, GET /api/v1/hand-overs/{hand_over}, PUT /api/v1/people/{person}/hand-over, PUT /api/v1/hand-overs/{hand_over}/acknowledged, PUT .../accepted
#ifndef TONG_SERVICE_HAND_OVERS_H
#define TONG_SERVICE_HAND_OVERS_H

#include "service/route.h"

extern const struct route_table hand_overs_routes;

#endif
