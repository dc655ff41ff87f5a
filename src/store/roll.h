// roll.h -- the lists, held in memory: who and what there is, in columns, so that any filter and any sort is one pass.
//
// A list of a million contacts has some ten filters and as many sorts; an index in the database for each of them would make
// every write pay for all. Here a row is a number and some ten whole numbers in columns; a query walks the columns it names
// (about a nanosecond a row each), keeps the best page, and answers row numbers, which the caller then reads from the
// database: fifty rows, not a million. Counting costs the same pass.
//
// The roll is loaded from the database when the server starts, and afterwards changed by intake after each commit, under its
// lock; readers share the lock, and a waiting writer goes before new readers. Nothing here is a truth of its own: roll_load
// makes it again. How a row of the database becomes columns stands in store/roll_row.h, once, for loading and for intake.
// Numbers of rows reach to 2^53 and come in any order; numbers of subjects are dense and below 2^31.
#ifndef TONG_STORE_ROLL_H
#define TONG_STORE_ROLL_H

#include "base/arena.h"
#include "base/civil.h"
#include "response/respond.h"
#include "store/db.h"
#include "store/vault.h"

typedef enum roll_list {
    ROLL_PEOPLE,     // row: person
    ROLL_ENROLMENTS, // row: enrolment (cases and contacts are those of their pathways; zones those of places)
    ROLL_TASKS,      // row: task; open ones, and those closed in the last ROLL_TASK_DAYS
    ROLL_MEASURES,   // row: measure
    ROLL_SAMPLES,    // row: sample
    ROLL_OBJECTIONS, // row: objection
    ROLL_HAND_OVERS, // row: hand-over
    ROLL_LIST_COUNT
} roll_list;
enum {
    ROLL_TASK_DAYS = 15,
    ROLL_COLUMNS_MAX = 20,
    ROLL_FILTERS_MAX = 24,
    ROLL_PAGE_MAX = 1000, // rows of one answer
    ROLL_SCOPES_MAX = 64,
    ROLL_NONE = INT32_MIN
};

// Columns are minutes since 1970 for instants, days for days, words and flags as they are, subjects and accounts by number;
// ROLL_NONE where absent. PATHWAY, STAGE, MEASURE, TASK and STATUS are numbers that hold for all editions
// (roll_number below). The second argument is the bytes a value takes: one reaches to 254, two to 65,534, four to 2^31 - 1.
// Column 0 of every list is the subject; its place, and so the scope, is looked up through it.
#define ROLL_PEOPLE_COLUMNS(X) X(SUBJECT, 4) X(BORN, 4) X(SEX, 1) X(FLAGS, 1) X(VERSION, 4)
#define ROLL_ENROLMENT_COLUMNS(X)                                                                                   \
    X(SUBJECT, 4)                                                                                                   \
    X(PATHWAY, 1) X(STAGE, 2) X(EDITION, 1) X(CLASS, 1) X(FINAL, 1) X(OPENED, 4) X(ENDED, 4) X(NEXT, 4) X(ONSET, 4) \
        X(SAMPLE_DAY, 4) X(LAST_EXPOSURE, 4) X(STAGE_END, 4) X(ORDER_UNTIL, 4) X(SOURCE, 4)
#define ROLL_TASK_COLUMNS(X)                                                                                      \
    X(SUBJECT, 4)                                                                                                 \
    X(TASK, 2) X(EDITION, 1) X(VERB, 1) X(ROLE, 1) X(OPENED, 4) X(DEADLINE, 4) X(CLOSED, 4) X(HOW, 1) X(MARKS, 1) \
        X(ASSIGNED, 4) X(PLACE, 4)
#define ROLL_MEASURE_COLUMNS(X)                                                                                \
    X(SUBJECT, 4)                                                                                              \
    X(MEASURE, 1) X(EDITION, 1) X(KIND, 1) X(STATE, 1) X(STATUS, 1) X(PROPOSED, 4) X(ORDERED, 4) X(STARTED, 4) \
        X(UNTIL, 4) X(ENDED, 4) X(SITE, 4)
#define ROLL_SAMPLE_COLUMNS(X) \
    X(SUBJECT, 4) X(SPECIMEN, 1) X(TAKEN, 4) X(RECEIVED, 4) X(RESULTED, 4) X(TEST, 1) X(OUTCOME, 1) X(LABORATORY, 4)
