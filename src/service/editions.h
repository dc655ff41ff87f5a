// editions.h -- the editions of the protocol: to read, to compare, to propose, to put in force by two, to take back.
//
// GET and POST /api/v1/editions, POST .../check, GET and PUT /api/v1/editions/{edition}, GET .../text, .../explained, .../picture,
// .../difference, .../affected; PUT .../signature, PUT .../withdrawal. The rules are public: whoever is signed in may read them.
#ifndef TONG_SERVICE_EDITIONS_H
#define TONG_SERVICE_EDITIONS_H

#include "service/route.h"

extern const struct route_table editions_routes;

#endif
