// signin.h -- signing in and out: /api/v1/session.
//
// First the password, then, where the account has one, the second factor. What is answered, and how long it takes, is the
// same whether or not the login exists. After failures the waits grow: per login from one address, per login, per address
// (throttle.h); second factors are counted in the database, so that no restart forgets them.
#ifndef TONG_SERVICE_SIGNIN_H
#define TONG_SERVICE_SIGNIN_H

#include "service/account.h"
#include "service/session.h"
#include "service/throttle.h"

extern const struct throttle_limits signin_limits_pair, signin_limits_login, signin_limits_address, signin_limits_factor;

// Is this the account's password? Waits, counts and forgets failures as signing in does. *same false with the reply made
// (401, 429, 503), or true. `account` NULL: there is none of that login.
tong_code signin_password(struct request *rq, struct reply *rp, const struct account *account, struct str login,
                          struct str password, bool *same, struct err *err) TONG_MUST_USE;
// Is this a code of the account's second factor that was not used before? The same for codes.
tong_code signin_code(struct request *rq, struct reply *rp, const struct account *account, struct str code, bool *good,
                      struct err *err) TONG_MUST_USE;

// What is still to be done before the account can work: "signed_in", "second_factor", "change_password",
// "set_up_second_factor"; "nobody".
const char *signin_state(const struct request *rq);

struct route_table;
extern const struct route_table signin_routes;

#endif
