// roll.h -- the lists, held in memory: who and what there is, in columns, so that any filter and any sort is one pass.
//
// A list of a million contacts has some ten filters and as many sorts; an index in the database for each of them would make
// every write pay for all. Here a row is a number and some ten whole numbers in columns of 32 bits; a query walks the
// columns it names (about a nanosecond a row each), keeps the best page in a heap, and answers row numbers, which the caller then
// reads from the database: fifty rows, not a million. Counting costs the same pass.
//
// The roll is loaded from the database when the server starts, and afterwards changed by intake after each commit, under its
// lock; readers share the lock. Nothing here is a truth of its own: roll_load makes it again.
#ifndef TONG_STORE_ROLL_H
#define TONG_STORE_ROLL_H

#include "base/civil.h"
#include "store/db.h"
#include "store/vault.h"

typedef enum roll_list {
    ROLL_PEOPLE,     // row: person
    ROLL_ENROLMENTS, // row: enrolment (cases and contacts are those of their pathways)
    ROLL_TASKS,      // row: task; open ones, and those closed in the last ROLL_TASK_DAYS
    ROLL_MEASURES,   // row: measure
    ROLL_SAMPLES,    // row: sample
    ROLL_OBJECTIONS, // row: objection
    ROLL_HAND_OVERS, // row: hand-over
    ROLL_LIST_COUNT
} roll_list;
enum { ROLL_TASK_DAYS = 15, ROLL_COLUMNS_MAX = 16, ROLL_FILTERS_MAX = 12, ROLL_NONE = INT32_MIN };

// Columns are minutes since 1970 for instants, days for days, words and indexes as they are; ROLL_NONE where absent.
// Column 0 of every list is the subject; its place, and so the scope, is looked up through it.
#define ROLL_PEOPLE_COLUMNS(X) X(SUBJECT) X(BORN) X(SEX) X(FLAGS) X(STATUS) X(VERSION)
#define ROLL_ENROLMENT_COLUMNS(X) \
    X(SUBJECT) X(PATHWAY) X(STAGE) X(EDITION) X(CLASS) X(FINAL) X(OPENED) X(ENDED) X(NEXT) X(ONSET) X(SAMPLE_DAY) \
    X(LAST_EXPOSURE) X(STAGE_END) X(ORDER_UNTIL) X(SEEN) X(SOURCE)
#define ROLL_TASK_COLUMNS(X) \
    X(SUBJECT) X(ENROLMENT) X(TASK) X(EDITION) X(VERB) X(ROLE) X(OPENED) X(DEADLINE) X(CLOSED) X(HOW) X(MARKS) X(ASSIGNED) \
    X(PLACE)
#define ROLL_MEASURE_COLUMNS(X) \
    X(SUBJECT) X(ENROLMENT) X(MEASURE) X(EDITION) X(KIND) X(STATE) X(PROPOSED) X(ORDERED) X(UNTIL) X(ENDED) X(SITE)
#define ROLL_SAMPLE_COLUMNS(X) X(SUBJECT) X(SPECIMEN) X(TAKEN) X(RECEIVED) X(RESULTED) X(TEST) X(OUTCOME) X(LABORATORY)
#define ROLL_OBJECTION_COLUMNS(X) X(SUBJECT) X(MEASURE) X(MADE) X(DEADLINE) X(ROLE) X(DECIDED) X(UPHELD)
#define ROLL_HAND_OVER_COLUMNS(X) X(SUBJECT) X(SENT) X(ACKNOWLEDGED) X(ACCEPTED)
#define ROLL_E(name) ROLL_ENROLMENT_##name,
#define ROLL_P(name) ROLL_PERSON_##name,
#define ROLL_T(name) ROLL_TASK_##name,
#define ROLL_M(name) ROLL_MEASURE_##name,
#define ROLL_S(name) ROLL_SAMPLE_##name,
#define ROLL_O(name) ROLL_OBJECTION_##name,
#define ROLL_H(name) ROLL_HAND_OVER_##name,
enum { ROLL_PEOPLE_COLUMNS(ROLL_P) ROLL_PERSON_COLUMN_COUNT };
enum { ROLL_ENROLMENT_COLUMNS(ROLL_E) ROLL_ENROLMENT_COLUMN_COUNT };
enum { ROLL_TASK_COLUMNS(ROLL_T) ROLL_TASK_COLUMN_COUNT };
enum { ROLL_MEASURE_COLUMNS(ROLL_M) ROLL_MEASURE_COLUMN_COUNT };
enum { ROLL_SAMPLE_COLUMNS(ROLL_S) ROLL_SAMPLE_COLUMN_COUNT };
enum { ROLL_OBJECTION_COLUMNS(ROLL_O) ROLL_OBJECTION_COLUMN_COUNT };
enum { ROLL_HAND_OVER_COLUMNS(ROLL_H) ROLL_HAND_OVER_COLUMN_COUNT };

