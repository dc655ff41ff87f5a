// samples.h -- samples: taken, received by a laboratory, resulted. A laboratory sees them by their code, without names.
//
// GET /api/v1/samples, GET and PUT /api/v1/samples/{sample}, PUT /api/v1/samples/{sample}/receipt, PUT .../result
//
// One sample comes with all its results: a correction names the one it corrects. `tube` finds a pool, or the one sample whose
// own identifier the label stands for.
#ifndef TONG_SERVICE_SAMPLES_H
#define TONG_SERVICE_SAMPLES_H

#include "service/route.h"

extern const struct route_table samples_routes;

#endif
