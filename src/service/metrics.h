// metrics.h -- counters of what the service does, and their text for Prometheus (exposition format 0.0.4).
//
// Counting is atomic and takes some ten nanoseconds; there are no names of people or values of parameters in it.
#ifndef TONG_SERVICE_METRICS_H
#define TONG_SERVICE_METRICS_H

#include "base/sink.h"

struct metrics;
struct service;

struct metrics *metrics_open(size_t routes); // NULL when memory is short
void metrics_close(struct metrics *m);
// A request that was answered; `route` is its index in the router, SIZE_MAX: an asset, or an address that leads
// nowhere.
void metrics_request(struct metrics *m, size_t route, int32_t status, int64_t ns);
void metrics_group(struct metrics *m, size_t commands, int64_t ns); // a transaction that was committed
void metrics_group_failed(struct metrics *m);
void metrics_write(const struct service *s, struct sink *out);

#endif
