// Places: runs of one kind, each place found by arithmetic from its number, so that a city's households need no memory.
#include "twin/district_inner.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    GRID_BUILDINGS = 10,      // a grid: about 360 households; general knowledge: 300 to 500
    COMMUNITY_ESTATES = 2,    // a community: about 3,700 people; choice
    SUBDISTRICT_COMMUNITIES = 9,
    SCHOOL_CLASSES = 24,      // choice
    WARDS = 6, WARD_BEDS = 30, SHELTER_WARDS = 4, SHELTER_BEDS = 50,
    PEOPLE_A_HOSPITAL = 150000, PEOPLE_A_SHELTER = 250000, PEOPLE_A_LABORATORY = 500000, PEOPLE_A_ROOM = 100, // choices
};

// How many of a kind there are to a parent decides `per`; 0 deals them out in turn.
static const struct district_level_word {
    const char *kind, *letter;
    district_level parent;
    int32_t per;
    const char *zh, *en; // "%d": which one of its parent; without it they have names of their own
} level_word[LEVEL_COUNT] = {
    [LEVEL_DISTRICT] = {"district", "D", LEVEL_DISTRICT, 0, "岚浦区", "Lanpu District"},
    [LEVEL_SUBDISTRICT] = {"subdistrict", "S", LEVEL_DISTRICT, 0, "街道", "Subdistrict"},
    [LEVEL_COMMUNITY] = {"community", "C", LEVEL_SUBDISTRICT, SUBDISTRICT_COMMUNITIES, "社区", "Community"},
    [LEVEL_ESTATE] = {"estate", "E", LEVEL_COMMUNITY, COMMUNITY_ESTATES, NULL, NULL},
    [LEVEL_GRID] = {"grid", "G", LEVEL_ESTATE, TOWN_BUILDINGS / GRID_BUILDINGS, "第%d网格", "Grid %d"},
    [LEVEL_BUILDING] = {"building", "B", LEVEL_GRID, GRID_BUILDINGS, "%d号楼", "Building %d"},
    [LEVEL_UNIT] = {"stair_unit", "U", LEVEL_BUILDING, TOWN_UNITS, "%d单元", "Unit %d"},
    [LEVEL_HOUSEHOLD] = {"household", "H", LEVEL_UNIT, TOWN_HOUSEHOLDS_PER_UNIT, "%d室", "Room %d"},
    [LEVEL_SCHOOL] = {"school", "SC", LEVEL_SUBDISTRICT, 0, "学校", "School"},
    [LEVEL_CLASS] = {"class", "CL", LEVEL_SCHOOL, SCHOOL_CLASSES, "%d班", "Class %d"},
    [LEVEL_WORKPLACE] = {"workplace", "W", LEVEL_SUBDISTRICT, 0, NULL, NULL},
    [LEVEL_MARKET] = {"market", "M", LEVEL_COMMUNITY, 0, "农贸市场", "Market"},
    [LEVEL_MALL] = {"mall", "ML", LEVEL_SUBDISTRICT, 0, "购物中心", "Mall"},
    [LEVEL_HOSPITAL] = {"hospital", "HO", LEVEL_SUBDISTRICT, 0, "医院", "Hospital"},
    [LEVEL_HOSPITAL_WARD] = {"ward", "HW", LEVEL_HOSPITAL, WARDS, "%d病区", "Ward %d"},
    [LEVEL_HOSPITAL_BED] = {"bed", "HB", LEVEL_HOSPITAL_WARD, WARD_BEDS, "%d床", "Bed %d"},
    [LEVEL_SHELTER] = {"fangcang", "F", LEVEL_SUBDISTRICT, 0, "方舱医院", "Shelter Hospital"},
    [LEVEL_SHELTER_WARD] = {"ward", "FW", LEVEL_SHELTER, SHELTER_WARDS, "%d舱", "Hall %d"},
    [LEVEL_SHELTER_BED] = {"bed", "FB", LEVEL_SHELTER_WARD, SHELTER_BEDS, "%d床", "Bed %d"},
    [LEVEL_QUARANTINE_SITE] = {"quarantine_site", "Q", LEVEL_SUBDISTRICT, 0, "集中隔离点", "Quarantine Site"},
    [LEVEL_ROOM] = {"room", "R", LEVEL_QUARANTINE_SITE, 0, "%d号房", "Room %d"},
    [LEVEL_SAMPLING_SITE] = {"sampling_site", "P", LEVEL_COMMUNITY, 1, "采样点", "Sampling Site"},
    [LEVEL_LABORATORY] = {"laboratory", "L", LEVEL_DISTRICT, 0, "核酸检测实验室", "Laboratory"},
    [LEVEL_CHECKPOINT] = {"checkpoint", "K", LEVEL_SUBDISTRICT, 2, "卡口", "Checkpoint"},
    [LEVEL_WAREHOUSE] = {"warehouse", "WH", LEVEL_DISTRICT, 0, "应急物资仓库", "Warehouse"},
};

