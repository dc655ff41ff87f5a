// What a measure in force keeps people from, and whether they keep to it.
#include "twin/drill_inner.h"

#include <stdio.h>

enum { HOME_BITS = 1 << LAYER_STANDING | 1 << LAYER_CHANCE, ALL_BITS = HOME_BITS | 1 << LAYER_HOUSEHOLD };

// By what the protocol calls it: at home others of the household are still met, elsewhere nobody is.
static uint8_t kept_from(const struct measure *m, bool home)
{
    switch (m->kind) {
    case MEASURE_KIND_EXCLUSION: return 1 << LAYER_STANDING;
    case MEASURE_KIND_HOLD: return HOME_BITS;
    case MEASURE_KIND_QUARANTINE:
    case MEASURE_KIND_ISOLATION: return home ? HOME_BITS : ALL_BITS;
    case MEASURE_KIND_ZONE: return HOME_BITS;
    case MEASURE_KIND_CLOSURE: return 1 << LAYER_STANDING;
    case MEASURE_KIND_ADVICE:
    case MEASURE_KIND_MONITORING:
    case MEASURE_KIND_WORD_COUNT: break;
    }
    return 0;
}

bool drill_complies(const struct drill *d, uint32_t person, measure_kind_word kind)
{
    struct key k = key_stream(d->options.seed, (int32_t)kind, person, KEY_ACCEPTS);
    return key_uniform(&k) < d->options.behaviour.complies[kind];
}

static uint8_t of_measures(const struct drill *d, uint32_t person, uint64_t in_force, uint64_t elsewhere)
{
    const struct protocol *p = d->book->editions[d->edition];
    uint8_t limits = 0;
    for (uint8_t m = 0; m < DRILL_MEASURES && in_force >> m != 0; m++) {
        if (!(in_force >> m & 1) || m >= p->measure_count) continue;
        if (drill_complies(d, person, p->measures[m].kind)) limits |= kept_from(&p->measures[m], !(elsewhere >> m & 1));
    }
    return limits;
}

// A unit's name begins with its place in the town: estate, building, stair unit, household; how many are there says how
// large it is.
static void place_people(const struct drill *d, uint32_t subject, struct drill_subject *s)
{
    char name[64];
    uint32_t part[4] = {0};
    struct str text = caseload_subject_name(d->caseload, subject);
    (void)snprintf(name, sizeof name, "%.*s", STR_ARG(text));
    int parts = sscanf(name, "%u/%u/%u/%u", &part[0], &part[1], &part[2], &part[3]);
    s->home = true;
    s->first = s->end = 0;
    if (parts < 1) return;
    uint32_t units = DRILL_UNITS * DRILL_HOMES_PER_UNIT, homes = DRILL_BUILDINGS * units, first = part[0] * homes;
    if (parts > 1) first += part[1] * units, homes = units;
    if (parts > 2) first += part[2] * DRILL_HOMES_PER_UNIT, homes = DRILL_HOMES_PER_UNIT;
    if (parts > 3) first += part[3], homes = 1;
    uint32_t all = d->population->households;
    s->first = d->home_first[first < all ? first : all];
    s->end = d->home_first[first + homes < all ? first + homes : all];
}

void drill_limit(struct drill *d, uint32_t subject)
{
    struct drill_subject *s = drill_subject(d, subject);
    if (!s) return;
    if (s->person != SPREAD_NOBODY) {
        spread_limit(d->spread, s->person, (uint8_t)(of_measures(d, s->person, s->in_force, s->elsewhere) | d->place_limit[s->person]));
        return;
    }
    if (!s->home) place_people(d, subject, s);
    for (uint32_t i = s->first; i < s->end; i++) {
        uint32_t own = d->subject_of[i];
        d->place_limit[i] = of_measures(d, i, s->in_force, 0);
        spread_limit(d->spread, i, (uint8_t)((own ? of_measures(d, i, d->subject[own].in_force, d->subject[own].elsewhere) : 0) | d->place_limit[i]));
    }
}
