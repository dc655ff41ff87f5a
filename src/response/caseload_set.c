// The caseload as a working set: what was fetched from a store, what has changed since, and time passing for one subject.
#include "response/caseload_inner.h"

#include <assert.h>
#include <string.h>

// ---- facts by number ----
//
// New facts are numbered one after the other: those lie in an array that begins behind the last number of the store. What was
// fetched may have any number: a map finds it.

int64_t caseload_fact_at(const struct caseload *c, int64_t id)
{
    int64_t at;
    if (id > c->id_base) {
        uint64_t i = (uint64_t)(id - c->id_base);
        return i >= c->id_cap || c->fact_by_id[i] == 0 ? -1 : (int64_t)c->fact_by_id[i] - 1;
    }
    return id > 0 && map_get_number(c->old, id, &at) ? at : -1;
}

bool caseload_index_fact(struct caseload *c, int64_t id, uint32_t index)
{
    if (id <= c->id_base) return map_put_number(c->old, id, index);
    size_t i = (size_t)(id - c->id_base);
    size_t cap = c->id_cap;
    while (cap <= i) {
        size_t was = c->id_cap;
        uint32_t *by_id = grow_array(&c->grown, c->fact_by_id, cap, &c->id_cap, sizeof *by_id);
        if (by_id == NULL) return false;
        c->fact_by_id = by_id;
        memset(by_id + was, 0, (c->id_cap - was) * sizeof *by_id);
        cap = c->id_cap;
    }
    c->fact_by_id[i] = index + 1;
    return true;
}

// ---- what has changed ----

void caseload_mark(struct caseload *c, caseload_change what, uint32_t index)
{
    if (c->store == NULL) return;
    uint32_t *items =
        grow_array(&c->grown, c->changes[what].items, c->changes[what].count, &c->changes[what].cap, sizeof *items);
    if (items == NULL) {
        c->broken = true;
        return;
    }
    c->changes[what].items = items;
    items[c->changes[what].count++] = index;
}

void caseload_mark_enrolment(struct caseload *c, uint32_t enrolment)
{
    if (c->enrolments[enrolment].changed) return;
    c->enrolments[enrolment].changed = true;
    caseload_mark(c, CASELOAD_ENROLMENT_CHANGED, enrolment);
}

void caseload_mark_task(struct caseload *c, uint32_t task)
{
    struct caseload_task *t = &c->tasks[task];
    if (!t->changed) caseload_mark(c, CASELOAD_TASK_CHANGED, task);
    t->changed = true;
    if (t->enrolment != CASELOAD_NONE) caseload_mark_enrolment(c, t->enrolment); // it keeps its tasks
}

const uint32_t *caseload_changes(const struct caseload *c, caseload_change what, size_t *count)
{
    *count = c->changes[what].count;
    return c->changes[what].items;
}

const struct fact *caseload_taken(const struct caseload *c, uint32_t index, uint32_t *given_by)
{
    assert(index < c->fact_count);
    *given_by = c->facts[index].given_by;
    return &c->facts[index].fact;
}

void caseload_clean(struct caseload *c, caseload_change what)
{
    for (size_t i = 0; i < c->changes[what].count; i++) {
        uint32_t at = c->changes[what].items[i];
        if (what == CASELOAD_ENROLMENT_CHANGED) {
            c->enrolments[at].changed = false;
            c->enrolments[at].stored = true;
        }
        if (what == CASELOAD_TASK_CHANGED) {
            c->tasks[at].changed = false;
            c->tasks[at].stored = true;
        }
        if (what == CASELOAD_MEASURE_CHANGED) {
            c->measures[at].changed = false;
            c->measures[at].stored = true;
        }
        if (what == CASELOAD_LINK_CHANGED) c->links[at].changed = false;
    }
    c->changes[what].count = 0;
}

// ---- subjects ----

int64_t caseload_key(const struct caseload *c, uint32_t subject)
{
    assert(subject <= c->subject_count);
    return c->subjects[subject].key;
}

