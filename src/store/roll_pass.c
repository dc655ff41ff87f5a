#include "store/roll_inner.h"

#include <assert.h>
#include <string.h>

// A pass takes ROLL_BLOCK rows at a time. Filters that ask for a range of a column of the list's own make a byte a row, 0 or 1,
// in loops of fixed length without branches, which compilers turn into vector instructions. What is left is listed, and
// the others (sets, bits, what is looked up through the subject, names, scopes) look at those rows alone.

bool roll_pass_begin(struct roll_pass *p, const struct roll *r, const struct roll_query *q, bool ranks)
{
    *p = (struct roll_pass){.q = q, .r = r, .everywhere = q->scope_count == 0, .by_name = q->name.n > 0};
    assert(q->filter_count <= ROLL_FILTERS_MAX);
    for (size_t i = 0; i < q->scope_count && p->scopes < ROLL_SCOPES_MAX; i++) {
        if (q->scopes[i] == 0) p->everywhere = true;
        size_t row = roll_place_row(r, q->scopes[i]);
        if (row == SIZE_MAX) continue;
        p->scope_first[p->scopes] = r->places.first[row];
        p->scope_span[p->scopes++] = r->places.last[row] - r->places.first[row];
    }
    return !p->by_name || roll_find(r, q->name, q->arena, ranks, &p->found);
}

// ---- values ----

// What is looked up through the subject, for many rows at once: the array, its width, and how many subjects it reaches.
struct looked_up {
    const void *values;
    uint8_t bytes;
    size_t count;
};

static struct looked_up look_up(const struct roll *r, uint8_t column)
{
    const struct roll_subjects *s = &r->subjects;
    const struct roll_rows *people = &r->rows[ROLL_PEOPLE]; // whose rows are the numbers of subjects
    switch (column) {
    case ROLL_SUBJECT_PLACE: return (struct looked_up){s->order, sizeof *s->order, s->count};
    case ROLL_SUBJECT_SEEN: return (struct looked_up){s->seen, sizeof *s->seen, s->count};
    case ROLL_SUBJECT_STATUS: return (struct looked_up){s->status, sizeof *s->status, s->count};
    case ROLL_SUBJECT_BORN: return (struct looked_up){people->column[ROLL_PERSON_BORN], sizeof(int32_t), people->count};
    case ROLL_SUBJECT_SEX: return (struct looked_up){people->column[ROLL_PERSON_SEX], 1, people->count};
    case ROLL_SUBJECT_FLAGS: return (struct looked_up){people->column[ROLL_PERSON_FLAGS], 1, people->count};
    default: break;
    }
    assert(false); // no such column
    return (struct looked_up){NULL, 1, 0};
}

static void pick_looked_up(struct looked_up from, const int32_t *subject, const uint16_t *match, size_t count,
                           bool place, int32_t *out)
{
    const int32_t *wide = from.values;
    const uint8_t *narrow = from.values;
    for (size_t i = 0; i < count && from.bytes == 1; i++) {
        uint32_t who = (uint32_t)subject[match[i]];
        uint8_t v = who < from.count ? narrow[who] : UINT8_MAX;
        out[i] = v == UINT8_MAX ? ROLL_NONE : v;
    }
    for (size_t i = 0; i < count && from.bytes > 1; i++) {
        uint32_t who = (uint32_t)subject[match[i]];
        int32_t v = who < from.count ? wide[who] : ROLL_NONE;
        out[i] = place && v == 0 ? ROLL_NONE : v; // order 0: nowhere
    }
}

int32_t roll_subject_value(const struct roll *r, int64_t subject, uint8_t column)
{
    const uint16_t first = 0;
    int32_t who = (int32_t)subject, out = ROLL_NONE;
    if (subject <= 0 || subject > INT32_MAX) return ROLL_NONE;
    pick_looked_up(look_up(r, column), &who, &first, 1, column == ROLL_SUBJECT_PLACE, &out);
    return out;
}

void roll_pick(const struct roll *r, roll_list list, uint8_t c, size_t row, const uint16_t *match, size_t count,
               int32_t *out)
{
    const struct roll_rows *l = &r->rows[list];
    if (c >= ROLL_COLUMNS_MAX) {
        pick_looked_up(look_up(r, c), (const int32_t *)l->column[0] + row, match, count, c == ROLL_SUBJECT_PLACE, out);
        return;
    }
    assert(c < roll_shapes[list].count);
    if (roll_shapes[list].bytes[c] == sizeof(int32_t)) {
        const int32_t *from = (const int32_t *)l->column[c] + row;
        for (size_t i = 0; i < count; i++) out[i] = from[match[i]];
        return;
    }
    for (size_t i = 0; i < count; i++) out[i] = roll_value(r, list, row + match[i], c);
}

// ---- filters on ranges ----

// Which values a filter lets through, when that is a range or all but a range; absent is the lowest of all.
struct range {
    int32_t low, high;
    bool outside;
};