// Syllables for names of no place: two of them, and what it is.
static const struct {
    const char *zh, *en;
} place_first[] = {{"云岑", "Yuncen"}, {"汀禾", "Tinghe"}, {"霁川", "Jichuan"}, {"槿溪", "Jinxi"},  {"岚屏", "Lanping"},
                   {"沐坞", "Muwu"},   {"柘陌", "Zhemo"},  {"栖汀", "Qiting"},  {"澜桥", "Lanqiao"}, {"蘅渡", "Hengdu"},
                   {"芷原", "Zhiyuan"}, {"朔浦", "Shuopu"}, {"漪湾", "Yiwan"},   {"珩坪", "Hengping"}},
  work_kind[] = {{"电子厂", "Electronics Works"}, {"纺织厂", "Textile Mill"}, {"物流公司", "Logistics"},
                 {"餐厅", "Restaurant"},          {"超市", "Supermarket"},    {"设计事务所", "Design Office"},
                 {"建材公司", "Building Supplies"}, {"食品厂", "Food Factory"}};
enum { FIRSTS = sizeof place_first / sizeof place_first[0], WORK_KINDS = sizeof work_kind / sizeof work_kind[0] };

static int32_t place_ceil(int64_t n, int64_t size)
{
    int64_t count = (n + size - 1) / size;
    return count < 1 ? 1 : (int32_t)count;
}

static void place_run(struct district *d, district_level level, int32_t count, int32_t per)
{
    d->run[level] = (struct district_run_of){d->places + 1, count, per};
    d->places += count;
}

void district_lay_out(struct district *d)
{
    const struct town *town = &d->outbreak.town;
    int64_t people = town->persons, h = town->households;
    int32_t counts[LEVEL_COUNT] = {0};
    counts[LEVEL_DISTRICT] = 1;
    counts[LEVEL_ESTATE] = place_ceil(h, TOWN_HOUSEHOLDS_PER_ESTATE);
    counts[LEVEL_GRID] = place_ceil(h, TOWN_HOUSEHOLDS_PER_BUILDING * GRID_BUILDINGS);
    counts[LEVEL_BUILDING] = place_ceil(h, TOWN_HOUSEHOLDS_PER_BUILDING);
    counts[LEVEL_UNIT] = place_ceil(h, TOWN_HOUSEHOLDS_PER_UNIT);
    counts[LEVEL_HOUSEHOLD] = town->households;
    counts[LEVEL_COMMUNITY] = place_ceil(counts[LEVEL_ESTATE], COMMUNITY_ESTATES);
    counts[LEVEL_SUBDISTRICT] = place_ceil(counts[LEVEL_COMMUNITY], SUBDISTRICT_COMMUNITIES);
    int32_t circle = 0; // workplaces come first among the circles
    while (circle < town->circles && !town_pupil(town, town->circle_member[town->circle_first[circle]])) circle++;
    d->work_circles = circle;
    counts[LEVEL_WORKPLACE] = circle;
    counts[LEVEL_CLASS] = town->circles - circle;
    counts[LEVEL_SCHOOL] = place_ceil(counts[LEVEL_CLASS], SCHOOL_CLASSES);
    counts[LEVEL_MARKET] = place_ceil(counts[LEVEL_COMMUNITY], 3);
    counts[LEVEL_MALL] = counts[LEVEL_SUBDISTRICT];
    counts[LEVEL_HOSPITAL] = place_ceil(people, PEOPLE_A_HOSPITAL);
    counts[LEVEL_HOSPITAL_WARD] = counts[LEVEL_HOSPITAL] * WARDS;
    counts[LEVEL_HOSPITAL_BED] = counts[LEVEL_HOSPITAL_WARD] * WARD_BEDS;
    counts[LEVEL_SHELTER] = place_ceil(people, PEOPLE_A_SHELTER);
    counts[LEVEL_SHELTER_WARD] = counts[LEVEL_SHELTER] * SHELTER_WARDS;
    counts[LEVEL_SHELTER_BED] = counts[LEVEL_SHELTER_WARD] * SHELTER_BEDS;
    counts[LEVEL_QUARANTINE_SITE] = counts[LEVEL_SUBDISTRICT];
    counts[LEVEL_ROOM] = place_ceil(people, PEOPLE_A_ROOM);
    counts[LEVEL_SAMPLING_SITE] = counts[LEVEL_COMMUNITY];
    counts[LEVEL_LABORATORY] = place_ceil(people, PEOPLE_A_LABORATORY);
    counts[LEVEL_CHECKPOINT] = 2 * counts[LEVEL_SUBDISTRICT];
    counts[LEVEL_WAREHOUSE] = 1;
    for (int level = 0; level < LEVEL_COUNT; level++)
        place_run(d, (district_level)level, counts[level], level_word[level].per);
}

