// Carrying decisions out: tasks and measures kept, roles resolved to subjects, others given their facts.
#include "response/caseload_inner.h"

#include <assert.h>
#include <string.h>

// ---- what is kept of the decisions ----

struct decision *caseload_keep(struct caseload *c, struct decisions *log, const struct decision *d)
{
    if (log->count == log->cap) {
        size_t cap = log->cap == 0 ? 8 : log->cap * 2;
        struct decision *items = arena_array(&c->arena, cap, sizeof *items);
        if (items == NULL) {
            c->broken = true;
            return NULL;
        }
        if (log->count > 0) memcpy(items, log->items, log->count * sizeof *items);
        log->items = items;
        log->cap = cap;
    }
    log->items[log->count] = *d;
    return &log->items[log->count++];
}

// With `forget`, the latest task of each slot is remembered in the slot, and older ones owe nothing any more; nor does news.
static bool caseload_forgets(const struct caseload *c, const struct decision *d)
{
    return d->kind == DECISION_TASK_OPENED || d->kind == DECISION_TASK_CLOSED || d->kind == DECISION_TASK_OVERDUE ||
           d->kind == DECISION_TASK_ESCALATED || decision_is_news(c->book->editions[d->edition], d);
}

// Of the stages entered only the last is asked for again: a place that begins its days anew with each of its cases keeps one.
// What the store has is unpacked for it, so that the same decisions are kept however often they were written.
static void caseload_forget_stages(struct caseload *c, uint32_t enrolment)
{
    if (!caseload_needs_issued(c, enrolment)) return;
    struct decisions *log = &c->enrolments[enrolment].issued;
    size_t kept = 0;
    for (size_t i = 0; i < log->count; i++)
        if (log->items[i].kind != DECISION_STAGE_ENTERED) log->items[kept++] = log->items[i];
    log->count = kept;
}

// The number of the next task or measure of an enrolment.
static int64_t caseload_turn(struct caseload *c, uint32_t enrolment)
{
    struct held_enrolment *h = &c->enrolments[enrolment];
    if (h->turns == CASELOAD_TURNS - 1) c->broken = true; // nine years of five tasks a day
    else h->turns++;
    return h->number * CASELOAD_TURNS + h->turns;
}

// ---- tasks ----

static void caseload_open_task(struct caseload *c, uint32_t enrolment, const struct decision *d)
{
    struct held_enrolment *h = &c->enrolments[enrolment];
    struct caseload_task *tasks = grow_array(&c->grown, c->tasks, c->task_count, &c->task_cap, sizeof *tasks);
    if (tasks == NULL) {
        c->broken = true;
        return;
    }
    c->tasks = tasks;
    assert(d->slot < PROTOCOL_SLOTS);
    uint32_t i = (uint32_t)c->task_count++;
    c->tasks[i] = (struct caseload_task){
        .subject = h->subject,
        .enrolment = enrolment,
        .edition = d->edition,
        .task = d->what,
        .slot = d->slot,
        .stage = d->stage,
        .open = true,
        .why = d->why,
        .role = d->role,
        .rule = d->rule,
        .n = d->n,
        .fact = d->fact,
        .opened = d->at,
        .deadline = d->until,
        .closed = UTC_NONE,
        .number = caseload_turn(c, enrolment),
    };
    h->slot_task[d->slot] = i;
    caseload_mark_task(c, i);
    bool waits = c->store == NULL || d->until.s <= c->now; // with a store behind it only what is due already
    if (waits && task_is_timed(&c->book->editions[d->edition]->tasks[d->what]))
        (void)turn_push(c, TURN_DEADLINE, d->until.s < c->now ? c->now : d->until.s, i);
}

