// people.h -- the people: finding, reading, describing them; the status that follows from their measures.
//
// GET /api/v1/people, GET and PUT /api/v1/people/{person}, GET /api/v1/people/{person}/status, GET /api/v1/me/record
#ifndef TONG_SERVICE_PEOPLE_H
#define TONG_SERVICE_PEOPLE_H

#include "service/route.h"

extern const struct route_table people_routes;

#endif
