// spread.h -- a disease going through a population, day by day.
//
// Work is done for the infected only. When somebody is infected, the whole course and all the times at which the person
// could infect others are drawn at once: the number of attempts is Poisson with the sum of the person's hazards as if
// all contacts were as susceptible as anybody can be; each attempt has a contact and a day and waits in that day's
// calendar, where it is thinned by the contact's susceptibility and by what holds on that day. This is exact for the
// model in which a contact-day with hazard h infects with 1 - exp(-h): at least one point of a Poisson process.
//
// The calendar is kept by day and block of persons, and a block is worked on by one thread; who infects is decided by a
// number that belongs to the attempt; so any number of threads gives the same result to the bit.
#ifndef TONG_TWIN_SPREAD_H
#define TONG_TWIN_SPREAD_H

#include "twin/course.h"
#include "twin/population.h"

#include <stdbool.h>

enum { SPREAD_DAYS_MAX = 2000 };
#define SPREAD_NOBODY UINT32_MAX

typedef enum spread_state { // where people are in their course; how many are there is counted by day and age
    STATE_LATENT,           // infected, no symptoms yet, will have some ("presymptomatic")
    STATE_ASYMPTOMATIC,
    STATE_MILD,
    STATE_SEVERE,
    STATE_HOSPITAL,
    STATE_CRITICAL,
    STATE_CONVALESCENT,     // in hospital after intensive care
    STATE_RECOVERED,
    STATE_DEAD,
    STATE_COUNT
} spread_state;

struct infection { // of a person; day < 0: never infected
    uint32_t source;   // SPREAD_NOBODY: from outside
    int16_t day;
    uint8_t layer;     // disease_layer
    uint8_t class : 2; // disease_class
    uint8_t variant : 2;
    uint8_t again : 4; // how often infected before, 15 at most
};

// When several people could infect the same person on the same day, one of them is named.
typedef enum spread_tie {
    TIE_FAIR,     // each attempt as likely
    TIE_FRESHEST, // as OpenABM-Covid19 works its lists off: those without symptoms yet first, then those with, those who
                  // never have any last; among them the one who came into that state last
} spread_tie;

struct spread_options {
    uint64_t seed;
    int32_t days;    // of the calendar: 1 .. SPREAD_DAYS_MAX
    int32_t threads; // 1 .. TEAM_MEMBERS_MAX (base/team.h)
    spread_tie tie;
    bool limits;     // people may be kept from layers: spread_limit
    double contacts; // mean weighed contacts that `rate` is spread over; 0: those of the population
};

struct spread;

// NOMEM, INVALID. The disease is copied; the population is only read and must outlive the spread.
tong_code spread_open(const struct disease *disease, const struct population *population,
                      const struct spread_options *options, struct spread **out, struct err *err) TONG_MUST_USE;
void spread_close(struct spread *s);

// Infects `n` different people from outside today, drawn by the seed. Fewer when not enough are susceptible.
uint32_t spread_import(struct spread *s, uint32_t n, int32_t variant);
bool spread_infect(struct spread *s, uint32_t person, int32_t variant); // false: not susceptible
// Goes on to the next day and does its infections. NOMEM: the spread must be closed.
tong_code spread_step(struct spread *s, struct err *err) TONG_MUST_USE;

// Keeps a person from the layers whose bits are set (1 << LAYER_HOUSEHOLD ...), from tomorrow on until told otherwise: whom
// they would infect there and who would infect them is spared. Chance contacts of the others are made up among the others,
// as people who still go out meet those who do too. Only with options.limits.
void spread_limit(struct spread *s, uint32_t person, uint8_t layers);
uint8_t spread_limits(const struct spread *s, uint32_t person);
// Who was infected today, in rising order; valid until the next step. Only with options.limits.
const uint32_t *spread_new(struct spread *s, size_t *count);
// Whom a person met on a day, as far as `layers` go: persons into `out`, at most `room`, with the layer of each. Gives how
// many there were. It may be asked for any day of the calendar; of limits, the last of each person is known.
size_t spread_met(const struct spread *s, uint32_t person, int32_t day, uint8_t layers, uint32_t *out, uint8_t *layer,
                  size_t room);

int32_t spread_day(const struct spread *s); // 0 at the start
const struct infection *spread_infection(const struct spread *s, uint32_t person);
struct course spread_course(const struct spread *s, uint32_t person); // drawn again: the same
uint64_t spread_attempts(const struct spread *s);                     // so far, for the benchmark
size_t spread_bytes(const struct spread *s);

// People of an age in a state at the end of a day; infected on a day. day <= spread_day().
int64_t spread_count(const struct spread *s, spread_state state, int32_t age, int32_t day);
int64_t spread_infected_on(const struct spread *s, int32_t age, int32_t day);

#endif
