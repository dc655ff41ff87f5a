#include "store/roll_inner.h"

#include <assert.h>
#include <string.h>

// A pass takes ROLL_BLOCK rows at a time. Filters on columns of the list's own make bits of a block (store/roll_keep.h); what
// is left is listed, and the others (sets of numbers, what is looked up through the subject, scopes) look at those rows alone.

// A filter on the place of the subject names a place: it becomes the place's number in the tree.
static struct roll_filter filter_of(const struct roll *r, const struct roll_filter *f)
{
    struct roll_filter out = *f;
    if (f->column != ROLL_SUBJECT_PLACE || f->compare > ROLL_TO) return out;
    size_t row = roll_place_row(r, f->value);
    out.value = row == SIZE_MAX ? -1 : (int32_t)r->places.first[row];
    return out;
}

// Tests first on what is narrow: a block that is empty after them is done with.
static void pass_tests(struct roll_pass *p)
{
    const struct roll_shape *shape = &roll_shapes[p->q->list];
    const struct roll_filter there = {.column = 0, .compare = ROLL_PRESENT}; // that the row is there at all
    size_t count = p->q->filter_count + (p->r->rows[p->q->list].dead > 0);
    for (uint8_t bytes = 1; bytes <= sizeof(int32_t); bytes *= 2)
        for (size_t i = 0; i < count; i++) {
            const struct roll_filter *f = i < p->q->filter_count ? &p->q->filter[i] : &there;
            if (f->column < ROLL_COLUMNS_MAX && f->column < shape->count && shape->bytes[f->column] == bytes)
                p->tests += roll_test_make(f, bytes, &p->test[p->tests]);
        }
    for (size_t i = 0; i < p->q->filter_count; i++) {
        const struct roll_filter *f = &p->q->filter[i];
        struct roll_test none;
        assert(f->column >= ROLL_COLUMNS_MAX || f->column < shape->count);
        bool done = f->column < ROLL_COLUMNS_MAX && roll_test_make(f, shape->bytes[f->column], &none);
        if (!done) p->listed[p->listed_count++] = filter_of(p->r, f);
    }
}

bool roll_pass_begin(struct roll_pass *p, const struct roll *r, const struct roll_query *q, bool ranks)
{
    *p = (struct roll_pass){.q = q, .r = r, .everywhere = q->scope_count == 0, .by_name = q->name.n > 0};
    assert(q->filter_count <= ROLL_FILTERS_MAX);
    p->wide = roll_keep_wide();
    pass_tests(p);
    for (size_t i = 0; i < q->scope_count && p->scopes < ROLL_SCOPES_MAX; i++) {
        if (q->scopes[i] == 0) p->everywhere = true;
        size_t row = roll_place_row(r, q->scopes[i]);
        if (row == SIZE_MAX) continue;
        p->scope_first[p->scopes] = r->places.first[row];
        p->scope_span[p->scopes++] = r->places.last[row] - r->places.first[row];
    }
    p->named = &p->found.any;
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

// ---- filters on what is listed ----

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

static size_t listed_filter(const struct roll_pass *p, const struct roll_filter *filter, size_t row, uint16_t *match,
                            size_t count)
{
    struct roll_filter f = *filter;
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
        kept += roll_set_has(p->named, subject[match[i]]);
    }
    return kept;
}

// ---- a block ----

// The rows of a block as bits; those of people whose names fit are words of the set, their rows being their numbers.
static bool block_bits(const struct roll_pass *p, size_t row, size_t n, uint64_t bits[ROLL_WORDS])
{
    const struct roll_set *s = p->by_name && p->q->list == ROLL_PEOPLE ? p->named : NULL;
    uint64_t any = 0;
    for (size_t w = 0; w < ROLL_WORDS; w++) {
        size_t left = n > w * 64 ? n - w * 64 : 0;
        bits[w] = left >= 64 ? UINT64_MAX : left == 0 ? 0 : UINT64_MAX >> (64 - left);
        if (s != NULL) bits[w] &= (row / 64 + w) * 64 < s->count ? s->bits[row / 64 + w] : 0;
        any |= bits[w];
    }
    return any != 0;
}

// The values of a column from `row` on. Nothing is read behind the last row: a last block is copied.
static const void *block_values(const struct roll_pass *p, const struct roll_test *t, size_t row, size_t n,
                                int32_t tail[ROLL_BLOCK])
{
    const char *at = (const char *)p->r->rows[p->q->list].column[t->column] + row * t->bytes;
    return n == ROLL_BLOCK ? at : memcpy(tail, at, n * t->bytes);
}

static size_t list_bits(const uint64_t bits[ROLL_WORDS], uint16_t *match)
{
    size_t count = 0;
    for (size_t w = 0; w < ROLL_WORDS; w++)
        for (uint64_t word = bits[w]; word != 0; word &= word - 1)
            match[count++] = (uint16_t)(w * 64 + (size_t)__builtin_ctzll(word));
    return count;
}

size_t roll_pass_block(const struct roll_pass *p, size_t row, size_t n, uint16_t *match, int64_t *all)
{
    assert(n > 0 && n <= ROLL_BLOCK && row % ROLL_BLOCK == 0);
    uint64_t bits[ROLL_WORDS];
    uint8_t keep[ROLL_BLOCK];
    int32_t tail[ROLL_BLOCK];
    bool listed = p->listed_count > 0 || !p->everywhere || (p->by_name && p->q->list != ROLL_PEOPLE);
    bool bar_first = p->barred && (all == NULL || !listed);
    if (!block_bits(p, row, n, bits)) return 0;
    if (n < ROLL_BLOCK) memset(tail, 0, sizeof tail);
    memset(keep, 1, sizeof keep);
    if (bar_first && all == NULL) roll_test_keep(&p->bar, block_values(p, &p->bar, row, n, tail), p->wide, keep);
    if (bar_first && all == NULL && roll_keep_bits(keep, bits) == 0) return 0; // most blocks of a long list
    for (size_t i = 0; i < p->tests; i++)
        roll_test_keep(&p->test[i], block_values(p, &p->test[i], row, n, tail), p->wide, keep);
    size_t count = roll_keep_bits(keep, bits);
    if (all != NULL && !listed) *all += (int64_t)count;
    if (bar_first && all != NULL && count > 0) {
        roll_test_keep(&p->bar, block_values(p, &p->bar, row, n, tail), p->wide, keep);
        count = roll_keep_bits(keep, bits);
    }
    uint16_t unwanted[ROLL_BLOCK + 1];
    if (count == 0 || (match == NULL && !listed)) return count;
    if (match == NULL) match = unwanted;
    count = list_bits(bits, match);
    for (size_t i = 0; i < p->listed_count && count > 0; i++)
        count = listed_filter(p, &p->listed[i], row, match, count);
    if (p->by_name && p->q->list != ROLL_PEOPLE && count > 0) count = listed_named(p, row, match, count);
    if (!p->everywhere && count > 0) count = listed_scope(p, row, match, count);
    if (all != NULL && listed) *all += (int64_t)count;
    return count;
}