// The task a decision is about. A pathway's task may have moved to another slot with a change of edition, and what is owed
// speaks of it as it was opened: so it is found by its name.
static struct caseload_task *caseload_task_of(struct caseload *c, uint32_t enrolment, const struct decision *d)
{
    const struct held_enrolment *h = &c->enrolments[enrolment];
    if (d->slot >= PROTOCOL_SLOTS) return NULL;
    if (d->slot < PROTOCOL_STAGE_SLOTS)
        return h->slot_task[d->slot] == CASELOAD_NONE ? NULL : &c->tasks[h->slot_task[d->slot]];
    size_t named = d->kind == DECISION_TASK_ESCALATED ? d->rule : d->what; // that one names a role
    uint32_t name = c->book->editions[d->edition]->tasks[named].name_id;
    struct caseload_task *found = NULL;
    for (int32_t k = PROTOCOL_STAGE_SLOTS; k < PROTOCOL_SLOTS; k++) {
        if (h->slot_task[k] == CASELOAD_NONE) continue;
        struct caseload_task *t = &c->tasks[h->slot_task[k]];
        if (c->book->editions[t->edition]->tasks[t->task].name_id == name) found = t;
    }
    return found;
}

static void caseload_task_changed(struct caseload *c, uint32_t enrolment, const struct decision *d)
{
    struct caseload_task *t = caseload_task_of(c, enrolment, d);
    if (t == NULL) return;
    if (!t->open) return;
    caseload_mark_task(c, (uint32_t)(t - c->tasks));
    if (d->kind == DECISION_TASK_OVERDUE) t->overdue = true;
    if (d->kind == DECISION_TASK_ESCALATED) t->escalated = true;
    if (d->kind != DECISION_TASK_CLOSED) return;
    t->open = false;
    t->how = d->how;
    t->closed = d->at;
    t->closed_by = d->fact;
}

// Moved to another edition, an open task may stand in another slot: found by its name.
static void caseload_moved(struct caseload *c, uint32_t enrolment, const struct decision *d)
{
    struct held_enrolment *h = &c->enrolments[enrolment];
    const struct protocol *p = c->book->editions[d->edition];
    const struct pathway *path = &p->pathways[d->pathway];
    uint32_t moved[PROTOCOL_SLOTS];
    // What belonged to the stage is closed by decisions of its own.
    for (int32_t k = 0; k < PROTOCOL_SLOTS; k++) moved[k] = k < PROTOCOL_STAGE_SLOTS ? h->slot_task[k] : CASELOAD_NONE;
    for (int32_t k = PROTOCOL_STAGE_SLOTS; k < PROTOCOL_SLOTS; k++) {
        if (h->slot_task[k] == CASELOAD_NONE) continue;
        struct caseload_task *t = &c->tasks[h->slot_task[k]];
        uint32_t name = c->book->editions[t->edition]->tasks[t->task].name_id;
        for (uint8_t to = PROTOCOL_STAGE_SLOTS; to < PROTOCOL_SLOTS; to++) {
            if (path->slot_task[to] == PROTOCOL_NONE || p->tasks[path->slot_task[to]].name_id != name) continue;
            moved[to] = h->slot_task[k];
            if (t->slot != to) caseload_mark_task(c, h->slot_task[k]);
            t->slot = to;
            break;
        }
    }
    memcpy(h->slot_task, moved, sizeof moved);
}

// ---- measures ----

static struct caseload_measure *caseload_new_measure(struct caseload *c, uint32_t enrolment, const struct decision *d)
{
    struct held_enrolment *h = &c->enrolments[enrolment];
    struct caseload_measure *measures =
        grow_array(&c->grown, c->measures, c->measure_count, &c->measure_cap, sizeof *measures);
    if (measures != NULL) c->measures = measures;
    uint32_t *before =
        grow_array(&c->grown, c->measure_before, c->measure_count, &c->measure_before_cap, sizeof *before);
    if (before != NULL) c->measure_before = before;
    if (measures == NULL || before == NULL) {
        c->broken = true;
        return NULL;
    }
    uint32_t i = (uint32_t)c->measure_count++;
    c->measures[i] = (struct caseload_measure){
        .subject = h->subject,
        .enrolment = enrolment,
        .edition = d->edition,
        .measure = d->what,
        .place = d->place,
        .why = d->why,
        .stage = d->stage,
        .rule = d->rule,
        .fact = d->fact,
        .number = caseload_turn(c, enrolment),
        .proposed = UTC_NONE,
        .ordered = UTC_NONE,
        .started = UTC_NONE,
        .ended = UTC_NONE,
        .until = d->until,
    };
    c->measure_before[i] = h->last_measure;
    h->last_measure = i;
    return &c->measures[i];
}

