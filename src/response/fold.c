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
                           int64_t before, int64_t known, struct decisions *log, struct arena *arena, struct err *err)
{
    for (;;) {
        if (!fold_room(log, 2 * DECISIONS_STEP_MAX + 2 * PROTOCOL_SLOTS, arena))
            return tong_fail(err, TONG_E_LIMIT, "no memory left for the decisions of a history");
        int64_t next = (int64_t)e->next_min * 60;
        if (e->next_min == ENROLMENT_NEVER || next > until) break;
        fold_deadlines_until(book, e, watch, next - 1, log);
        size_t from = log->count;
        respond_until_known(book, e, (utc_sec){next}, (utc_sec){known}, log);
        fold_watch(book, watch, log, from);
    }
    fold_deadlines_until(book, e, watch, before, log);
    return TONG_OK;
}

// The base day: that of the earliest fact, of those not so long before the last that hours would be out of reach of it (an
// enrolment reaches 3.7 years in hours, and what is known of a person may be older than any illness).
static civil_day fold_base(const struct protocol *p, const struct fact *facts, size_t count)
{
    enum { REACH_DAYS = 1000 };
    if (count == 0) return (civil_day){0};
    civil_day last = zone_day(&p->zone, facts[count - 1].happened);
    civil_day day = last;
    for (size_t i = 0; i < count; i++) {
        day = zone_day(&p->zone, facts[i].happened);
        if (last.d - day.d <= REACH_DAYS) break;
    }
    return day;
}

// Did the fact put the course on other days? Then what the clock meets before it was known was not asked for at the time.
static bool fold_moved(const struct enrolment *a, const struct enrolment *b)
{
    return a->stage != b->stage || a->stage_zero != b->stage_zero || a->first_exposure != b->first_exposure ||
           a->last_exposure != b->last_exposure || a->onset_hour != b->onset_hour || a->extensions != b->extensions;
}

tong_code fold(const struct rulebook *book, const struct fact *facts, size_t count, utc_sec now, struct enrolment *e,
               struct decisions *log, struct arena *arena, struct err *err)
{
    civil_day base = fold_base(book->editions[e->edition], facts, count);
    struct enrolment fresh = enrolment_new(e->subject, e->edition, e->pathway, base);
    struct fold_deadlines watch = {.set = 0};
    int64_t known = INT64_MIN, moved = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        // What follows from several facts was not known before the last of them was: deadlines run from then.
        struct fact f = facts[i];
        int64_t from_s = fact_counts_from(&f).s;
        tong_code code = fold_time(book, &fresh, &watch, from_s, from_s - 1, moved, log, arena, err);
        if (code != TONG_OK) return code;
        // An order counts from its own day: nothing that was learnt late makes it longer.
        bool order = f.kind == EVENT_ORDERED || f.kind == EVENT_DECLINED || f.kind == EVENT_STARTED || f.kind == EVENT_UPHELD;
        if (!order) {
            if (f.known.s < known) f.known.s = known;
            known = f.known.s;
        }
        size_t from = log->count;
        const struct enrolment before = fresh;
        respond_answer answer = respond(book, &fresh, &f, log);
        assert(answer != RESPOND_LATE); // the history is sorted
        if (fold_moved(&before, &fresh) && f.known.s > moved) moved = f.known.s;
        fold_watch(book, &watch, log, from);
    }
    tong_code code = fold_time(book, &fresh, &watch, now.s, now.s, moved, log, arena, err);
    if (code == TONG_OK) *e = fresh;
    return code;
}
