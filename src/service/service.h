// service.h -- what all requests share: the store, the lists in memory, the writer, the readers, the live feed, the
// clock.
//
// One process has one service. Requests reach it through http_dispatch, from any number of threads; what they write
// goes through the writer (writer.h), what they read comes from the roll and from a reader (a database connection of
// their own).
#ifndef TONG_SERVICE_SERVICE_H
#define TONG_SERVICE_SERVICE_H

#include "intake/intake.h"
#include "service/http.h"
#include "service/log.h"
#include "service/route.h"
#include "service/writer.h"

struct feed;    // feed.h
struct metrics; // metrics.h
struct assets;  // assets.h

// Who asks? Reads the session from rq->cookie or rq->authorization and fills rq->actor (account 0: nobody, which is no
// failure) and, if the account prefers one, rq->language. The program gives session_actor; tests may give another.
typedef tong_code service_who(struct request *rq, struct err *err);
// Somebody looked at somebody's record: called before the reply of a route marked `looks` goes out. A failure is a 503.
typedef tong_code service_look(struct request *rq, struct err *err);

struct service_options {
    const char *where;   // the database: a path, or postgresql://...
    const char *vault;   // NULL: beside the database
    struct zone zone;    // of the jurisdiction; name empty: UTC
    const char *name;    // what the response is called; may be NULL
    const char *version; // of the program
    const char *web;     // folder of the web app; NULL or not there: a plain page
    const char
        *origin; // "https://health.example.org": the public address, when a proxy changes Host; NULL: what Host says
    bool secure; // reached by TLS, ours or a proxy's: cookies are Secure, and HSTS is sent
    bool metrics_open;               // /metrics asks for no right (a private network)
    lang language;                   // of those who ask for none
    service_who *who;                // NULL: nobody is ever signed in
    service_look *look;              // NULL: not noted
    utc_sec (*clock)(void *payload); // NULL: the system's
    void *clock_payload;
    bool still;          // no thread of its own moves the clock on: service_tick does (tests)
    int32_t readers_max; // 0: 64
    int32_t feed_beat_s; // seconds after which a live feed reads the session again; 0: FEED_HEARTBEAT_S
    const char *reports;    // folder of the daily situation reports; NULL: none are made
    int32_t reports_minute; // of the day, in `zone`, at which they are made
    double si_mean, si_sd;  // serial interval for their reproduction numbers, days; 0: none is given
    struct log log;
};

// State that a resource keeps between requests: opened and closed with the service by the table in parts.c.
typedef enum service_part {
    PART_ACCOUNTS,
    PART_IMPORTS,
    PART_EXPORTS,
    PART_MESSAGES,
    PART_DEMO,
    PART_REPORTS,
    PART_COUNT
} service_part;

enum { SERVICE_EDITIONS_MAX = 256 };

struct service {
    struct service_options options;
    struct log log;
    struct router *router;
    struct roll *roll;
    struct intake *intake; // the writer thread's alone: requests use writer_take and its like
    struct vault *vault;   // for unsealing, from any thread
    struct db *write_db;   // the writer thread's alone: writer_call hands it out
    struct writer *writer;
    struct feed *feed;
    struct metrics *metrics;
    struct assets *assets;
    struct readers *readers;
    struct service_clock *clock;
    struct roll_loading *loading;
    const struct protocol *edition[SERVICE_EDITIONS_MAX]; // service_book
    _Atomic size_t edition_count;
    _Atomic int32_t edition_in_force;
    _Atomic uint64_t requests;
    uint64_t request_key;
    void *part[PART_COUNT];
};

tong_code service_open(const struct service_options *options, struct service **out, struct err *err) TONG_MUST_USE;
void service_close(struct service *s); // NULL is allowed; no request may be running
// Time passes to now, and the lists are complete: what the writer's thread does each second. For tests, with `still`.
tong_code service_tick(struct service *s, struct err *err) TONG_MUST_USE;

utc_sec service_now(const struct service *s);
uint64_t service_request_id(struct service *s); // never twice in a run, and not to be guessed from the one before
// A demo's clock: from now on `speed` seconds pass in one (0: it stands still).
void service_clock_run(struct service *s, utc_sec from, double speed);
double service_clock_speed(const struct service *s); // 1 for the real one

// The editions and which of them is in force (-1 none), for any thread; intake_book is the writer's alone.
struct rulebook service_book(const struct service *s);
int32_t service_edition(const struct service *s);
void service_book_changed(struct service *s); // the writer, after each group

// A reader beyond the request's own, for a stream that goes on after the handler returned. NULL when there is none
// left, or the database is down: then err says so (IO).
struct db *service_reader_take(struct service *s, struct err *err);
void service_reader_give(struct service *s, struct db *db, bool good); // not good: it is closed, not kept

#endif
