// gatherings.h -- occasions where people met: a banquet, a bus ride, a class.
//
// GET /api/v1/gatherings, GET and PUT /api/v1/gatherings/{gathering}. Whoever was at one may be a case, and its name alone may say
// who: seeing them asks for SOURCE_SEE.
#ifndef TONG_SERVICE_GATHERINGS_H
#define TONG_SERVICE_GATHERINGS_H

#include "service/route.h"

extern const struct route_table gatherings_routes;

#endif
