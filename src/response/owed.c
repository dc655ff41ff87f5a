// desired minus issued: what a folded history still owes, given what was answered before (fold.h).
//
// Both logs are boiled down to things with a last state: a task by (task, day, cause), a measure by its number, someone
// else's enrolment by whom and why. What differs is answered; what agrees is not said twice.
#include "response/course.h"
#include "response/fold.h"

#include <assert.h>
#include <string.h>

struct owed {
    const struct rulebook *book;
    struct enrolment *e;
    const struct decisions *desired, *issued;
    struct decisions *out;
    utc_sec now;
    int64_t cause;
    bool unbound; // a measure that was desired in force is only proposed
};

// A task opened under an earlier edition stands in the slot that the edition of now gives it, by its name.
static void owed_slot_now(const struct owed *o, struct decision *d)
{
    bool task = d->kind == DECISION_TASK_OPENED || d->kind == DECISION_TASK_CLOSED || d->kind == DECISION_TASK_OVERDUE;
    if (!task || d->edition == o->e->edition || d->slot < PROTOCOL_STAGE_SLOTS) return;
    const struct protocol *now = o->book->editions[o->e->edition];
    uint32_t name = o->book->editions[d->edition]->tasks[d->what].name_id;
    const struct pathway *path = &now->pathways[o->e->pathway];
    for (uint8_t k = PROTOCOL_STAGE_SLOTS; k < PROTOCOL_SLOTS; k++) {
        if (path->slot_task[k] == PROTOCOL_NONE || now->tasks[path->slot_task[k]].name_id != name) continue;
        d->slot = k;
        d->what = path->slot_task[k];
        d->edition = o->e->edition;
        return;
    }
}

static struct decision *owed_say(struct owed *o, const struct decision *like)
{
    assert(o->out->count < o->out->cap);
    struct decision *d = &o->out->items[o->out->count++];
    *d = *like;
    owed_slot_now(o, d);
    if (d->at.s < o->now.s) d->at = o->now; // decided now, whatever it is about
    return d;
}

static void owed_take_back(struct owed *o, const struct decision *like, decision_kind kind, how_word how)
{
    struct decision *d = owed_say(o, like);
    d->kind = (uint8_t)kind;
    d->how = (uint8_t)how;
    d->why = WHY_CORRECTION;
    d->rule = 0;
    d->fact = o->cause;
    d->at = o->now;
    d->until = UTC_NONE;
}

// ---- tasks ----

static bool owed_is_task(const struct decision *d)
{
    return d->kind == DECISION_TASK_OPENED || d->kind == DECISION_TASK_CLOSED || d->kind == DECISION_TASK_OVERDUE;
}

// Which task it is, whatever the edition: by name, and by slot where a stage asks for the same thing twice a day.
static uint64_t owed_task_key(const struct protocol *const *editions, const struct decision *d)
{
    uint64_t slot = d->slot < PROTOCOL_STAGE_SLOTS ? d->slot : PROTOCOL_NONE;
    return (uint64_t)editions[d->edition]->tasks[d->what].name_id << 8 | slot;
}

// The last opening of the task that is still open at the end of a log, NULL when it is closed. *overdue: said since.
// From the end: what is scheduled daily is met within a day of it, however long the log is.
static const struct decision *owed_open_task(const struct protocol *const *editions, const struct decisions *log,
                                             uint64_t key, bool *overdue, const struct decision **last)
{
    *overdue = false;
    *last = NULL;
    for (size_t i = log->count; i-- > 0;) {
        const struct decision *d = &log->items[i];
        if (!owed_is_task(d) || owed_task_key(editions, d) != key) continue;
        if (*last == NULL) *last = d;
        if (d->kind == DECISION_TASK_OPENED) return d;
        if (d->kind == DECISION_TASK_CLOSED) return NULL;
        *overdue = true;
    }
    return NULL;
}

