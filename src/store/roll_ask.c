#include "store/roll_inner.h"

#include <assert.h>
#include <string.h>

// ---- the best rows of a pass ----
//
// A row's key is its value and its id, each turned so that smaller is earlier. Candidates better than the worst of the page
// are collected, and whenever the buffer is full it is cut to the best of them by quickselect: a few nanoseconds a candidate
// in any order of the input, where a heap would pay its depth for each row of a list that is sorted the other way round.

struct key {
    uint32_t value;
    uint64_t id;
};
enum { BUFFER_MIN = 256, BUFFER = 4 * (ROLL_PAGE_MAX + 1) };
struct best {
    struct key key[BUFFER];
    size_t count, want, cap;
    struct key bar; // keys from here on are of no use
    bool cut;       // there is a bar
    uint32_t most;  // values above are of no use
};

static bool key_less(struct key a, struct key b)
{
    return a.value != b.value ? a.value < b.value : a.id < b.id;
}

static void best_cut(struct best *b)
{
    size_t low = 0, high = b->count, want = b->want;
    if (b->count <= want) return;
    while (high - low > 1) {                                   // Hoare: the `want` smallest to the front
        struct key pivot = b->key[low + (high - low - 1) / 2]; // never the last: then both parts have keys
        size_t i = low, j = high - 1;
        for (;;) {
            while (key_less(b->key[i], pivot)) i++;
            while (key_less(pivot, b->key[j])) j--;
            if (i >= j) break;
            struct key swap = b->key[i];
            b->key[i++] = b->key[j];
            b->key[j--] = swap;
        }
        size_t middle = j + 1;
        if (middle == want) break;
        if (middle < want) low = middle;
        else high = middle;
    }
    b->count = want;
    b->cut = true;
    b->bar = b->key[0];
    for (size_t i = 1; i < want; i++)
        if (key_less(b->bar, b->key[i])) b->bar = b->key[i];
}

static void best_add(struct best *b, struct key key)
{
    if (!key_less(key, b->bar)) return;
    b->key[b->count++] = key;
    if (b->count == b->cap) best_cut(b);
}

static void best_sort(struct best *b)
{
    best_cut(b);
    for (size_t gap = b->count / 2; gap > 0; gap /= 2) // Shell: short, and at most ROLL_PAGE_MAX keys
        for (size_t i = gap; i < b->count; i++) {
            struct key key = b->key[i];
            size_t k = i;
            for (; k >= gap && key_less(key, b->key[k - gap]); k -= gap) b->key[k] = b->key[k - gap];
            b->key[k] = key;
        }
}

static uint32_t key_value(int32_t value, bool descending)
{
    uint32_t v = (uint32_t)value ^ UINT32_C(0x80000000);
    if (descending) v = ~v;
    return value == ROLL_NONE ? UINT32_MAX : v; // last, both ways; going up INT32_MAX shares that place
}

static struct key key_of(int32_t value, int64_t id, bool descending)
{
    return (struct key){key_value(value, descending), descending ? ~(uint64_t)id : (uint64_t)id};
}

static struct roll_row key_row(struct key key, bool descending)
{
    uint32_t v = descending ? ~key.value : key.value;
    int32_t value = key.value == UINT32_MAX ? ROLL_NONE : (int32_t)(v ^ UINT32_C(0x80000000));
    return (struct roll_row){(int64_t)(descending ? ~key.id : key.id), value};
}

// How well a name fits, the best first.
static int32_t match_rank(const struct roll_found *found, int32_t subject)
{
    return roll_set_has(&found->first, subject) ? 0 : roll_set_has(&found->word, subject) ? 1 : 2;
}

static void sort_values(const struct roll_pass *p, size_t row, const uint16_t *match, size_t count, int32_t *out)
{
    const struct roll_query *q = p->q;
    if (q->sort < ROLL_BY_ID) {
        roll_pick(p->r, q->list, q->sort, row, match, count, out);
        return;
    }
    bool ranked = q->sort == ROLL_BY_MATCH && p->by_name;
    const int32_t *subject = (const int32_t *)p->r->rows[q->list].column[0] + row;
    for (size_t i = 0; i < count; i++) out[i] = ranked ? match_rank(&p->found, subject[match[i]]) : 0;
}

// What cannot come onto the page any more is not looked at: a column of the list's own is held against the bar for a whole
// block at once, and of names only those that fit well enough are left. Where ids come in order, what is as good as the bar
// comes too late. True: nothing can come any more.
static bool ask_narrow(struct roll_pass *p, struct best *b)
{
    const struct roll_query *q = p->q;
    if (!b->cut) return false;
    bool strict = !p->r->rows[q->list].unordered;
    if (strict && b->bar.value == 0) return true;
    b->most = b->bar.value - strict;
    if (q->sort < ROLL_COLUMNS_MAX && b->most < UINT32_MAX) {
        const struct roll_filter f = {.column = q->sort,
                                      .compare = q->descending ? ROLL_FROM : ROLL_TO,
                                      .value = key_row((struct key){b->most, 0}, q->descending).key};
        p->barred = roll_test_make(&f, roll_shapes[q->list].bytes[q->sort], &p->bar);
    } else if (q->sort == ROLL_BY_ID || (q->sort == ROLL_BY_MATCH && !p->by_name)) {
        return strict; // all are alike
    } else if (q->sort == ROLL_BY_MATCH && !q->descending && !q->count) {
        uint32_t best = key_value(0, false);
        p->named = b->most < best + 1 ? &p->found.first : b->most < best + 2 ? &p->found.word : &p->found.any;
        return b->most < best;
    }
    return false;
}

