// throttle.h -- growing delays for those who guess: failures counted by key (a login, an address), in memory, bounded.
//
// A key is a text of any kind, whether or not anything of that name exists, so that a delay tells nothing. From the
// `free` + 1st failure in a row each further one doubles the wait, up to `most_s`; a success forgets; so does a day without
// failure. When the table is full the entry that failed longest ago makes room.
#ifndef TONG_SERVICE_THROTTLE_H
#define TONG_SERVICE_THROTTLE_H

#include "base/civil.h"
#include "base/str.h"

struct throttle;
struct throttle_limits {
    int32_t free;    // failures without a wait
    int64_t first_s; // the first wait
    int64_t most_s;
};
enum { THROTTLE_ENTRIES = 16384, THROTTLE_FORGET_S = 86400 };

struct throttle *throttle_open(void); // NULL when memory is short
void throttle_close(struct throttle *t);
// Seconds to wait, 0: go on.
int64_t throttle_wait(struct throttle *t, struct str key, utc_sec now);
void throttle_fail(struct throttle *t, struct str key, const struct throttle_limits *limits, utc_sec now);
void throttle_forget(struct throttle *t, struct str key);
// The wait after `failures` in a row; for tests and for what is counted elsewhere.
int64_t throttle_delay(const struct throttle_limits *limits, int32_t failures);

#endif
