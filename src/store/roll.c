#include "response/decision.h"
#include "store/place.h"
#include "store/roll_inner.h"
#include "store/roll_row.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define BYTES(name, bytes) bytes,
const struct roll_shape roll_shapes[ROLL_LIST_COUNT] = {
    [ROLL_PEOPLE] = {ROLL_PERSON_COLUMN_COUNT, {ROLL_PEOPLE_COLUMNS(BYTES)}},
    [ROLL_ENROLMENTS] = {ROLL_ENROLMENT_COLUMN_COUNT, {ROLL_ENROLMENT_COLUMNS(BYTES)}},
    [ROLL_TASKS] = {ROLL_TASK_COLUMN_COUNT, {ROLL_TASK_COLUMNS(BYTES)}},
    [ROLL_MEASURES] = {ROLL_MEASURE_COLUMN_COUNT, {ROLL_MEASURE_COLUMNS(BYTES)}},
    [ROLL_SAMPLES] = {ROLL_SAMPLE_COLUMN_COUNT, {ROLL_SAMPLE_COLUMNS(BYTES)}},
    [ROLL_OBJECTIONS] = {ROLL_OBJECTION_COLUMN_COUNT, {ROLL_OBJECTION_COLUMNS(BYTES)}},
    [ROLL_HAND_OVERS] = {ROLL_HAND_OVER_COLUMN_COUNT, {ROLL_HAND_OVER_COLUMNS(BYTES)}},
};
_Static_assert((int)ROLL_ENROLMENT_COLUMN_COUNT <= (int)ROLL_COLUMNS_MAX, "columns of the widest list");
enum { ABSENT_1 = UINT8_MAX, ABSENT_2 = UINT16_MAX, DEAD_MIN = 1024, DEAD_SHARE = 4 };

struct roll *roll_open(void)
{
    struct roll *r = calloc(1, sizeof *r);
    if (r == NULL) return NULL;
    if (pthread_rwlock_init(&r->lock, NULL) != 0) {
        free(r);
        return NULL;
    }
    if (pthread_mutex_init(&r->gate, NULL) != 0) {
        (void)pthread_rwlock_destroy(&r->lock);
        free(r);
        return NULL;
    }
    r->version = 1;
    return r;
}

static void rows_free(struct roll_rows *l)
{
    grow_free(l->id);
    free(l->slot);
    for (size_t c = 0; c < ROLL_COLUMNS_MAX; c++) grow_free(l->column[c]);
}

void roll_close(struct roll *r)
{
    if (r == NULL) return;
    for (size_t i = 0; i < ROLL_LIST_COUNT; i++) rows_free(&r->rows[i]);
    struct roll_places *p = &r->places;
    void *of_places[] = {p->id, p->parent, p->first, p->last, p->next, p->kind, p->wanted, p->by_level};
    for (size_t i = 0; i < sizeof of_places / sizeof of_places[0]; i++) grow_free(of_places[i]);
    struct roll_subjects *s = &r->subjects;
    void *of_subjects[] = {s->place, s->order, s->entry, s->measure, s->seen, s->status};
    for (size_t i = 0; i < sizeof of_subjects / sizeof of_subjects[0]; i++) grow_free(of_subjects[i]);
    grow_free(r->names.text);
    grow_free(r->names.at);
    grow_free(r->names.person);
    grow_free(r->measure_before);
    roll_book_close(r);
    (void)pthread_mutex_destroy(&r->gate);
    (void)pthread_rwlock_destroy(&r->lock);
    free(r);
}

bool roll_grow(struct roll *r, void **items, size_t count, size_t *cap, size_t size)
{
    void *grown = grow_array(&r->budget, *items, count, cap, size);
    if (grown == NULL) return false;
    *items = grown;
    return true;
}

size_t roll_bytes(const struct roll *r)
{
    return r->budget.bytes;
}

// ---- locks ----

// A writer takes the gate first and waits there for the readers inside to leave; readers pass through the gate, and so
// wait behind it: the lock alone may prefer readers for ever.
void roll_write_begin(struct roll *r)
{
    int bad = pthread_mutex_lock(&r->gate);
    assert(bad == 0);
    bad = pthread_rwlock_wrlock(&r->lock);
    assert(bad == 0);
    (void)bad;
}