static bool owed_seen_before(const struct protocol *const *editions, const struct decisions *log, size_t before,
                             uint64_t key)
{
    for (size_t i = before; i-- > 0;)
        if (owed_is_task(&log->items[i]) && owed_task_key(editions, &log->items[i]) == key) return true;
    return false;
}

static void owed_task(struct owed *o, uint64_t key)
{
    const struct protocol *const *editions = o->book->editions;
    bool want_overdue, have_overdue;
    const struct decision *want_last, *have_last;
    const struct decision *want = owed_open_task(editions, o->desired, key, &want_overdue, &want_last);
    const struct decision *have = owed_open_task(editions, o->issued, key, &have_overdue, &have_last);
    bool other_day = want != NULL && have != NULL && want->n != have->n;
    if (have != NULL && (want == NULL || other_day)) {
        bool done = want_last != NULL && want_last->kind == DECISION_TASK_CLOSED && !other_day;
        if (done) {
            struct decision *d = owed_say(o, want_last);
            d->slot = have->slot;
            d->what = have->what;
            d->edition = have->edition;
            owed_slot_now(o, d);
            d->n = have->n;
        } else {
            owed_take_back(o, have, DECISION_TASK_CLOSED, HOW_WITHDRAWN);
        }
    }
    if (want == NULL) return;
    if (have == NULL || other_day) {
        // Scheduled in a past that was not known, or closed as no longer due and asked for again: its day may be over, and nobody has missed it. (One said to be done
        // that was not done after all is overdue.) A day's look cannot be had later.
        const struct task *t = &editions[want->edition]->tasks[want->what];
        bool closed = have_last != NULL && have_last->kind == DECISION_TASK_CLOSED;
        bool not_done = closed && have_last->how != HOW_DONE && have_last->how != HOW_REFUSED;
        bool never = (have_last == NULL || other_day) && t->daily;
        bool over = want->until.s <= o->now.s && (not_done || never);
        if (over && t->verb == VERB_CHECK) {
            o->e->open &= ~(1u << want->slot);
            return;
        }
        struct decision *d = owed_say(o, want);
        const struct protocol *p = o->book->editions[want->edition];
        if (over) d->until.s = (int64_t)course_midnight(p, course_day_of(p, o->now) + 1) * 60;
        want_overdue = want_overdue && !over;
        have_overdue = false;
    }
    utc_sec until = have != NULL && !other_day ? have->until : want->until;
    if (want_overdue && !have_overdue && until.s <= o->now.s) {
        struct decision *d = owed_say(o, want);
        d->kind = DECISION_TASK_OVERDUE;
        d->why = WHY_DEADLINE;
        d->rule = d->what;
        const struct task *t = &editions[d->edition]->tasks[d->what];
        if (!t->has_missed) return;
        struct decision *up = owed_say(o, d);
        up->kind = DECISION_TASK_ESCALATED;
        up->what = (uint8_t)t->missed_tell;
    }
}

static void owed_tasks(struct owed *o)
{
    const struct protocol *const *editions = o->book->editions;
    for (size_t i = 0; i < o->issued->count; i++) {
        const struct decision *d = &o->issued->items[i];
        if (!owed_is_task(d)) continue;
        uint64_t key = owed_task_key(editions, d);
        if (!owed_seen_before(editions, o->issued, i, key)) owed_task(o, key);
    }
    for (size_t i = 0; i < o->desired->count; i++) {
        const struct decision *d = &o->desired->items[i];
        if (!owed_is_task(d)) continue;
        uint64_t key = owed_task_key(editions, d);
        if (owed_seen_before(editions, o->desired, i, key)) continue;
        if (!owed_seen_before(editions, o->issued, o->issued->count, key)) owed_task(o, key);
    }
}

// ---- measures ----

struct owed_measure {
    const struct decision *last;    // PROPOSED, ORDERED, STARTED or ENDED; NULL none
    const struct decision *ordered; // the order now in force
    const struct decision *started; // it was begun, or is one that needs no order
    const struct decision *proposed;
};

