// Whose turn it is: a binary heap of days passing, facts becoming known and deadlines, in the order of time.
#include "response/caseload_inner.h"

// At one instant a new edition comes into force first, then days pass, then facts become known, then deadlines: what is done at the very deadline is in time.
static bool turn_before(const struct turn *a, const struct turn *b)
{
    if (a->at != b->at) return a->at < b->at;
    if (a->kind != b->kind) return a->kind < b->kind;
    return a->serial < b->serial;
}

bool turn_push(struct caseload *c, turn_kind kind, int64_t at, uint32_t what)
{
    struct turn *turns = arena_grow(&c->arena, c->turns, c->turn_count, &c->turn_cap, sizeof *turns);
    if (turns == NULL) {
        c->broken = true;
        return false;
    }
    c->turns = turns;
    struct turn t = {.at = at, .serial = c->serial++, .what = what, .kind = (uint8_t)kind};
    size_t i = c->turn_count++;
    for (; i > 0 && turn_before(&t, &turns[(i - 1) / 2]); i = (i - 1) / 2) turns[i] = turns[(i - 1) / 2];
    turns[i] = t;
    return true;
}

bool turn_pop(struct caseload *c, int64_t until, struct turn *out)
{
    if (c->turn_count == 0 || c->turns[0].at > until) return false;
    *out = c->turns[0];
    struct turn last = c->turns[--c->turn_count];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= c->turn_count) break;
        if (child + 1 < c->turn_count && turn_before(&c->turns[child + 1], &c->turns[child])) child++;
        if (!turn_before(&c->turns[child], &last)) break;
        c->turns[i] = c->turns[child];
        i = child;
    }
    if (c->turn_count > 0) c->turns[i] = last;
    return true;
}
