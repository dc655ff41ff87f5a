// facts.h -- recording what happened, correcting it, withdrawing it, and seeing first what would follow.
//
// PUT /api/v1/facts/{fact} (with `replaces` a correction; kind "retracted" a withdrawal), PUT /api/v1/facts (up to FACTS_MOST in
// one commit), POST /api/v1/facts/preview. Beside "facts" both take "people": descriptions that come first, so that a new person
// and what happened to them are one commit. They count towards FACTS_MOST.
#ifndef TONG_SERVICE_FACTS_H
#define TONG_SERVICE_FACTS_H

#include "service/route.h"

enum { FACTS_MOST = 500 };
extern const struct route_table facts_routes;

#endif
