// openapi.h -- the OpenAPI 3.1 document of the interface, made from the tables that route and validate.
//
// Texts are in both languages, English first. GET /api/v1/openapi.json answers it.
#ifndef TONG_SERVICE_OPENAPI_H
#define TONG_SERVICE_OPENAPI_H

#include "base/sink.h"
#include "service/route.h"

extern const struct route_table openapi_routes;

void openapi_write(const struct router *router, struct sink *out);

#endif
