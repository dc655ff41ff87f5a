// me_status.h -- a resident's own page: what binds them and why, by whom, until when and how to object; their results; their
// objections. Everything here works by the person of the account alone (RIGHT_OWN).
//
// The status code is what the measures in force amount to, worked out anew each time: nobody can set it. A proposal that no
// authority has signed binds nobody and is not shown. Reasons name the rule, never another person.
#ifndef TONG_SERVICE_ME_STATUS_H
#define TONG_SERVICE_ME_STATUS_H

#include "service/route.h"

extern const struct route_table me_status_routes;

#endif
