// Measures: proposed by the protocol, binding only from a signed order, never beyond it, never beyond at_most.
#include "response/step.h"

#include <assert.h>

enum { IN_FORCE = FLAG_ORDERED | FLAG_STARTED | FLAG_RENEWAL };

// A mark of a signer in 16 bits, never 0 for a person (Fibonacci hashing; Knuth 1998, 6.4).
static uint16_t step_mark(int32_t signer)
{
    if (signer == 0) return 0;
    uint16_t mark = (uint16_t)(((uint32_t)signer * 2654435769u) >> 16);
    return mark == 0 ? 1 : mark;
}

static void step_say_status(struct step *s, struct reason reason)
{
    bool in_force = (s->e->flags & FLAG_ORDERED) != 0 && s->e->measure != PROTOCOL_NONE;
    uint8_t status = in_force ? s->p->measures[s->e->measure].status : PROTOCOL_NONE;
    (void)step_say(s, DECISION_STATUS, status, reason);
}

static utc_sec step_end_of(const struct step *s, int32_t day)
{
    if (day == COURSE_NEVER) return UTC_NONE;
    return (utc_sec){(int64_t)course_midnight(s->p, day + 1) * 60};
}

// The day the decision is known: orders are counted from here, never back-dated.
static int32_t step_known_day(const struct step *s)
{
    int32_t day = course_day_of(s->p, s->at);
    return day > s->today ? day : s->today;
}

// Where a measure is spent: the exception's place when it is an exception's measure, else the stage's.
static uint8_t step_place(const struct step *s, uint8_t measure)
{
    const struct stage *stage = &s->p->stages[s->e->stage];
    for (uint8_t i = 0; i < stage->except_count; i++) {
        const struct exception *x = &s->p->exceptions[stage->except_first + i];
        if (measure != stage->measure && x->measure == measure && x->has_place) return (uint8_t)x->place;
    }
    return stage->has_place ? (uint8_t)stage->place : PROTOCOL_NONE;
}

void step_end_measure(struct step *s, how_word how, struct reason reason)
{
    struct enrolment *e = s->e;
    if (e->measure == PROTOCOL_NONE || !(e->flags & (IN_FORCE | FLAG_PROPOSED))) {
        e->measure = PROTOCOL_NONE;
        return;
    }
    bool in_force = (e->flags & FLAG_ORDERED) != 0;
    struct decision *d = step_say(s, DECISION_MEASURE_ENDED, e->measure, reason);
    d->how = (uint8_t)how;
    e->flags &= ~(uint32_t)(IN_FORCE | FLAG_PROPOSED);
    e->measure = PROTOCOL_NONE;
    e->order_until = ENROLMENT_DAY_NONE;
    if (in_force) step_say_status(s, reason);
}

// The exception to the stage's measure that holds for this very person; PROTOCOL_NONE for none.
static uint8_t step_exception(const struct step *s)
{
    const struct stage *stage = &s->p->stages[s->e->stage];
    for (uint8_t i = 0; i < stage->except_count; i++)
        if (step_holds(s, s->p->exceptions[stage->except_first + i].when)) return (uint8_t)(stage->except_first + i);
    return PROTOCOL_NONE;
}

static uint8_t step_measure_here(const struct step *s)
{
    uint8_t i = step_exception(s), measure = i == PROTOCOL_NONE ? PROTOCOL_NONE : s->p->exceptions[i].measure;
    return measure == PROTOCOL_NONE ? s->p->stages[s->e->stage].measure : measure;
}

// The measure for this very person: the stage's, or what an exception puts in its place.
static uint8_t step_variant(struct step *s, uint8_t measure, struct reason *reason, uint8_t *place)
{
    if (measure != s->p->stages[s->e->stage].measure) return measure;
    uint8_t i = step_exception(s);
    if (i == PROTOCOL_NONE) return measure;
    const struct exception *x = &s->p->exceptions[i];
    *reason = (struct reason){WHY_EXCEPTION, i};
    *place = (uint8_t)x->place;
    if (x->with_carer) step_say(s, DECISION_ENROLLED, s->e->pathway, *reason)->role = ROLE_CARER;
    return x->measure == PROTOCOL_NONE ? measure : x->measure;
}

static void step_begin_freely(struct step *s, uint8_t measure, uint8_t place, struct reason reason)
{
    s->e->measure = measure;
    s->e->flags |= FLAG_ORDERED | FLAG_STARTED;
    s->e->order_until = ENROLMENT_DAY_NONE;
    struct decision *d = step_say(s, DECISION_MEASURE_STARTED, measure, reason);
    d->place = place;
    d->until = step_end_of(s, course_measure_end(s->p, s->e));
    step_say_status(s, reason);
}