struct roll;
struct roll *roll_open(void); // NULL when memory is short
void roll_close(struct roll *r);
// Read everything from the database; `v` may be NULL, then people cannot be searched by name. Places and subjects first:
// roll_ready tells when the lists are complete. Runs in a thread of its own while the server already answers.
tong_code roll_load(struct roll *r, struct db *db, const struct vault *v, struct err *err) TONG_MUST_USE;
bool roll_ready(const struct roll *r);
size_t roll_bytes(const struct roll *r);

// ---- changing; between roll_write_begin and roll_write_end, by the writer alone ----
void roll_write_begin(struct roll *r);
void roll_write_end(struct roll *r);
// All return false when memory is short.
bool roll_place_put(struct roll *r, int64_t place, int64_t parent, int32_t kind);
bool roll_subject_put(struct roll *r, int64_t subject, int64_t place); // where a person lives, a gathering was; 0 unknown
bool roll_name_put(struct roll *r, int64_t person, struct str name);   // all the names they go by, parted by line breaks
bool roll_put(struct roll *r, roll_list list, int64_t id, const int32_t *columns); // new or changed
void roll_drop(struct roll *r, roll_list list, int64_t id);
void roll_person_erase(struct roll *r, int64_t person); // everything of theirs

// ---- asking; between roll_read_begin and roll_read_end ----
void roll_read_begin(struct roll *r);
void roll_read_end(struct roll *r);
// Is `place` inside the subtree of `top` (0: everything)?
bool roll_place_within(const struct roll *r, int64_t place, int64_t top);
int64_t roll_place_of(const struct roll *r, int64_t subject); // 0 unknown
// The ancestor of a place (itself included) that is of the kind, 0 when there is none.
int64_t roll_place_up(const struct roll *r, int64_t place, int32_t kind);
bool roll_get(const struct roll *r, roll_list list, int64_t id, int32_t *columns); // copies all columns

typedef enum roll_compare { ROLL_IS, ROLL_IS_NOT, ROLL_FROM, ROLL_TO, ROLL_ONE_OF, ROLL_ABSENT, ROLL_PRESENT, ROLL_HAS_BIT } roll_compare;
struct roll_filter {
    uint8_t column;
    uint8_t compare;   // roll_compare
    int32_t value;     // FROM: >=, TO: <=
    uint64_t set[2];   // ONE_OF: bit v
};
struct roll_query {
    roll_list list;
    const int64_t *scopes; // places: rows whose subject lives (or whose task lies) in one of the subtrees
    size_t scope_count;    // 0: everywhere
    struct roll_filter filter[ROLL_FILTERS_MAX];
    size_t filter_count;
    uint8_t sort;          // column; ties by id
    bool descending;
    struct str name;       // people and enrolments: their name contains this, in any of its spellings; empty: all
    bool after;            // go on behind ...
    int32_t after_value;   // ... this value of the sort column
    int64_t after_id;
    size_t limit;          // rows wanted
    bool count;            // also count all that match
};
struct roll_row {
    int64_t id;
    int32_t key; // value of the sort column: with the id, the cursor
};
struct roll_page {
    struct roll_row *rows; // room for `limit`
    size_t count;
    int64_t total;         // -1 when not asked for
    bool more;
};
// Absent values come last whichever way it is sorted.
void roll_ask(const struct roll *r, const struct roll_query *q, struct roll_page *page);
// Counts by the value of a column (up to `room` different ones, the rest under ROLL_NONE), or, with by_place_kind >= 0, by the
// ancestor of that kind of the subject's place. Returns how many.
struct roll_count { int64_t value, count; };
size_t roll_count_by(const struct roll *r, const struct roll_query *q, uint8_t column, int32_t by_place_kind,
                     struct roll_count *out, size_t room);
// Enrolments with next_min <= minute, tasks open with a deadline <= minute, in order of (when, id).
size_t roll_due(const struct roll *r, roll_list list, int32_t minute, int64_t *ids, size_t room);

#endif
