// properties.h -- random histories of one enrolment, a small engine that answers them, and the shrinking of what fails.
//
// A property is a function that says whether it holds of a history. When it does not, facts are taken away one by one as
// long as it still does not hold, and what is left is printed as an example would be written, with the seed.
#ifndef TONG_TESTS_RESPONSE_PROPERTIES_H
#define TONG_TESTS_RESPONSE_PROPERTIES_H

#include "base/rng.h"
#include "response/fold.h"

enum { PROPERTY_FACTS = 48, PROPERTY_EDITIONS = 8, PROPERTY_FILES = 32, PROPERTY_SIGNED = 400 };

// The shipped protocols; those of one family form the rulebook of each of them, the protocol itself first.
struct shelf {
    struct arena arena;
    struct protocol *protocols[PROPERTY_FILES];
    size_t count;
};
// From a folder; NULL: the project's (TONGZHOU_PROTOCOLS, else ./protocols).
bool shelf_open(struct shelf *shelf, const char *folder);
void shelf_close(struct shelf *shelf);

struct history {
    const struct rulebook *book;
    uint8_t pathway;
    uint64_t seed;
    uint32_t number;
    struct fact facts[PROPERTY_FACTS]; // in the order in which they became known; id = place + 1
    size_t count;
};

// What a random history may hold.
struct wishes {
    bool corrections; // facts that replace or retract others
    bool editions;    // changes of edition
    bool late;        // known days after they happened
    bool orders;      // signed by whoever
};
void history_random(struct history *h, const struct rulebook *book, uint8_t pathway, uint64_t seed, uint32_t number,
                    const struct wishes *wishes);

// ---- the engine: what a server does with one enrolment ----
struct engine {
    const struct rulebook *book;
    struct enrolment e;
    uint8_t pathway; // in which it began, under edition 0
    civil_day base;
    struct fact facts[PROPERTY_FACTS + PROPERTY_SIGNED]; // those that have arrived, and the orders signed meanwhile
    size_t count;
    struct decisions issued;
    utc_sec now;
    bool sign; // every proposal is signed at once by two people who never signed before
    int32_t signers;
    size_t refolds, step_most; // most decisions caused by one fact or one midnight
    bool used_up;              // an order was found to have been ended before
    struct arena arena;
};
void engine_open(struct engine *g, const struct history *h);
void engine_close(struct engine *g);
// A fact arrives at `now`, not before it is known.
void engine_tell(struct engine *g, const struct fact *f, utc_sec now);
void engine_until(struct engine *g, utc_sec now);
// What all facts that have arrived amount to, folded at g->now.
void engine_fold(struct engine *g, struct enrolment *e, struct decisions *desired);
// Tells all facts as they become known.
void engine_live(struct engine *g, const struct history *h);

// ---- what a log of decisions comes to ----
struct net { // as names, sorted, so that logs of different editions can be compared
    uint64_t tasks[64];
    size_t task_count;
    uint32_t in_force, proposed; // protocol_name_id of the measure; 0 none
};
void net_of(const struct rulebook *book, const struct decisions *log, struct net *out);
bool net_same(const struct net *a, const struct net *b);

// ---- failing ----
// Does it hold? Otherwise `why` (200 bytes) says what went wrong.
typedef bool property(const struct history *h, char *why);
// Shrinks and prints when it does not hold; true when it does.
bool property_check(const char *name, property *holds, const struct history *h);
void history_print(const struct history *h);

#endif
