// drill.h -- a simulated epidemic and the response to it: the same protocol, the same core, invented staff.
//
// The spread (twin/spread.h) infects people; who comes forward, is found, names contacts, is sampled or confined is decided
// by a caseload (response/caseload.h) under a rulebook, unchanged. Staff of limited number do what it asks, and people
// comply or do not. What binds in the response limits the spread from the next day on.
//
// A day of the drill is a civil day of the protocol's zone. No clock, no I/O; the same options and rulebook give the same
// drill to the bit, for any number of threads.
#ifndef TONG_TWIN_DRILL_H
#define TONG_TWIN_DRILL_H

#include "response/caseload.h"
#include "twin/spread.h"

// How people and staff behave: data, not rules.
struct drill_behaviour {
    double presents[DISEASE_CLASSES];  // of those with symptoms, by class: come to be tested
    struct spell_shape to_present;     // days from the first symptom
    double named[LAYER_COUNT];         // of the contacts of a layer: the case can name them
    int32_t days_named;                // how many days back a case is asked about
    double complies[MEASURE_KIND_WORD_COUNT]; // with a measure of that kind
    double leaves;                     // a day, of those who comply: stop doing so
    double missed;                     // of visits: the person is not found
    double sensitivity, specificity;   // of a test
    int32_t detectable_from, detectable_upto; // days since infection on which a test can be positive
    int32_t result_hours;              // from the sample
    int32_t per_day[ROLE_WORD_COUNT];  // tasks that all staff of a role can do; 0: as many as there are
};
struct drill_behaviour drill_behaviour_default(void);

struct drill_options {
    uint64_t seed;
    civil_day start; // of day 0
    int32_t days, threads;
    spread_tie tie;
    uint32_t seeds;          // infected on day 0
    double imported;         // a day, on average
    struct drill_behaviour behaviour;
};

struct drill_day { // what happened on a day, and what stood at its end
    int64_t infected, presented, samples, positives, named, tasks_done, tasks_left, facts;
    int64_t limited; // people kept from at least one layer
    int64_t confined; // of these, at home or elsewhere: from standing and chance contacts
};

struct drill;
// The population, the disease and the book must outlive the drill; the first edition of the book holds from the start.
tong_code drill_open(const struct disease *disease, const struct population *population, const struct rulebook *book,
                     const struct drill_options *options, struct drill **out, struct err *err) TONG_MUST_USE;
void drill_close(struct drill *d); // NULL is allowed
// One day more. LIMIT after the last.
tong_code drill_step(struct drill *d, struct err *err) TONG_MUST_USE;
// From tomorrow on another edition of the book is in force.
tong_code drill_edition(struct drill *d, uint8_t edition, struct err *err) TONG_MUST_USE;

struct spread *drill_spread(struct drill *d);
const struct caseload *drill_caseload(const struct drill *d);
const struct drill_day *drill_day_of(const struct drill *d, int32_t day); // 0 .. spread_day()
size_t drill_bytes(const struct drill *d);

#endif
