// accounts.h -- what signing in keeps in memory between requests: the gate for passwords, the delays for those who guess, who
// looked lately, whom an account's facts restricted within the hour.
#ifndef TONG_SERVICE_ACCOUNTS_H
#define TONG_SERVICE_ACCOUNTS_H

#include "service/held.h"
#include "service/http.h"
#include "service/look.h"
#include "service/password.h"
#include "service/throttle.h"

struct accounts {
    struct service *service;
    struct password_gate *gate;
    struct throttle *throttle;
    struct looks *looks;
    struct restraint *restraint;
    struct passes *passes;
};

// PART_ACCOUNTS of parts.c.
tong_code accounts_open(struct service *s, void **state, struct err *err) TONG_MUST_USE;
void accounts_close(void *state);
struct accounts *accounts_of(const struct request *rq);

// How hard passwords are made, before anybody signs in: for tests and demos. False when memory is short.
bool accounts_password_cost(struct service *s, password_cost cost);
// From how many people on within an hour the facts of one account need a second person (HELD_PEOPLE_MOST); 0: never.
void accounts_restrict_most(struct service *s, int32_t people);
bool accounts_restricts_many(struct service *s, int64_t people); // more than that

#endif