void step_propose(struct step *s, uint8_t measure, struct reason reason)
{
    struct enrolment *e = s->e;
    uint8_t place = step_place(s, measure);
    measure = step_variant(s, measure, &reason, &place);
    if (measure == e->measure && (e->flags & (FLAG_ORDERED | FLAG_PROPOSED))) return; // stands already
    if (e->measure != PROTOCOL_NONE) step_end_measure(s, HOW_REPLACED, reason);
    if (!measure_restricts(&s->p->measures[measure])) {
        step_begin_freely(s, measure, place, reason);
        return;
    }
    if (step_known_day(s) >= course_day(e, e->cap)) e->flags |= FLAG_CAPPED; // it was used up while nothing was in force
    if (e->flags & FLAG_CAPPED) { // only a fresh order by someone else, not a proposal, can go beyond at_most
        (void)step_say(s, DECISION_TOLD, (uint8_t)s->p->measures[measure].order_by,
                       (struct reason){WHY_AT_MOST, e->pathway});
        return;
    }
    e->measure = measure;
    e->flags |= FLAG_PROPOSED;
    struct decision *d = step_say(s, DECISION_MEASURE_PROPOSED, measure, reason);
    d->place = place;
    d->until = step_end_of(s, course_order_end(s->p, e, measure, step_known_day(s)));
}

static bool step_signed_well(const struct step *s, const struct measure *m)
{
    const struct fact *f = s->fact;
    if (f->signer == 0) return false;
    if (m->persons >= 2 && (f->second == 0 || f->second == f->signer)) return false;
    bool again = (s->e->flags & (FLAG_RENEWAL | FLAG_CAPPED)) != 0;
    return !again || step_mark(f->signer) != s->e->signer;
}

void step_order(struct step *s)
{
    struct enrolment *e = s->e;
    const struct fact *f = s->fact;
    uint8_t measure = PROTOCOL_NONE;
    for (uint8_t i = 0; i < s->p->measure_count; i++)
        if (s->p->measures[i].name_id == f->name) measure = i;
    if (measure == PROTOCOL_NONE || e->stage == PROTOCOL_NONE || (e->flags & FLAG_ENDED)) return;
    const struct measure *m = &s->p->measures[measure];
    const struct reason reason = {WHY_ORDER, measure};
    bool asked = e->measure == measure && (e->flags & (FLAG_PROPOSED | FLAG_RENEWAL));
    bool beyond = (e->flags & FLAG_CAPPED) && e->measure == PROTOCOL_NONE && measure == step_measure_here(s);
    if (!asked && !beyond) return;
    s->matched = true;
    if (!step_signed_well(s, m)) { // the order does not bind; whoever signs is told that a signature is missing
        (void)step_say(s, DECISION_TOLD, (uint8_t)m->order_by, reason);
        return;
    }
    bool renewal = (e->flags & FLAG_RENEWAL) != 0;
    int32_t day = step_known_day(s);
    if (beyond) {
        e->flags &= ~(uint32_t)FLAG_CAPPED;
        e->cap = ENROLMENT_DAY_NONE;
    }
    e->measure = measure;
    int32_t until = course_order_end(s->p, e, measure, day);
    if (f->until.s != INT64_MIN) {
        int32_t asked_until = course_day_of(s->p, f->until);
        if (asked_until < until) until = asked_until;
    }
    int16_t at_most = s->p->pathways[e->pathway].at_most_days;
    if (e->cap == ENROLMENT_DAY_NONE && at_most > 0 && measure_restricts(m)) e->cap = course_offset(e, day + at_most);
    e->order_until = course_offset(e, until);
    if (!renewal || beyond) e->signer = step_mark(f->signer);
    e->flags = (e->flags & ~(uint32_t)(FLAG_PROPOSED | FLAG_RENEWAL)) | FLAG_ORDERED;
    struct decision *d = step_say(s, DECISION_MEASURE_ORDERED, measure, reason);
    d->until = step_end_of(s, until);
    d->place = step_place(s, measure);
    if (!renewal) step_say_status(s, reason);
}

void step_order_runs_out(struct step *s)
{
    struct enrolment *e = s->e;
    if (!(e->flags & (FLAG_ORDERED | FLAG_PROPOSED)) || e->measure == PROTOCOL_NONE) return;
    const struct measure *m = &s->p->measures[e->measure];
    uint8_t measure = e->measure;
    bool own_days = e->measure_days != ENROLMENT_OVERRIDE_NONE || s->p->stages[e->stage].measure_days > 0;
    if (own_days && s->today >= course_measure_end(s->p, e)) {
        step_end_measure(s, HOW_RELEASED, (struct reason){WHY_STAGE_END, e->stage});
        return;
    }
    if (!(e->flags & FLAG_ORDERED)) return; // what nobody signed runs until it is signed or no longer asked for
    if (e->order_until == ENROLMENT_DAY_NONE || s->today < course_day(e, e->order_until)) return;
    int32_t cap = course_day(e, e->cap);
    if (s->today >= cap) {
        step_end_measure(s, HOW_AT_MOST, (struct reason){WHY_AT_MOST, e->pathway});
        e->flags |= FLAG_CAPPED;
        (void)step_say(s, DECISION_TOLD, (uint8_t)m->order_by, (struct reason){WHY_AT_MOST, e->pathway});
        return;
    }
    const struct reason review = {WHY_REVIEW, measure};
    if (e->flags & FLAG_RENEWAL) { // the day for signing it is over
        step_end_measure(s, HOW_EXPIRED, review);
        return;
    }
    e->flags |= FLAG_RENEWAL;
    struct decision *d = step_say(s, DECISION_MEASURE_PROPOSED, measure, review);
    d->n = 1;
    d->place = step_place(s, measure);
    d->until = step_end_of(s, course_order_end(s->p, e, measure, s->today + 1));
}
