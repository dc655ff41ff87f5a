// roll_inner.h -- what the files of the roll share. Private to store/roll*.c.
#ifndef TONG_STORE_ROLL_INNER_H
#define TONG_STORE_ROLL_INNER_H

#include "base/grow.h"
#include "store/roll.h"
#include "store/roll_keep.h"

#include <pthread.h>

#define ROLL_NOWHERE UINT32_MAX
enum { ROLL_NUMBER_TEXT = 132 }; // the longest name of a stage

// Rows lie in the order they came. A dropped row stays, its subject absent, until a quarter of all are such; until then its
// number still finds it. Of ROLL_PEOPLE the row is the number itself: places and gatherings are rows without a subject there.
struct roll_rows {
    int64_t *id; // NULL of people
    void *column[ROLL_COLUMNS_MAX];
    size_t count, cap, dead;
    bool unordered; // an id came that is below the one before it
    uint32_t *slot; // open addressing: row + 1, 0 free; NULL of people
    size_t slots;   // a power of two, at most two thirds full
    uint64_t version;
};

// Places carry two numbers: a place lies within another when its `first` lies between the other's `first` and `last`. Each
// has spare numbers for places to come, so that most new ones are numbered without renumbering all.
struct roll_places {
    uint32_t *id, *parent;         // parent: row, ROLL_NOWHERE at the top
    uint32_t *first, *last, *next; // next: the first spare one
    uint8_t *kind;
    uint32_t *wanted;   // id of a parent that is not known yet, 0 none
    uint32_t *by_level; // rows, the top level first
    size_t count, cap[8];
    bool stale; // to be numbered again
};

// By subject: people, places and gatherings.
struct roll_subjects {
    uint32_t *place;   // row of the place, ROLL_NOWHERE
    uint32_t *order;   // its `first`; 0 nowhere
    uint32_t *entry;   // of the person's names, ROLL_NOWHERE
    uint32_t *measure; // the newest of theirs: row, ROLL_NOWHERE
    int32_t *seen;     // minute
    uint8_t *status;   // 255 none
    size_t count, cap[6];
};

struct roll_names_text { // all names in one buffer: "\nname\nother name" per person
    char *text;
    size_t n, cap;
    uint32_t *at, *person; // an entry's beginning and whose it is; person 0: dropped
    size_t count, cap_at, cap_person, dead;
    uint32_t seen[256]; // how often a byte stands there, to search for the rarest
};

struct roll_number_list {
    char (*name)[ROLL_NUMBER_TEXT];
    uint8_t *mark; // of a pathway: ROLL_IS_...; of a status code: how strict
    size_t count, cap_name, cap_mark;
};
struct roll_edition {
    uint8_t pathway[PROTOCOL_PATHWAYS_MAX], measure[PROTOCOL_MEASURES_MAX], status[PROTOCOL_STATUS_MAX];
    uint16_t stage[PROTOCOL_STAGES_MAX], task[PROTOCOL_TASKS_MAX];
    uint8_t pathways, measures, statuses, stages, tasks;
};

struct roll {
    pthread_rwlock_t lock;
    pthread_mutex_t gate; // a waiting writer holds it, so that readers cannot keep it out for ever
    struct grow_budget budget;
    struct roll_rows rows[ROLL_LIST_COUNT];
    struct roll_places places;
    struct roll_subjects subjects;
    struct roll_names_text names;
    uint32_t *measure_before; // of a row of ROLL_MEASURES: the one before of the same subject
    size_t measure_before_cap;
    struct roll_edition *editions;
    size_t edition_count, edition_cap;
    struct roll_number_list numbers[ROLL_NAMES_COUNT];
    uint64_t version; // of places, names and who is where
    bool ready, named;
};

// How many columns a list has, and how many bytes each value takes.
struct roll_shape {
    uint8_t count;
    uint8_t bytes[ROLL_COLUMNS_MAX];
};
extern const struct roll_shape roll_shapes[ROLL_LIST_COUNT];

// A growing array of the roll's: room for one more of `size` bytes.
bool roll_grow(struct roll *r, void **items, size_t count, size_t *cap, size_t size);

int32_t roll_value(const struct roll *r, roll_list list, size_t row, uint8_t column); // a column of the list's own
size_t roll_row_of(const struct roll *r, roll_list list, int64_t id); // SIZE_MAX when it is not there, or dropped
static inline int64_t roll_row_id(const struct roll *r, roll_list list, size_t row)
{
    return list == ROLL_PEOPLE ? (int64_t)row : r->rows[list].id[row];
}
size_t roll_row_any(const struct roll *r, roll_list list, int64_t id); // a dropped one too

bool roll_subject_room(struct roll *r, int64_t subject);    // room for the numbers up to this one
void roll_places_number(struct roll *r);                    // if that is needed
size_t roll_place_row(const struct roll *r, int64_t place); // SIZE_MAX unknown

// Keep `measure` and `status` of subjects right: room before a row of ROLL_MEASURES is added; when it was added or changed;
// when rows moved.
bool roll_measure_room(struct roll *r);
void roll_measure_put(struct roll *r, size_t row, bool is_new);
void roll_measures_moved(struct roll *r);

void roll_name_drop(struct roll *r, int64_t person);
void roll_names_compact(struct roll *r);
void roll_book_close(struct roll *r);
// Take over what `fresh` read from the database, as older than what is here; `fresh` is left empty.
bool roll_take_over(struct roll *r, struct roll *fresh);

// Values of a column, own or of the subject, of the rows `row` + match[i].
void roll_pick(const struct roll *r, roll_list list, uint8_t column, size_t row, const uint16_t *match, size_t count,
               int32_t *out);

// Who is found by name: three sets, each within the one before: whose name contains it, has a word that begins with it,
// begins with it.
struct roll_found {
    struct roll_set any, word, first;
};
// `ranks`: the two inner sets as well. False when the arena is full.
bool roll_find(const struct roll *r, struct str name, struct arena *arena, bool ranks, struct roll_found *out);

// What all passes share: the rows of a list that match, block by block.
struct roll_pass {
    const struct roll_query *q;
    const struct roll *r;
    struct roll_test test[ROLL_FILTERS_MAX + 1]; // filters that are looked at over a whole block
    size_t tests;
    struct roll_filter listed[ROLL_FILTERS_MAX]; // those that are not
    size_t listed_count;
    struct roll_test bar; // what may still come onto the page: `barred`
    bool barred, wide;
    uint32_t scope_first[ROLL_SCOPES_MAX], scope_span[ROLL_SCOPES_MAX]; // within: less than span + 1 behind first
    size_t scopes;
    bool everywhere;
    struct roll_found found;
    const struct roll_set *named; // of `found`: those that may still come onto the page
    bool by_name;
};
bool roll_pass_begin(struct roll_pass *p, const struct roll *r, const struct roll_query *q, bool ranks);
// Which of the `n` rows from `row` on match, and may come onto the page: their offsets, in order (`match` NULL: unwanted);
// returns how many. *all (may be NULL) grows by how many match, for the page or not.
size_t roll_pass_block(const struct roll_pass *p, size_t row, size_t n, uint16_t *match, int64_t *all);

#endif
