// session.h -- who is signed in: a token of 256 random bits in a cookie (or after "Bearer"), of which only a hash is stored.
//
// A session ends when it was not used for SESSION_IDLE_S, in any case after SESSION_MOST_S, and when it is ended. Until a
// second factor that the account has was given, it opens nothing.
#ifndef TONG_SERVICE_SESSION_H
#define TONG_SERVICE_SESSION_H

#include "service/http.h"

enum {
    SESSION_IDLE_S = 12 * 3600,
    SESSION_MOST_S = 7 * 86400,
    SESSION_ASKED_S = 300,  // to give the second factor
    SESSION_SEEN_S = 60,    // its last use is written down no more often: an idle end may come that much sooner
    SESSION_HASH = 32,
    SESSION_TOKEN = 44,     // base64url and NUL
    SESSION_DEVICE_MOST = 120,
};
typedef enum session_factor { SESSION_FACTOR_NONE, SESSION_FACTOR_GIVEN, SESSION_FACTOR_ASKED } session_factor;

struct session_token {
    char text[SESSION_TOKEN];
    unsigned char hash[SESSION_HASH];
};
void session_token_make(struct session_token *out);
bool session_token_read(struct str text, struct session_token *out); // false: no token of ours

struct session {
    struct session_token token;
    int64_t account, person;
    utc_sec created, seen, ends;
    session_factor factor;
    bool must_change, closed;
    lang language;
};
// The session that the request's cookie or authorization names, whatever its state. NOT_FOUND: none, or it is over.
tong_code session_of(struct request *rq, struct session *out, struct err *err) TONG_MUST_USE;
// service_options.who: fills rq->actor and rq->language.
tong_code session_actor(struct request *rq, struct err *err);

// In the writer's thread, inside a transaction.
tong_code session_add(struct db *db, const struct session_token *token, int64_t account, utc_sec now,
                      session_factor factor, struct str device, struct err *err) TONG_MUST_USE;
tong_code session_drop(struct db *db, const unsigned char hash[SESSION_HASH], struct err *err) TONG_MUST_USE;
// All of an account but `keep` (NULL: all).
tong_code session_drop_all(struct db *db, int64_t account, const unsigned char *keep, struct err *err) TONG_MUST_USE;

// Set-Cookie: the token, or its end.
void session_cookie(struct request *rq, struct reply *rp, const struct session_token *token, int64_t seconds);
void session_cookie_end(struct request *rq, struct reply *rp);

#endif