district_level district_level_of(const struct district *d, int64_t number)
{
    assert(number >= 1 && number <= d->places);
    int level = 0;
    while (number >= d->run[level].first + d->run[level].count) level++;
    return (district_level)level;
}

int64_t district_parent(const struct district *d, int64_t number)
{
    district_level level = district_level_of(d, number);
    const struct district_run_of *run = &d->run[level], *up = &d->run[level_word[level].parent];
    if (level == LEVEL_DISTRICT) return 0;
    int32_t i = (int32_t)(number - run->first), parent = run->per > 0 ? i / run->per : i % up->count;
    return up->first + (parent < up->count ? parent : up->count - 1);
}

int64_t district_above(const struct district *d, int64_t number, district_level level)
{
    while (number != 0 && district_level_of(d, number) != level) number = district_parent(d, number);
    return number;
}

int64_t district_home(const struct district *d, uint32_t person)
{
    return d->run[LEVEL_HOUSEHOLD].first + d->outbreak.town.household_of[person];
}

int32_t district_place_nth(const struct district *d, district_level level, int32_t i)
{
    const struct district_run_of *run = &d->run[level];
    if (level == LEVEL_HOUSEHOLD) { // floor and door
        int32_t in_unit = i % TOWN_HOUSEHOLDS_PER_UNIT;
        return (in_unit / TOWN_HOUSEHOLDS_PER_FLOOR + 1) * 100 + in_unit % TOWN_HOUSEHOLDS_PER_FLOOR + 1;
    }
    if (level == LEVEL_BUILDING) return i % TOWN_BUILDINGS + 1; // numbered through the estate, not the grid
    return run->per > 0 ? i % run->per + 1 : i / d->run[level_word[level].parent].count + 1;
}

int32_t district_place_siblings(const struct district *d, district_level level, int32_t i)
{
    const struct district_run_of *run = &d->run[level], *up = &d->run[level_word[level].parent];
    if (level == LEVEL_DISTRICT) return 1;
    if (run->per == 0) return (run->count - 1 - i % up->count) / up->count + 1;
    int32_t left = run->count - i / run->per * run->per;
    return left < run->per ? left : run->per;
}

static void place_names(const struct district *d, district_level level, int32_t i, struct district_place *out)
{
    const struct district_level_word *w = &level_word[level];
    int32_t nth = district_place_nth(d, level, i), at = (i + (int32_t)level) % FIRSTS, round = i / FIRSTS;
    if (level == LEVEL_ESTATE) {
        uint32_t first = d->outbreak.town.household_first[(int64_t)i * TOWN_HOUSEHOLDS_PER_ESTATE];
        struct town_address a = town_address_of(&d->outbreak.town, first);
        (void)snprintf(out->name, sizeof out->name, a.phase > 1 ? "%s%d期" : "%s", a.estate_zh, a.phase);
        (void)snprintf(out->name_en, sizeof out->name_en, a.phase > 1 ? "%s, phase %d" : "%s", a.estate_en, a.phase);
    } else if (level == LEVEL_WORKPLACE) {
        int32_t kind = i / FIRSTS % WORK_KINDS, more = i / (FIRSTS * WORK_KINDS) + 1;
        (void)snprintf(out->name, sizeof out->name, "%s%s%d组", place_first[at].zh, work_kind[kind].zh, more);
        (void)snprintf(out->name_en, sizeof out->name_en, "%s %s, team %d", place_first[at].en, work_kind[kind].en, more);
    } else if (level == LEVEL_DISTRICT) {
        (void)snprintf(out->name, sizeof out->name, "%s", w->zh);
        (void)snprintf(out->name_en, sizeof out->name_en, "%s", w->en);
    } else if (strchr(w->zh, '%') != NULL) {
        const char *zh = strchr(w->zh, '%'), *en = strchr(w->en, '%');
        (void)snprintf(out->name, sizeof out->name, "%.*s%d%s", (int)(zh - w->zh), w->zh, nth, zh + 2);
        (void)snprintf(out->name_en, sizeof out->name_en, "%.*s%d", (int)(en - w->en), w->en, nth);
    } else if (round > 0) {
        (void)snprintf(out->name, sizeof out->name, "%s第%d%s", place_first[at].zh, round + 1, w->zh);
        (void)snprintf(out->name_en, sizeof out->name_en, "%s %s %d", place_first[at].en, w->en, round + 1);
    } else {
        (void)snprintf(out->name, sizeof out->name, "%s%s", place_first[at].zh, w->zh);
        (void)snprintf(out->name_en, sizeof out->name_en, "%s %s", place_first[at].en, w->en);
    }
    (void)snprintf(out->code, sizeof out->code, "%s%d", w->letter, i + 1);
}

