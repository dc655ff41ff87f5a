// places.h -- the tree of places.
//
// GET /api/v1/places (what lies in one; where the asker's scopes begin; search), GET and PUT /api/v1/places/{place}
#ifndef TONG_SERVICE_PLACES_H
#define TONG_SERVICE_PLACES_H

#include "service/route.h"

extern const struct route_table places_routes;

#endif