static void caseload_sign(struct caseload *c, uint32_t enrolment, const struct decision *d)
{
    const struct measure *m = &c->book->editions[d->edition]->measures[d->what];
    struct fact f = {
        .subject = c->enrolments[enrolment].subject,
        .happened = {c->now},
        .until = UTC_NONE,
        .known = {c->now},
        .recorded = {c->now},
        .name = m->name_id,
        .signer = ++c->signers, // ever new people: an extension is never signed by who signed first
        .kind = EVENT_ORDERED,
    };
    if (m->persons >= 2) f.second = ++c->signers;
    caseload_give(c, f);
    f.signer = f.second = 0;
    f.kind = EVENT_STARTED;
    caseload_give(c, f);
}

static void caseload_measure_changed(struct caseload *c, uint32_t enrolment, const struct decision *d)
{
    struct caseload_measure *m = NULL;
    uint32_t name = c->book->editions[d->edition]->measures[d->what].name_id;
    if (!caseload_need(c, c->enrolments[enrolment].subject, CASELOAD_MEASURES)) return;
    for (uint32_t i = c->enrolments[enrolment].last_measure; i != CASELOAD_NONE && m == NULL;
         i = c->measure_before[i]) {
        struct caseload_measure *x = &c->measures[i];
        if (x->ended.s == INT64_MIN && c->book->editions[x->edition]->measures[x->measure].name_id == name) m = x;
    }
    if (m == NULL && d->kind != DECISION_MEASURE_ENDED) m = caseload_new_measure(c, enrolment, d);
    if (m == NULL) return;
    if (!m->changed) caseload_mark(c, CASELOAD_MEASURE_CHANGED, (uint32_t)(m - c->measures));
    m->changed = true;
    m->edition = d->edition;
    m->measure = d->what;
    switch ((int)d->kind) {
    case DECISION_MEASURE_PROPOSED:
        if (m->proposed.s == INT64_MIN) m->proposed = d->at;
        if (m->ordered.s == INT64_MIN) m->until = d->until;
        if (c->options.sign_orders) caseload_sign(c, enrolment, d);
        break;
    case DECISION_MEASURE_ORDERED:
        if (m->ordered.s == INT64_MIN) m->ordered = d->at;
        m->until = d->until;
        m->order = d->fact;
        break;
    case DECISION_MEASURE_STARTED:
        if (m->started.s == INT64_MIN) m->started = d->at;
        if (m->ordered.s == INT64_MIN) m->until = d->until;
        break;
    default:
        m->ended = d->at;
        m->how = d->how;
        break;
    }
}

// ---- others ----

static void caseload_link_to(struct caseload *c, uint32_t enrolment, const struct decision *d, uint32_t to,
                             int64_t given)
{
    struct caseload_link *links = grow_array(&c->grown, c->links, c->link_count, &c->link_cap, sizeof *links);
    if (links != NULL) c->links = links;
    uint32_t *before = grow_array(&c->grown, c->link_before, c->link_count, &c->link_before_cap, sizeof *before);
    if (before != NULL) c->link_before = before;
    if (links == NULL || before == NULL) {
        c->broken = true;
        return;
    }
    uint32_t from = c->enrolments[enrolment].subject;
    uint32_t i = (uint32_t)c->link_count++;
    c->links[i] = (struct caseload_link){
        .from = from, .to = to, .by_enrolment = enrolment, .fact = d->fact, .opened_by = given, .changed = true};
    caseload_mark(c, CASELOAD_LINK_CHANGED, i);
    c->link_before[i] = c->subjects[from].first_link;
    c->subjects[from].first_link = i;
}