void roll_read_begin(struct roll *r)
{
    int bad = pthread_mutex_lock(&r->gate);
    assert(bad == 0);
    bad = pthread_rwlock_rdlock(&r->lock);
    assert(bad == 0);
    bad = pthread_mutex_unlock(&r->gate);
    assert(bad == 0);
    (void)bad;
}

void roll_read_end(struct roll *r)
{
    (void)pthread_rwlock_unlock(&r->lock);
}

bool roll_ready(struct roll *r)
{
    roll_read_begin(r);
    bool ready = r->ready;
    roll_read_end(r);
    return ready;
}

bool roll_named(struct roll *r)
{
    roll_read_begin(r);
    bool named = r->named;
    roll_read_end(r);
    return named;
}

void roll_complete(struct roll *r)
{
    roll_write_begin(r);
    r->ready = r->named = true;
    roll_write_end(r);
}

uint64_t roll_version(const struct roll *r, roll_list list)
{
    return r->rows[list].version + r->version;
}

size_t roll_size(const struct roll *r, roll_list list)
{
    return r->rows[list].count - r->rows[list].dead; // of people `dead` counts places and gatherings too
}

// ---- rows ----

static int32_t value_at(const void *column, uint8_t bytes, size_t row)
{
    if (bytes == 1) {
        uint8_t v = ((const uint8_t *)column)[row];
        return v == ABSENT_1 ? ROLL_NONE : v;
    }
    if (bytes == 2) {
        uint16_t v = ((const uint16_t *)column)[row];
        return v == ABSENT_2 ? ROLL_NONE : v;
    }
    return ((const int32_t *)column)[row];
}

static bool value_fits(uint8_t bytes, int32_t value)
{
    if (value == ROLL_NONE || bytes == sizeof(int32_t)) return true;
    return value >= 0 && value < (bytes == 1 ? ABSENT_1 : ABSENT_2);
}

static void value_set(void *column, uint8_t bytes, size_t row, int32_t value)
{
    if (bytes == 1) ((uint8_t *)column)[row] = (uint8_t)(value == ROLL_NONE ? ABSENT_1 : value);
    else if (bytes == 2) ((uint16_t *)column)[row] = (uint16_t)(value == ROLL_NONE ? ABSENT_2 : value);
    else ((int32_t *)column)[row] = value;
}

int32_t roll_value(const struct roll *r, roll_list list, size_t row, uint8_t column)
{
    assert(column < roll_shapes[list].count);
    assert(row < r->rows[list].count);
    return value_at(r->rows[list].column[column], roll_shapes[list].bytes[column], row);
}

static bool row_dead(const struct roll_rows *l, size_t row)
{
    return ((const int32_t *)l->column[0])[row] == ROLL_NONE;
}

// ---- numbers to rows ----

static size_t slot_of(const struct roll_rows *l, int64_t id)
{
    uint64_t h = (uint64_t)id * UINT64_C(0x9E3779B97F4A7C15); // Knuth: the golden ratio; the high bits are well mixed
    size_t at = (size_t)(h >> 20) & (l->slots - 1);
    while (l->slot[at] != 0 && l->id[l->slot[at] - 1] != id) at = (at + 1) & (l->slots - 1);
    return at;
}

size_t roll_row_any(const struct roll *r, roll_list list, int64_t id)
{
    const struct roll_rows *l = &r->rows[list];
    if (list == ROLL_PEOPLE) return id > 0 && (uint64_t)id < l->count ? (size_t)id : SIZE_MAX;
    uint32_t found = l->slots == 0 ? 0 : l->slot[slot_of(l, id)];
    return found == 0 ? SIZE_MAX : found - 1;
}

size_t roll_row_of(const struct roll *r, roll_list list, int64_t id)
{
    size_t row = roll_row_any(r, list, id);
    return row == SIZE_MAX || row_dead(&r->rows[list], row) ? SIZE_MAX : row;
}

static bool slots_make(struct roll *r, struct roll_rows *l, size_t slots)
{
    uint32_t *slot = calloc(slots, sizeof *slot);
    if (slot == NULL) return false;
    free(l->slot);
    r->budget.bytes += (slots - l->slots) * sizeof *slot;
    l->slot = slot;
    l->slots = slots;
    for (size_t i = 0; i < l->count; i++) slot[slot_of(l, l->id[i])] = (uint32_t)i + 1;
    return true;
}

