// place.h -- the kinds of places and of what is written about people, as numbers in the database.
#ifndef TONG_STORE_PLACE_H
#define TONG_STORE_PLACE_H

#include "base/lang.h"
#include "base/str.h"

// From the large to the small; a household stands below its unit. The third column: the place_word of the protocol that
// means such a place, "" where none does.
#define PLACE_KINDS(X)                                                                          \
    X(NATION, "nation", "", "nation", "国家")                                                   \
    X(PROVINCE, "province", "", "province", "省(自治区、直辖市)")                               \
    X(CITY, "city", "city", "city", "市")                                                       \
    X(DISTRICT, "district", "district", "district", "区县")                                     \
    X(SUBDISTRICT, "subdistrict", "subdistrict", "subdistrict", "街道(乡镇)")                   \
    X(COMMUNITY, "community", "community", "community", "社区(村)")                             \
    X(GRID, "grid", "", "grid", "网格")                                                         \
    X(ESTATE, "estate", "estate", "estate", "小区")                                             \
    X(VILLAGE, "village", "village", "village", "自然村")                                       \
    X(BUILDING, "building", "building", "building", "楼栋")                                     \
    X(STAIR_UNIT, "stair_unit", "stair_unit", "stair unit", "单元")                             \
    X(FLOOR, "floor", "floor", "floor", "楼层")                                                 \
    X(HOUSEHOLD, "household", "home", "household", "户")                                        \
    X(CHECKPOINT, "checkpoint", "", "checkpoint", "卡口")                                       \
    X(SAMPLING_SITE, "sampling_site", "", "sampling site", "采样点")                            \
    X(QUARANTINE_SITE, "quarantine_site", "quarantine_site", "quarantine site", "集中隔离点")   \
    X(HOSPITAL, "hospital", "hospital", "hospital", "医院")                                     \
    X(FANGCANG, "fangcang", "fangcang", "shelter hospital", "方舱医院")                         \
    X(TREATMENT_CENTRE, "treatment_centre", "treatment_centre", "treatment centre", "治疗中心") \
    X(WARD, "ward", "ward", "ward", "病区")                                                     \
    X(ROOM, "room", "", "room", "房间")                                                         \
    X(BED, "bed", "", "bed", "床位")                                                            \
    X(LABORATORY, "laboratory", "", "laboratory", "实验室")                                     \
    X(WAREHOUSE, "warehouse", "", "warehouse", "仓库")                                          \
    X(MARKET, "market", "venue", "market", "市场")                                              \
    X(MALL, "mall", "venue", "shopping mall", "商场")                                           \
    X(SCHOOL, "school", "school", "school", "学校")                                             \
    X(CLASS, "class", "class", "school class", "班级")                                          \
    X(WORKPLACE, "workplace", "workplace", "workplace", "工作场所")                             \
    X(VENUE, "venue", "venue", "venue", "场所")                                                 \
    X(OUTSIDE, "outside", "", "elsewhere", "外地")

#define PLACE_KIND_ENUM(id, name, word, en, zh) PLACE_KIND_##id,
typedef enum place_kind { PLACE_KINDS(PLACE_KIND_ENUM) PLACE_KIND_COUNT } place_kind;

struct place_kind_word {
    const char *name;
    int32_t word; // place_word, or -1
    struct label label;
};
struct place_kind_word place_kind_at(int32_t kind); // must be a place_kind
int32_t place_kind_find(struct str name);           // -1 when unknown
// The kind of place that a protocol's place word asks for (a zone's unit): -1 when it means no kind (where_they_are,
// ring).
int32_t place_kind_of_word(int32_t word);

typedef enum person_sex { PERSON_SEX_UNKNOWN, PERSON_MALE, PERSON_FEMALE, PERSON_SEX_OTHER } person_sex;
enum person_flag {
    PERSON_PROVISIONAL = 1, // no papers yet
    PERSON_YEAR_ONLY = 2,   // only the year of birth is known
    PERSON_STAFF = 4,       // works in the response
    PERSON_MERGED = 8,      // another record speaks for them now
    PERSON_ERASED = 16,
    PERSON_DIED = 32,
};

#endif