static bool owed_is_measure(const struct decision *d)
{
    return d->kind == DECISION_MEASURE_PROPOSED || d->kind == DECISION_MEASURE_ORDERED ||
           d->kind == DECISION_MEASURE_STARTED || d->kind == DECISION_MEASURE_ENDED;
}

static struct owed_measure owed_measure_of(const struct protocol *const *editions, const struct decisions *log,
                                           uint32_t name)
{
    struct owed_measure m = {NULL, NULL, NULL, NULL};
    for (size_t i = 0; i < log->count; i++) {
        const struct decision *d = &log->items[i];
        if (!owed_is_measure(d) || editions[d->edition]->measures[d->what].name_id != name) continue;
        m.last = d;
        if (d->kind == DECISION_MEASURE_PROPOSED) m.proposed = d;
        if (d->kind == DECISION_MEASURE_ORDERED) m.ordered = d;
        if (d->kind == DECISION_MEASURE_STARTED) m.started = d;
        if (d->kind == DECISION_MEASURE_ENDED) m.ordered = m.started = m.proposed = NULL;
    }
    return m;
}

// Was the order issued and the measure ended since, or was it signed before the measure was last ended? Then it is used up:
// what it would confine needs a new order.
static bool owed_order_used_up(const struct owed *o, const struct decision *order, uint32_t name)
{
    bool ordered = false, ended = false;
    for (size_t i = 0; i < o->issued->count; i++) {
        const struct decision *d = &o->issued->items[i];
        if (!owed_is_measure(d) || o->book->editions[d->edition]->measures[d->what].name_id != name) continue;
        if (d->kind == DECISION_MEASURE_ORDERED && d->fact == order->fact) {
            ordered = true;
            ended = false;
        } else if (d->kind == DECISION_MEASURE_ENDED && (ordered || d->at.s > order->at.s)) {
            ended = true; // or it was signed before the release, and never bound
        }
    }
    return ended;
}

// An order that was ended is used up, whatever the facts desire now: the measure is in force only by an order signed since,
// for as long as that one says, and else it is proposed.
static void owed_used_up(struct owed *o, const struct owed_measure *want, const struct owed_measure *have)
{
    struct enrolment *e = o->e;
    e->flags &= ~(uint32_t)(FLAG_ORDERED | FLAG_STARTED | FLAG_RENEWAL | FLAG_PROPOSED);
    e->order_until = ENROLMENT_DAY_NONE;
    if (have->ordered != NULL) {
        const struct protocol *p = o->book->editions[e->edition];
        bool again = have->proposed != NULL && have->proposed > have->ordered;
        e->flags |= FLAG_ORDERED | (have->started != NULL ? FLAG_STARTED : 0u) | (again ? FLAG_RENEWAL : 0u);
        if (have->ordered->until.s != INT64_MIN)
            e->order_until = course_offset(e, course_day_of(p, (utc_sec){have->ordered->until.s - 1}));
        return;
    }
    // Nobody released is silently confined again.
    e->flags |= FLAG_PROPOSED;
    o->unbound = true;
    if (have->proposed != NULL) return;
    struct decision *d = owed_say(o, want->ordered);
    d->kind = DECISION_MEASURE_PROPOSED;
    d->why = WHY_CORRECTION;
    d->fact = o->cause;
}

