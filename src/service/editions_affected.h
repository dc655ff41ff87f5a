// editions_affected.h -- GET /api/v1/editions/{edition}/affected: what becomes of everybody enrolled when it comes into force.
//
// Each open enrolment is copied and the response core itself is asked; nothing is written. A million take some seconds on a
// reader of their own, so the writer is not kept waiting: with Accept: application/x-ndjson the answer is a stream of lines
// {"done", "of"} and at last {"result": {...}}, and leaving it ends the work. Else it is the result alone.
#ifndef TONG_SERVICE_EDITIONS_AFFECTED_H
#define TONG_SERVICE_EDITIONS_AFFECTED_H

#include "service/http.h"

tong_code editions_affected(struct request *rq, struct reply *rp, struct err *err) TONG_MUST_USE;

#endif
