// problem.h -- what the dispatcher itself answers when something is wrong: RFC 9457 problem details from a table.
//
// {"type": "/api/v1/problems#not-found", "title": what is wrong, "status": 404, "detail": what to do, "instance": the
// request's number as in the log, "errors": [{"slug", "severity", "field", "text", "limit", "remedy", "line",
// "column"}]}
#ifndef TONG_SERVICE_PROBLEM_H
#define TONG_SERVICE_PROBLEM_H

#include "service/http.h"

typedef enum http_fault {
    HTTP_FAULT_TARGET,
    HTTP_FAULT_NOT_FOUND,
    HTTP_FAULT_METHOD,
    HTTP_FAULT_FOREIGN,
    HTTP_FAULT_SIGN_IN,
    HTTP_FAULT_OTHER_ACCOUNT,
    HTTP_FAULT_RIGHT,
    HTTP_FAULT_MUST_CHANGE,
    HTTP_FAULT_SECOND_FACTOR,
    HTTP_FAULT_PARAMETERS,
    HTTP_FAULT_TYPE,
    HTTP_FAULT_JSON,
    HTTP_FAULT_BODY_LARGE,
    HTTP_FAULT_BODY_EMPTY,
    HTTP_FAULT_INPUT,
    HTTP_FAULT_CONFLICT,
    HTTP_FAULT_VERSION,
    HTTP_FAULT_LIMIT,
    HTTP_FAULT_BUSY,
    HTTP_FAULT_MEMORY,
    HTTP_FAULT_OURS,
    HTTP_FAULT_SLOW,
    HTTP_FAULT_COUNT
} http_fault;

// With the status of its row; errors are request.problems. {1} and {2} of the text may be NULL.
void problem_reply(struct request *rq, struct reply *rp, http_fault fault, const char *arg1, const char *arg2);
// What a handler returned; TONG_OK is no problem and leaves the reply alone.
void problem_of_code(struct request *rq, struct reply *rp, tong_code code);
const struct message *problem_message(http_fault fault);
int32_t problem_status(http_fault fault);

#endif
