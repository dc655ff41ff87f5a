// measures.h -- restrictions and protections: proposed, signed, in force, ended; and the order on paper.
//
// GET /api/v1/measures, GET /api/v1/measures/{measure}, PUT .../signature, PUT .../decline, PUT .../site, GET .../order. Who may sign
// is who the protocol names, two of them where it says so; nobody signs for a place they do not look after.
#ifndef TONG_SERVICE_MEASURES_H
#define TONG_SERVICE_MEASURES_H

#include "service/route.h"

extern const struct route_table measures_routes;

#endif
