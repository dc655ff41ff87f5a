// district_inner.h -- what the files of the district share.
#ifndef TONG_TWIN_DISTRICT_INNER_H
#define TONG_TWIN_DISTRICT_INNER_H

#include "base/rng.h"
#include "twin/district.h"

// Purposes of the random streams (base/rng.h); those of the town and of the outbreak stand below 200.
enum district_purpose {
    DISTRICT_DRAW_PERSON = 200,
    DISTRICT_DRAW_HOME,
    DISTRICT_DRAW_UID,
    DISTRICT_DRAW_STAFF_NAME,
    DISTRICT_DRAW_CONTACT,
    DISTRICT_DRAW_CASE,
    DISTRICT_DRAW_ARRIVAL,
    DISTRICT_DRAW_ACT,
    DISTRICT_DRAW_SHAPE,
    DISTRICT_DRAW_CALL,
};

// ---- places: runs of one kind, numbered one after the other ----
typedef enum district_level {
    LEVEL_DISTRICT,
    LEVEL_SUBDISTRICT,
    LEVEL_COMMUNITY,
    LEVEL_ESTATE,
    LEVEL_GRID,
    LEVEL_BUILDING,
    LEVEL_UNIT,
    LEVEL_HOUSEHOLD,
    LEVEL_SCHOOL,
    LEVEL_CLASS,
    LEVEL_WORKPLACE,
    LEVEL_MARKET,
    LEVEL_MALL,
    LEVEL_HOSPITAL,
    LEVEL_HOSPITAL_WARD,
    LEVEL_HOSPITAL_BED,
    LEVEL_SHELTER,
    LEVEL_SHELTER_WARD,
    LEVEL_SHELTER_BED,
    LEVEL_QUARANTINE_SITE,
    LEVEL_ROOM,
    LEVEL_SAMPLING_SITE,
    LEVEL_LABORATORY,
    LEVEL_CHECKPOINT,
    LEVEL_WAREHOUSE,
    LEVEL_COUNT
} district_level;

struct district_run_of { // of places
    int64_t first;       // number of the first
    int32_t count;
    int32_t per; // children of one parent in a row; 0: dealt out to the parents in turn
};

// ---- what the staff still mean to do, and what will happen anyway ----
typedef enum district_act_kind {
    ACT_TASK,
    ACT_RESULT,
    ACT_SIGN,
    ACT_START,
    ACT_OBJECT,
    ACT_DECIDE,
} district_act_kind;

struct district_act {
    int64_t at;
    uint32_t serial; // breaks ties
    uint32_t subject; // of the caseload
    uint32_t enrolment; // of a measure
    uint8_t kind;
    uint8_t measure, edition;
    uint8_t count;   // SIGN: proposals before this one
    uint8_t specimen; // RESULT of a set
    bool of_set;
    uint32_t task;   // TASK: index in the caseload
    int64_t fact;    // RESULT: the sample
    int64_t then;    // RESULT: when it was taken
};

typedef enum district_truth_kind {
    TRUTH_SYMPTOM,
    TRUTH_SAMPLED, // and its result is an act
    TRUTH_CLASSIFIED,
    TRUTH_ISOLATED,
    TRUTH_NAMED,
    TRUTH_NAMED_AGAIN, // a contact names those at home
    TRUTH_REFUSED,
    TRUTH_LOST,
    TRUTH_HANDED_OVER,
    TRUTH_ACCEPTED,
    TRUTH_WELL,
    TRUTH_DIED,
    TRUTH_CORRECTED, // the day of onset was another one
    TRUTH_ARRIVED,
    TRUTH_CALLED, // a positive self-test of somebody who is not infected
} district_truth_kind;

struct district_truth { // what happens whatever the staff do
    int64_t minute;
    uint32_t index; // of a case, a contact, an arrival
    uint8_t kind;
};

struct district_known { // of each person
    uint32_t subject;     // in the caseload, 0: none yet
    int32_t away_min;     // from when they are lost, INT32_MAX never
    bool found;           // a positive result of theirs is known
    bool told;            // age and guardian are recorded
};

