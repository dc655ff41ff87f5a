// story.h -- a person's time line: what was recorded about them, and what the protocol answered and why.
//
// GET /api/v1/people/{person}/story, GET /api/v1/me/story. The decisions are folded anew from the facts; with `as_known` from those
// recorded by then alone: what one could have known on that day. Without SOURCE_SEE an exposure is a day and nothing else.
#ifndef TONG_SERVICE_STORY_H
#define TONG_SERVICE_STORY_H

#include "service/route.h"

extern const struct route_table story_routes;

#endif
