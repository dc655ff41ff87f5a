// assigning.h -- giving out work: who could do it, and many tasks to one of them at once.
//
// GET /api/v1/workers: open accounts that hold a role in a place, with how much they have on their hands.
// PUT /api/v1/tasks/assignees: several tasks to one account, in one commit. What of them is out of the asker's reach is
// refused in its row; the rest is taken.
#ifndef TONG_SERVICE_ASSIGNING_H
#define TONG_SERVICE_ASSIGNING_H

#include "service/route.h"

enum { ASSIGNING_MOST = 500 }; // tasks of one request

extern const struct route_table assigning_routes;

#endif