enum { DISTRICT_STAFF_MAX = 64 };
struct district_staff { // accounts of one role: `per` for each place of a level, in that order
    int64_t first;
    int32_t count;
};

struct district {
    struct district_options options;
    const struct rulebook *book;
    struct arena arena;
    struct outbreak outbreak;
    struct caseload *caseload;
    struct zone zone;
    int64_t midnight; // of the first day, seconds
    struct district_run_of run[LEVEL_COUNT];
    int64_t places;
    int32_t work_circles; // circles below this one are workplaces, the others classes
    struct district_staff staff[DISTRICT_STAFF_MAX];
    int64_t accounts;

    struct district_truth *truth;
    size_t truth_count, truth_next;
    struct district_act *heap;
    size_t act_count, act_cap;
    uint32_t serial;
    struct district_known *known;   // of each person
    int64_t *number_of;             // of each subject of the caseload: its number here, 0 nobody here
    size_t number_cap;
    int64_t *onset_fact;            // of each case: the fact to correct
    int64_t recorded;               // facts so far
    role_word left;
    bool broken;                    // memory ran out in a callback
    district_listener *listener;    // of the run at hand
    void *payload;
    bool stopped;
};

// district_places.c
void district_lay_out(struct district *d);
int64_t district_parent(const struct district *d, int64_t number);
district_level district_level_of(const struct district *d, int64_t number);
int64_t district_home(const struct district *d, uint32_t person); // the household's number
int64_t district_above(const struct district *d, int64_t number, district_level level); // itself or an ancestor; 0 none
// Which one of its parent's it is, from 1; how many the parent has.
int32_t district_place_nth(const struct district *d, district_level level, int32_t i);
int32_t district_place_siblings(const struct district *d, district_level level, int32_t i);
// The place that stands behind a name the caseload gave ("e3/b2/u1/stair_unit"), 0 when it means none.
int64_t district_place_named(const struct district *d, struct str name);
// A home as the caseload writes it.
void district_home_name(const struct district *d, uint32_t person, char out[DISTRICT_TEXT]);

// district_shape.c: position and shape.
void district_locate(const struct district *d, int64_t number, struct district_place *out);

// district_people.c
void district_name_draw(struct rng *r, int32_t sex, uint32_t surname, char zh[DISTRICT_TEXT], char en[DISTRICT_TEXT]);
uint32_t district_surname_draw(struct rng *r);
int64_t district_guardian(const struct district *d, uint32_t person); // number of a person, 0 none: for minors
int32_t district_age(const struct district *d, uint32_t person);

// district_staff.c
void district_hire(struct district *d);
// An account of the role that is in charge at the place, from 1; 0 when nobody has the role. `pick` chooses among several.
int64_t district_who(const struct district *d, role_word role, int64_t place, uint32_t pick);

// district_truth.c
bool district_truths(struct district *d);
bool district_happen(struct district *d, const struct district_truth *t, struct err *err, tong_code *code);

// district_act.c
caseload_listener district_asked;
tong_code district_do(struct district *d, const struct district_act *a, struct err *err);
bool district_act_push(struct district *d, struct district_act a);

// district.c
struct rng district_stream(const struct district *d, uint32_t agent, enum district_purpose purpose);
int64_t district_instant(const struct district *d, int64_t minute);
// The subject of a person in the caseload, made when new; 0 when memory is short.
uint32_t district_subject(struct district *d, uint32_t person);
// The person a number or subject stands for; -1 when it is a place or unknown.
int64_t district_person_of(const struct district *d, uint32_t subject);
// What a person is to be known by before anything else is: age and guardian, for minors.
tong_code district_tell(struct district *d, uint32_t person, utc_sec at, struct err *err);
// Record one fact about a subject of the caseload, and say so. Fills id, known and recorded. *id may be NULL.
tong_code district_record(struct district *d, struct fact f, int64_t at, role_word role, int64_t account, int64_t about,
                          int64_t *id, struct err *err);

#endif
