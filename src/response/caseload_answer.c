// Answering: one fact, one tick of the clock, one deadline.
#include "response/caseload_inner.h"
#include "response/course.h"

#include <assert.h>

// ---- facts of a subject ----

static uint32_t caseload_keep_fact(struct caseload *c, const struct fact *f, int32_t depth, uint32_t given_by)
{
    struct held_fact *facts = grow_array(&c->grown, c->facts, c->fact_count, &c->fact_cap, sizeof *facts);
    if (facts != NULL) c->facts = facts;
    if (facts == NULL || !caseload_index_fact(c, f->id, (uint32_t)c->fact_count)) {
        c->broken = true;
        return CASELOAD_NONE;
    }
    uint32_t i = (uint32_t)c->fact_count++;
    c->facts[i] = (struct held_fact){*f, CASELOAD_NONE, given_by, depth};
    struct held_subject *s = &c->subjects[f->subject];
    if (s->first_fact == CASELOAD_NONE) s->first_fact = i;
    else c->facts[s->last_fact].next_of_subject = i;
    s->last_fact = i;
    s->fact_count++;
    caseload_mark(c, CASELOAD_FACT_TAKEN, i);
    return i;
}

static bool caseload_is_circumstance(const struct fact *f)
{
    return f->kind == EVENT_ATTRIBUTE || f->kind == EVENT_IMMUNITY || f->kind == EVENT_VACCINATED ||
           f->kind == EVENT_CARER_NAMED || f->kind == EVENT_GUARDIAN_NAMED;
}

// A change of edition that came before the enrolment, which began under what was in force. Within one second the edition
// tells which of the two was first.
static bool caseload_edition_before(const struct fact *f, int64_t opened, uint8_t first_edition)
{
    if (f->kind != EVENT_EDITION) return false;
    return f->known.s < opened || (f->known.s == opened && f->edition == first_edition);
}

// The subject's facts of this episode, ready to fold; NULL when memory is short.
static struct fact *caseload_history(struct caseload *c, uint32_t subject, int64_t since, int64_t opened, uint8_t first_edition,
                                     size_t *count)
{
    if (!caseload_need(c, subject, CASELOAD_FACTS)) return NULL;
    const struct held_subject *s = &c->subjects[subject];
    struct fact *facts = arena_array(&c->scratch, s->fact_count + 1, sizeof *facts);
    size_t n = 0;
    for (uint32_t i = s->first_fact; facts != NULL && i != CASELOAD_NONE; i = c->facts[i].next_of_subject) {
        const struct fact *f = &c->facts[i].fact;
        if (caseload_edition_before(f, opened, first_edition)) continue;
        if (f->happened.s >= since || caseload_is_circumstance(f)) facts[n++] = *f;
    }
    if (facts == NULL) c->broken = true;
    *count = facts == NULL ? 0 : facts_prepare(facts, n, (utc_sec){c->now}, UTC_NONE);
    return facts;
}

