// account_scope.h -- which accounts an administrator has to do with: those whose rights lie inside their own.
#ifndef TONG_SERVICE_ACCOUNT_SCOPE_H
#define TONG_SERVICE_ACCOUNT_SCOPE_H

#include "service/account.h"
#include "service/http.h"

// Does the asker's ACCOUNT_WRITE reach every grant of the account that is not over? An account without grants is within
// everybody's: it opens nothing.
tong_code account_within(struct request *rq, int64_t account, bool *within, struct err *err) TONG_MUST_USE;
// The account of the path's first part, when it is within; NOT_FOUND otherwise.
tong_code account_in_scope(struct request *rq, struct account *out, struct err *err) TONG_MUST_USE;
// How many accounts other than `but` are administrators now.
tong_code account_administrators(struct request *rq, int64_t but, size_t *count, struct err *err) TONG_MUST_USE;
// An account as reply, with its grants and, unless NULL, a one-time password.
tong_code account_reply(struct request *rq, struct reply *rp, int64_t account, const char *one_time, struct err *err) TONG_MUST_USE;

#endif
