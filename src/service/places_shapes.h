// places_shapes.h -- GET /api/v1/places/shapes: places of one kind with position and shape, as a map draws them.
#ifndef TONG_SERVICE_PLACES_SHAPES_H
#define TONG_SERVICE_PLACES_SHAPES_H

#include "service/route.h"

extern const struct route_table places_shapes_routes;

#endif