static void owed_measure(struct owed *o, uint32_t name)
{
    const struct protocol *const *editions = o->book->editions;
    const struct owed_measure none = {NULL, NULL, NULL, NULL};
    struct owed_measure want = owed_measure_of(editions, o->desired, name);
    struct owed_measure have = owed_measure_of(editions, o->issued, name);
    bool wanted = want.last != NULL && want.last->kind != DECISION_MEASURE_ENDED;
    if (have.last != NULL && have.last->kind != DECISION_MEASURE_ENDED && !wanted) {
        if (want.last != NULL)
            (void)owed_say(o, want.last);
        else
            owed_take_back(o, have.last, DECISION_MEASURE_ENDED, HOW_WITHDRAWN);
    }
    if (!wanted) return;
    if (want.ordered != NULL && owed_order_used_up(o, want.ordered, name)) {
        owed_used_up(o, &want, &have);
        return;
    }
    if (have.ordered != NULL && want.ordered == NULL) { // the order itself was taken back
        owed_take_back(o, have.last, DECISION_MEASURE_ENDED, HOW_WITHDRAWN);
        have = none;
    }
    if (want.ordered != NULL && (have.ordered == NULL || have.ordered->until.s != want.ordered->until.s))
        (void)owed_say(o, want.ordered);
    if (want.started != NULL && (have.started == NULL || have.started->until.s != want.started->until.s))
        (void)owed_say(o, want.started);
    bool asked = want.proposed != NULL && (want.ordered == NULL || want.proposed > want.ordered);
    bool said = have.proposed != NULL && (have.ordered == NULL || have.proposed > have.ordered);
    if (asked && !(said && have.proposed->until.s == want.proposed->until.s)) (void)owed_say(o, want.proposed);
}

static void owed_measures(struct owed *o)
{
    const struct protocol *const *editions = o->book->editions;
    const struct decisions *logs[2] = {o->issued, o->desired};
    for (int32_t l = 0; l < 2; l++) {
        for (size_t i = 0; i < logs[l]->count; i++) {
            const struct decision *d = &logs[l]->items[i];
            if (!owed_is_measure(d)) continue;
            uint32_t name = editions[d->edition]->measures[d->what].name_id;
            bool met = false;
            for (int32_t k = 0; k <= l && !met; k++) {
                size_t end = k == l ? i : logs[k]->count;
                for (size_t j = 0; j < end && !met; j++)
                    met = owed_is_measure(&logs[k]->items[j]) &&
                          editions[logs[k]->items[j].edition]->measures[logs[k]->items[j].what].name_id == name;
            }
            if (!met) owed_measure(o, name);
        }
    }
}

// ---- others ----

static bool owed_same_person(const struct decision *a, const struct decision *b)
{
    bool same = a->what == b->what && a->other == b->other && a->role == b->role && a->place == b->place &&
                a->edition == b->edition;
    return same && (a->other == 0 || a->fact == b->fact); // each naming of a contact is a meeting of its own
}

// Is the enrolment of someone else that `d` asks for still asked for at the end of the log? The last word about it decides.
static bool owed_stands(const struct decisions *log, const struct decision *d)
{
    for (size_t i = log->count; i-- > 0;) {
        const struct decision *x = &log->items[i];
        if (x->kind == DECISION_ENROLLED && owed_same_person(x, d)) return true;
        bool all = x->why != WHY_CORRECTION; // a rule undoes everything, a correction one thing
        if (x->kind == DECISION_WITHDRAWN && (all || owed_same_person(x, d))) return false;
    }
    return false;
}

static void owed_enrolments(struct owed *o)
{
    for (size_t i = 0; i < o->issued->count; i++) {
        const struct decision *d = &o->issued->items[i];
        if (d->kind != DECISION_ENROLLED || !owed_stands(o->issued, d) || owed_stands(o->desired, d)) continue;
        struct decisions said = {.items = o->out->items, .count = o->out->count, .cap = o->out->count};
        bool told = false;
        for (size_t j = 0; j < said.count && !told; j++)
            told = said.items[j].kind == DECISION_WITHDRAWN && owed_same_person(&said.items[j], d);
        if (told) continue;
        owed_take_back(o, d, DECISION_WITHDRAWN, HOW_WITHDRAWN);
        if (d->other != 0) o->out->items[o->out->count - 1].fact = d->fact; // which meeting
    }
    for (size_t i = 0; i < o->desired->count; i++) {
        const struct decision *d = &o->desired->items[i];
        if (d->kind != DECISION_ENROLLED || !owed_stands(o->desired, d)) continue;
        bool told = owed_stands(o->issued, d);
        for (size_t j = 0; j < o->out->count && !told; j++)
            told = o->out->items[j].kind == DECISION_ENROLLED && owed_same_person(&o->out->items[j], d);
        if (!told) (void)owed_say(o, d);
    }
}

