// demo_load.h -- the invented district brought into a fresh store: its world, its accounts' numbers, its facts as commands.
//
// Used by the demo (through the running service's writer) and by the benchmark and the soak (straight into an intake). The
// store must be empty: then the numbers of its subjects are those of the district. Whoever signs, objects or decides does it
// as the screens do, by the number of the measure, which is looked up among what was committed before.
#ifndef TONG_SERVICE_DEMO_LOAD_H
#define TONG_SERVICE_DEMO_LOAD_H

#include "intake/intake.h"
#include "twin/district.h"

struct demo_load;

struct demo_taker { // where commands go
    tong_code (*take)(void *payload, const struct command *commands, size_t count, struct intake_outcome *out, struct err *err);
    tong_code (*advance)(void *payload, utc_sec now, struct err *err); // time passes
    void *payload;
    const char *where; // the database they go to, for looking up
    // Account numbers: district account i (from 1) is accounts[i - 1]. NULL: the same number.
    const int64_t *accounts;
};
struct demo_counts {
    int64_t places, people, facts; // recorded
    int64_t orders;                // signatures and what else is done by number
    int64_t refused;               // by intake: it has its reasons, and the outbreak goes on
    int64_t vanished;              // whatever they were about had ended
    int64_t groups;
};

// The district must outlive it. Opens a connection of its own.
tong_code demo_load_open(struct district *d, const struct protocol *protocol, const struct demo_taker *taker,
                         struct demo_load **out, struct err *err) TONG_MUST_USE;
void demo_load_close(struct demo_load *l); // NULL is allowed

// All places and all people, recorded a day before the outbreak begins. CONFLICT: the store was not empty.
tong_code demo_load_world(struct demo_load *l, struct err *err) TONG_MUST_USE;
// Put the protocol in force: proposed by one account of the district, signed by two others. `texts`: its file, after those it
// extends, which are proposed too so that they are known.
tong_code demo_load_edition(struct demo_load *l, const struct str *texts, size_t count, struct err *err) TONG_MUST_USE;
// What becomes known up to `until`, and the time passes with it.
tong_code demo_load_until(struct demo_load *l, utc_sec until, struct err *err) TONG_MUST_USE;
struct demo_counts demo_load_counts(const struct demo_load *l);
bool demo_load_made(const struct demo_load *l, int64_t fact); // by the last demo_load_until
const char *demo_load_refusal(const struct demo_load *l); // the last one's slug, "" when there was none

#endif
