// look.h -- who looked at whose record: kept for the person themselves and for the auditor.
//
// The handler of a route marked `looks` says whose record it shows (request.looked_at); the dispatcher calls look_note before the reply
// goes out. The same account looking at the same person by the same route again within LOOK_AGAIN_S is one look. Looks are
// written by the writer within a second, so that reading stays as fast as it is; when its queue is full the reader waits for
// the writer: no look goes unwritten because there were many.
#ifndef TONG_SERVICE_LOOK_H
#define TONG_SERVICE_LOOK_H

#include "service/http.h"

enum { LOOK_AGAIN_S = 600, LOOKS_REMEMBERED = 8192 };

struct looks; // which looks are fresh
struct looks *looks_open(void); // NULL when memory is short
void looks_close(struct looks *l);

// service_options.look.
tong_code look_note(struct request *rq, struct err *err);

// A page of looks at a subject as JSON: for GET /people/{person}/looks and /me/looks.
tong_code look_page(struct request *rq, struct reply *rp, int64_t subject, struct err *err) TONG_MUST_USE;

// GET /api/v1/people/{person}/looks
struct route_table;
extern const struct route_table look_routes;

#endif