int64_t district_place_count(const struct district *d)
{
    return d->places;
}

struct district_place district_place_at(const struct district *d, int64_t number)
{
    district_level level = district_level_of(d, number);
    int32_t i = (int32_t)(number - d->run[level].first);
    struct district_place out = {.number = number, .parent = district_parent(d, number), .kind = level_word[level].kind};
    place_names(d, level, i, &out);
    bool inside = level == LEVEL_UNIT || level == LEVEL_HOUSEHOLD || level == LEVEL_CLASS || level == LEVEL_ROOM ||
                  level == LEVEL_HOSPITAL_WARD || level == LEVEL_HOSPITAL_BED || level == LEVEL_SHELTER_WARD ||
                  level == LEVEL_SHELTER_BED;
    if (!inside) district_locate(d, number, &out);
    switch ((int)level) {
    case LEVEL_HOSPITAL: out.capacity = WARDS * WARD_BEDS; break;
    case LEVEL_HOSPITAL_WARD: out.capacity = WARD_BEDS; break;
    case LEVEL_SHELTER: out.capacity = SHELTER_WARDS * SHELTER_BEDS; break;
    case LEVEL_SHELTER_WARD: out.capacity = SHELTER_BEDS; break;
    case LEVEL_QUARANTINE_SITE: out.capacity = d->run[LEVEL_ROOM].count / d->run[LEVEL_QUARANTINE_SITE].count; break;
    case LEVEL_SAMPLING_SITE: out.capacity = 4; break; // desks
    default: break;
    }
    return out;
}

// ---- places as the caseload writes them: "e3/b2/u1/h5", counted through the whole district ----

void district_home_name(const struct district *d, uint32_t person, char out[DISTRICT_TEXT])
{
    uint32_t h = d->outbreak.town.household_of[person];
    (void)snprintf(out, DISTRICT_TEXT, "e%u/b%u/u%u/h%u", h / TOWN_HOUSEHOLDS_PER_ESTATE, h / TOWN_HOUSEHOLDS_PER_BUILDING,
                   h / TOWN_HOUSEHOLDS_PER_UNIT, h);
}

int64_t district_place_named(const struct district *d, struct str name)
{
    static const struct {
        const char *unit;
        char part;               // which part of the home's name tells
        district_level of, level; // the place it names, and the one meant
    } units[] = {
        {"estate", 'e', LEVEL_ESTATE, LEVEL_ESTATE},     {"community", 'e', LEVEL_ESTATE, LEVEL_COMMUNITY},
        {"building", 'b', LEVEL_BUILDING, LEVEL_BUILDING}, {"stair_unit", 'u', LEVEL_UNIT, LEVEL_UNIT},
        {"home", 'h', LEVEL_HOUSEHOLD, LEVEL_HOUSEHOLD}, {"district", 0, LEVEL_DISTRICT, LEVEL_DISTRICT},
    };
    struct str rest = name, part, last = {NULL, 0};
    int64_t index[256] = {0};
    while (str_cut(&rest, '/', &part)) {
        if (part.n > 1 && str_int((struct str){part.p + 1, part.n - 1}, &index[(unsigned char)part.p[0]])) continue;
        last = part;
    }
    for (size_t k = 0; k < sizeof units / sizeof units[0]; k++) {
        if (!str_eq_z(last, units[k].unit)) continue;
        int64_t i = units[k].part == 0 ? 0 : index[(unsigned char)units[k].part];
        if (i < 0 || i >= d->run[units[k].of].count) return 0;
        return district_above(d, d->run[units[k].of].first + i, units[k].level);
    }
    return 0;
}