subject_kind caseload_kind(const struct caseload *c, uint32_t subject)
{
    assert(subject >= 1 && subject <= c->subject_count);
    return c->subjects[subject].kind;
}

void caseload_is(struct caseload *c, uint32_t subject, subject_kind kind)
{
    assert(subject >= 1 && subject <= c->subject_count);
    c->subjects[subject].kind = kind;
}

void caseload_is_new(struct caseload *c, uint32_t subject)
{
    assert(subject >= 1 && subject <= c->subject_count);
    c->subjects[subject].fetched = CASELOAD_ALL;
}

void caseload_is_gone(struct caseload *c, uint32_t subject)
{
    assert(subject >= 1 && subject <= c->subject_count);
    c->subjects[subject].fetched = CASELOAD_ALL;
    c->subjects[subject].gone = true;
}

bool caseload_need(struct caseload *c, uint32_t subject, caseload_part part)
{
    if (c->subjects[subject].fetched & part) return true;
    c->subjects[subject].fetched |= (uint8_t)part;
    if (c->store->fetch(c->store->payload, c, subject, part)) return true;
    c->broken = true;
    return false;
}

bool caseload_needs_issued(struct caseload *c, uint32_t enrolment)
{
    struct held_enrolment *h = &c->enrolments[enrolment];
    if (c->store == NULL || h->unpacked) return true;
    h->unpacked = true;
    if (c->store->issued(c->store->payload, c, enrolment)) return true;
    c->broken = true;
    return false;
}

// ---- what the store holds ----

uint32_t caseload_hold_enrolment(struct caseload *c, const struct caseload_stored_enrolment *stored)
{
    for (uint32_t i = c->subjects[stored->subject].last_enrolment; i != CASELOAD_NONE; i = c->enrolments[i].before)
        if (c->enrolments[i].number == stored->number) return i;
    struct held_enrolment *all =
        grow_array(&c->grown, c->enrolments, c->enrolment_count, &c->enrolment_cap, sizeof *all);
    if (all == NULL) return CASELOAD_NONE;
    c->enrolments = all;
    uint32_t i = (uint32_t)c->enrolment_count++;
    all[i] = (struct held_enrolment){
        .e = stored->e,
        .subject = stored->subject,
        .before = c->subjects[stored->subject].last_enrolment,
        .first_edition = stored->first_edition,
        .first_pathway = stored->first_pathway,
        .turns = stored->turns,
        .due = stored->due,
        .stored = true,
        .number = stored->number,
        .version = stored->version,
        .source = stored->source,
        .since = stored->since,
        .known = stored->known,
        .opened = stored->opened,
        .ended = stored->ended,
        .last_measure = CASELOAD_NONE,
        .queued = INT64_MAX,
    };
    all[i].e.subject = stored->subject;
    for (int32_t k = 0; k < PROTOCOL_SLOTS; k++) all[i].slot_task[k] = CASELOAD_NONE;
    c->subjects[stored->subject].last_enrolment = i;
    return i;
}

struct caseload_stored_enrolment caseload_stored(const struct caseload *c, uint32_t enrolment)
{
    assert(enrolment < c->enrolment_count);
    const struct held_enrolment *h = &c->enrolments[enrolment];
    return (struct caseload_stored_enrolment){
        .number = h->number,
        .subject = h->subject,
        .e = h->e,
        .first_edition = h->first_edition,
        .first_pathway = h->first_pathway,
        .turns = h->turns,
        .due = h->due,
        .since = h->since,
        .known = h->known,
        .stored = h->stored,
        .opened = h->opened,
        .ended = h->ended,
        .source = h->source,
        .version = h->version,
    };
}

void caseload_stored_due(struct caseload *c, uint32_t enrolment, int32_t due)
{
    assert(enrolment < c->enrolment_count);
    c->enrolments[enrolment].due = due;
}