static bool range_of(const struct roll_filter *f, struct range *out)
{
    int32_t x = f->value;
    switch ((roll_compare)f->compare) {
    case ROLL_IS: *out = (struct range){x, x, false}; return true;
    case ROLL_IS_NOT: *out = (struct range){x, x, true}; return true;
    case ROLL_FROM: *out = (struct range){x == ROLL_NONE ? x + 1 : x, INT32_MAX, false}; return true;
    case ROLL_TO: *out = (struct range){ROLL_NONE + 1, x, x == ROLL_NONE}; return true;
    case ROLL_ABSENT: *out = (struct range){ROLL_NONE, ROLL_NONE, false}; return true;
    case ROLL_PRESENT: *out = (struct range){ROLL_NONE, ROLL_NONE, true}; return true;
    case ROLL_ONE_OF:
    case ROLL_HAS_BIT:
    case ROLL_LACKS_BIT:
    case ROLL_WITHIN:
    case ROLL_WITHOUT: return false;
    }
    return false;
}

// (v - low) as an unsigned number is at most high - low exactly when low <= v <= high.
#define KEEP_RANGE(type)                                                                  \
    do {                                                                                  \
        const type *restrict v = at;                                                      \
        type from = (type)low, span = (type)(high - low);                                 \
        for (size_t i = 0; i < ROLL_BLOCK; i++)                                           \
            keep[i] = (uint8_t)(keep[i] & ((uint8_t)((type)(v[i] - from) <= span) ^ no)); \
    } while (0)

static void keep_range(uint8_t *restrict keep, const void *restrict at, uint8_t bytes, struct range g)
{
    uint8_t no = g.outside;
    int64_t low = g.low, high = g.high, absent = bytes == 1 ? UINT8_MAX : UINT16_MAX;
    if (bytes < sizeof(int32_t)) { // there absent is the highest, and no value is below 0
        if (g.low == ROLL_NONE) low = high = absent;
        else if (low < 0) low = 0;
        if (g.low != ROLL_NONE && high >= absent) high = absent - 1;
    }
    if (low > high) {
        if (!no) memset(keep, 0, ROLL_BLOCK);
        return;
    }
    if (bytes == 1) KEEP_RANGE(uint8_t);
    else if (bytes == 2) KEEP_RANGE(uint16_t);
    else KEEP_RANGE(uint32_t);
}

// ---- filters on what is listed ----

static bool lets_through(const struct roll_filter *f, int32_t v)
{
    switch ((roll_compare)f->compare) {
    case ROLL_ONE_OF: return v >= 0 && v < 256 && (f->set[v >> 6] >> (v & 63) & 1) != 0;
    case ROLL_HAS_BIT: return v != ROLL_NONE && (v & f->value) != 0;
    case ROLL_LACKS_BIT: return v == ROLL_NONE || (v & f->value) == 0;
    case ROLL_WITHIN: return v != ROLL_NONE && roll_set_has(f->numbers, v);
    case ROLL_WITHOUT: return v != ROLL_NONE && !roll_set_has(f->numbers, v);
    case ROLL_IS:
    case ROLL_IS_NOT:
    case ROLL_FROM:
    case ROLL_TO:
    case ROLL_ABSENT:
    case ROLL_PRESENT: break;
    }
    assert(false); // a range is looked at as one
    return false;
}

// A filter on the place of the subject names a place: it becomes the place's number in the tree.
static struct roll_filter filter_of(const struct roll *r, const struct roll_filter *f)
{
    struct roll_filter out = *f;
    if (f->column != ROLL_SUBJECT_PLACE || f->compare > ROLL_TO) return out;
    size_t row = roll_place_row(r, f->value);
    out.value = row == SIZE_MAX ? -1 : (int32_t)r->places.first[row];
    return out;
}

static size_t listed_filter(const struct roll_pass *p, const struct roll_filter *filter, size_t row, uint16_t *match,
                            size_t count)
{
    struct roll_filter f = filter_of(p->r, filter);
    struct range g;
    int32_t v[ROLL_BLOCK];
    size_t kept = 0;
    bool ranged = range_of(&f, &g);
    roll_pick(p->r, p->q->list, f.column, row, match, count, v);
    for (size_t i = 0; i < count && ranged; i++) {
        match[kept] = match[i];
        kept += ((v[i] >= g.low) & (v[i] <= g.high)) != g.outside;
    }
    for (size_t i = 0; i < count && !ranged; i++) {
        match[kept] = match[i];
        kept += lets_through(&f, v[i]);
    }
    return kept;
}

