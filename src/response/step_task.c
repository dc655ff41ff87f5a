// Tasks: opened by the schedule or by a reaction, closed by what people report, by the end of a day or of the enrolment.
#include "response/step.h"

#include <assert.h>

struct decision *step_say(struct step *s, decision_kind kind, uint8_t what, struct reason reason)
{
    assert(s->out->count < s->out->cap); // the caller left DECISIONS_STEP_MAX places
    struct decision *d = &s->out->items[s->out->count++];
    *d = (struct decision){
        .kind = (uint8_t)kind,
        .why = (uint8_t)reason.why,
        .edition = s->e->edition,
        .pathway = s->e->pathway,
        .stage = s->e->stage,
        .what = what,
        .slot = PROTOCOL_NONE,
        .rule = reason.rule,
        .place = PROTOCOL_NONE,
        .role = ROLE_PERSON,
        .fact = s->fact == NULL ? 0 : s->fact->id,
        .at = s->at,
        .until = UTC_NONE,
    };
    return d;
}

bool step_holds(const struct step *s, condition_ref ref)
{
    if (ref == CONDITION_TRUE) return true;
    const struct condition_ask ask = {
        .p = s->p,
        .e = s->e,
        .fact = s->fact,
        .minute = s->minute,
        .today = s->today,
        .day_is_over = s->day_is_over,
    };
    return condition_holds(&ask, ref);
}

static uint8_t step_task_of(const struct step *s, uint8_t slot)
{
    return slot < PROTOCOL_STAGE_SLOTS ? s->p->stage_task[s->e->stage][slot]
                                       : s->p->pathways[s->e->pathway].slot_task[slot];
}

void step_open_task(struct step *s, uint8_t slot, struct reason reason, utc_sec deadline, int32_t n)
{
    assert(slot < PROTOCOL_SLOTS);
    if (s->e->open >> slot & 1) return; // asked for already and not yet answered
    uint8_t task = step_task_of(s, slot);
    assert(task != PROTOCOL_NONE);
    s->e->open |= 1u << slot;
    struct decision *d = step_say(s, DECISION_TASK_OPENED, task, reason);
    d->slot = slot;
    d->role = (uint8_t)s->p->tasks[task].by;
    d->until = deadline;
    d->n = n;
}

void step_close_slot(struct step *s, uint8_t slot, how_word how, struct reason reason)
{
    if (!(s->e->open >> slot & 1)) return;
    s->e->open &= ~(1u << slot);
    struct decision *d = step_say(s, DECISION_TASK_CLOSED, step_task_of(s, slot), reason);
    d->slot = slot;
    d->how = (uint8_t)how;
}

void step_close_slots(struct step *s, uint32_t slots, bool (*test)(const struct task *), how_word how,
                      struct reason reason)
{
    for (uint32_t open = s->e->open & slots; open != 0; open &= open - 1) {
        uint8_t slot = (uint8_t)__builtin_ctz(open);
        if (test == NULL || test(&s->p->tasks[step_task_of(s, slot)])) step_close_slot(s, slot, how, reason);
    }
}

uint8_t step_find_open(const struct step *s, verb_word verb)
{
    for (uint32_t open = s->e->open; open != 0; open &= open - 1) {
        uint8_t slot = (uint8_t)__builtin_ctz(open);
        if (s->p->tasks[step_task_of(s, slot)].verb == verb) return slot;
    }
    return PROTOCOL_NONE;
}

static bool step_slot_in_time(const struct step *s, const struct task *t)
{
    if (t->verb == VERB_CHECK) {
        if (s->e->check_days != ENROLMENT_OVERRIDE_NONE || s->p->stages[s->e->stage].check_days > 0)
            return s->today <= course_check_end(s->p, s->e);
    } else if (s->e->sample_days != ENROLMENT_OVERRIDE_NONE) {
        return s->today <= course_sample_end(s->p, s->e);
    }
    return true;
}

// `midnight`: the UTC minute at which s->today begins.
static void step_open_scheduled(struct step *s, uint8_t slot, int32_t midnight)
{
    struct enrolment *e = s->e;
    uint8_t task = s->p->stage_task[e->stage][slot];
    const struct task *t = &s->p->tasks[task];
    if (!step_slot_in_time(s, t)) return;
    const struct reason reason = {WHY_SCHEDULE, e->stage};
    int32_t deadline = task_has_hour(t) ? midnight + t->due_minute : course_midnight(s->p, s->today + 1);
    // Known late: what should have been done before anyone knew is nobody's omission.
    if (deadline <= e->stage_min || deadline <= s->known_min) return;
    if (e->open >> slot & 1) step_close_slot(s, slot, HOW_MISSED, reason); // the one before was not answered
    e->open |= 1u << slot;
    e->flags |= FLAG_DUTY_TODAY;
    struct decision *d = step_say(s, DECISION_TASK_OPENED, task, reason);
    d->slot = slot;
    d->role = (uint8_t)t->by;
    d->until.s = (int64_t)deadline * 60;
    d->n = s->today;
}

void step_begin_day(struct step *s)
{
    struct enrolment *e = s->e;
    e->flags &= ~(uint32_t)FLAG_DUTY_TODAY;
    int32_t midnight = s->fact == NULL ? s->minute : course_midnight(s->p, s->today);
    const struct stage *stage = &s->p->stages[e->stage];
    int32_t k = course_stage_day(s->p, e, s->today);
    if (k >= 1 && k <= stage->schedule_days) {
        const uint16_t *at = &s->p->schedule_at[stage->schedule_first + k];
        for (uint16_t i = at[0]; i < at[1]; i++) step_open_scheduled(s, s->p->schedule[i], midnight);
        return;
    }
    // Beyond the written days (an extension, days set for one person) and while a source is still there, the daily
    // checks go on.
    bool beyond = k > stage->schedule_days && s->today <= course_check_end(s->p, e);
    bool open = course_is_open(s->p, e);
    if (!beyond && !open) return;
    for (uint32_t slots = stage->daily_slots; slots != 0; slots &= slots - 1)
        step_open_scheduled(s, (uint8_t)__builtin_ctz(slots), midnight);
}

bool step_is_due(const struct step *s, uint8_t slot)
{
    const struct enrolment *e = s->e;
    const struct stage *stage = &s->p->stages[e->stage];
    int32_t k = course_stage_day(s->p, e, s->today);
    if (k >= 1 && k <= stage->schedule_days) {
        const uint16_t *at = &s->p->schedule_at[stage->schedule_first + k];
        for (uint16_t i = at[0]; i < at[1]; i++)
            if (s->p->schedule[i] == slot) return true;
    } else if (stage->daily_slots >> slot & 1) {
        return true;
    }
    return course_day_of_minute(s->p, e->stage_min) == s->today; // asked for at once, being named late
}
