// outbreak.h -- an invented outbreak in an invented town: who infected whom, what became known when, who met whom.
//
// A branching process (Lloyd-Smith et al., Nature 438, 2005): each case infects a negative binomial number of people of
// the town, each after an interval drawn from a gamma distribution, in its household, at work, in a class, on a bus, at
// a meal, next door or in a hospital. Isolation prevents some of these infections, control measures others. The first
// `cases` infections in time are kept. When all chains have died out before, the next importation starts a new wave,
// for which control begins anew unless `control_day` fixed its day.
//
// Pure: no clock, no I/O. The same options give the same outbreak on every machine (twin/draw.h). All times are minutes
// of local wall-clock time since 00:00 of the first day.
//
// What holds for every outbreak (and is tested): an infectee is infected after its infector; infection <= onset; infection
// < sample <= result <= report; onset, sample and isolation <= outcome; the contacts of a case lie within its window.
// A case traced while it was still well may be reported before its onset.
#ifndef TONG_TWIN_OUTBREAK_H
#define TONG_TWIN_OUTBREAK_H

#include "base/arena.h"
#include "twin/outbreak_options.h"
#include "twin/town.h"

#define OUTBREAK_NEVER INT64_MIN
enum { OUTBREAK_NOBODY = -1, OUTBREAK_DAY_MINUTES = 1440, OUTBREAK_DAYS_MAX = 36525 };

typedef enum outbreak_class {
    OUTBREAK_CONFIRMED,
    OUTBREAK_ASYMPTOMATIC,
    OUTBREAK_PROBABLE, // never sampled: its sample time stands for the examination
    OUTBREAK_CLASS_COUNT
} outbreak_class;

struct outbreak_case {
    uint32_t person;
    int32_t infector;                     // index of a case, OUTBREAK_NOBODY when imported
    int32_t generation;                   // 0 for an imported case
    int32_t infected;                     // how many cases of this outbreak it infected
    int32_t first_infectee, next_sibling; // OUTBREAK_NOBODY ends
    outbreak_kind kind;                   // where it was infected
    outbreak_class class;
    bool died;                       // else recovered
    bool named;                      // its infector named it as a contact, at named_min
    int64_t infected_min, onset_min; // onset NEVER without symptoms
    int64_t sampled_min, result_min, reported_min;
    int64_t isolated_min; // NEVER when it stayed at home
    int64_t outcome_min;
    int64_t named_min;
};

typedef enum outbreak_contact_status {
    OUTBREAK_COMPLETED,
    OUTBREAK_BECAME_CASE, // reported as a case by the end of the follow-up
    OUTBREAK_LOST,
    OUTBREAK_REFUSED,
    OUTBREAK_CONTACT_STATUS_COUNT
} outbreak_contact_status;

struct outbreak_contact {
    uint32_t person;
    int32_t source;  // index of the case that named this person
    int32_t as_case; // index of the case this person is or becomes, OUTBREAK_NOBODY
    outbreak_kind kind;
    outbreak_contact_status status;
    int64_t first_min, last_min, named_min;
    int32_t visits; // daily follow-ups, from the day of naming on
    int32_t follow_last_day;
};

struct outbreak {
    struct outbreak_options options;
    struct town town;
    struct outbreak_case *cases; // by time of infection
    int32_t case_count;
    int32_t *case_of;                  // of each person, OUTBREAK_NOBODY
    struct outbreak_contact *contacts; // by case, the infected first
    int32_t contact_count;
};

// INVALID and LIMIT for bad options (outbreak_options_check), and LIMIT when so many cases do not come about in
// OUTBREAK_DAYS_MAX days; NOMEM. Everything lives in the arena.
tong_code outbreak_generate(const struct outbreak_options *options, struct arena *arena, struct outbreak *out,
                            struct err *err) TONG_MUST_USE;

// The time in which a contact of this kind with the case counts: from window_days before onset (or before the sample,
// when that came first), not before infection, to isolation or else the outcome; in health care to the outcome; at a
// funeral from death to burial. Never empty: the moment of isolation is always in it.
struct outbreak_span {
    int64_t first_min, last_min;
};
struct outbreak_span outbreak_window(const struct outbreak_options *options, const struct outbreak_case *c,
                                     outbreak_kind kind);

civil_day outbreak_day(const struct outbreak *outbreak, int64_t minute);

#endif
