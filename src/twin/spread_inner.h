// spread_inner.h -- what spread.c, spread_infect.c and spread_step.c share.
#ifndef TONG_TWIN_SPREAD_INNER_H
#define TONG_TWIN_SPREAD_INNER_H

#include "base/team.h"
#include "twin/attempts.h"
#include "twin/pairing.h"
#include "twin/spread.h"

enum {
    BLOCK_BITS_MIN = 14, // a block's hot bytes fit the second-level cache many times over
    BLOCKS_MAX = 128,
    // The high half of a person's byte: what the person is immune to. The low half is the age.
    IMMUNE_NOT = 0,
    IMMUNE_CHOSEN = 14, // infected today, not yet worked out
    IMMUNE_INFECTED = 15,
};

struct limit { // layers a person is kept from, on the days from .. upto
    uint8_t layers;
    int16_t from, upto;
};

struct chosen { // the attempt that takes, of those at one target on one day
    struct attempt attempt;
    uint8_t was;
};

struct worker {
    struct spread *spread;
    struct attempts attempts;
    struct chosen *chosen;
    size_t chosen_n, chosen_cap;
    struct attempt *moved; // chance contacts made up for
    size_t moved_n, moved_cap;
    uint32_t *fresh; // infected today
    size_t fresh_n, fresh_cap;
    int32_t *change; // [state][age][day]: who enters less who leaves
    int32_t *infected; // [age][day]
    bool failed;
};

struct spread {
    struct disease disease;
    struct disease_tables tables;
    const struct population *population;
    struct spread_options options;
    double hazard;             // of a contact-day at weight 1, factor 1
    uint8_t *hot;              // of each person: age and immunity
    struct infection *infection;
    struct limit *limit;       // of each person; NULL without options.limits
    bool limited;              // somebody ever was
    uint32_t *fresh;           // infected today, of all workers
    size_t fresh_n, fresh_cap;
    struct pairing *pairing;   // of each day
    uint32_t takes[DISEASE_VARIANTS][256]; // 2^26 times the relative susceptibility behind a hot byte
    uint32_t block_bits, blocks;
    int32_t day;
    struct worker *worker;
    struct team *team;
    size_t bytes;
};

static inline int32_t calendar_days(const struct spread *s)
{
    return s->options.days + 1;
}

static inline bool limit_holds(const struct spread *s, uint32_t person, uint32_t layer, int32_t day)
{
    const struct limit *l = &s->limit[person];
    return (l->layers >> layer & 1) && l->from <= day && day <= l->upto;
}

// Do these two standing contacts meet on that day?
bool spread_standing_meets(const struct spread *s, uint32_t a, uint32_t b, int32_t day);
// Whom stub `stub` of `person` meets on that day. The first whose own limits allow it, of CHANCE_ROUNDS partners; SPREAD_NOBODY
// when none does.
uint32_t spread_chance_meets(const struct spread *s, uint32_t person, uint32_t stub, int32_t day);
enum { CHANCE_ROUNDS = 4 };

// Draws the course of an infection that begins today and files its attempts; `was` is the hot byte before.
void spread_infected(struct worker *w, uint32_t person, uint32_t source, uint32_t layer, int32_t variant, uint8_t was);

// One more for spread_new. False when memory is short.
bool spread_fresh(struct spread *s, uint32_t person);

#endif
