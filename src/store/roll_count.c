#include "store/roll_inner.h"

#include <assert.h>
#include <string.h>

int64_t roll_count_all(const struct roll *r, const struct roll_query *q)
{
    struct roll_pass p;
    int64_t total = 0;
    if (!roll_pass_begin(&p, r, q, false)) return -1;
    size_t rows = r->rows[q->list].count;
    for (size_t row = 0; row < rows; row += ROLL_BLOCK)
        (void)roll_pass_block(&p, row, rows - row < ROLL_BLOCK ? rows - row : ROLL_BLOCK, NULL, &total);
    return total;
}

// Values in order, `count` of them so far. What finds no room is added to the others.
struct tally {
    struct roll_count *out;
    size_t count, room;
    int64_t others;
};

static void tally_add(struct tally *t, int64_t value, int64_t n)
{
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (t->out[mid].value < value) low = mid + 1;
        else high = mid;
    }
    if (low < t->count && t->out[low].value == value) {
        t->out[low].count += n;
        return;
    }
    if (t->count == t->room) {
        t->others += n;
        return;
    }
    memmove(t->out + low + 1, t->out + low, (t->count - low) * sizeof *t->out);
    t->out[low] = (struct roll_count){value, n};
    t->count++;
}

static size_t tally_end(struct tally *t)
{
    if (t->others > 0 && t->count > 0) {
        struct roll_count *last = &t->out[t->count - 1];
        *last = (struct roll_count){ROLL_NONE, last->count + t->others};
    }
    return t->count;
}

// First how many at each place, then each place's number is added to its ancestor's.
static size_t count_by_place(const struct roll_pass *p, int32_t kind, struct roll_count *out, size_t room)
{
    const struct roll *r = p->r;
    const struct roll_rows *l = &r->rows[p->q->list];
    size_t places = r->places.count;
    uint32_t *at = arena_array(p->q->arena, places + 1, sizeof *at),
             *sum = arena_array(p->q->arena, places + 1, sizeof *sum);
    uint16_t match[ROLL_BLOCK + 1];
    if (at == NULL || sum == NULL || room == 0) return 0;
    for (size_t row = 0; row < l->count; row += ROLL_BLOCK) {
        size_t n = roll_pass_block(p, row, l->count - row < ROLL_BLOCK ? l->count - row : ROLL_BLOCK, match, NULL);
        for (size_t i = 0; i < n; i++) {
            size_t here = row + match[i];
            int32_t own = p->q->list == ROLL_TASKS ? ((const int32_t *)l->column[ROLL_TASK_PLACE])[here] : 0;
            int32_t subject = own > 0 ? own : ((const int32_t *)l->column[0])[here];
            uint32_t place = (size_t)subject < r->subjects.count ? r->subjects.place[subject] : ROLL_NOWHERE;
            at[place == ROLL_NOWHERE ? places : place]++;
        }
    }
    for (size_t i = 0; i < places; i++) {
        if (at[i] == 0) continue;
        uint32_t up = (uint32_t)i;
        while (up != ROLL_NOWHERE && r->places.kind[up] != kind) up = r->places.parent[up];
        sum[up == ROLL_NOWHERE ? places : up] += at[i];
    }
    sum[places] += at[places];
    struct tally t = {.out = out, .room = room};
    if (sum[places] > 0) tally_add(&t, 0, sum[places]);
    for (size_t i = 0; i < places; i++)
        if (sum[i] > 0) tally_add(&t, r->places.id[i], sum[i]);
    return tally_end(&t);
}

size_t roll_count_by(const struct roll *r, const struct roll_query *q, uint8_t column, int32_t by_place_kind,
                     struct roll_count *out, size_t room)
{
    struct roll_pass p;
    uint16_t match[ROLL_BLOCK + 1];
    int32_t values[ROLL_BLOCK];
    size_t rows = r->rows[q->list].count;
    struct tally t = {.out = out, .room = room};
    if (!roll_pass_begin(&p, r, q, false)) return 0;
    if (by_place_kind >= 0) return count_by_place(&p, by_place_kind, out, room);
    for (size_t row = 0; row < rows; row += ROLL_BLOCK) {
        size_t n = rows - row < ROLL_BLOCK ? rows - row : ROLL_BLOCK, some = roll_pass_block(&p, row, n, match, NULL);
        roll_pick(r, q->list, column, row, match, some, values);
        for (size_t i = 0; i < some; i++) tally_add(&t, values[i], 1);
    }
    return tally_end(&t);
}

bool roll_collect(const struct roll *r, const struct roll_query *q, uint8_t column, struct roll_set *out)
{
    struct roll_pass p;
    uint16_t match[ROLL_BLOCK + 1];
    int32_t values[ROLL_BLOCK];
    const struct roll_rows *l = &r->rows[q->list];
    size_t most = r->subjects.count;
    out->count = most;
    out->bits = arena_array(q->arena, most / 64 + 1, sizeof *out->bits);
    if (out->bits == NULL || !roll_pass_begin(&p, r, q, false)) return false;
    for (size_t row = 0; row < l->count; row += ROLL_BLOCK) {
        size_t n = l->count - row < ROLL_BLOCK ? l->count - row : ROLL_BLOCK,
               some = roll_pass_block(&p, row, n, match, NULL);
        roll_pick(r, q->list, column, row, match, some, values);
        for (size_t i = 0; i < some; i++) {
            int32_t value = values[i];
            if (value >= 0 && (size_t)value < most) out->bits[value >> 6] |= (uint64_t)1 << (value & 63);
        }
    }
    return true;
}