static bool slots_room(struct roll *r, roll_list list)
{
    enum { SLOTS_FIRST = 256 };
    struct roll_rows *l = &r->rows[list];
    if (list == ROLL_PEOPLE || (l->count + 1) * 3 <= l->slots * 2) return true;
    return slots_make(r, l, l->slots == 0 ? SLOTS_FIRST : l->slots * 2);
}

// ---- changing ----

// Room for one more row in every column. The columns share one cap: the last one to grow sets it, so that a failure on the
// way leaves them all at least as large as it says.
static bool rows_grow(struct roll *r, roll_list list)
{
    struct roll_rows *l = &r->rows[list];
    const struct roll_shape *shape = &roll_shapes[list];
    size_t cap = l->cap;
    for (size_t c = 0; c < shape->count; c++) {
        cap = l->cap;
        if (!roll_grow(r, &l->column[c], l->count, &cap, shape->bytes[c])) return false;
    }
    size_t cap_id = l->cap;
    if (list != ROLL_PEOPLE && !roll_grow(r, (void **)&l->id, l->count, &cap_id, sizeof *l->id)) return false;
    l->cap = cap;
    return true;
}

// Rows of ROLL_PEOPLE up to this number, of nobody.
static bool people_room(struct roll *r, int64_t id)
{
    struct roll_rows *l = &r->rows[ROLL_PEOPLE];
    while (l->count <= (size_t)id) {
        if (!rows_grow(r, ROLL_PEOPLE)) return false;
        for (size_t c = 0; c < ROLL_PERSON_COLUMN_COUNT; c++)
            value_set(l->column[c], roll_shapes[ROLL_PEOPLE].bytes[c], l->count, ROLL_NONE);
        l->count++;
        l->dead++;
    }
    return true;
}

// What points at rows, after they moved.
static void rows_moved(struct roll *r, roll_list list)
{
    struct roll_rows *l = &r->rows[list];
    if (l->slots > 0) memset(l->slot, 0, l->slots * sizeof *l->slot);
    for (size_t i = 0; i < l->count; i++) l->slot[slot_of(l, l->id[i])] = (uint32_t)i + 1;
    if (list == ROLL_MEASURES) roll_measures_moved(r);
}

static bool columns_fit(roll_list list, const int32_t *columns)
{
    for (size_t c = 0; c < roll_shapes[list].count; c++)
        if (!value_fits(roll_shapes[list].bytes[c], columns[c])) return false;
    return columns[0] >= 0;
}

static void task_seen(struct roll *r, const int32_t *c)
{
    int32_t *seen = &r->subjects.seen[c[ROLL_TASK_SUBJECT]];
    bool done = c[ROLL_TASK_HOW] == HOW_DONE && c[ROLL_TASK_VERB] == VERB_CHECK;
    if (done && c[ROLL_TASK_CLOSED] > *seen) *seen = c[ROLL_TASK_CLOSED]; // ROLL_NONE is below all
}

bool roll_put(struct roll *r, roll_list list, int64_t id, const int32_t *columns)
{
    struct roll_rows *l = &r->rows[list];
    if (list == ROLL_PEOPLE && (columns[ROLL_PERSON_FLAGS] & (PERSON_MERGED | PERSON_ERASED))) {
        roll_drop(r, list, id);
        roll_name_drop(r, id);
        return true;
    }
    if (id <= 0 || !columns_fit(list, columns) || !roll_subject_room(r, columns[0])) return false;
    if (list == ROLL_PEOPLE && (id != columns[0] || !people_room(r, id))) return false;
    size_t row = roll_row_any(r, list, id);
    bool is_new = row == SIZE_MAX;
    if (is_new && (l->count >= ROLL_NOWHERE - 1 || !slots_room(r, list) || !rows_grow(r, list))) return false;
    if (list == ROLL_MEASURES && is_new && !roll_measure_room(r)) return false;
    int32_t subject_before = is_new ? columns[0] : ((const int32_t *)l->column[0])[row];
    if (is_new) {
        row = l->count++;
        l->id[row] = id;
        l->unordered = l->unordered || (row > 0 && l->id[row - 1] > id);
        l->slot[slot_of(l, id)] = (uint32_t)row + 1;
    }
    if (subject_before == ROLL_NONE) l->dead--;
    for (size_t c = 0; c < roll_shapes[list].count; c++)
        value_set(l->column[c], roll_shapes[list].bytes[c], row, columns[c]);
    l->version++;
    if (list == ROLL_TASKS) task_seen(r, columns);
    if (list == ROLL_MEASURES && subject_before != columns[0]) roll_measures_moved(r); // it was dropped, or another's
    else if (list == ROLL_MEASURES) roll_measure_put(r, row, is_new);
    return true;
}