void caseload_hold_asked(struct caseload *c, uint32_t task)
{
    struct asked *asked = grow_array(&c->grown, c->asked, c->asked_count, &c->asked_cap, sizeof *asked);
    if (asked == NULL) {
        c->broken = true;
        return;
    }
    c->asked = asked;
    struct held_subject *s = &c->subjects[c->tasks[task].subject];
    asked[c->asked_count] = (struct asked){task, s->first_asked};
    s->first_asked = (uint32_t)c->asked_count++;
}

bool caseload_hold_task(struct caseload *c, const struct caseload_task *t)
{
    if (t->enrolment == CASELOAD_NONE)
        for (uint32_t i = c->subjects[t->subject].first_asked; i != CASELOAD_NONE; i = c->asked[i].before)
            if (c->tasks[c->asked[i].task].number == t->number) return true;
    struct caseload_task *tasks = grow_array(&c->grown, c->tasks, c->task_count, &c->task_cap, sizeof *tasks);
    if (tasks == NULL) return false;
    c->tasks = tasks;
    uint32_t i = (uint32_t)c->task_count++;
    tasks[i] = *t;
    tasks[i].changed = false;
    tasks[i].stored = true;
    if (t->enrolment == CASELOAD_NONE) {
        caseload_hold_asked(c, i);
    } else {
        assert(t->slot < PROTOCOL_SLOTS);
        c->enrolments[t->enrolment].slot_task[t->slot] = i;
    }
    return !c->broken;
}

bool caseload_hold_measure(struct caseload *c, const struct caseload_measure *m)
{
    struct held_enrolment *h = &c->enrolments[m->enrolment];
    uint32_t *newer = NULL; // those that came about before they were fetched stay the newer ones
    for (uint32_t *at = &h->last_measure; *at != CASELOAD_NONE; at = &c->measure_before[*at]) {
        if (c->measures[*at].number == m->number) return true;
        if (c->measures[*at].number > m->number) newer = at;
    }
    ptrdiff_t behind = newer == NULL ? -1 : (ptrdiff_t)*newer;
    struct caseload_measure *measures =
        grow_array(&c->grown, c->measures, c->measure_count, &c->measure_cap, sizeof *measures);
    if (measures != NULL) c->measures = measures;
    uint32_t *before =
        grow_array(&c->grown, c->measure_before, c->measure_count, &c->measure_before_cap, sizeof *before);
    if (before != NULL) c->measure_before = before;
    if (measures == NULL || before == NULL) return false;
    uint32_t i = (uint32_t)c->measure_count++;
    measures[i] = *m;
    measures[i].changed = false;
    measures[i].stored = true;
    uint32_t *at = behind < 0 ? &h->last_measure : &c->measure_before[behind];
    before[i] = *at;
    *at = i;
    return true;
}

bool caseload_hold_link(struct caseload *c, const struct caseload_link *l)
{
    uint32_t last = CASELOAD_NONE;
    for (uint32_t i = c->subjects[l->from].first_link; i != CASELOAD_NONE; i = c->link_before[i]) {
        if (c->links[i].opened_by == l->opened_by) return true;
        last = i;
    }
    struct caseload_link *links = grow_array(&c->grown, c->links, c->link_count, &c->link_cap, sizeof *links);
    if (links != NULL) c->links = links;
    uint32_t *before = grow_array(&c->grown, c->link_before, c->link_count, &c->link_before_cap, sizeof *before);
    if (before != NULL) c->link_before = before;
    if (links == NULL || before == NULL) return false;
    uint32_t i = (uint32_t)c->link_count++;
    links[i] = *l;
    links[i].changed = false;
    before[i] = CASELOAD_NONE;
    if (last == CASELOAD_NONE) c->subjects[l->from].first_link = i;
    else before[last] = i;
    return true;
}

