#include "twin/town.h"
#include "base/rng.h"

#include <assert.h>

// Purposes of the streams opened here (base/rng.h); outbreak.c has its own from 100 on.
enum { TOWN_DRAW_HOUSEHOLD = 1, TOWN_DRAW_CIRCLE = 2 };

enum { TOWN_HOUSEHOLD_MAX = 6, TOWN_COLLEAGUES = 24, TOWN_CLASS = 36, TOWN_SCHOOL_FIRST = 6, TOWN_SCHOOL_LAST = 17 };

// Household sizes, per mille: Seventh National Population Census of China 2020, as generally known; 6 stands for "6 and
// more". Mean 2.6.
static const uint32_t town_size_share[TOWN_HOUSEHOLD_MAX] = {254, 297, 210, 132, 62, 45};
// Ages in bands of ten years, per mille, same census: of everybody but the first of a household, who is an adult.
static const uint32_t town_age_share[10] = {160, 130, 120, 150, 130, 125, 100, 55, 25, 5};
static const uint32_t town_adult_share[10] = {0, 10, 150, 220, 200, 180, 130, 75, 30, 5};

static uint32_t town_pick(struct rng *r, const uint32_t *share, uint32_t count)
{
    uint32_t sum = 0, i = 0;
    for (uint32_t k = 0; k < count; k++) sum += share[k];
    uint32_t at = rng_below(r, sum);
    while (at >= share[i]) at -= share[i++];
    return i;
}

// Fills one household from `person` on; returns its size.
static uint32_t town_household_fill(uint64_t seed, uint32_t replicate, uint32_t household, uint32_t person,
                                    uint32_t room, uint8_t *age, uint8_t *sex)
{
    struct rng r = rng_stream(seed, replicate, 0, household, TOWN_DRAW_HOUSEHOLD);
    uint32_t size = town_pick(&r, town_size_share, TOWN_HOUSEHOLD_MAX) + 1;
    if (size > room) size = room;
    for (uint32_t i = 0; i < size; i++) {
        uint32_t years = town_pick(&r, i == 0 ? town_adult_share : town_age_share, 10) * 10 + rng_below(&r, 10);
        if (i == 0 && years < 20) years = 18 + years % 2;
        age[person + i] = (uint8_t)years;
        sex[person + i] = (uint8_t)(1 + rng_below(&r, 2));
    }
    return size;
}

static bool town_at_work(uint8_t age)
{
    return age >= 20 && age < 60;
}

static bool town_at_school(uint8_t age)
{
    return age >= TOWN_SCHOOL_FIRST && age <= TOWN_SCHOOL_LAST;
}

// A group in a random order (R. Durstenfeld, Algorithm 235, CACM 1964), cut into circles of `size`. Colleagues live
// anywhere in town; a class is cut from children in the order they live in, so that it belongs to its estate.
static void town_circles(struct town *town, uint32_t *of, uint32_t *first, uint32_t *member, uint32_t from,
                         uint32_t end, uint32_t size, struct rng *shuffle)
{
    for (uint32_t i = end; shuffle != NULL && i > from + 1; i--) {
        uint32_t j = from + rng_below(shuffle, i - from), held = member[i - 1];
        member[i - 1] = member[j];
        member[j] = held;
    }
    for (uint32_t i = from; i < end; i++) {
        if ((i - from) % size == 0) first[town->circles++] = i;
        of[member[i]] = (uint32_t)town->circles - 1;
    }
}

tong_code town_build(uint64_t seed, uint32_t replicate, int32_t persons, struct arena *arena, struct town *out,
                     struct err *err)
{
    assert(persons > 0);
    size_t n = (size_t)persons;
    uint8_t *age = arena_array(arena, n, 1), *sex = arena_array(arena, n, 1);
    uint32_t *household_first = arena_array(arena, n + 1, sizeof *household_first);
    uint32_t *household_of = arena_array(arena, n, sizeof *household_of);
    uint32_t *of = arena_array(arena, n, sizeof *of), *member = arena_array(arena, n, sizeof *member);
    uint32_t *first = arena_array(arena, n / TOWN_COLLEAGUES + n / TOWN_CLASS + 3, sizeof *first);
    if (age == NULL || sex == NULL || household_first == NULL || household_of == NULL || of == NULL || member == NULL ||
        first == NULL)
        return tong_fail(err, TONG_E_NOMEM, "a town of %d people", persons);
    struct town town = {.persons = persons,
                        .household_first = household_first,
                        .household_of = household_of,
                        .age = age,
                        .sex = sex,
                        .circle_of = of,
                        .circle_first = first,
                        .circle_member = member};
    for (uint32_t person = 0; person < (uint32_t)persons;) {
        uint32_t h = (uint32_t)town.households++;
        uint32_t size = town_household_fill(seed, replicate, h, person, (uint32_t)persons - person, age, sex);
        household_first[h] = person;
        for (uint32_t end = person + size; person < end; person++) household_of[person] = h;
    }
    household_first[town.households] = (uint32_t)persons;

