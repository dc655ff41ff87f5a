// exports.h -- GET /api/v1/exports/{kind}: what the store holds, streamed row by row, as far as the asker's scopes and classes go.
#ifndef TONG_SERVICE_EXPORTS_H
#define TONG_SERVICE_EXPORTS_H

#include "service/route.h"

extern const struct route_table exports_routes;

#endif