// The history comes before what was taken since: the chain of a subject's facts is in the order of their numbers.
bool caseload_hold_fact(struct caseload *c, const struct fact *f)
{
    if (caseload_fact_at(c, f->id) >= 0) return true;
    struct held_fact *facts = grow_array(&c->grown, c->facts, c->fact_count, &c->fact_cap, sizeof *facts);
    if (facts == NULL || !caseload_index_fact(c, f->id, (uint32_t)c->fact_count)) return false;
    c->facts = facts;
    uint32_t i = (uint32_t)c->fact_count++;
    struct held_subject *s = &c->subjects[f->subject];
    uint32_t *at = &s->first_fact;
    if (s->last_fact != CASELOAD_NONE && facts[s->last_fact].fact.id < f->id) at = &facts[s->last_fact].next_of_subject;
    while (*at != CASELOAD_NONE && facts[*at].fact.id < f->id) at = &facts[*at].next_of_subject;
    facts[i] = (struct held_fact){*f, *at, CASELOAD_NOBODY, 0};
    *at = i;
    if (facts[i].next_of_subject == CASELOAD_NONE) s->last_fact = i;
    s->fact_count++;
    return true;
}

const struct fact *caseload_first_fact(const struct caseload *c, uint32_t subject)
{
    assert(subject >= 1 && subject <= c->subject_count);
    uint32_t i = c->subjects[subject].first_fact;
    return i == CASELOAD_NONE ? NULL : &c->facts[i].fact;
}

const struct fact *caseload_next_fact(const struct caseload *c, int64_t id)
{
    int64_t at = caseload_fact_at(c, id);
    uint32_t i = at < 0 ? CASELOAD_NONE : c->facts[at].next_of_subject;
    return i == CASELOAD_NONE ? NULL : &c->facts[i].fact;
}

bool caseload_hold_issued(struct caseload *c, uint32_t enrolment, const struct decision *items, size_t count)
{
    struct decisions *log = &c->enrolments[enrolment].issued;
    size_t cap = log->count + count + 8;
    struct decision *all = arena_array(&c->arena, cap, sizeof *all);
    if (all == NULL) return false;
    if (count > 0) memcpy(all, items, count * sizeof *all);
    if (log->count > 0) memcpy(all + count, log->items, log->count * sizeof *all);
    *log = (struct decisions){all, log->count + count, cap};
    return true;
}

void caseload_packed(struct caseload *c, uint32_t enrolment, struct str issued)
{
    struct held_enrolment *h = &c->enrolments[enrolment];
    h->packed = issued;
    if (!h->unpacked) h->issued.count = 0; // they are in it
}

struct str caseload_packed_of(const struct caseload *c, uint32_t enrolment, bool *unpacked)
{
    *unpacked = c->enrolments[enrolment].unpacked;
    return c->enrolments[enrolment].packed;
}

uint32_t caseload_slot_task(const struct caseload *c, uint32_t enrolment, uint8_t slot)
{
    assert(enrolment < c->enrolment_count && slot < PROTOCOL_SLOTS);
    return c->enrolments[enrolment].slot_task[slot];
}

// ---- time ----

// The task of an enrolment whose deadline passes next, and when; CASELOAD_NONE.
static uint32_t caseload_next_deadline(const struct caseload *c, const struct held_enrolment *h, int64_t *at)
{
    uint32_t found = CASELOAD_NONE;
    for (int32_t k = 0; k < PROTOCOL_SLOTS; k++) {
        if (h->slot_task[k] == CASELOAD_NONE) continue;
        const struct caseload_task *t = &c->tasks[h->slot_task[k]];
        if (!t->open || t->overdue || t->passed || !task_is_timed(&c->book->editions[t->edition]->tasks[t->task]))
            continue;
        if (found != CASELOAD_NONE && t->deadline.s >= *at) continue;
        found = h->slot_task[k];
        *at = t->deadline.s;
    }
    return found;
}

