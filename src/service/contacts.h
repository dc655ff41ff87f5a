// contacts.h -- the follow-up of contacts: day by day for one, and the indicators of WHO for all.
//
// GET /api/v1/indicators/follow_up: of the contacts that were to be seen on each of the last days, how many were; how many are
// under follow-up now, have been seen today, were never seen, are lost ("Implementation and management of contact tracing for
// Ebola virus disease", WHO 2015: proportion of contacts seen daily, lost to follow-up, becoming cases). With `looks=true` also,
// for each of the last fortnight's days, how many were seen well, seen ill, not seen, not attempted, refused, or nothing at all
// was recorded of.
#ifndef TONG_SERVICE_CONTACTS_H
#define TONG_SERVICE_CONTACTS_H

#include "service/route.h"

extern const struct route_table contacts_routes;

struct contacts_window {
    int64_t subject;
    utc_sec opened, ended; // ended UTC_NONE: still open
    civil_day until;       // the last day it will take, as things stand; CIVIL_DAY_NONE unknown
};
// An array with an object a day: {"day", "state"}: seen_well, seen_ill, not_seen, not_attempted, refused, never (nobody
// recorded anything), due (today, nothing yet), ahead.
tong_code contacts_calendar(struct request *rq, struct json_out *j, const char *key, const struct contacts_window *w,
                            struct err *err) TONG_MUST_USE;

#endif