// The part of a home's name that a unit shares. A home may be written as a path from the large to the small
// (estate/building/stair unit/room): a building's zone is then named by the first two, a city's by none.
static struct str caseload_unit_of(struct str home, const char *unit)
{
    static const struct {
        const char *unit;
        int32_t parts;
    } depth[] = {
        {"city", 0}, {"district", 0}, {"subdistrict", 0}, {"building", 2}, {"stair_unit", 3}, {"floor", 9}, {"home", 9},
    };
    int32_t parts = 1;
    for (size_t i = 0; i < sizeof depth / sizeof depth[0]; i++)
        if (strcmp(depth[i].unit, unit) == 0) parts = depth[i].parts;
    size_t n = 0;
    for (; n < home.n && parts > 0; n++)
        if (home.p[n] == '/' && --parts == 0) break;
    return (struct str){home.p, parts == 0 && n == 0 ? 0 : n};
}

// A subject named after another: their carer; or the place unit they live in, which those of one home share.
static uint32_t caseload_named_beside(struct caseload *c, uint32_t of, const struct decision *d)
{
    bool place = d->place != PROTOCOL_NONE;
    const char *what = place ? words_at(WORDS_PLACE, d->place)->name : words_at(WORDS_ROLE, d->role)->name;
    struct str name = c->subjects[of].name;
    if (place && c->subjects[of].home != 0) name = caseload_unit_of(c->subjects[c->subjects[of].home].name, what);
    char *text = arena_printf(&c->arena, "%.*s/%s", STR_ARG(name), what);
    if (text == NULL) {
        c->broken = true;
        return CASELOAD_NONE;
    }
    return caseload_subject(c, str_z(text), place ? SUBJECT_PLACE : SUBJECT_PERSON);
}

// Whom a decision about a place or a role means: up to CASELOAD_BESIDE subjects.
static size_t caseload_beside(struct caseload *c, uint32_t of, const struct decision *d, uint32_t out[CASELOAD_BESIDE])
{
    size_t count = 0;
    if (c->store != NULL) {
        if (!c->store->beside(c->store->payload, c, of, d, out, CASELOAD_BESIDE, &count)) c->broken = true;
        assert(count <= CASELOAD_BESIDE);
        return c->broken ? 0 : count;
    }
    out[0] = caseload_named_beside(c, of, d);
    return out[0] == CASELOAD_NONE ? 0 : 1;
}

// `f` begins a pathway for another: told to them, and a link to what it came from.
static void caseload_enrol_other(struct caseload *c, uint32_t enrolment, const struct decision *d, struct fact f)
{
    const struct protocol *p = c->book->editions[d->edition];
    uint32_t self = c->enrolments[enrolment].subject, to = (uint32_t)f.subject;
    if (d->place != PROTOCOL_NONE &&
        p->pathways[d->pathway].ladder) { // what a case's place learns is that there is a case
        struct fact here = f;
        here.id = caseload_number(c, to);
        here.kind = EVENT_NEW_CASE;
        here.name = 0;
        caseload_give(c, here);
        caseload_link_to(c, enrolment, d, to, here.id);
    }
    f.id = caseload_number(c, to);
    caseload_give(c, f);
    if (to != self) caseload_link_to(c, enrolment, d, to, f.id);
}

// The fact of its own subject that a decision names: it may lie in the store, and what follows must not depend on that.
static const struct fact *caseload_cause(struct caseload *c, uint32_t enrolment, const struct decision *d)
{
    bool here = d->fact == 0 || caseload_fact(c, d->fact) != NULL;
    return here || caseload_need(c, c->enrolments[enrolment].subject, CASELOAD_FACTS) ? caseload_fact(c, d->fact) : NULL;
}