int32_t caseload_due(const struct caseload *c, uint32_t enrolment)
{
    assert(enrolment < c->enrolment_count);
    const struct held_enrolment *h = &c->enrolments[enrolment];
    int64_t deadline;
    int32_t due = h->e.next_min;
    if (caseload_next_deadline(c, h, &deadline) == CASELOAD_NONE) return due;
    int64_t minute = (deadline + 59) / 60; // it has passed when that minute begins
    return minute < due ? (int32_t)minute : due;
}

void caseload_catch_up(struct caseload *c, uint32_t subject, int64_t ticks, int64_t deadlines)
{
    int32_t depth = c->depth;
    c->depth = 0;
    while (!c->broken) {
        int64_t first = INT64_MAX;
        uint32_t task = CASELOAD_NONE, enrolment = CASELOAD_NONE;
        for (uint32_t i = c->subjects[subject].last_enrolment; i != CASELOAD_NONE; i = c->enrolments[i].before) {
            const struct held_enrolment *h = &c->enrolments[i];
            int64_t tick = h->e.next_min == ENROLMENT_NEVER ? INT64_MAX : (int64_t)h->e.next_min * 60, deadline;
            if (tick <= ticks && tick <= first &&
                tick != INT64_MAX) { // of one instant the elder first, days before deadlines
                first = tick;
                enrolment = i;
                task = CASELOAD_NONE;
            }
            uint32_t t = caseload_next_deadline(c, h, &deadline);
            if (t != CASELOAD_NONE && deadline <= deadlines && deadline < first) {
                first = deadline;
                enrolment = i;
                task = t;
            }
        }
        if (enrolment == CASELOAD_NONE) break;
        if (first > c->now) c->now = first;
        if (task == CASELOAD_NONE) caseload_tick(c, enrolment, first);
        else caseload_deadline(c, task);
    }
    c->depth = depth;
}

tong_code caseload_pass(struct caseload *c, uint32_t subject, utc_sec now, struct err *err)
{
    assert(c->store != NULL && subject >= 1 && subject <= c->subject_count);
    if (caseload_need(c, subject, CASELOAD_ENROLMENTS)) caseload_catch_up(c, subject, now.s, now.s);
    return caseload_advance(c, (utc_sec){now.s > c->now ? now.s : c->now}, err);
}

void caseload_set_edition(struct caseload *c, uint8_t edition)
{
    assert(edition < c->book->count);
    c->edition = edition;
}

void caseload_set_now(struct caseload *c, utc_sec now)
{
    if (now.s > c->now) c->now = now.s;
}

void caseload_set_last_id(struct caseload *c, int64_t id)
{
    assert(id >= c->last_id || c->fact_count == 0);
    c->last_id = id;
    if (c->fact_count == 0) c->id_base = id;
}

uint32_t caseload_giver(const struct caseload *c)
{
    return c->giver;
}

int64_t caseload_last_id(const struct caseload *c)
{
    return c->last_id;
}

tong_code caseload_reset(struct caseload *c, struct err *err)
{
    struct map **maps[] = {&c->names, &c->keys, &c->old};
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        if (map_count(*maps[i]) == 0) continue;
        struct map *fresh = map_open();
        if (fresh == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a caseload");
        map_close(*maps[i]);
        *maps[i] = fresh;
    }
    if (!turns_forget(c)) return tong_fail(err, TONG_E_NOMEM, "no memory for a caseload");
    arena_reset(&c->arena);
    arena_reset(&c->scratch);
    for (int32_t i = 0; i < CASELOAD_CHANGE_COUNT; i++) c->changes[i].count = 0;
    c->subject_count = c->enrolment_count = c->fact_count = c->pending_count = c->task_count = 0;
    c->measure_count = c->link_count = c->asked_count = 0;
    if (c->id_cap > 0) memset(c->fact_by_id, 0, c->id_cap * sizeof *c->fact_by_id);
    c->id_base = c->last_id;
    c->now = INT64_MIN / 4;
    c->depth = 0;
    c->giver = CASELOAD_NOBODY;
    c->broken = false;
    return TONG_OK;
}
