// story.h -- a person's time line: what was recorded about them, and what the protocol answered and why.
//
// GET /api/v1/people/{person}/story, GET /api/v1/me/story. The decisions are folded anew from the facts; with `as_known` from those
// recorded by then alone: what one could have known on that day. Without SOURCE_SEE an exposure is a day and nothing else.
#ifndef TONG_SERVICE_STORY_H
#define TONG_SERVICE_STORY_H

#include "service/route.h"

extern const struct route_table story_routes;

// An enrolment as it stood by what had been recorded at `as_known`. *there: it had begun by then.
struct enrolment;
tong_code story_known(struct request *rq, int64_t subject, int64_t enrolment, utc_sec as_known, bool *there,
                      struct enrolment *out, struct err *err) TONG_MUST_USE;

#endif
