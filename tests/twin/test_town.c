// The town: a partition of people into households and circles, the same for the same seed.
#include "tap.h"

#include "twin/town.h"

static void test_partition(int32_t persons, uint64_t seed)
{
    struct arena arena = {0};
    struct err err = {0};
    struct town town;
    if (!OK(town_build(seed, 0, persons, &arena, &town, &err) == TONG_OK, "%d people: built", persons)) return;
    EQ_INT(town.persons, persons, "%d people: as many as asked for", persons);
    int64_t housed = 0, grown = 0;
    for (int32_t h = 0; h < town.households; h++) {
        uint32_t first = town.household_first[h], end = town.household_first[h + 1];
        CHECK(first < end && end - first <= 6, "household %d has 1 to 6 people", h);
        housed += end - first;
        grown += town.age[first] >= 18;
        for (uint32_t p = first; p < end; p++) {
            struct town_range home = town_household(&town, p), building = town_building(&town, p);
            CHECK(home.first == first && home.end == end, "person %u lives in its household", p);
            CHECK(building.first <= first && building.end >= end, "the household lies in its building");
        }
    }
    EQ_INT(housed, persons, "%d people: everybody lives somewhere, nobody twice", persons);
    EQ_INT(grown, town.households, "%d people: an adult in every household", persons);

    unsigned char *seen = calloc((size_t)persons, 1);
    if (seen == NULL) abort();
    int64_t members = 0, expected = 0;
    for (int32_t c = 0; c < town.circles; c++) {
        bool pupils = town_pupil(&town, town.circle_member[town.circle_first[c]]);
        for (uint32_t i = town.circle_first[c]; i < town.circle_first[c + 1]; i++) {
            uint32_t p = town.circle_member[i];
            CHECK(!seen[p], "person %u is in one circle only", p);
            CHECK(town.circle_of[p] == (uint32_t)c, "person %u knows its circle", p);
            CHECK(town_pupil(&town, p) == pupils, "children are among children");
            seen[p] = 1;
            members++;
        }
    }
    for (uint32_t p = 0; p < (uint32_t)persons; p++) {
        bool belongs = (town.age[p] >= 20 && town.age[p] < 60) || town_pupil(&town, p);
        expected += belongs;
        CHECK(belongs == (town.circle_of[p] != TOWN_NO_CIRCLE), "person %u of %d years", p, town.age[p]);
        CHECK(town.sex[p] == 1 || town.sex[p] == 2, "person %u has a sex", p);
        CHECK(town.age[p] < 100, "person %u has an age", p);
    }
    EQ_INT(members, expected, "%d people: all at work or at school are in a circle", persons);
    free(seen);
    arena_free(&arena);
}

static void test_shape(void)
{
    struct arena arena = {0};
    struct err err = {0};
    struct town town;
    if (!OK(town_build(3, 0, 100000, &arena, &town, &err) == TONG_OK, "a town of 100,000")) return;
    double size = (double)town.persons / town.households, old = 0, young = 0;
    for (int32_t p = 0; p < town.persons; p++) {
        old += town.age[p] >= 60;
        young += town.age[p] < 15;
    }
    NEAR(size, 2.6, 0.1, "people per household (census of 2020: 2.62)");
    NEAR(old / town.persons, 0.2, 0.04, "share of 60 and older (census: 0.187)");
    NEAR(young / town.persons, 0.15, 0.04, "share under 15 (census: 0.179)");
    arena_free(&arena);
}

static void test_address(void)
{
    struct arena arena = {0};
    struct err err = {0};
    struct town town;
    enum { PERSONS = 60000 };
    if (!OK(town_build(9, 0, PERSONS, &arena, &town, &err) == TONG_OK, "a town of several phases")) return;
    struct town_address last = town_address_of(&town, 0);
    int32_t phases = 0;
    for (uint32_t p = 0; p < PERSONS; p++) {
        struct town_address a = town_address_of(&town, p);
        CHECK(a.building >= 1 && a.building <= TOWN_BUILDINGS && a.unit >= 1 && a.unit <= TOWN_UNITS, "person %u", p);
        CHECK(a.floor >= 1 && a.floor <= TOWN_FLOORS && a.door >= 1 && a.door <= TOWN_HOUSEHOLDS_PER_FLOOR, "person %u",
              p);
        bool same_home = p > 0 && town.household_of[p] == town.household_of[p - 1];
        bool same_place = strcmp(a.estate_en, last.estate_en) == 0 && a.phase == last.phase &&
                          a.building == last.building && a.unit == last.unit && a.floor == last.floor &&
                          a.door == last.door;
        CHECK(p == 0 || same_home == same_place, "one address a household: person %u", p);
        if (a.phase > phases) phases = a.phase;
        last = a;
    }
    OK(phases >= 2, "the names are used again for a second phase");
    arena_free(&arena);
}

static void test_seed(void)
{
    struct arena arena = {0};
    struct err err = {0};
    struct town a = {0}, b = {0}, c = {0}, d = {0};
    enum { PERSONS = 5000 };
    bool built = town_build(1, 0, PERSONS, &arena, &a, &err) == TONG_OK &&
                 town_build(1, 0, PERSONS, &arena, &b, &err) == TONG_OK &&
                 town_build(2, 0, PERSONS, &arena, &c, &err) == TONG_OK &&
                 town_build(1, 1, PERSONS, &arena, &d, &err) == TONG_OK;
    if (!built) {
        OK(false, "four towns");
        return;
    }
    OK(memcmp(a.age, b.age, PERSONS) == 0 && memcmp(a.circle_of, b.circle_of, PERSONS * sizeof *a.circle_of) == 0,
       "the same seed gives the same town");
    OK(memcmp(a.age, c.age, PERSONS) != 0, "another seed another town");
    OK(memcmp(a.age, d.age, PERSONS) != 0, "another replicate another town");
    arena_free(&arena);
    struct arena small = {.bytes_max = 4096};
    OK(town_build(1, 0, PERSONS, &small, &a, &err) == TONG_E_NOMEM, "a town that does not fit is refused");
    arena_free(&small);
}

int main(void)
{
    test_partition(1, 1);
    test_partition(7, 2);
    test_partition(4000, 3);
    test_partition(30011, 4);
    test_shape();
    test_address();
    test_seed();
    return tap_done();
}
