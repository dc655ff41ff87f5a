// about.h -- GET /api/v1/about: what answers here. The smallest resource, and an example of how one is written.
#ifndef TONG_SERVICE_ABOUT_H
#define TONG_SERVICE_ABOUT_H

#include "service/route.h"

extern const struct route_table about_routes;

#endif
