// Whose turn it is: days passing, facts becoming known and deadlines, in the order of time.
//
// Most turns fall on the same few instants (midnight, noon), so those of one instant share an entry: a heap orders the
// instants, and within one the turns are served by kind, first come first served. A heap of single turns was a third of
// the time of a large replay.
#include "response/caseload_inner.h"

#include <assert.h>

bool turns_open(struct caseload *c)
{
    c->turns = (struct turn_queue){.by_time = map_open()};
    return c->turns.by_time != NULL;
}

void turns_close(struct caseload *c)
{
    map_close(c->turns.by_time);
    for (size_t i = 0; i < c->turns.moment_count; i++)
        for (int32_t k = 0; k < TURN_KIND_COUNT; k++) grow_free(c->turns.moments[i].line[k].what);
    grow_free(c->turns.moments);
    grow_free(c->turns.heap);
}

bool turns_forget(struct caseload *c)
{
    if (c->turns.moment_count == 0) return true;
    struct turn_queue old = c->turns;
    if (!turns_open(c)) {
        c->turns = old;
        return false;
    }
    struct turn_queue fresh = c->turns;
    c->turns = old;
    c->grown.bytes -= old.moment_cap * sizeof *old.moments + old.heap_cap * sizeof *old.heap;
    for (size_t i = 0; i < old.moment_count; i++)
        for (int32_t k = 0; k < TURN_KIND_COUNT; k++) c->grown.bytes -= old.moments[i].line[k].cap * sizeof(uint32_t);
    turns_close(c);
    c->turns = fresh;
    return true;
}

static bool turn_heap_add(struct caseload *c, uint32_t moment)
{
    struct turn_queue *q = &c->turns;
    uint32_t *heap = grow_array(&c->grown, q->heap, q->heap_count, &q->heap_cap, sizeof *heap);
    if (heap == NULL) return false;
    q->heap = heap;
    int64_t at = q->moments[moment].at;
    size_t i = q->heap_count++;
    for (; i > 0 && at < q->moments[heap[(i - 1) / 2]].at; i = (i - 1) / 2) heap[i] = heap[(i - 1) / 2];
    heap[i] = moment;
    q->moments[moment].waiting = true;
    return true;
}

static void turn_heap_drop(struct turn_queue *q)
{
    assert(q->heap_count > 0);
    q->moments[q->heap[0]].waiting = false;
    uint32_t last = q->heap[--q->heap_count];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= q->heap_count) break;
        if (child + 1 < q->heap_count && q->moments[q->heap[child + 1]].at < q->moments[q->heap[child]].at) child++;
        if (q->moments[q->heap[child]].at >= q->moments[last].at) break;
        q->heap[i] = q->heap[child];
        i = child;
    }
    if (q->heap_count > 0) q->heap[i] = last;
}

static uint32_t turn_moment_at(struct caseload *c, int64_t at)
{
    struct turn_queue *q = &c->turns;
    for (size_t i = 0; i < TURN_RECENT && i < q->moment_count; i++)
        if (q->moments[q->recent[i]].at == at) return q->recent[i];
    int64_t known;
    uint32_t i = (uint32_t)q->moment_count;
    if (map_get_number(q->by_time, at, &known)) {
        i = (uint32_t)known;
    } else {
        struct turn_moment *moments =
            grow_array(&c->grown, q->moments, q->moment_count, &q->moment_cap, sizeof *moments);
        if (moments == NULL) return CASELOAD_NONE;
        q->moments = moments;
        if (!map_put_number(q->by_time, at, i)) return CASELOAD_NONE;
        q->moments[q->moment_count++] = (struct turn_moment){.at = at};
    }
    q->recent[q->asked++ % TURN_RECENT] = i;
    return i;
}

bool turn_push(struct caseload *c, turn_kind kind, int64_t at, uint32_t what)
{
    struct turn_queue *q = &c->turns;
    uint32_t m = turn_moment_at(c, at);
    if (m == CASELOAD_NONE || (!q->moments[m].waiting && !turn_heap_add(c, m))) {
        c->broken = true;
        return false;
    }
    struct turn_line *line = &q->moments[m].line[kind];
    uint32_t *all = grow_array(&c->grown, line->what, line->count, &line->cap, sizeof *all);
    if (all == NULL) {
        c->broken = true;
        return false;
    }
    line->what = all;
    all[line->count++] = what;
    return true;
}

bool turn_pop(struct caseload *c, int64_t until, struct turn *out)
{
    struct turn_queue *q = &c->turns;
    while (q->heap_count > 0 && q->moments[q->heap[0]].at <= until) {
        struct turn_moment *moment = &q->moments[q->heap[0]];
        // At one instant a new edition comes into force first, then days pass, then facts become known, then deadlines
        // pass: what is done at the very deadline is in time.
        for (int32_t k = 0; k < TURN_KIND_COUNT; k++) {
            struct turn_line *line = &moment->line[k];
            if (line->head == line->count) continue;
            *out = (struct turn){moment->at, line->what[line->head++], (turn_kind)k};
            return true;
        }
        for (int32_t k = 0; k < TURN_KIND_COUNT; k++) { // all served: the memory goes back
            struct turn_line *line = &moment->line[k];
            c->grown.bytes -= line->cap * sizeof *line->what;
            grow_free(line->what);
            *line = (struct turn_line){0};
        }
        turn_heap_drop(q);
    }
    return false;
}
