// account_routes.h -- the endpoints about accounts: one's own, those an administrator looks after, and their grants.
#ifndef TONG_SERVICE_ACCOUNT_ROUTES_H
#define TONG_SERVICE_ACCOUNT_ROUTES_H

#include "service/route.h"

extern const struct route_table account_routes; // /api/v1/accounts
extern const struct route_table grant_routes;   // /api/v1/accounts/{account}/grants, /api/v1/roles
extern const struct route_table me_routes;      // /api/v1/me
extern const struct route_table account_person_routes; // /api/v1/people/{person}/account

#endif
