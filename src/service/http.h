// http.h -- a request and its reply, as the handlers see them: no socket, no library.
//
// A handler is given a request that was already routed, whose account, right and scope were checked, and whose parameters and
// body were validated against the route's tables; it fills the reply. Everything of one request lives in its arena.
#ifndef TONG_SERVICE_HTTP_H
#define TONG_SERVICE_HTTP_H

#include "base/problem.h"
#include "base/record.h"
#include "service/rights.h"

#include <jansson.h>
#include "store/roll.h"

struct service;  // service.h: what all requests share (options, roll, queue of the writer, pool of readers, feed)
struct route;    // route.h
struct db;

enum { HTTP_PATH_PARTS = 4, HTTP_PARAMETERS = 40, HTTP_HEADERS = 24 };

typedef enum http_method { HTTP_GET, HTTP_PUT, HTTP_POST, HTTP_PATCH, HTTP_DELETE, HTTP_METHOD_COUNT } http_method;

struct http_pair {
    struct str name, value;
};

struct request {
    struct service *service;
    const struct route *route;
    struct arena *arena;
    struct db *db;                            // a reader of this thread's own
    http_method method;
    struct str path;
    struct str part[HTTP_PATH_PARTS];         // what stood at the {…} of the route's path
    struct http_pair parameter[HTTP_PARAMETERS]; // of the query string, decoded, validated against the route
    size_t parameter_count;
    struct str body;                          // whole
    json_t *json;                             // of a JSON body; owned by the dispatcher
    void *row;                                // of a route with a record: filled from the body
    struct str if_match, if_none_match, accept, content_type, cookie, authorization, idempotency, last_event;
    lang language;                            // Accept-Language, or what the account prefers
    utc_sec now;
    struct actor actor;                       // who asks: rights.h; account 0 when nobody signed in
    unsigned char id[8];                      // for the log
    struct problem_list problems;             // faults of the input, for a 422
};

struct reply {
    int32_t status;               // 200 when the handler leaves 0
    struct sink body;             // JSON unless `type` says otherwise
    const char *type;
    struct http_pair header[HTTP_HEADERS];
    size_t header_count;
    char etag[40];                // without quotes; "" none
    // A body that is made while it is sent (exports, the live feed): called with its state until it says it is done.
    // Returns bytes written into `buffer`, 0: nothing yet (called again when the service wakes it), -1: the end.
    int64_t (*stream)(void *state, char *buffer, size_t room);
    void (*stream_close)(void *state);
    void *stream_state;
};

typedef tong_code http_handler(struct request *rq, struct reply *rp, struct err *err);

// The value of a parameter of the query, {NULL, 0} when absent.
struct str request_parameter(const struct request *rq, const char *name);
int64_t request_parameter_int(const struct request *rq, const char *name, int64_t none);

// Problem details (RFC 9457): what went wrong, in the user's language, with the field, the limit and the remedy. A handler
// returns a tong_code and the dispatcher makes the answer; these are for what has a status of its own.
tong_code reply_problem(struct request *rq, struct reply *rp, int32_t status, const struct message *message,
                        const char *field, const char *arg1, const char *arg2);

// Run one request in process, from routing to reply: what the listener, the tests and the fuzz targets call.
void http_dispatch(struct service *s, struct request *rq, struct reply *rp);

#endif
