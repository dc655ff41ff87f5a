// mappings.h -- mappings of imports that people have kept: GET /api/v1/mappings, GET, PUT, DELETE /api/v1/mappings/{name}.
#ifndef TONG_SERVICE_MAPPINGS_H
#define TONG_SERVICE_MAPPINGS_H

#include "service/route.h"

extern const struct route_table mappings_routes;

#endif
