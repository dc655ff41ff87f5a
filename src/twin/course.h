// course.h -- how one infection goes on, drawn whole at its beginning.
#ifndef TONG_TWIN_COURSE_H
#define TONG_TWIN_COURSE_H

#include "twin/disease.h"

struct course { // days counted from the start of the run; -1: never
    int32_t infected, symptoms, hospital, critical, convalescent, recovered, dead;
    disease_class class;
};

// Reads the same number of values from the key whatever comes out, so that two scenarios stay comparable.
struct course course_draw(const struct disease *d, const struct disease_tables *t, int32_t age, int32_t infected,
                          struct key *k);

// The last day on which this person can infect others at home or outside: the day before hospital, the day of recovery
// or death.
static inline int32_t course_last_day(const struct course *c)
{
    if (c->hospital >= 0) return c->hospital - 1;
    return c->dead >= 0 ? c->dead : c->recovered;
}

#endif