#define ROLL_OBJECTION_COLUMNS(X) X(SUBJECT, 4) X(MADE, 4) X(DEADLINE, 4) X(ROLE, 1) X(DECIDED, 4) X(UPHELD, 1)
#define ROLL_HAND_OVER_COLUMNS(X) X(SUBJECT, 4) X(SENT, 4) X(ACKNOWLEDGED, 4) X(ACCEPTED, 4)
#define ROLL_E(name, bytes) ROLL_ENROLMENT_##name,
#define ROLL_P(name, bytes) ROLL_PERSON_##name,
#define ROLL_T(name, bytes) ROLL_TASK_##name,
#define ROLL_M(name, bytes) ROLL_MEASURE_##name,
#define ROLL_S(name, bytes) ROLL_SAMPLE_##name,
#define ROLL_O(name, bytes) ROLL_OBJECTION_##name,
#define ROLL_H(name, bytes) ROLL_HAND_OVER_##name,
enum { ROLL_PEOPLE_COLUMNS(ROLL_P) ROLL_PERSON_COLUMN_COUNT };
enum { ROLL_ENROLMENT_COLUMNS(ROLL_E) ROLL_ENROLMENT_COLUMN_COUNT };
enum { ROLL_TASK_COLUMNS(ROLL_T) ROLL_TASK_COLUMN_COUNT };
enum { ROLL_MEASURE_COLUMNS(ROLL_M) ROLL_MEASURE_COLUMN_COUNT };
enum { ROLL_SAMPLE_COLUMNS(ROLL_S) ROLL_SAMPLE_COLUMN_COUNT };
enum { ROLL_OBJECTION_COLUMNS(ROLL_O) ROLL_OBJECTION_COLUMN_COUNT };
enum { ROLL_HAND_OVER_COLUMNS(ROLL_H) ROLL_HAND_OVER_COLUMN_COUNT };
// What every list can also be filtered and sorted by: looked up through the row's subject.
enum {
    ROLL_SUBJECT_PLACE = ROLL_COLUMNS_MAX, // sorts in the order of the tree; as a filter: the place's number
    ROLL_SUBJECT_SEEN, // when a daily check of theirs was last done (minute); after a start, of the last ROLL_TASK_DAYS
    ROLL_SUBJECT_STATUS, // the strictest status code of their measures in force, by roll_number
    ROLL_SUBJECT_BORN,
    ROLL_SUBJECT_SEX,
    ROLL_SUBJECT_FLAGS,
    ROLL_BY_ID,    // sort alone
    ROLL_BY_MATCH, // sort alone, people: how well the name fits (same beginning, a word's beginning, inside)
    ROLL_COLUMN_END
};
// STATE of a measure.
typedef enum roll_measure_state {
    ROLL_MEASURE_IS_PROPOSED,
    ROLL_MEASURE_IS_HALF_SIGNED,
    ROLL_MEASURE_IS_ORDERED, // signed, not yet begun
    ROLL_MEASURE_IS_IN_FORCE,
    ROLL_MEASURE_IS_ENDED,
    ROLL_MEASURE_IS_DROPPED, // ended before anyone signed: declined, or no longer wanted
    ROLL_MEASURE_STATE_COUNT
} roll_measure_state;

struct roll;
struct roll *roll_open(void); // NULL when memory is short
void roll_close(struct roll *r);
// Read everything from the database; `v` may be NULL, then people cannot be searched by name. Runs in a thread of its own
// while the server already answers and intake already writes: what intake puts meanwhile is newer and stays. roll_ready
// tells when the lists are complete, roll_named when people can be found by name. roll_book_put comes first.
tong_code roll_load(struct roll *r, struct db *db, const struct vault *v, const struct rulebook *book, utc_sec now,
                    struct err *err) TONG_MUST_USE;
// A roll that has nothing to load (a new database, a test).
void roll_complete(struct roll *r);
bool roll_ready(struct roll *r);
bool roll_named(struct roll *r);
size_t roll_bytes(const struct roll *r); // taken, spare room included

// ---- changing; between roll_write_begin and roll_write_end, by the writer alone ----
void roll_write_begin(struct roll *r);
void roll_write_end(struct roll *r);
// The editions, whenever there is a new one: gives equal names of different editions one number. All below return false when
// memory is short, or when a number is beyond what its column holds; the roll is then as it was.
bool roll_book_put(struct roll *r, const struct rulebook *book);
bool roll_place_put(struct roll *r, int64_t place, int64_t parent, int32_t kind);
bool roll_subject_put(struct roll *r, int64_t subject,
                      int64_t place); // where a person lives, a gathering was; 0 unknown
bool roll_name_put(struct roll *r, int64_t person, struct str names); // as person_names makes them; empty: none
// New or changed. A person with PERSON_MERGED or PERSON_ERASED leaves the list; a check that was done also says when its
// subject was last seen; measures in force make the status.
bool roll_put(struct roll *r, roll_list list, int64_t id, const int32_t *columns);
void roll_drop(struct roll *r, roll_list list, int64_t id);
void roll_person_erase(struct roll *r, int64_t person); // everything of theirs, in all lists
void roll_sweep(struct roll *r, utc_sec now);           // tasks closed more than ROLL_TASK_DAYS ago leave the list

