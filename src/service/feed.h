// feed.h -- the live feed: what was committed, told at once to those who may see it.
//
// GET /api/v1/feed is a stream of server-sent events (WHATWG HTML, 9.2). An event says which thing changed ("task", 812,
// of whom), never what is in it: the client asks for that, in its own scope. Things are named as the interface names them:
// `subject` is the uid of a person, place or gathering, `id` the number of a task, a measure, an enrolment, an edition or a
// fact, null of people and places. Changes lie in a ring; a client that comes
// back with Last-Event-ID gets what it missed, or "reset" when that is no longer there and it must read its lists
// again.
#ifndef TONG_SERVICE_FEED_H
#define TONG_SERVICE_FEED_H

#include "intake/intake.h"
#include "service/route.h"

extern const struct route_table feed_routes;

struct feed;
enum { FEED_RING = 8192, FEED_CLIENTS_MAX = 512, FEED_HEARTBEAT_S = 15 };

struct feed *feed_open(void); // NULL when memory is short
void feed_close(struct feed *f);
// After each commit, by the writer.
void feed_publish(struct feed *f, const struct intake_change *changes, size_t count);
// The same of somebody who is no longer in the lists (erased), for those who look after the place where they lived.
void feed_publish_gone(struct feed *f, int64_t subject, int64_t place);
uint64_t feed_last(const struct feed *f); // number of the last change, from 1; 0: none yet
int32_t feed_clients(const struct feed *f);
// All streams end: the service stops.
void feed_end(struct feed *f);

#endif
