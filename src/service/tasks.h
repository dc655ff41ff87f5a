// tasks.h -- what has to be done, by whom, until when; and what became of it.
//
// GET /api/v1/tasks, GET /api/v1/tasks/{task}, PUT /api/v1/tasks/{task}/outcome, PUT /api/v1/tasks/{task}/assignee
//
// Whoever gives out tasks, audits, or finds people and sees cases sees the tasks of their places; all others those addressed to
// their roles, and those given to them: a list of who is to be isolated would tell who the cases are.
#ifndef TONG_SERVICE_TASKS_H
#define TONG_SERVICE_TASKS_H

#include "service/route.h"

extern const struct route_table tasks_routes;

#endif