    uint32_t workers = 0, pupils = 0;
    for (uint32_t p = 0; p < (uint32_t)persons; p++) {
        of[p] = TOWN_NO_CIRCLE;
        if (town_at_work(age[p])) member[workers++] = p;
    }
    for (uint32_t p = 0; p < (uint32_t)persons; p++)
        if (town_at_school(age[p])) member[workers + pupils++] = p;
    struct rng shuffle = rng_stream(seed, replicate, 0, 0, TOWN_DRAW_CIRCLE);
    town_circles(&town, of, first, member, 0, workers, TOWN_COLLEAGUES, &shuffle);
    town_circles(&town, of, first, member, workers, workers + pupils, TOWN_CLASS, NULL);
    first[town.circles] = workers + pupils;
    *out = town;
    return TONG_OK;
}

static struct town_range town_households(const struct town *town, uint32_t first, uint32_t count)
{
    uint32_t end = first + count;
    if (end > (uint32_t)town->households) end = (uint32_t)town->households;
    return (struct town_range){town->household_first[first], town->household_first[end]};
}

struct town_range town_household(const struct town *town, uint32_t person)
{
    assert(person < (uint32_t)town->persons);
    return town_households(town, town->household_of[person], 1);
}

struct town_range town_building(const struct town *town, uint32_t person)
{
    assert(person < (uint32_t)town->persons);
    uint32_t h = town->household_of[person];
    return town_households(town, h - h % TOWN_HOUSEHOLDS_PER_BUILDING, TOWN_HOUSEHOLDS_PER_BUILDING);
}

const uint32_t *town_circle(const struct town *town, uint32_t person, uint32_t *count)
{
    assert(person < (uint32_t)town->persons);
    uint32_t circle = town->circle_of[person];
    *count = circle == TOWN_NO_CIRCLE ? 0 : town->circle_first[circle + 1] - town->circle_first[circle];
    return circle == TOWN_NO_CIRCLE ? NULL : town->circle_member + town->circle_first[circle];
}

bool town_pupil(const struct town *town, uint32_t person)
{
    assert(person < (uint32_t)town->persons);
    return town_at_school(town->age[person]);
}

// Invented estates: names of a kind that is common everywhere and belongs to no place in particular.
static const struct {
    const char *en, *zh;
} town_estate[] = {
    {"Riverside Garden", "滨河花园"},     {"Peace Court", "和平里"},           {"East Lake Village", "东湖新村"},
    {"Sunshine Home", "阳光家园"},        {"Green Willow Court", "绿柳苑"},    {"Jade Garden", "翠苑"},
    {"Prosperity Lane", "兴盛里"},        {"South Gate Estate", "南门小区"},   {"Morning Star Court", "晨星苑"},
    {"Plum Blossom Village", "梅花新村"}, {"Hillside Home", "山语家园"},       {"Harmony Estate", "和谐小区"},
    {"Bamboo Grove", "竹林苑"},           {"North Bridge Estate", "北桥小区"}, {"Lotus Pond Court", "荷塘苑"},
    {"New Century Garden", "新世纪花园"}, {"Orchard Village", "果园新村"},     {"Spring Breeze Court", "春风里"},
    {"Red Maple Garden", "红枫花园"},     {"Clear Water Estate", "清水小区"},  {"Golden Harvest Home", "金穗家园"},
    {"West Gate Estate", "西门小区"},     {"White Crane Court", "白鹤苑"},     {"Long Bridge Village", "长桥新村"},
};
enum { TOWN_ESTATES = sizeof town_estate / sizeof town_estate[0] };

struct town_address town_address_of(const struct town *town, uint32_t person)
{
    assert(person < (uint32_t)town->persons);
    uint32_t h = town->household_of[person], estate = h / TOWN_HOUSEHOLDS_PER_ESTATE;
    uint32_t in_unit = h % TOWN_HOUSEHOLDS_PER_UNIT;
    return (struct town_address){
        .estate_en = town_estate[estate % TOWN_ESTATES].en,
        .estate_zh = town_estate[estate % TOWN_ESTATES].zh,
        .phase = (int32_t)(estate / TOWN_ESTATES + 1),
        .building = (int32_t)(h / TOWN_HOUSEHOLDS_PER_BUILDING % TOWN_BUILDINGS + 1),
        .unit = (int32_t)(h / TOWN_HOUSEHOLDS_PER_UNIT % TOWN_UNITS + 1),
        .floor = (int32_t)(in_unit / TOWN_HOUSEHOLDS_PER_FLOOR + 1),
        .door = (int32_t)(in_unit % TOWN_HOUSEHOLDS_PER_FLOOR + 1),
    };
}
