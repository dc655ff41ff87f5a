// alike.h -- is the person who is being typed in known already?
//
// POST /api/v1/people/alike: what is known so far (a name, a birth, a telephone, a document); the reply is who might be
// meant, the likeliest first, with the reasons. The same comparison finds duplicates of an import (exchange/duplicate.h).
// Only people whom the asker could find by name anyway are compared.
#ifndef TONG_SERVICE_ALIKE_H
#define TONG_SERVICE_ALIKE_H

#include "service/route.h"

extern const struct route_table alike_routes;

#endif
