// town.h -- an invented town: people in households, buildings and estates, with workplaces and school classes.
//
// Everything follows from the seed. A person is an index below `persons`; a household is a run of neighbouring indices,
// a building a run of households, an estate a run of buildings. A person of working age has a workplace, a child of
// school age a class: a circle of people in town_circle(). No names, no identity numbers: nobody here is anybody.
#ifndef TONG_TWIN_TOWN_H
#define TONG_TWIN_TOWN_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct town {
    int32_t persons, households;
    const uint32_t *household_first; // households + 1 of them: first person of each
    const uint32_t *household_of;    // of each person
    const uint8_t *age;              // whole years
    const uint8_t *sex;              // 1 male, 2 female
    const uint32_t *circle_of;       // the circle of each person, TOWN_NO_CIRCLE when neither at work nor at school
    const uint32_t *circle_first;    // circles + 1 of them
    const uint32_t *circle_member;
    int32_t circles;
};

enum {
    TOWN_HOUSEHOLDS_PER_FLOOR = 2,
    TOWN_FLOORS = 6,
    TOWN_UNITS = 3,
    TOWN_BUILDINGS = 20,
    TOWN_HOUSEHOLDS_PER_UNIT = TOWN_HOUSEHOLDS_PER_FLOOR * TOWN_FLOORS,
    TOWN_HOUSEHOLDS_PER_BUILDING = TOWN_HOUSEHOLDS_PER_UNIT * TOWN_UNITS,
    TOWN_HOUSEHOLDS_PER_ESTATE = TOWN_HOUSEHOLDS_PER_BUILDING * TOWN_BUILDINGS,
};
#define TOWN_NO_CIRCLE UINT32_MAX

struct town_range { // of persons: first <= p < end
    uint32_t first, end;
};

// NOMEM. The town lives in the arena.
tong_code town_build(uint64_t seed, uint32_t replicate, int32_t persons, struct arena *arena, struct town *out,
                     struct err *err) TONG_MUST_USE;

struct town_range town_household(const struct town *town, uint32_t person);
struct town_range town_building(const struct town *town, uint32_t person);
// The people at work or in class with a person, who is among them; *count is 0 without a circle.
const uint32_t *town_circle(const struct town *town, uint32_t person, uint32_t *count);
// Is the circle a school class?
bool town_pupil(const struct town *town, uint32_t person);

// Where a person lives, for the files.
struct town_address {
    const char *estate_en, *estate_zh;
    int32_t phase; // 1 and up: an estate built in several phases
    int32_t building, unit, floor, door;
};
struct town_address town_address_of(const struct town *town, uint32_t person);

#endif
