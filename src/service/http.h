// http.h -- a request and its reply, as the handlers see them: no socket, no library.
//
// A handler is given a request that was already routed, whose account and right were checked, and whose parameters and
// body were validated against the route's tables; it looks after the scope (rights.h: actor_reaches, actor_scopes) and
// fills the reply. It may wait (for the writer, for the database): only routes marked `quick` run in the thread of the
// connection. Everything of one request lives in its arena, which is freed when the reply has been sent.
//
// What a handler returns becomes the status: OK 200 (or reply.status), NOT_FOUND 404, INVALID 422 with request.problems
// as its errors, CONFLICT 409, LIMIT 413, IO 503 with Retry-After, NOMEM 503. err->text goes to the log, never to the
// user.
#ifndef TONG_SERVICE_HTTP_H
#define TONG_SERVICE_HTTP_H

#include "base/problem.h"
#include "base/record.h"
#include "service/rights.h"
#include "store/roll.h"
#include "store/uid.h"

#include <jansson.h>

struct service; // service.h: what all requests share (options, roll, queue of the writer, pool of readers, feed)
struct route;   // route.h
struct db;

enum { HTTP_PATH_PARTS = 4, HTTP_PARAMETERS = 40, HTTP_HEADERS = 24, HTTP_ID_TEXT = 17 };
enum {
    HTTP_TARGET_BYTES_MAX = 8192, // path and query as sent
    HTTP_JSON_DEPTH_MAX = 16,
    HTTP_ARENA_BYTES_MAX = 8 << 20,
};
#define HTTP_BODY_BYTES ((int64_t)1 << 20) // of a route that names no limit

// Those that a route may have, then those that the dispatcher answers itself.
typedef enum http_method {
    HTTP_GET,
    HTTP_PUT,
    HTTP_POST,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_METHOD_COUNT,
    HTTP_HEAD = HTTP_METHOD_COUNT, // a handler sees GET
    HTTP_OPTIONS,
    HTTP_OTHER,
} http_method;

struct http_pair {
    struct str name, value;
};

struct request {
    struct service *service;
    const struct route *route;
    struct arena *arena;
    struct db *db; // a reader of this request's own, until the handler returns; NULL in routes marked `storeless`
    http_method method;
    bool head;                        // HEAD: the reply's body is not sent
    struct str target;                // as sent: path and query, not decoded
    struct str path;                  // without the query, not decoded
    struct str part[HTTP_PATH_PARTS]; // what stood at the {...} of the route's path, decoded, valid UTF-8
    unsigned char part_uid[HTTP_PATH_PARTS][UID_BYTES]; // of parts declared PARAMETER_UID
    int64_t part_number[HTTP_PATH_PARTS];               // of parts declared PARAMETER_INTEGER: from 1 up
    struct http_pair parameter[HTTP_PARAMETERS];        // of the query string, decoded, validated against the route
    size_t parameter_count;
    struct str body; // whole; a large one is a file mapped into memory
    int body_file;   // that file, -1 for a small body; a handler that works on it later takes a dup()
    json_t *json;    // of a JSON body; owned by the dispatcher
    void *row;       // of a route with a record: filled from the body, texts in the arena
    // Header fields as sent, empty when absent. if_match and if_none_match may hold several tags: request_matches.
    struct str host, origin, fetch_site, accept, accept_language, accept_encoding, content_type, cookie, authorization,
        if_match, if_none_match, idempotency, last_event, agent, as_account;
    struct str remote;            // the peer's address, for throttling; never logged
    lang language;                // Accept-Language, or what the account prefers
    utc_sec now;                  // the service's clock
    struct actor actor;           // who asks: rights.h; account 0 when nobody signed in
    uint64_t id;                  // for the log and the reply's Request-Id
    struct problem_list problems; // faults of the input, for a 400 or 422
    int64_t looked_at; // the subject whose record the reply shows: set by handlers of routes marked `looks` (look.h)
};

