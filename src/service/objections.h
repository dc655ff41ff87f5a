// objections.h -- objections to measures, with the clock of the protocol, and their deciders outside the chain of order.
//
// GET /api/v1/objections, GET /api/v1/objections/{objection}, PUT /api/v1/measures/{measure}/objection (taken down for somebody),
// PUT /api/v1/objections/{objection}/decision
#ifndef TONG_SERVICE_OBJECTIONS_H
#define TONG_SERVICE_OBJECTIONS_H

#include "service/route.h"

extern const struct route_table objections_routes;

#endif