static void caseload_enrol(struct caseload *c, uint32_t enrolment, const struct decision *d)
{
    const struct protocol *p = c->book->editions[d->edition];
    uint32_t self = c->enrolments[enrolment].subject;
    const struct fact *cause = caseload_cause(c, enrolment, d);
    struct fact f = {
        .subject = self,
        .happened = {cause == NULL ? c->now : cause->happened.s},
        .until = UTC_NONE,
        .known = {c->now},
        .recorded = {c->now},
        .name = p->pathways[d->what].name_id,
        .link = self,
        .kind = EVENT_ENROLLED,
    };
    bool beside = false;
    if (d->other != 0 && cause != NULL) { // a named contact: the same meeting, told to the one who was met
        f.subject = d->other;
        f.kind = EVENT_EXPOSED;
        f.happened = fact_contact_from(cause);
        f.until = cause->flags & FACT_OPEN ? UTC_NONE : cause->until;
        f.word = cause->word;
        f.protection = cause->protection;
        f.value = cause->value;
        f.flags = cause->flags & FACT_OPEN;
    } else if (d->place != PROTOCOL_NONE) {
        f.happened.s = c->now;
        beside = true;
    } else {
        beside = d->role != ROLE_PERSON;
    }
    if (!beside) {
        bool known = f.subject > 0 && (size_t)f.subject <= c->subject_count;
        if (known) caseload_enrol_other(c, enrolment, d, f);
        return;
    }
    uint32_t to[CASELOAD_BESIDE];
    struct fact asked = cause == NULL ? f : *cause; // the facts may move
    size_t count = caseload_beside(c, self, d, to);
    asked.subject = self;
    if (count == 0 && !c->broken && cause != NULL) caseload_ask(c, &asked); // nobody is left out in silence
    for (size_t i = 0; i < count; i++) {
        f.subject = to[i];
        caseload_enrol_other(c, enrolment, d, f);
    }
}

static void caseload_retract(struct caseload *c, uint32_t subject, int64_t fact)
{
    const struct fact f = {
        .subject = subject,
        .replaces = fact,
        .happened = {c->now},
        .until = UTC_NONE,
        .known = {c->now},
        .recorded = {c->now},
        .kind = EVENT_RETRACTED,
    };
    caseload_give(c, f);
}

// The person's own next pathway is taken back: the fact by which it was begun is withdrawn.
static void caseload_withdraw_own(struct caseload *c, uint32_t self, uint32_t name)
{
    int64_t given = 0;
    if (!caseload_need(c, self, CASELOAD_FACTS)) return;
    for (uint32_t i = c->subjects[self].first_fact; i != CASELOAD_NONE; i = c->facts[i].next_of_subject) {
        const struct fact *f = &c->facts[i].fact;
        if (f->kind == EVENT_ENROLLED && f->link == self && f->name == name) given = f->id;
        if (f->kind == EVENT_RETRACTED && f->replaces == given) given = 0;
    }
    if (given != 0) caseload_retract(c, self, given);
}

// A rule undoes everything that this enrolment caused; a correction takes back one thing: a naming, a place, someone by role.
static void caseload_withdraw(struct caseload *c, uint32_t enrolment, const struct decision *d)
{
    uint32_t self = c->enrolments[enrolment].subject, only[CASELOAD_BESIDE];
    size_t only_count = 0;
    bool all = d->why != WHY_CORRECTION;
    if (!all && d->other == 0 && d->place == PROTOCOL_NONE && d->role == ROLE_PERSON) {
        caseload_withdraw_own(c, self, c->book->editions[d->edition]->pathways[d->what].name_id);
        return;
    }
    if (!all && d->other == 0 && (only_count = caseload_beside(c, self, d, only)) == 0) return;
    if (!caseload_need(c, self, CASELOAD_LINKS)) return;
    for (uint32_t i = c->subjects[self].first_link; i != CASELOAD_NONE; i = c->link_before[i]) {
        struct caseload_link *l = &c->links[i];
        if (l->withdrawn || l->by_enrolment != enrolment) continue;
        if (d->other != 0 && ((uint32_t)d->other != l->to || d->fact != l->fact)) continue;
        bool meant = only_count == 0;
        for (size_t k = 0; k < only_count && !meant; k++) meant = only[k] == l->to;
        if (!meant) continue;
        l->withdrawn = true;
        if (!l->changed) caseload_mark(c, CASELOAD_LINK_CHANGED, i);
        l->changed = true;
        caseload_retract(c, l->to, l->opened_by);
    }
}