// Where the rows lie in the tree. A task that has a place of its own lies there, whoever it is about.
static void listed_where(const struct roll_pass *p, size_t row, const uint16_t *match, size_t count, uint32_t *here)
{
    const struct roll_rows *l = &p->r->rows[p->q->list];
    const int32_t *subject = (const int32_t *)l->column[0] + row;
    const uint32_t *order = p->r->subjects.order;
    size_t most = p->r->subjects.count;
    for (size_t i = 0; i < count; i++) {
        uint32_t at = (uint32_t)subject[match[i]];
        here[i] = at < most ? order[at] : 0;
    }
    if (p->q->list != ROLL_TASKS) return;
    const int32_t *place = (const int32_t *)l->column[ROLL_TASK_PLACE] + row;
    for (size_t i = 0; i < count; i++)
        if (place[match[i]] > 0) here[i] = (uint32_t)place[match[i]] < most ? order[place[match[i]]] : 0;
}

static size_t listed_scope(const struct roll_pass *p, size_t row, uint16_t *match, size_t count)
{
    uint32_t here[ROLL_BLOCK], first = p->scope_first[0], span = p->scope_span[0];
    size_t kept = 0;
    listed_where(p, row, match, count, here);
    for (size_t i = 0; i < count && p->scopes == 1; i++) { // most have one
        match[kept] = match[i];
        kept += here[i] - first <= span;
    }
    for (size_t i = 0; i < count && p->scopes > 1; i++) {
        bool in = false;
        for (size_t k = 0; k < p->scopes; k++) in |= here[i] - p->scope_first[k] <= p->scope_span[k];
        match[kept] = match[i];
        kept += in;
    }
    return kept;
}

static size_t listed_named(const struct roll_pass *p, size_t row, uint16_t *match, size_t count)
{
    const int32_t *subject = (const int32_t *)p->r->rows[p->q->list].column[0] + row;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        match[kept] = match[i];
        kept += roll_set_has(&p->found.any, subject[match[i]]);
    }
    return kept;
}

// The people of a block whose names fit: their rows are their numbers, so these are words of the set. False: nobody.
static bool keep_named(const struct roll_pass *p, size_t row, size_t n, uint8_t *keep)
{
    const struct roll_set *s = &p->found.any;
    uint64_t any = 0;
    for (size_t i = 0; i < ROLL_BLOCK / 64; i++) {
        uint64_t word = (row / 64 + i) * 64 < s->count ? s->bits[row / 64 + i] : 0;
        any |= word;
        for (size_t k = 0; k < 64; k++) keep[i * 64 + k] = (uint8_t)(word >> k & 1);
    }
    memset(keep + n, 0, ROLL_BLOCK - n);
    return any != 0;
}

static size_t list_kept(const uint8_t *keep, uint16_t *match)
{
    size_t count = 0;
    for (size_t i = 0; i < ROLL_BLOCK; i += sizeof(uint64_t)) {
        uint64_t eight;
        memcpy(&eight, keep + i, sizeof eight);
        if (eight == 0) continue;
        for (size_t k = 0; k < sizeof eight; k++) { // no branch on a single row: half of them may match
            match[count] = (uint16_t)(i + k);
            count += keep[i + k];
        }
    }
    return count;
}

size_t roll_pass_block(const struct roll_pass *p, size_t row, size_t n, uint16_t match[ROLL_BLOCK + 1])
{
    assert(n > 0 && n <= ROLL_BLOCK);
    const struct roll_query *q = p->q;
    const struct roll_rows *l = &p->r->rows[q->list];
    const struct roll_shape *shape = &roll_shapes[q->list];
    uint8_t keep[ROLL_BLOCK];
    int32_t tail[ROLL_BLOCK];
    bool people = p->by_name && q->list == ROLL_PEOPLE;
    assert(row % ROLL_BLOCK == 0);
    memset(keep, 1, n);
    memset(keep + n, 0, ROLL_BLOCK - n);
    if (people && !keep_named(p, row, n, keep)) return 0;
    if (n < ROLL_BLOCK) memset(tail, 0, sizeof tail);
    for (size_t i = 0; i <= q->filter_count; i++) { // the last: that the row is there at all
        struct roll_filter there = {.column = 0, .compare = ROLL_PRESENT};
        const struct roll_filter *f = i < q->filter_count ? &q->filter[i] : &there;
        struct range g;
        if (f->column >= ROLL_COLUMNS_MAX || !range_of(f, &g)) continue;
        assert(f->column < shape->count);
        uint8_t bytes = shape->bytes[f->column];
        const char *at = (const char *)l->column[f->column] + row * bytes;
        if (n < ROLL_BLOCK) at = memcpy(tail, at, n * bytes); // nothing is read behind the last row
        keep_range(keep, at, bytes, g);
    }
    size_t count = list_kept(keep, match);
    for (size_t i = 0; i < q->filter_count && count > 0; i++) {
        struct range g;
        bool done = q->filter[i].column < ROLL_COLUMNS_MAX && range_of(&q->filter[i], &g);
        if (!done) count = listed_filter(p, &q->filter[i], row, match, count);
    }
    if (p->by_name && !people && count > 0) count = listed_named(p, row, match, count);
    if (!p->everywhere && count > 0) count = listed_scope(p, row, match, count);
    return count;
}
