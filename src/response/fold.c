#include "response/fold.h"

#include <assert.h>
#include <string.h>

// Deadlines of the tasks that are open, while a history is folded: at most one per slot.
struct fold_deadlines {
    int64_t at[PROTOCOL_SLOTS];
    uint32_t set;
};

static bool fold_room(struct decisions *log, size_t more, struct arena *arena)
{
    if (log->cap - log->count >= more) return true;
    size_t cap = log->cap * 2 > log->count + more ? log->cap * 2 : log->count + more;
    struct decision *items = arena_array(arena, cap, sizeof *items);
    if (items == NULL) return false;
    if (log->count > 0) memcpy(items, log->items, log->count * sizeof *items);
    log->items = items;
    log->cap = cap;
    return true;
}

// Tasks due by the end of their day answer for themselves when it closes; those with a time limit are watched here.
static void fold_watch(const struct rulebook *book, struct fold_deadlines *watch, const struct decisions *log, size_t from)
{
    for (size_t i = from; i < log->count; i++) {
        const struct decision *d = &log->items[i];
        if (d->slot >= PROTOCOL_SLOTS || (d->kind != DECISION_TASK_OPENED && d->kind != DECISION_TASK_CLOSED)) continue;
        if (!task_is_timed(&book->editions[d->edition]->tasks[d->what])) continue;
        if (d->kind == DECISION_TASK_OPENED) {
            watch->at[d->slot] = d->until.s;
            watch->set |= 1u << d->slot;
        } else {
            watch->set &= ~(1u << d->slot);
        }
    }
}

static void fold_deadlines_until(const struct rulebook *book, struct enrolment *e, struct fold_deadlines *watch,
                                 int64_t until, struct decisions *log)
{
    for (uint32_t set = watch->set; set != 0; set &= set - 1) {
        uint8_t slot = (uint8_t)__builtin_ctz(set);
        if (watch->at[slot] > until) continue;
        watch->set &= ~(1u << slot);
        respond_deadline(book, e, slot, (utc_sec){watch->at[slot]}, log);
    }
}

// Let time pass: days up to and including `until`, deadlines before `before` (what is done at the very deadline is in time).
static tong_code fold_time(const struct rulebook *book, struct enrolment *e, struct fold_deadlines *watch, int64_t until,
                           int64_t before, struct decisions *log, struct arena *arena, struct err *err)
{
    for (;;) {
        if (!fold_room(log, 2 * DECISIONS_STEP_MAX + 2 * PROTOCOL_SLOTS, arena))
            return tong_fail(err, TONG_E_LIMIT, "no memory left for the decisions of a history");
        int64_t next = (int64_t)e->next_min * 60;
        if (e->next_min == ENROLMENT_NEVER || next > until) break;
        fold_deadlines_until(book, e, watch, next, log);
        size_t from = log->count;
        respond_until(book, e, (utc_sec){next}, log);
        fold_watch(book, watch, log, from);
    }
    fold_deadlines_until(book, e, watch, before, log);
    return TONG_OK;
}

tong_code fold(const struct rulebook *book, const struct fact *facts, size_t count, utc_sec now, struct enrolment *e,
               struct decisions *log, struct arena *arena, struct err *err)
{
    const struct protocol *p = book->editions[e->edition];
    civil_day base = {0};
    if (count > 0) base = zone_day(&p->zone, facts[0].happened);
    struct enrolment fresh = enrolment_new(e->subject, e->edition, e->pathway, base);
    struct fold_deadlines watch = {.set = 0};
    int64_t known = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        // What follows from several facts was not known before the last of them was: deadlines run from then.
        struct fact f = facts[i];
        if (f.known.s < known) f.known.s = known;
        known = f.known.s;
        tong_code code = fold_time(book, &fresh, &watch, facts[i].happened.s, facts[i].happened.s - 1, log, arena, err);
        if (code != TONG_OK) return code;
        size_t from = log->count;
        respond_answer answer = respond(book, &fresh, &f, log);
        assert(answer != RESPOND_LATE); // the history is sorted
        fold_watch(book, &watch, log, from);
    }
    tong_code code = fold_time(book, &fresh, &watch, now.s, now.s, log, arena, err);
    if (code == TONG_OK) *e = fresh;
    return code;
}