// With a store behind it time passes for one subject at a time, and only what is due already waits in the queue.
static void caseload_queue_tick(struct caseload *c, uint32_t enrolment)
{
    struct held_enrolment *h = &c->enrolments[enrolment];
    caseload_mark_enrolment(c, enrolment);
    if (h->e.next_min == ENROLMENT_NEVER) return;
    int64_t at = (int64_t)h->e.next_min * 60;
    if (c->store != NULL && at > c->now) return;
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

// When a folded course ended: as its last decision says. 0: it has not, or nothing is left of it.
static int64_t caseload_ended_at(const struct caseload *c, const struct enrolment *e, const struct decisions *desired)
{
    for (size_t i = desired->count; i-- > 0 && enrolment_has_ended(e);) {
        const struct decision *d = &desired->items[i];
        if (d->kind != DECISION_ENDED) continue;
        const struct fact *cause = caseload_fact(c, d->fact); // the history is here
        return cause == NULL ? d->at.s : cause->happened.s;
    }
    return 0;
}

// How many decisions it answered.
static size_t caseload_refold(struct caseload *c, uint32_t enrolment, int64_t cause)
{
    size_t count;
    if (!caseload_needs_issued(c, enrolment)) return 0;
    struct fact *facts = caseload_history(c, c->enrolments[enrolment].subject, c->enrolments[enrolment].since,
                                          c->enrolments[enrolment].opened, c->enrolments[enrolment].first_edition, &count);
    if (facts == NULL) return 0;
    struct held_enrolment *h = &c->enrolments[enrolment];
    struct enrolment e = h->e;
    e.edition = h->first_edition;
    e.pathway = h->first_pathway;
    struct decisions desired = {c->desired, 0, CASELOAD_BUFFER};
    if (fold(c->book, facts, count, (utc_sec){c->now}, &e, &desired, &c->scratch, NULL) != TONG_OK) {
        c->broken = true;
        return 0;
    }
    struct decisions issued = caseload_issued(c, h);
    size_t room = 2 * (desired.count + issued.count) + 8;
    struct decisions owed = caseload_room_owed(c, room);
    if (owed.items == NULL || (issued.items == NULL && issued.count > 0)) {
        c->broken = true;
        return 0;
    }
    fold_owed(c->book, &e, &desired, &issued, (utc_sec){c->now}, cause, &owed);
    // What ended, was taken back and has ended again does not say so again. Whoever reads it from a store knows no other end.
    if (!enrolment_has_ended(&e) || !enrolment_has_ended(&h->e)) h->ended = caseload_ended_at(c, &e, &desired);
    h->e = e;
    caseload_apply(c, enrolment, owed.items, owed.count);
    arena_reset(&c->scratch);
    caseload_queue_tick(c, enrolment);
    return owed.count;
}

// ---- answering ----

static bool caseload_answer(struct caseload *c, uint32_t enrolment, const struct fact *f)
{
    struct held_enrolment *h = &c->enrolments[enrolment];
    if (f->happened.s < h->since && !caseload_is_circumstance(f) && f->replaces == 0) return false;
    // Withdrawn under another edition: what begins now begins under the one in force.
    if (h->e.stage == PROTOCOL_NONE && h->e.edition != c->edition && f->replaces == 0) return false;
    if (caseload_edition_before(f, h->opened, h->first_edition)) return false; // none of its own, as in its history
    h->version = f->id;
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
    size_t answered = caseload_refold(c, enrolment, f->id);
    return enrolment_is_open(&c->enrolments[enrolment].e) || answered > 0;
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

// Who caused it: the case that was met, the one whose enrolment asked for this one.
static int64_t caseload_source(const struct caseload *c, uint32_t subject, const struct fact *f)
{
    bool named = (f->kind == EVENT_EXPOSED || f->kind == EVENT_ENROLLED) && f->link > 0 && f->link != (int64_t)subject;
    if (!named || (size_t)f->link > c->subject_count) return 0;
    return c->subjects[f->link].key;
}

static bool caseload_try_door(struct caseload *c, uint32_t subject, uint8_t pathway, const struct fact *f)
{
    int64_t since = INT64_MIN;
    for (uint32_t i = c->subjects[subject].last_enrolment; i != CASELOAD_NONE; i = c->enrolments[i].before) {
        const struct held_enrolment *h = &c->enrolments[i];
        if (h->e.pathway != pathway || h->e.edition != c->edition) {
            // An edition that finished what it began: the same pathway by name is still the same course.
            const struct protocol *was = c->book->editions[h->e.edition];
            if (was->pathways[h->e.pathway].name_id != c->book->editions[c->edition]->pathways[pathway].name_id)
                continue;
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
    struct fact *facts = caseload_history(c, subject, since, c->now, c->edition, &count);
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
            .unpacked = true,
            .number = f->id * CASELOAD_PATHWAYS + pathway,
            .version = f->id,
            .source = caseload_source(c, subject, f),
            .since = since,
            .known = f->known.s,
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

void caseload_ask(struct caseload *c, const struct fact *f)
{
    const struct protocol *p = c->book->editions[c->edition];
    if (!p->has_ask || p->ask_task == PROTOCOL_NONE || !caseload_need(c, (uint32_t)f->subject, CASELOAD_ASKED)) return;
    for (uint32_t i = c->subjects[f->subject].first_asked; i != CASELOAD_NONE; i = c->asked[i].before)
        if (c->tasks[c->asked[i].task].fact == f->id) return; // once is enough
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
    uint32_t i = (uint32_t)c->task_count++;
    tasks[i] = (struct caseload_task){
        .subject = (uint32_t)f->subject,
        .enrolment = CASELOAD_NONE,
        .edition = c->edition,
        .task = p->ask_task,
        .slot = PROTOCOL_NONE,
        .stage = PROTOCOL_NONE,
        .open = true,
        .why = WHY_ANYTHING_ELSE,
        .role = (uint8_t)p->ask_by,
        .fact = f->id,
        .opened = d.at,
        .deadline = d.until,
        .closed = UTC_NONE,
        .number = (f->id * CASELOAD_PATHWAYS + CASELOAD_PATHWAYS - 1) * CASELOAD_TURNS, // turn 0: no enrolment's
    };
    caseload_hold_asked(c, i);
    caseload_mark_task(c, i);
    if (c->options.listener != NULL)
        c->options.listener(c->options.payload, c, (uint32_t)f->subject, CASELOAD_NONE, &d);
}

// What was asked of a person is answered when somebody says that it was done, or refuses, or an authority says what the
// subject is: all that is asked about the subject is then judged.
static bool caseload_judged(struct caseload *c, const struct fact *f)
{
    bool class = f->kind == EVENT_CLASSIFIED;
    if (f->kind != EVENT_DONE && f->kind != EVENT_REFUSED && !class) return false;
    if (!caseload_need(c, (uint32_t)f->subject, CASELOAD_ASKED)) return false;
    bool closed = false;
    uint32_t *at = &c->subjects[f->subject].first_asked;
    while (*at != CASELOAD_NONE) {
        struct asked *a = &c->asked[*at];
        struct caseload_task *t = &c->tasks[a->task];
        const struct task *what = &c->book->editions[t->edition]->tasks[t->task];
        if (!class && f->name != what->name_id) {
            at = &a->before;
            continue;
        }
        t->open = false;
        t->how = f->kind == EVENT_REFUSED ? HOW_REFUSED : HOW_DONE;
        t->closed = f->known.s > f->happened.s ? f->known : f->happened;
        t->closed_by = f->id;
        caseload_mark_task(c, a->task);
        closed = true;
        *at = a->before;
        if (c->options.listener == NULL) continue;
        const struct decision d = {
            .kind = DECISION_TASK_CLOSED,
            .how = t->how,
            .why = WHY_TASK,
            .edition = t->edition,
            .pathway = PROTOCOL_NONE,
            .stage = PROTOCOL_NONE,
            .what = t->task,
            .slot = PROTOCOL_NONE,
            .rule = t->task,
            .place = PROTOCOL_NONE,
            .role = t->role,
            .fact = f->id,
            .at = t->closed,
            .until = UTC_NONE,
        };
        c->options.listener(c->options.payload, c, (uint32_t)f->subject, CASELOAD_NONE, &d);
    }
    return closed;
}

void caseload_take(struct caseload *c, const struct fact *given, int32_t depth, uint32_t given_by)
{
    struct fact f = *given;
    if (f.id == 0) f.id = caseload_fact_id(c);
    assert(f.id <= c->last_id);
    if (f.known.s > c->now) c->now = f.known.s;
    uint32_t subject = (uint32_t)f.subject;
    if (!caseload_need(c, subject, CASELOAD_ENROLMENTS)) return;
    // What was due for the subject comes before: an edition that comes into force closes its day itself.
    if (c->store != NULL) caseload_catch_up(c, subject, f.kind == EVENT_EDITION ? f.known.s - 1 : c->now, c->now - 1);
    uint32_t stored = caseload_keep_fact(c, &f, depth, given_by);
    if (stored == CASELOAD_NONE || c->subjects[subject].gone) return;
    c->depth = depth;
    bool matched = f.kind == EVENT_RETRACTED;
    for (uint32_t i = c->subjects[subject].last_enrolment; i != CASELOAD_NONE && !c->broken;
         i = c->enrolments[i].before)
        matched = caseload_answer(c, i, &f) || matched;
    const struct protocol *p = c->book->editions[c->edition];
    for (uint8_t pathway = 0; pathway < p->pathway_count && f.kind != EVENT_RETRACTED && !c->broken; pathway++) {
        if (p->pathways[pathway].of != c->subjects[subject].kind || !caseload_may_open(p, pathway, &f)) continue;
        matched = caseload_try_door(c, subject, pathway, &f) || matched;
    }
    matched = caseload_judged(c, &f) || matched;
    if (!matched && respond_matters(respond_event(p, &f))) caseload_ask(c, &f);
}

// ---- time ----

void caseload_tick(struct caseload *c, uint32_t enrolment, int64_t at)
{
    struct held_enrolment *h = &c->enrolments[enrolment];
    if (h->queued != at && c->store == NULL) return; // another tick took its place
    h->queued = INT64_MAX;
    while (!c->broken && c->enrolments[enrolment].e.next_min != ENROLMENT_NEVER &&
           (int64_t)c->enrolments[enrolment].e.next_min * 60 <= at) {
        struct decisions out = {c->buffer, 0, CASELOAD_BUFFER};
        respond_until(c->book, &c->enrolments[enrolment].e, (utc_sec){at}, &out);
        caseload_apply(c, enrolment, c->buffer, out.count);
    }
    caseload_queue_tick(c, enrolment);
}

void caseload_deadline(struct caseload *c, uint32_t task)
{
    struct caseload_task *t = &c->tasks[task];
    if (!t->open || t->overdue || t->enrolment == CASELOAD_NONE) return;
    t->passed = true;
    caseload_mark_enrolment(c, t->enrolment);
    struct decisions out = {c->buffer, 0, CASELOAD_BUFFER};
    respond_deadline(c->book, &c->enrolments[t->enrolment].e, t->slot, t->deadline, &out);
    caseload_apply(c, t->enrolment, c->buffer, out.count);
}
