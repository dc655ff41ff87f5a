// bench_http.h -- the load generator of `./dev bench server` and `./dev soak`: many users in one thread, over epoll.
//
// A user is a connection that is kept open. It sends one request, reads the reply whole, thinks, and sends the next. Times are
// from the first byte sent to the last byte read.
#ifndef TONG_BENCH_HTTP_H
#define TONG_BENCH_HTTP_H

#include "base/sink.h"

#include <stdbool.h>
#include <stdint.h>

double http_now(void); // seconds, monotonic

struct http_reply {
    int32_t status;       // 0: the connection was lost before the reply was whole
    double seconds;
    const char *body;     // until the next request of this user; NUL-terminated
    size_t body_n;
    int64_t bytes;        // of the body, kept or not
};

// ---- one user, blocking ----
struct http_user;
struct http_user *http_user_open(uint16_t port, const char *token, double timeout_s); // never NULL; connects when first needed
void http_user_close(struct http_user *u);
// `body` NULL: none. With `keep` false the body is read and thrown away as it comes. The reply's texts are the user's.
struct http_reply http_ask(struct http_user *u, const char *method, const char *path, const char *type, const char *body,
                           size_t body_n, bool keep);
struct http_reply http_get(struct http_user *u, const char *path);

// ---- a crowd ----
struct http_request { // texts are borrowed until the next call of `next` for this user
    const char *method, *path;
    const char *body; // JSON; NULL none
    size_t body_n;
    int32_t group;    // for who counts
};
struct http_crowd {
    uint16_t port;
    const char *const *tokens; // user i has tokens[i % token_count]
    int32_t token_count;
    int32_t users;
    double seconds, think_s; // mean of an exponential
    uint64_t seed;
    void (*next)(void *payload, int32_t user, uint64_t random, struct http_request *out);
    void (*done)(void *payload, int32_t user, const struct http_request *rq, const struct http_reply *reply);
    void *payload;
    volatile bool *stop; // may be NULL: ends early when it becomes true
};
// False when the kernel refused.
bool http_crowd_run(const struct http_crowd *c);

// ---- times ----
struct http_times {
    double *s;
    size_t count, cap;
};
void http_times_add(struct http_times *t, double seconds);
double http_times_at(struct http_times *t, double share); // 0.95: the 95th percentile; sorts; 0 when empty
void http_times_free(struct http_times *t);

#endif