void roll_drop(struct roll *r, roll_list list, int64_t id)
{
    struct roll_rows *l = &r->rows[list];
    size_t row = roll_row_any(r, list, id);
    if (row == SIZE_MAX && !r->ready && id > 0) { // while loading: what was read before must not bring it back
        int32_t columns[ROLL_COLUMNS_MAX] = {0};
        if (list == ROLL_PEOPLE) columns[0] = (int32_t)id;
        if (roll_put(r, list, id, columns))
            row = roll_row_any(r, list, id); // else memory is short, and reading fails too
    }
    if (row == SIZE_MAX || row_dead(l, row)) return;
    if (list == ROLL_MEASURES) {
        value_set(l->column[ROLL_MEASURE_STATE], roll_shapes[list].bytes[ROLL_MEASURE_STATE], row,
                  ROLL_MEASURE_IS_DROPPED);
        roll_measure_put(r, row, false);
    }
    ((int32_t *)l->column[0])[row] = ROLL_NONE;
    if (list == ROLL_PEOPLE)
        value_set(l->column[ROLL_PERSON_FLAGS], 1, row, PERSON_ERASED); // was somebody: see roll_load.c
    l->dead++;
    l->version++;
}

static void rows_compact(struct roll *r, roll_list list)
{
    struct roll_rows *l = &r->rows[list];
    size_t kept = 0;
    for (size_t i = 0; i < l->count; i++) {
        if (row_dead(l, i)) continue;
        l->id[kept] = l->id[i];
        for (size_t c = 0; c < roll_shapes[list].count; c++) {
            size_t bytes = roll_shapes[list].bytes[c];
            memmove((char *)l->column[c] + kept * bytes, (char *)l->column[c] + i * bytes, bytes);
        }
        kept++;
    }
    l->count = kept;
    l->dead = 0;
    rows_moved(r, list);
}

void roll_write_end(struct roll *r)
{
    for (size_t i = 0; i < ROLL_LIST_COUNT && r->ready; i++) // before, what is dropped must be remembered
        if (i != ROLL_PEOPLE && r->rows[i].dead > DEAD_MIN && r->rows[i].dead > r->rows[i].count / DEAD_SHARE)
            rows_compact(r, (roll_list)i);
    if (r->names.dead > DEAD_MIN && r->names.dead > r->names.count / DEAD_SHARE) roll_names_compact(r);
    roll_places_number(r);
    (void)pthread_rwlock_unlock(&r->lock);
    (void)pthread_mutex_unlock(&r->gate);
}

bool roll_get(const struct roll *r, roll_list list, int64_t id, int32_t *columns)
{
    size_t row = roll_row_of(r, list, id);
    if (row == SIZE_MAX) return false;
    for (size_t c = 0; c < roll_shapes[list].count; c++)
        columns[c] = value_at(r->rows[list].column[c], roll_shapes[list].bytes[c], row);
    return true;
}

void roll_person_erase(struct roll *r, int64_t person)
{
    roll_drop(r, ROLL_PEOPLE, person);
    roll_name_drop(r, person);
    if (person <= 0 || (size_t)person >= r->subjects.count) return;
    for (size_t i = 0; i < ROLL_LIST_COUNT; i++) {
        struct roll_rows *l = &r->rows[i];
        for (size_t row = 0; row < l->count; row++)
            if (((const int32_t *)l->column[0])[row] == (int32_t)person)
                roll_drop(r, (roll_list)i, roll_row_id(r, (roll_list)i, row));
    }
    r->subjects.place[person] = ROLL_NOWHERE;
    r->subjects.order[person] = 0;
    r->subjects.seen[person] = ROLL_NONE;
    r->version++;
}

void roll_sweep(struct roll *r, utc_sec now)
{
    struct roll_rows *l = &r->rows[ROLL_TASKS];
    int32_t since = roll_minute((utc_sec){now.s - (int64_t)ROLL_TASK_DAYS * 86400});
    const int32_t *closed = l->column[ROLL_TASK_CLOSED];
    for (size_t row = 0; row < l->count; row++)
        if (!row_dead(l, row) && closed[row] != ROLL_NONE && closed[row] < since) roll_drop(r, ROLL_TASKS, l->id[row]);
}