// ---- asking; between roll_read_begin and roll_read_end ----
void roll_read_begin(struct roll *r);
void roll_read_end(struct roll *r);
// Changes whenever something of the list (or a place, a name, who is where) does: for ETags.
uint64_t roll_version(const struct roll *r, roll_list list);
size_t roll_size(const struct roll *r, roll_list list); // rows
// Is `place` inside the subtree of `top` (0: everything)?
bool roll_place_within(const struct roll *r, int64_t place, int64_t top);
int64_t roll_place_of(const struct roll *r, int64_t subject);   // 0 unknown; a place's own is itself
int64_t roll_place_parent(const struct roll *r, int64_t place); // 0 at the top
int32_t roll_place_kind(const struct roll *r, int64_t place);   // -1 unknown
// The ancestor of a place (itself included) that is of the kind, 0 when there is none.
int64_t roll_place_up(const struct roll *r, int64_t place, int32_t kind);
bool roll_get(const struct roll *r, roll_list list, int64_t id, int32_t *columns); // copies all columns
int32_t roll_subject_value(const struct roll *r, int64_t subject, uint8_t column); // of ROLL_SUBJECT_...

// Numbers of names that hold across editions. A stage's name is "pathway.stage".
typedef enum roll_names { ROLL_PATHWAY, ROLL_STAGE, ROLL_MEASURE, ROLL_TASK, ROLL_STATUS, ROLL_NAMES_COUNT } roll_names;
enum { ROLL_IS_CASE = 1, ROLL_IS_CONTACT = 2, ROLL_IS_PLACE = 4, ROLL_IS_GROUP = 8 };       // of a pathway
int32_t roll_number(const struct roll *r, roll_names kind, uint8_t edition, uint8_t index); // ROLL_NONE for none
int32_t roll_number_find(const struct roll *r, roll_names kind, struct str name);           // ROLL_NONE when unknown
size_t roll_number_count(const struct roll *r, roll_names kind);
struct str roll_number_name(const struct roll *r, roll_names kind, int32_t number);
uint8_t roll_pathway_is(const struct roll *r, int32_t pathway);

// A set of numbers (of subjects, of enrolments ...), in an arena.
struct roll_set {
    uint64_t *bits;
    size_t count; // numbers below this have a bit
};
static inline bool roll_set_has(const struct roll_set *s, int64_t n)
{
    return n >= 0 && (uint64_t)n < s->count && (s->bits[n >> 6] >> (n & 63) & 1) != 0;
}

typedef enum roll_compare {
    ROLL_IS,
    ROLL_IS_NOT, // also true of what is absent
    ROLL_FROM,   // >=
    ROLL_TO,     // <=
    ROLL_ONE_OF, // bit v of `set`
    ROLL_ABSENT,
    ROLL_PRESENT,
    ROLL_HAS_BIT, // any bit of `value`
    ROLL_LACKS_BIT,
    ROLL_WITHIN,  // in `numbers`
    ROLL_WITHOUT, // present, and not in `numbers`
} roll_compare;
struct roll_filter {
    uint8_t column;
    uint8_t compare; // roll_compare
    int32_t value;
    uint64_t set[4];
    const struct roll_set *numbers;
}; // on ROLL_SUBJECT_PLACE only: IS a place's number, ABSENT, PRESENT
struct roll_query {
    roll_list list;
    const int64_t *scopes; // places: rows whose subject lives (or whose task lies) in one of the subtrees
    size_t scope_count;    // 0: everywhere; at most ROLL_SCOPES_MAX, the rest is left out
    struct roll_filter filter[ROLL_FILTERS_MAX];
    size_t filter_count;
    uint8_t sort; // column; ties by id, in the same direction
    bool descending;
    struct str name; // their name contains every word of this, in one of its spellings; empty: all. One Latin letter
                     // alone means a word's beginning
    bool after;      // go on behind ...
    int32_t after_value; // ... this value of the sort column
    int64_t after_id;
    size_t limit;        // rows wanted, at most ROLL_PAGE_MAX
    bool count;          // also count all that match
    struct arena *arena; // room for a search by name and for counting by place: some bits a subject
};
struct roll_row {
    int64_t id;
    int32_t key; // value of the sort column: with the id, the cursor
};
struct roll_page {
    struct roll_row *rows; // room for `limit`
    size_t count;
    int64_t total; // -1 when not asked for
    bool more;
};
// Absent values come last whichever way it is sorted. False when the arena is full.
bool roll_ask(const struct roll *r, const struct roll_query *q, struct roll_page *page) TONG_MUST_USE;
// Counts by the value of a column (up to `room` different ones, the rest under ROLL_NONE), or, with by_place_kind >= 0, by the
// ancestor of that kind of the row's place (0: it has none). In order of the value. Returns how many; 0 also when the arena
// is full.
struct roll_count {
    int64_t value, count;
};
size_t roll_count_by(const struct roll *r, const struct roll_query *q, uint8_t column, int32_t by_place_kind,
                     struct roll_count *out, size_t room);
int64_t roll_count_all(const struct roll *r, const struct roll_query *q); // -1 when the arena is full
// The subjects in a column (SUBJECT, SOURCE) of the rows that match, as a set: of all open tasks, say.
bool roll_collect(const struct roll *r, const struct roll_query *q, uint8_t column, struct roll_set *out) TONG_MUST_USE;
// Enrolments with next_min <= minute, tasks open with a deadline <= minute that are not yet marked overdue, in order of
// (when, id); at most ROLL_PAGE_MAX.
size_t roll_due(const struct roll *r, roll_list list, int32_t minute, int64_t *ids, size_t room);

#endif
