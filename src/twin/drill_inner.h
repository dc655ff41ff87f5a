// drill_inner.h -- what the files of the drill share.
#ifndef TONG_TWIN_DRILL_INNER_H
#define TONG_TWIN_DRILL_INNER_H

#include "twin/drill.h"

typedef enum drill_act_kind {
    DRILL_PRESENT,  // comes forward with symptoms
    DRILL_ADMIT,    // taken into hospital
    DRILL_WELL,     // recovers
    DRILL_DIE,
    DRILL_TASK,     // of the caseload
    DRILL_RESULT,
    DRILL_SIGN,     // a proposal
    DRILL_START,    // a measure that was ordered
} drill_act_kind;

struct drill_act {
    int64_t at;       // UTC seconds
    uint32_t serial;  // breaks ties
    uint32_t subject; // of the caseload; a person for what happens by itself
    uint32_t index;   // TASK: of the caseload's tasks; SIGN, START: the enrolment
    int64_t fact;     // RESULT: the sample; SIGN: proposals before
    int32_t day;      // RESULT: of the sample
    uint8_t kind, measure, edition, specimen;
};

enum { DRILL_MEASURES = 64, DRILL_HOMES_PER_UNIT = 12, DRILL_UNITS = 3, DRILL_BUILDINGS = 20 };

struct drill_subject {
    uint32_t person;      // SPREAD_NOBODY: a place
    uint32_t first, end;  // of a place: its people
    uint64_t in_force;    // bit per measure
    uint64_t elsewhere;   // of these: not spent at home
    bool found, told, home;
};

struct drill {
    struct drill_options options;
    const struct population *population;
    const struct rulebook *book;
    struct spread *spread;
    struct caseload *caseload;
    struct zone zone;
    uint8_t edition;
    uint32_t *subject_of;         // of each person, 0: none yet
    struct drill_subject *subject;
    size_t subjects, subject_cap;
    uint32_t *home_first;         // of each household, and one behind the last
    uint32_t *household_of;       // of each person
    uint8_t *place_limit;         // what a place's measures keep each person from
    struct drill_act *heap;
    size_t acts, act_cap;
    uint32_t serial;
    int32_t done_today[ROLE_WORD_COUNT];
    struct drill_day *day;
    bool broken;
};

int64_t drill_midnight(const struct drill *d, int32_t day);
bool drill_push(struct drill *d, struct drill_act act);
struct drill_act drill_pop(struct drill *d);
struct drill_day *drill_today(struct drill *d);

// The subject of a person, made when new; CASELOAD_NONE when memory is short.
uint32_t drill_subject_of(struct drill *d, uint32_t person);
struct drill_subject *drill_subject(struct drill *d, uint32_t subject); // NULL when memory is short

// Records a fact known at `at`; its number is in *id unless that is NULL.
tong_code drill_record(struct drill *d, struct fact f, int64_t at, int64_t *id, struct err *err);
tong_code drill_do(struct drill *d, const struct drill_act *act, struct err *err);
// Listens to the caseload: tasks become acts, measures limits.
void drill_asked(void *payload, struct caseload *c, uint32_t subject, uint32_t enrolment, const struct decision *x);
// Does the person keep to measures of that kind today?
bool drill_complies(const struct drill *d, uint32_t person, measure_kind_word kind);
void drill_limit(struct drill *d, uint32_t subject); // after a measure began or ended
tong_code drill_names(struct drill *d, uint32_t subject, int64_t at, struct err *err); // a case names its contacts

#endif
