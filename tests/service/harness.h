// harness.h -- a whole service in a folder of its own, asked in process, without a socket.
//
//     struct harness h;
//     if (!harness_open(&h, NULL)) return tap_done();
//     static const struct scenario rows[] = {
//         {"anybody may ask what this is", "GET", "/api/v1/about", NULL, NULL, 200, "version=test; edition=null"},
//         {"a stranger sees no people", "GET", "/api/v1/people", NULL, NULL, 401, "slug=sign-in-needed"},
//     };
//     harness_play(&h, rows, sizeof rows / sizeof rows[0]);
//     harness_close(&h);
//
// Time stands still at harness.now until a test moves it (and calls service_tick). Who asks: with harness_options.who
// NULL the actors that the test put in h.actor, named by "as"; else what that function finds (session_actor), and "as"
// is a cookie. Include tests/tap.h first.
#ifndef TONG_TESTS_SERVICE_HARNESS_H
#define TONG_TESTS_SERVICE_HARNESS_H

#include "service/service.h"

enum { HARNESS_ACTORS = 16, HARNESS_PATH = 512 };

struct harness_actor {
    const char *name; // "commander"
    struct actor actor;
};

struct harness_options {
    service_who *who;
    service_look *look;
    const char *store; // a database to open; NULL: a new file
    const char *web;
    const char *protocol; // file: put in force at the start; NULL: none
    bool threads;         // the writer has its thread, as in the program; else all runs in the caller's
    int32_t feed_beat_s;
    log_level log;
    int log_file; // descriptor; 0: standard error
};

struct harness {
    struct service *service;
    utc_sec now;
    struct harness_actor actor[HARNESS_ACTORS];
    size_t actor_count;
    char folder[HARNESS_PATH], store[HARNESS_PATH], vault[HARNESS_PATH];
    // The answer to the last question:
    struct arena arena;
    struct request request;
    struct reply reply;
    int32_t status;
    struct str body;
    json_t *json; // NULL: the body is no JSON
};

struct question {
    const char *method, *target;
    const char *body;  // NULL: none
    size_t body_bytes; // 0: up to its NUL
    const char *as;    // an actor's name, or a cookie; NULL: nobody
    const char *type;  // NULL: application/json, when there is a body
    const char *language, *if_match, *if_none_match, *origin, *fetch_site, *authorization, *last_event, *host,
        *accept_encoding;
};

// Starts on 2022-07-01 08:00 UTC. False: `fault` says why.
bool harness_start(struct harness *h, const struct harness_options *options, char *fault, size_t room);
void harness_close(struct harness *h); // and removes the folder
// One with a single grant: everywhere when place is 0; a second factor was given. Replaces one of the same name.
struct actor *harness_actor(struct harness *h, const char *name, int64_t account, int32_t role, int64_t place);
// One with roles that together have every right, everywhere, whose own record is person 1.
struct actor *harness_actor_all(struct harness *h, const char *name, int64_t account);
// Asks; the answer stands in h until the next question. Returns the status.
int32_t harness_ask(struct harness *h, const struct question *q);
int32_t harness_get(struct harness *h, const char *target, const char *as);
int32_t harness_send(struct harness *h, const char *method, const char *target, const char *as, const char *body);
// A header field of the answer; NULL when it has none.
const char *harness_header(const struct harness *h, const char *name);
// A value of the JSON answer by its path: "items.0.name", "errors.#" (how many). NULL when it is not there.
const json_t *harness_at(const struct harness *h, const char *path);
const char *harness_text(const struct harness *h, const char *path); // "" when it is no text
int64_t harness_int(const struct harness *h, const char *path);      // INT64_MIN when it is no whole number
// Reads a stream of the answer until it ends, or waits, or `most` bytes were read. Returns how many; ended (may be
// NULL).
size_t harness_stream(struct harness *h, char *out, size_t most, bool *ended);

// Holds JSON against "path=value; path=value ...": null, true, false, numbers and texts by what they look like;
// "path~part": a text that contains it; "path!": it is not there. The first that differs is copied to `fault`.
bool harness_wants(const struct harness *h, const char *wants, char *fault, size_t room);

struct scenario {
    const char *name, *method, *target, *as, *body;
    int32_t status;
    const char *wants; // may be NULL
};
// False: `fault` says what differs.
bool harness_scene(struct harness *h, const struct scenario *scene, char *fault, size_t room);

// ---- with the counters of tests/tap.h, which are each program's own ----
#ifdef TONG_TESTS_TAP_H
TAP_UNUSED static bool harness_open(struct harness *h, const struct harness_options *options)
{
    char fault[1000] = "";
    bool good = harness_start(h, options, fault, sizeof fault);
    OK(good, "the service opens");
    if (!good) (void)printf("# %s\n", fault);
    return good;
}

// A test a row.
TAP_UNUSED static void harness_play(struct harness *h, const struct scenario *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char fault[2400] = "";
        if (!OK(harness_scene(h, &rows[i], fault, sizeof fault), "%s", rows[i].name))
            (void)printf("# %s %s: %s\n", rows[i].method, rows[i].target, fault);
    }
}
#endif

#endif
