// chains.h -- GET /api/v1/chains: who exposed whom, as columns of numbers that a page can draw by the ten thousand.
#ifndef TONG_SERVICE_CHAINS_H
#define TONG_SERVICE_CHAINS_H

#include "service/route.h"

enum { CHAINS_NODES_MAX = 60000 };

extern const struct route_table chain_routes;

#endif
