// reports.h -- situation reports: one made each day by itself and kept, and one made whenever it is asked for.
//
// GET /api/v1/reports lists those kept; /api/v1/reports/{name} is one of them; /api/v1/report makes one of this
// moment. They hold figures of the whole response and of no person, and go to those whose right to export has no
// bounds.
//
// The daily ones are four files (HTML and PDF, Chinese and English) in the folder of options.reports, made at
// options.reports_minute of the jurisdiction's day; a server that was down then makes that day's when it starts.
// Nothing is ever removed there.
#ifndef TONG_SERVICE_REPORTS_H
#define TONG_SERVICE_REPORTS_H

#include "service/route.h"

#include <stddef.h>

tong_code reports_open(struct service *s, void **state, struct err *err) TONG_MUST_USE;
void reports_close(void *state);
// Makes the files of the day if they are due and not there: what the thread does every few seconds. For tests.
tong_code reports_tick(struct service *s, struct err *err) TONG_MUST_USE;
extern const struct route_table reports_routes;

#endif
