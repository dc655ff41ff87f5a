// health.h -- GET /healthz for whoever watches over the server, GET /metrics for Prometheus.
#ifndef TONG_SERVICE_HEALTH_H
#define TONG_SERVICE_HEALTH_H

#include "service/route.h"

extern const struct route_table health_routes;

#endif