static void caseload_tell(struct caseload *c, uint32_t enrolment, const struct decision *d)
{
    if (d->what != ROLE_OWN_CONTACTS) return;
    const struct fact *cause = caseload_cause(c, enrolment, d);
    if (cause == NULL) return;
    event_word event = respond_event(c->book->editions[d->edition], cause);
    bool negative = event == EVENT_NEGATIVE;
    bool proven = cause->word == EVENT_CONFIRMED || cause->word == EVENT_ASYMPTOMATIC;
    bool positive =
        event == EVENT_POSITIVE || event == EVENT_SCREENING_POSITIVE || (event == EVENT_CLASSIFIED && proven);
    if (!negative && !positive) return;
    uint32_t self = c->enrolments[enrolment].subject;
    if (!caseload_need(c, self, CASELOAD_LINKS)) return;
    for (uint32_t i = c->subjects[self].first_link; i != CASELOAD_NONE; i = c->link_before[i]) {
        if (c->links[i].withdrawn) continue;
        struct fact f = {
            .subject = c->links[i].to,
            .happened = {c->now},
            .until = UTC_NONE,
            .known = {c->now},
            .recorded = {c->now},
            .kind = negative ? EVENT_LINKED_NEGATIVE : EVENT_LINKED_POSITIVE,
        };
        caseload_give(c, f);
    }
}

void caseload_apply(struct caseload *c, uint32_t enrolment, const struct decision *decisions, size_t count)
{
    uint32_t giver = c->giver;
    c->giver = c->enrolments[enrolment].subject;
    for (size_t i = 0; i < count && !c->broken; i++) {
        const struct decision *d = &decisions[i];
        if (c->options.forget && d->kind == DECISION_STAGE_ENTERED) caseload_forget_stages(c, enrolment);
        struct held_enrolment *h = &c->enrolments[enrolment];
        if (!c->options.forget || !caseload_forgets(c, d)) (void)caseload_keep(c, &h->issued, d);
        switch ((decision_kind)d->kind) {
        case DECISION_TASK_OPENED: caseload_open_task(c, enrolment, d); break;
        case DECISION_TASK_CLOSED:
        case DECISION_TASK_OVERDUE:
        case DECISION_TASK_ESCALATED: caseload_task_changed(c, enrolment, d); break;
        case DECISION_MEASURE_PROPOSED:
        case DECISION_MEASURE_ORDERED:
        case DECISION_MEASURE_STARTED:
        case DECISION_MEASURE_ENDED: caseload_measure_changed(c, enrolment, d); break;
        case DECISION_ENROLLED: caseload_enrol(c, enrolment, d); break;
        case DECISION_WITHDRAWN: caseload_withdraw(c, enrolment, d); break;
        case DECISION_TOLD: caseload_tell(c, enrolment, d); break;
        case DECISION_STAGE_ENTERED:
            if (d->why == WHY_CHANGE) caseload_moved(c, enrolment, d);
            break;
        case DECISION_ENDED: {
            const struct fact *cause = caseload_cause(c, enrolment, d);
            h->ended = cause == NULL ? d->at.s : cause->happened.s;
            break;
        }
        case DECISION_STATUS:
        case DECISION_CLASSIFIED:
        case DECISION_KIND_COUNT: break;
        }
        if (c->options.listener != NULL)
            c->options.listener(c->options.payload, c, c->enrolments[enrolment].subject, enrolment, d);
    }
    c->giver = giver;
}
