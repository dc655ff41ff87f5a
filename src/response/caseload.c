#include "response/caseload.h"
#include "response/caseload_inner.h"
#include "response/course.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { CASELOAD_BUFFER = 4096 };

tong_code caseload_open(const struct rulebook *book, uint8_t first, const struct caseload_options *options,
                        struct caseload **out, struct err *err)
{
    assert(first < book->count);
    struct caseload *c = calloc(1, sizeof *c);
    if (c == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a caseload");
    c->book = book;
    c->edition = first;
    c->now = INT64_MIN / 4;
    c->options = *options;
    if (c->options.depth_max == 0) c->options.depth_max = CASELOAD_DEPTH;
    c->arena.bytes_max = c->grown.bytes_max = options->bytes_max;
    c->names = map_open();
    c->buffer = arena_array(&c->arena, 3 * (size_t)CASELOAD_BUFFER, sizeof *c->buffer);
    c->desired = c->buffer + CASELOAD_BUFFER;
    c->owed = c->desired + CASELOAD_BUFFER;
    c->subjects = grow_array(&c->grown, NULL, 0, &c->subject_cap, sizeof *c->subjects); // number 0 is nobody
    if (!turns_open(c) || c->names == NULL || c->buffer == NULL || c->subjects == NULL) {
        caseload_close(c);
        return tong_fail(err, TONG_E_NOMEM, "no memory for a caseload");
    }
    *out = c;
    return TONG_OK;
}

void caseload_close(struct caseload *c)
{
    if (c == NULL) return;
    map_close(c->names);
    turns_close(c);
    grow_free(c->subjects);
    grow_free(c->enrolments);
    grow_free(c->facts);
    grow_free(c->pending);
    grow_free(c->fact_by_id);
    grow_free(c->tasks);
    grow_free(c->measures);
    grow_free(c->measure_before);
    grow_free(c->links);
    grow_free(c->link_before);
    arena_free(&c->arena);
    arena_free(&c->scratch);
    free(c);
}

uint32_t caseload_subject(struct caseload *c, struct str name, subject_kind kind)
{
    int64_t number;
    if (map_get_text(c->names, name, &number)) return (uint32_t)number;
    struct held_subject *subjects =
        grow_array(&c->grown, c->subjects, c->subject_count + 1, &c->subject_cap, sizeof *subjects);
    char *text = arena_copy(&c->arena, name.p, name.n);
    if (subjects != NULL) c->subjects = subjects;
    uint32_t i = (uint32_t)c->subject_count + 1;
    struct str kept = {text, name.n};
    if (subjects == NULL || text == NULL || !map_put_text(c->names, kept, i)) return CASELOAD_NONE;
    c->subject_count++;
    c->subjects[i] = (struct held_subject){
        .name = kept,
        .home = 0,
        .kind = kind,
        .first_fact = CASELOAD_NONE,
        .last_fact = CASELOAD_NONE,
        .last_enrolment = CASELOAD_NONE,
        .first_link = CASELOAD_NONE,
    };
    return i;
}

void caseload_lives(struct caseload *c, uint32_t subject, uint32_t place)
{
    assert(subject > 0 && subject <= c->subject_count && place <= c->subject_count);
    c->subjects[subject].home = place;
}

int64_t caseload_fact_id(struct caseload *c)
{
    return ++c->last_id;
}

// ---- facts of a subject ----

static uint32_t caseload_store(struct caseload *c, const struct fact *f, int32_t depth)
{
    struct held_fact *facts = grow_array(&c->grown, c->facts, c->fact_count, &c->fact_cap, sizeof *facts);
    if (facts != NULL) c->facts = facts;
    size_t ids = c->id_cap;
    while (facts != NULL && ids <= (size_t)c->last_id) {
        size_t was = c->id_cap;
        uint32_t *by_id = grow_array(&c->grown, c->fact_by_id, ids, &c->id_cap, sizeof *by_id);
        if (by_id == NULL) break;
        c->fact_by_id = by_id;
        for (size_t k = was; k < c->id_cap; k++) by_id[k] = 0;
        ids = c->id_cap;
    }
    if (facts == NULL || c->id_cap <= (size_t)f->id) {
        c->broken = true;
        return CASELOAD_NONE;
    }
    uint32_t i = (uint32_t)c->fact_count++;
    c->facts[i] = (struct held_fact){*f, CASELOAD_NONE, depth};
    c->fact_by_id[f->id] = i + 1;
    struct held_subject *s = &c->subjects[f->subject];
    if (s->first_fact == CASELOAD_NONE)
        s->first_fact = i;
    else
        c->facts[s->last_fact].next_of_subject = i;
    s->last_fact = i;
    s->fact_count++;
    return i;
}

static bool caseload_is_circumstance(const struct fact *f)
{
    return f->kind == EVENT_ATTRIBUTE || f->kind == EVENT_IMMUNITY || f->kind == EVENT_VACCINATED ||
           f->kind == EVENT_CARER_NAMED || f->kind == EVENT_GUARDIAN_NAMED;
}

// The subject's facts of this episode, ready to fold; NULL when memory is short.
static struct fact *caseload_history(struct caseload *c, uint32_t subject, int64_t since, int64_t opened, size_t *count)
{
    const struct held_subject *s = &c->subjects[subject];
    struct fact *facts = arena_array(&c->scratch, s->fact_count + 1, sizeof *facts);
    size_t n = 0;
    for (uint32_t i = s->first_fact; facts != NULL && i != CASELOAD_NONE; i = c->facts[i].next_of_subject) {
        const struct fact *f = &c->facts[i].fact;
        if (f->kind == EVENT_EDITION && f->known.s <= opened) continue;
        if (f->happened.s >= since || caseload_is_circumstance(f)) facts[n++] = *f;
    }
    if (facts == NULL) c->broken = true;
    *count = facts == NULL ? 0 : facts_prepare(facts, n, (utc_sec){c->now}, UTC_NONE);
    return facts;
}

static void caseload_queue_tick(struct caseload *c, uint32_t enrolment)
{
    struct held_enrolment *h = &c->enrolments[enrolment];
    if (h->e.next_min == ENROLMENT_NEVER) return;
    int64_t at = (int64_t)h->e.next_min * 60;
    if (at < c->now) at = c->now;
    if (h->queued == at) return;
    h->queued = at;
    (void)turn_push(c, TURN_TICK, at, enrolment);
}

static struct decisions caseload_room_owed(struct caseload *c, size_t room)
{
    if (room <= CASELOAD_BUFFER) return (struct decisions){c->owed, 0, CASELOAD_BUFFER};
    return (struct decisions){arena_array(&c->scratch, room, sizeof(struct decision)), 0, room};
}

// What was issued before: when decisions about tasks are not kept, the latest task of each slot
// stands for them.
static struct decisions caseload_issued(struct caseload *c, const struct held_enrolment *h)
{
    if (!c->options.forget) return h->issued;
    size_t cap = h->issued.count + 3 * PROTOCOL_SLOTS;
    struct decisions all = {arena_array(&c->scratch, cap, sizeof *all.items), 0, cap};
    if (all.items == NULL) return (struct decisions){NULL, 1, 0};
    for (size_t i = 0; i < h->issued.count; i++) all.items[all.count++] = h->issued.items[i];
    for (int32_t k = 0; k < PROTOCOL_SLOTS; k++) {
        if (h->slot_task[k] == CASELOAD_NONE) continue;
        const struct caseload_task *t = &c->tasks[h->slot_task[k]];
        struct decision d = {
            .kind = DECISION_TASK_OPENED,
            .edition = t->edition,
            .pathway = h->e.pathway,
            .stage = t->stage,
            .what = t->task,
            .slot = t->slot,
            .place = PROTOCOL_NONE,
            .n = t->n,
            .fact = t->fact,
            .at = t->opened,
            .until = t->deadline,
        };
        all.items[all.count++] = d;
        if (t->overdue) {
            d.kind = DECISION_TASK_OVERDUE;
            all.items[all.count++] = d;
        }
        if (!t->open) {
            d.kind = DECISION_TASK_CLOSED;
            d.how = t->how;
            all.items[all.count++] = d;
        }
    }
    return all;
}

static void caseload_refold(struct caseload *c, uint32_t enrolment, int64_t cause)
{
    struct held_enrolment *h = &c->enrolments[enrolment];
    size_t count;
    struct fact *facts = caseload_history(c, h->subject, h->since, h->opened, &count);
    if (facts == NULL) return;
    struct enrolment e = h->e;
    e.edition = h->first_edition;
    e.pathway = h->first_pathway;
    struct decisions desired = {c->desired, 0, CASELOAD_BUFFER};
    if (fold(c->book, facts, count, (utc_sec){c->now}, &e, &desired, &c->scratch, NULL) != TONG_OK) {
        c->broken = true;
        return;
    }
    struct decisions issued = caseload_issued(c, h);
    size_t room = 2 * (desired.count + issued.count) + 8;
    struct decisions owed = caseload_room_owed(c, room);
    if (owed.items == NULL || (issued.items == NULL && issued.count > 0)) {
        c->broken = true;
        return;
    }
    fold_owed(c->book, &e, &desired, &issued, (utc_sec){c->now}, cause, &owed);
    h->e = e;
    caseload_apply(c, enrolment, owed.items, owed.count);
    arena_reset(&c->scratch);
    caseload_queue_tick(c, enrolment);
}

// ---- answering ----

static bool caseload_answer(struct caseload *c, uint32_t enrolment, const struct fact *f)
{
    struct held_enrolment *h = &c->enrolments[enrolment];
    if (f->happened.s < h->since && !caseload_is_circumstance(f) && f->replaces == 0) return false;
    // Withdrawn under another edition: what begins now begins under the one in force.
    if (h->e.stage == PROTOCOL_NONE && h->e.edition != c->edition && f->replaces == 0) return false;
    bool days_closed = h->e.next_min > f->happened.s / 60 || f->kind == EVENT_EDITION; // which closes the day itself
    if (f->replaces == 0 && days_closed) {
        struct decisions out = {c->buffer, 0, CASELOAD_BUFFER};
        respond_answer answer = respond(c->book, &h->e, f, &out);
        if (answer != RESPOND_LATE) {
            caseload_apply(c, enrolment, c->buffer, out.count);
            caseload_queue_tick(c, enrolment);
            return answer == RESPOND_OK;
        }
    }
    size_t before = h->issued.count;
    caseload_refold(c, enrolment, f->id);
    h = &c->enrolments[enrolment];
    return enrolment_is_open(&h->e) || h->issued.count != before;
}

// Until when facts belong to an enrolment that has ended: to its end; where it was an infection, to the end of the episode.
static int64_t caseload_belongs_until(const struct caseload *c, const struct held_enrolment *h)
{
    const struct protocol *p = c->book->editions[h->e.edition];
    bool infection = p->pathways[h->e.pathway].ladder && p->episode_days > 0;
    if (enrolment_final(&h->e) == FINAL_DISCARDED || enrolment_final(&h->e) == FINAL_WITHDRAWN) infection = false;
    return infection ? h->ended + (int64_t)p->episode_days * 86400 - 1 : h->ended;
}

// Could the fact open this pathway at all? A cheap look before folding.
static bool caseload_may_open(const struct protocol *p, uint8_t pathway, const struct fact *f)
{
    if (f->kind == EVENT_EXPOSED) return f->name == 0 || f->name == p->pathways[pathway].name_id;
    if (f->kind == EVENT_ENROLLED) return f->name == p->pathways[pathway].name_id;
    uint16_t list = p->door[respond_event(p, f)];
    if (list == 0) return false;
    for (const uint16_t *r = &p->reactions[list]; *r != RULE_LIST_END; r++)
        for (uint16_t i = 0; i < p->rules[*r].action_count; i++) {
            const struct action *a = &p->actions[p->rules[*r].action_first + i];
            if (a->kind == ACTION_ENROL && a->a == pathway) return true;
        }
    return false;
}

static bool caseload_try_door(struct caseload *c, uint32_t subject, uint8_t pathway, const struct fact *f)
{
    int64_t since = INT64_MIN;
    for (uint32_t i = c->subjects[subject].last_enrolment; i != CASELOAD_NONE; i = c->enrolments[i].before) {
        const struct held_enrolment *h = &c->enrolments[i];
        if (h->e.pathway != pathway || h->e.edition != c->edition) {
            // An edition that finished what it began: the same pathway by name is still the same course.
            const struct protocol *was = c->book->editions[h->e.edition];
            if (was->pathways[h->e.pathway].name_id != c->book->editions[c->edition]->pathways[pathway].name_id) continue;
        }
        if (!enrolment_has_ended(&h->e)) {
            if (h->e.stage != PROTOCOL_NONE) return false;
            continue; // withdrawn
        }
        int64_t until = caseload_belongs_until(c, h);
        if (f->happened.s <= until) return false;
        if (until >= since) since = until + 1;
    }
    size_t count;
    struct fact *facts = caseload_history(c, subject, since, c->now, &count);
    struct enrolment e = {.subject = subject, .edition = c->edition, .pathway = pathway};
    struct decisions log = {c->desired, 0, CASELOAD_BUFFER};
    // Nobody is left out in silence: a history too long for the memory is an error.
    c->broken = c->broken || fold(c->book, facts, count, (utc_sec){c->now}, &e, &log, &c->scratch, NULL) != TONG_OK;
    bool opened = !c->broken && e.stage != PROTOCOL_NONE;
    if (opened) {
        struct held_enrolment *all =
            grow_array(&c->grown, c->enrolments, c->enrolment_count, &c->enrolment_cap, sizeof *all);
        if (all == NULL) {
            c->broken = true;
            return false;
        }
        c->enrolments = all;
        uint32_t i = (uint32_t)c->enrolment_count++;
        all[i] = (struct held_enrolment){
            .e = e,
            .subject = subject,
            .before = c->subjects[subject].last_enrolment,
            .first_edition = c->edition,
            .first_pathway = pathway,
            .since = since,
            .opened = c->now,
            .last_measure = CASELOAD_NONE,
            .queued = INT64_MAX,
        };
        c->subjects[subject].last_enrolment = i;
        for (int32_t k = 0; k < PROTOCOL_SLOTS; k++) all[i].slot_task[k] = CASELOAD_NONE;
        // A course that is opened with its past: only what still stands is answered now.
        const struct decisions nothing = {0};
        size_t room = 2 * log.count + 8;
        struct decisions owed = caseload_room_owed(c, room);
        if (owed.items == NULL) {
            c->broken = true;
            return false;
        }
        fold_owed(c->book, &c->enrolments[i].e, &log, &nothing, (utc_sec){c->now}, f->id, &owed);
        caseload_apply(c, i, owed.items, owed.count);
        caseload_queue_tick(c, i);
    }
    arena_reset(&c->scratch);
    return opened;
}

static void caseload_ask(struct caseload *c, const struct fact *f)
{
    const struct protocol *p = c->book->editions[c->edition];
    if (!p->has_ask || p->ask_task == PROTOCOL_NONE) return;
    struct decision d = {
        .kind = DECISION_TASK_OPENED,
        .why = WHY_ANYTHING_ELSE,
        .edition = c->edition,
        .pathway = PROTOCOL_NONE,
        .stage = PROTOCOL_NONE,
        .what = p->ask_task,
        .slot = PROTOCOL_NONE,
        .place = PROTOCOL_NONE,
        .role = (uint8_t)p->ask_by,
        .fact = f->id,
        .at = {c->now},
        .until = {(int64_t)course_midnight(p, course_day_of(p, (utc_sec){c->now}) + 1) * 60}, // by the end of the day
    };
    struct caseload_task *tasks = grow_array(&c->grown, c->tasks, c->task_count, &c->task_cap, sizeof *tasks);
    if (tasks == NULL) {
        c->broken = true;
        return;
    }
    c->tasks = tasks;
    tasks[c->task_count++] = (struct caseload_task){
        .subject = (uint32_t)f->subject,
        .enrolment = CASELOAD_NONE,
        .edition = c->edition,
        .task = p->ask_task,
        .slot = PROTOCOL_NONE,
        .stage = PROTOCOL_NONE,
        .open = true,
        .fact = f->id,
        .opened = d.at,
        .deadline = d.until,
        .closed = UTC_NONE,
    };
    if (c->options.listener != NULL)
        c->options.listener(c->options.payload, c, (uint32_t)f->subject, CASELOAD_NONE, &d);
}

static void caseload_take(struct caseload *c, const struct fact *given, int32_t depth)
{
    struct fact f = *given;
    if (f.id == 0) f.id = caseload_fact_id(c);
    assert(f.id <= c->last_id);
    if (f.known.s > c->now) c->now = f.known.s;
    uint32_t stored = caseload_store(c, &f, depth);
    if (stored == CASELOAD_NONE) return;
    c->depth = depth;
    bool matched = f.kind == EVENT_RETRACTED;
    uint32_t subject = (uint32_t)f.subject;
    for (uint32_t i = c->subjects[subject].last_enrolment; i != CASELOAD_NONE && !c->broken; i = c->enrolments[i].before)
        matched = caseload_answer(c, i, &f) || matched;
    const struct protocol *p = c->book->editions[c->edition];
    for (uint8_t pathway = 0; pathway < p->pathway_count && f.kind != EVENT_RETRACTED && !c->broken; pathway++) {
        if (p->pathways[pathway].of != c->subjects[subject].kind || !caseload_may_open(p, pathway, &f)) continue;
        matched = caseload_try_door(c, subject, pathway, &f) || matched;
    }
    if (!matched && respond_matters(respond_event(p, &f))) caseload_ask(c, &f);
}

// ---- time ----

static void caseload_tick(struct caseload *c, uint32_t enrolment, int64_t at)
{
    struct held_enrolment *h = &c->enrolments[enrolment];
    if (h->queued != at) return; // another tick took its place
    h->queued = INT64_MAX;
    while (!c->broken && c->enrolments[enrolment].e.next_min != ENROLMENT_NEVER &&
           (int64_t)c->enrolments[enrolment].e.next_min * 60 <= at) {
        struct decisions out = {c->buffer, 0, CASELOAD_BUFFER};
        respond_until(c->book, &c->enrolments[enrolment].e, (utc_sec){at}, &out);
        caseload_apply(c, enrolment, c->buffer, out.count);
    }
    caseload_queue_tick(c, enrolment);
}

static void caseload_deadline(struct caseload *c, uint32_t task)
{
    const struct caseload_task *t = &c->tasks[task];
    if (!t->open || t->overdue || t->enrolment == CASELOAD_NONE) return;
    struct decisions out = {c->buffer, 0, CASELOAD_BUFFER};
    respond_deadline(c->book, &c->enrolments[t->enrolment].e, t->slot, t->deadline, &out);
    caseload_apply(c, t->enrolment, c->buffer, out.count);
}

tong_code caseload_advance(struct caseload *c, utc_sec now, struct err *err)
{
    struct turn t;
    while (!c->broken && turn_pop(c, now.s, &t)) {
        if (t.at > c->now) c->now = t.at;
        c->depth = 0;
        if (t.kind == TURN_TICK) caseload_tick(c, t.what, t.at);
        if (t.kind == TURN_DEADLINE) caseload_deadline(c, t.what);
        if (t.kind == TURN_FACT || t.kind == TURN_EDITION) {
            struct held_fact *f = &c->pending[t.what];
            if (f->depth > c->options.depth_max)
                return tong_fail(err, TONG_E_LIMIT, "one fact led to more than %d rounds of telling each other", c->options.depth_max);
            caseload_take(c, &f->fact, f->depth);
        }
    }
    if (c->broken) return tong_fail(err, TONG_E_LIMIT, "no memory left for the caseload");
    if (now.s > c->now) c->now = now.s;
    return TONG_OK;
}

static tong_code caseload_wait(struct caseload *c, const struct fact *f, int32_t depth, struct err *err)
{
    struct held_fact *pending = grow_array(&c->grown, c->pending, c->pending_count, &c->pending_cap, sizeof *pending);
    if (pending != NULL) c->pending = pending;
    int64_t at = f->known.s < c->now ? c->now : f->known.s;
    if (pending == NULL || !turn_push(c, f->kind == EVENT_EDITION ? TURN_EDITION : TURN_FACT, at, (uint32_t)c->pending_count)) {
        c->broken = true;
        return tong_fail(err, TONG_E_LIMIT, "no memory left for the caseload");
    }
    pending[c->pending_count++] = (struct held_fact){*f, CASELOAD_NONE, depth};
    return TONG_OK;
}

void caseload_give(struct caseload *c, struct fact f)
{
    (void)caseload_wait(c, &f, c->depth + 1, NULL);
}

tong_code caseload_later(struct caseload *c, const struct fact *f, struct err *err)
{
    assert(f->subject > 0 && (size_t)f->subject <= c->subject_count);
    return caseload_wait(c, f, 0, err);
}

tong_code caseload_record(struct caseload *c, const struct fact *f, struct err *err)
{
    assert(f->subject > 0 && (size_t)f->subject <= c->subject_count);
    struct fact now = *f;
    if (now.known.s < c->now) now.known.s = c->now;
    tong_code code = caseload_wait(c, &now, 0, err);
    if (code == TONG_OK) code = caseload_advance(c, now.known, err);
    if (code == TONG_OK && f->known.s < now.known.s)
        return tong_fail(err, TONG_E_CONFLICT, "known before the present time: taken as known now");
    return code;
}

tong_code caseload_edition(struct caseload *c, uint8_t edition, utc_sec at, struct err *err)
{
    assert(edition < c->book->count);
    tong_code code = caseload_advance(c, (utc_sec){at.s - 1}, err);
    if (code != TONG_OK) return code;
    c->edition = edition;
    for (size_t s = 1; s <= c->subject_count; s++) {
        bool open = false;
        for (uint32_t i = c->subjects[s].last_enrolment; i != CASELOAD_NONE && !open; i = c->enrolments[i].before)
            open = enrolment_is_open(&c->enrolments[i].e);
        if (!open) continue;
        const struct fact f = {
            .subject = (int64_t)s,
            .happened = at,
            .until = UTC_NONE,
            .known = at,
            .recorded = at,
            .kind = EVENT_EDITION,
            .edition = edition,
        };
        code = caseload_wait(c, &f, 0, err);
        if (code != TONG_OK) return code;
    }
    return caseload_advance(c, at, err);
}