struct reply {
    int32_t status;   // 200 when the handler leaves 0
    struct sink body; // JSON unless `type` says otherwise
    struct str fixed; // a body that outlives the request (an asset): instead of `body`
    const char *type;
    struct http_pair header[HTTP_HEADERS]; // texts in the request's arena, or static
    size_t header_count;
    char etag[40];     // without quotes; "" none. With a GET's If-None-Match the dispatcher answers 304 by itself
    const char *cache; // Cache-Control; NULL: "no-store" of the API
    // A body that is made while it is sent (exports, the live feed): called with its state until it says it is done, in
    // the thread of the connection. Returns bytes written into `buffer`, 0: nothing yet (called again within a second,
    // or sooner when something was committed), -1: the end, -2: failed, the connection is cut so that the reader sees
    // it.
    int64_t (*stream)(void *state, char *buffer, size_t room);
    void (*stream_close)(void *state); // before the request's arena is freed; also when the client went away
    void *stream_state;
};
enum { STREAM_END = -1, STREAM_FAILED = -2 };

typedef tong_code http_handler(struct request *rq, struct reply *rp, struct err *err);

// ---- asking ----
// The value of a parameter of the query, {NULL, 0} when absent; it was validated, so these cannot fail.
struct str request_parameter(const struct request *rq, const char *name);
int64_t request_parameter_int(const struct request *rq, const char *name, int64_t none);
bool request_parameter_bool(const struct request *rq, const char *name, bool none);
civil_day request_parameter_day(const struct request *rq, const char *name);   // CIVIL_DAY_NONE
utc_sec request_parameter_instant(const struct request *rq, const char *name); // UTC_NONE
bool request_parameter_uid(const struct request *rq, const char *name, unsigned char out[UID_BYTES]);
// The index of a WORD in its table, -1 when absent; the bits of WORDS (tables of up to 64), 0 when absent.
int32_t request_parameter_word(const struct request *rq, const char *name);
uint64_t request_parameter_words(const struct request *rq, const char *name);
// The value of a cookie, {NULL, 0} when there is none.
struct str request_cookie(const struct request *rq, const char *name);
// Does an If-Match or If-None-Match field name this tag? "*" names all; weak tags count only with `weak`.
bool request_matches(struct str field, const char *etag, bool weak);
// A write that says If-Match with another version than `etag`: answers 412 and gives CONFLICT; OK to go on.
tong_code request_if_match(struct request *rq, struct reply *rp, const char *etag);
// A fault of the input: the handler goes on collecting, then returns TONG_E_INVALID.
void request_fault(struct request *rq, const struct message *message, const char *field, const char *arg1,
                   const char *arg2, const char *arg3, const char *arg4);

// ---- answering ----
// One more header field; name and value are static or in the arena. More than HTTP_HEADERS is a bug of ours.
void reply_header(struct reply *rp, const char *name, struct str value);
// Problem details (RFC 9457) with a status of their own: what went wrong, in the user's language, and the remedy.
// `field` may be NULL. Returns TONG_OK, so that a handler can end with `return reply_problem(...)`.
tong_code reply_problem(struct request *rq, struct reply *rp, int32_t status, const struct message *message,
                        const char *field, const char *arg1, const char *arg2);
void reply_close(struct reply *rp); // whoever called http_dispatch, once the reply was sent

// ---- running ----
// Run one request in process, from routing to reply: what the listener, the tests and the fuzz targets call. The caller
// fills service, arena, method, target, body and the header fields, zeroes the rest (body_file -1), and closes the
// reply.
void http_dispatch(struct service *s, struct request *rq, struct reply *rp);
// What the listener must know before it reads the body: how much of it is taken, and whether the request runs at once
// in the thread of the connection. False: the target leads nowhere, and http_dispatch answers without the body.
bool http_expects(struct service *s, const struct request *rq, int64_t *body_max, bool *quick);
// Answer without running it (the body is too large, there are no workers): `fault` is an http_fault of problem.h.
void http_refuse(struct service *s, struct request *rq, struct reply *rp, int32_t fault, const char *arg);
http_method http_method_find(const char *name);
const char *http_method_name(http_method method);

#endif