static void owed_told(struct owed *o)
{
    for (size_t i = 0; i < o->desired->count; i++) {
        const struct decision *d = &o->desired->items[i];
        if (d->kind != DECISION_TOLD || d->fact == 0) continue; // what the clock once said is not said again
        if (d->fact != o->cause && decision_is_news(o->book->editions[d->edition], d)) continue;
        bool told = false;
        const struct decisions *logs[2] = {o->issued, o->out};
        for (int32_t l = 0; l < 2 && !told; l++)
            for (size_t j = 0; j < logs[l]->count && !told; j++) {
                const struct decision *x = &logs[l]->items[j];
                told = x->kind == DECISION_TOLD && x->what == d->what && x->why == d->why && x->rule == d->rule &&
                       x->fact == d->fact;
            }
        if (!told) (void)owed_say(o, d);
    }
}

// ---- the state itself: said when the last word differs ----
static const struct decision *owed_last_of(const struct decisions *log, decision_kind kind)
{
    for (size_t i = log->count; i-- > 0;)
        if (log->items[i].kind == kind) return &log->items[i];
    return NULL;
}

static void owed_last(struct owed *o, decision_kind kind)
{
    bool unbound = kind == DECISION_STATUS && o->unbound; // what is only proposed gives no code
    const struct decision *want = unbound ? NULL : owed_last_of(o->desired, kind), *have = owed_last_of(o->issued, kind);
    if (want == NULL) {
        if (have != NULL && kind == DECISION_STATUS && have->what != PROTOCOL_NONE) {
            owed_take_back(o, have, DECISION_STATUS, HOW_NONE);
            o->out->items[o->out->count - 1].what = PROTOCOL_NONE;
        }
        return;
    }
    if (have == NULL || have->what != want->what || have->edition != want->edition) (void)owed_say(o, want);
}

void fold_owed(const struct rulebook *book, struct enrolment *e, const struct decisions *desired,
               const struct decisions *issued, utc_sec now, int64_t cause, struct decisions *owed)
{
    struct owed o = {book, e, desired, issued, owed, now, cause, false};
    bool was_open = false, ended_before = false;
    for (size_t i = 0; i < issued->count; i++) {
        was_open = was_open || issued->items[i].kind == DECISION_STAGE_ENTERED;
        if (issued->items[i].kind == DECISION_ENDED) ended_before = true;
        if (issued->items[i].kind == DECISION_STAGE_ENTERED) ended_before = false;
    }
    owed_last(&o, DECISION_CLASSIFIED);
    bool ends_now = (e->flags & FLAG_ENDED) != 0;
    if (!ends_now) owed_last(&o, DECISION_STAGE_ENTERED);
    owed_tasks(&o);
    owed_measures(&o);
    owed_last(&o, DECISION_STATUS);
    owed_enrolments(&o);
    owed_told(&o);
    if (ends_now && !ended_before) owed_last(&o, DECISION_ENDED);
    if (!ends_now && ended_before && e->stage != PROTOCOL_NONE) { // opened again
        const struct decision *last = owed_last_of(desired, DECISION_STAGE_ENTERED);
        bool said = false;
        for (size_t i = 0; i < owed->count; i++) said = said || owed->items[i].kind == DECISION_STAGE_ENTERED;
        if (last != NULL && !said) (void)owed_say(&o, last);
    }
    if (e->stage == PROTOCOL_NONE && was_open && !ended_before) { // nothing is left of what it stood on
        struct decision gone = {.edition = e->edition, .pathway = e->pathway, .stage = PROTOCOL_NONE,
                                .what = FINAL_WITHDRAWN, .slot = PROTOCOL_NONE, .place = PROTOCOL_NONE, .role = ROLE_PERSON};
        owed_take_back(&o, &gone, DECISION_ENDED, HOW_WITHDRAWN);
    }
}
