// parameter.h -- the address of a request taken apart, and its parameters held against the route's table.
#ifndef TONG_SERVICE_PARAMETER_H
#define TONG_SERVICE_PARAMETER_H

#include "service/route.h"

// Percent-decoded in the arena: valid UTF-8 without NUL or other control characters. False otherwise. `plus`: + is a
// space.
bool parameter_decode(struct str raw, bool plus, struct arena *arena, struct str *out);
int32_t parameter_word(const struct parameter *p, struct str word); // -1: none of its words

// Splits rq->target into rq->path and the query. False: malformed (and nothing else of the request is looked at).
bool parameter_target(struct request *rq, struct str *query);
// The parts of the path that router_find found, decoded. False: what stands there cannot name anything.
bool parameter_parts(struct request *rq, const struct route_match *match);
// The query into rq->parameter: known names, none twice, each of its type. False: problems were added.
bool parameter_query(struct request *rq, struct str query);

#endif
