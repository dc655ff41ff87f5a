// population.h -- the people of a simulation and who can meet whom.
//
// A person is an index below `persons`; a household is a run of neighbouring indices. Standing contacts (class,
// workplace, club) are lists of neighbours, kept; chance contacts are stubs that are paired anew every day by a keyed
// permutation (twin/pairing.h) and cost no memory. Everything follows from the seed and the plan.
#ifndef TONG_TWIN_POPULATION_H
#define TONG_TWIN_POPULATION_H

#include "base/err.h"
#include "twin/disease.h"

#include <stddef.h>
#include <stdint.h>

enum { POPULATION_HOUSEHOLD_MAX = 15, POPULATION_CIRCLES = 8, POPULATION_PERSONS_MAX = 300000000 };

struct resident { // one person; the first contacts of the next person end this one's
    uint32_t home;     // the first person of the household
    uint32_t standing; // index of the first standing contact
    uint32_t stub;     // index of the first stub
    uint8_t home_size, age, circle, spare;
};

struct population {
    uint32_t persons, households;
    struct resident *resident;   // persons + 1 of them
    uint32_t *standing;          // standing contacts, each a person
    uint32_t *stub_owner;        // of each stub
    uint32_t stubs;              // even
    double standing_share;       // of the standing contacts that meet on a day
    size_t bytes;                // that all this takes
};

struct household_kind {
    uint8_t people[DISEASE_AGES];
    double weight; // > 0: how often; raked to the margins below
};

struct circle_plan { // of the standing contacts
    double contacts;           // that a member has, of whom standing_share meet on a day; rounded to an even number
    double rewired;            // part of the ring's contacts, from either end, that go to anybody (Watts, Strogatz 1998)
    uint32_t ages;             // bit a: all people of that decade who are in no other circle
    double helpers;            // people of `helper_ages`, per member
    uint32_t helper_ages;      // teachers, carers
};

struct population_plan {
    uint32_t persons;
    const struct household_kind *kind; // a sample of households
    uint32_t kinds;
    double size_share[POPULATION_HOUSEHOLD_MAX + 1]; // of households by size; all 0: as in the sample
    double age_share[DISEASE_AGES];                  // of people; all 0: as in the sample
    struct circle_plan circle[POPULATION_CIRCLES];
    uint32_t circles;
    double standing_share;
    double chance_mean[DISEASE_AGES], chance_sd[DISEASE_AGES]; // chance contacts a day; sd 0: all alike
};

// INVALID: the plan names no household, or people of an age that no household has; NOMEM.
tong_code population_make(const struct population_plan *plan, uint64_t seed, struct population *out,
                          struct err *err) TONG_MUST_USE;
void population_free(struct population *p);

// Mean contacts a person has on a day, each weighed by its layer's factor.
double population_contacts(const struct population *p, const double factor[LAYER_COUNT]);

// A population of singles with exactly `contacts` chance contacts a day each: mass action.
tong_code population_mass_action(uint32_t persons, uint32_t contacts, struct population *out,
                                 struct err *err) TONG_MUST_USE;
// Households of `size` only, without other contacts.
tong_code population_households(uint32_t households, uint32_t size, struct population *out,
                                struct err *err) TONG_MUST_USE;
// Singles on a graph of standing contacts that meet every day; `edge` holds pairs of persons.
tong_code population_graph(uint32_t persons, const uint32_t (*edge)[2], uint32_t edges, struct population *out,
                           struct err *err) TONG_MUST_USE;

#endif