static void ask_block(const struct roll_pass *p, size_t row, const uint16_t *match, size_t count, struct best *b)
{
    const struct roll_query *q = p->q;
    struct key after = key_of(q->after_value, q->after_id, q->descending);
    int32_t v[ROLL_BLOCK];
    uint32_t most = b->most;
    sort_values(p, row, match, count, v);
    for (size_t k = 0; k < count; k++) {
        if (key_value(v[k], q->descending) > most) continue; // most of a long list
        struct key key = key_of(v[k], roll_row_id(p->r, q->list, row + match[k]), q->descending);
        if (!q->after || key_less(after, key)) best_add(b, key);
    }
}

static void ask_sorted(struct roll_pass *p, struct roll_page *page, struct best *b)
{
    const struct roll_query *q = p->q;
    const struct roll_rows *l = &p->r->rows[q->list];
    uint16_t match[ROLL_BLOCK + 1];
    bool done = false;
    size_t blocks = (l->count + ROLL_BLOCK - 1) / ROLL_BLOCK, first = 0;
    if (q->after && !q->count && q->sort == ROLL_BY_ID && !l->unordered) { // go on where the page before ended
        size_t row = roll_row_any(p->r, q->list, q->after_id);
        if (row != SIZE_MAX) first = q->descending ? blocks - 1 - row / ROLL_BLOCK : row / ROLL_BLOCK;
    }
    for (size_t i = first; i < blocks; i++) {
        // What is newest has the latest dates: from the end, the first page fills at once and the rest is only compared.
        size_t row = (q->descending ? blocks - 1 - i : i) * ROLL_BLOCK;
        size_t n = l->count - row < ROLL_BLOCK ? l->count - row : ROLL_BLOCK;
        size_t count = roll_pass_block(p, row, n, done ? NULL : match, q->count ? &page->total : NULL);
        if (count == 0 || done) continue;
        ask_block(p, row, match, count, b);
        if (b->count >= 2 * b->want) best_cut(b);
        done = ask_narrow(p, b);
        if (done && !q->count) break;
    }
    best_sort(b);
    page->more = b->count > q->limit;
    page->count = page->more ? q->limit : b->count;
    for (size_t i = 0; i < page->count; i++) page->rows[i] = key_row(b->key[i], q->descending);
}

bool roll_ask(const struct roll *r, const struct roll_query *q, struct roll_page *page)
{
    assert(q->limit <= ROLL_PAGE_MAX);
    page->count = 0;
    page->more = false;
    page->total = q->count ? 0 : -1;
    struct roll_pass p;
    if (!roll_pass_begin(&p, r, q, q->sort == ROLL_BY_MATCH)) return false;
    struct best b;
    b.count = 0;
    b.want = q->limit + 1;
    b.cap = 4 * b.want < BUFFER_MIN ? BUFFER_MIN : 4 * b.want;
    b.bar = (struct key){UINT32_MAX, UINT64_MAX};
    b.cut = false;
    b.most = UINT32_MAX;
    ask_sorted(&p, page, &b);
    return true;
}

size_t roll_due(const struct roll *r, roll_list list, int32_t minute, int64_t *ids, size_t room)
{
    assert(list == ROLL_ENROLMENTS || list == ROLL_TASKS);
    uint8_t when = list == ROLL_TASKS ? (uint8_t)ROLL_TASK_DEADLINE : (uint8_t)ROLL_ENROLMENT_NEXT;
    struct roll_query q = {.list = list, .sort = when, .limit = room < ROLL_PAGE_MAX ? room : ROLL_PAGE_MAX};
    q.filter[q.filter_count++] = (struct roll_filter){.column = when, .compare = ROLL_TO, .value = minute};
    if (list == ROLL_TASKS) {
        q.filter[q.filter_count++] = (struct roll_filter){.column = ROLL_TASK_CLOSED, .compare = ROLL_ABSENT};
        q.filter[q.filter_count++] =
            (struct roll_filter){.column = ROLL_TASK_MARKS, .compare = ROLL_LACKS_BIT, .value = 1}; // not yet said
    }
    struct roll_row rows[ROLL_PAGE_MAX];
    struct roll_page page = {.rows = rows};
    if (q.limit == 0 || !roll_ask(r, &q, &page)) return 0;
    for (size_t i = 0; i < page.count; i++) ids[i] = rows[i].id;
    return page.count;
}
