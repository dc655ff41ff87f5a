// demo.h -- the demonstration: an invented district in a fresh store, in which the outbreak goes on at a set speed; or lists of
// a real one (demo_real.h), where nothing happens but what visitors do and what time brings.
//
// The whole service lives by the demo's clock. It moves in small steps, and only after everything that becomes known in a
// step has been recorded, so that no deadline passes before the staff had their chance. The invented staff do the tasks and
// sign the orders; the work of one role may be left to the visitor, and what visitors record the staff take into account.
//
// Accounts of every role have one known password, and POST /api/v1/demo/enter signs in without any. Both exist only here: a
// service without a demo answers 404 on every route of the demo.
#ifndef TONG_SERVICE_DEMO_H
#define TONG_SERVICE_DEMO_H

#include "service/demo_load.h"
#include "service/demo_real.h"
#include "service/service.h"

#define DEMO_PASSWORD "demo-of-tongzhou"

enum { DEMO_TEXTS_MAX = 8 };
struct demo_options {
    struct district_options district;
    const struct protocol *protocol; // must outlive the service
    struct str texts[DEMO_TEXTS_MAX]; // its file, after those it extends
    size_t text_count;
    double speed;                    // seconds that pass in one; 0: it begins standing still
    role_word leave;                 // ROLE_WORD_COUNT: nothing is left to the visitor
    struct demo_real_options real;   // instead of the district, when `at` is not 0
};
enum { DEMO_SPEED_MOST = 86400 };

struct demo_started { // how long it took, and what it made
    double seconds;
    struct demo_counts counts;
    struct import_tally read; // of a real outbreak
    int64_t accounts;
};
// Fill the empty store of an open service up to the district's today, and let the clock run. The demo ends with the
// service. CONFLICT: the store is not empty.
tong_code demo_start(struct service *s, const struct demo_options *o, struct demo_started *out, struct err *err) TONG_MUST_USE;
void demo_close(void *state); // PART_DEMO of parts.c

struct demo;
struct demo *demo_of(const struct service *s); // NULL: no demo
struct demo_state {
    utc_sec now;
    double speed;
    bool paused, over; // over: nothing more will happen
    role_word leave;
    struct demo_counts counts;
};
void demo_look(struct demo *d, struct demo_state *out);
// Change what is not negative; `step` lets that many seconds pass at once, also when it stands still.
void demo_clock(struct demo *d, int32_t pause, double speed, int64_t step);
int64_t demo_people(const struct demo *d); // of the district; 0 of a real outbreak
int64_t demo_account_count(const struct demo *d);
// Texts are the demo's, or the caller's `out`.
struct demo_account {
    char login[DISTRICT_TEXT], name[DISTRICT_TEXT];
    const char *role;
    char place[LANG_COUNT][DISTRICT_TEXT]; // "": everywhere
};
void demo_account_at(const struct demo *d, int64_t i, lang language, struct demo_account *out); // from 0
// The account's number in the store; 0 when there is none with this login.
int64_t demo_account(const struct demo *d, struct str login);

// GET /api/v1/demo, POST /api/v1/demo/enter, POST /api/v1/demo/clock
struct route_table;
extern const struct route_table demo_routes;

#endif
