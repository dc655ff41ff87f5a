// editions_check.h -- POST /api/v1/editions/check: is a protocol sound? Every fault with line, column and remedy; nothing is kept.
#ifndef TONG_SERVICE_EDITIONS_CHECK_H
#define TONG_SERVICE_EDITIONS_CHECK_H

#include "service/http.h"

tong_code editions_check(struct request *rq, struct reply *rp, struct err *err) TONG_MUST_USE;

#endif
