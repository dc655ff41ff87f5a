// openapi_parts.h -- pieces of the document: parameters, schemas of record kinds. Private to openapi*.c.
#ifndef TONG_SERVICE_OPENAPI_PARTS_H
#define TONG_SERVICE_OPENAPI_PARTS_H

#include "base/json.h"
#include "service/route.h"

void openapi_ref(struct json_out *j, const char *name); // inside an object: "$ref"
void openapi_both(struct json_out *j, const char *key, const struct label *label);
// Inside an object that this ends: a type or null, with a description.
void openapi_nullable(struct json_out *j, const char *type, const char *description);
void openapi_parameters(const struct route *route, struct json_out *j);
void openapi_components(const struct router *router, struct json_out *j);

#endif
