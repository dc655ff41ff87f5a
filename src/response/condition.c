#include "response/condition.h"

#include <assert.h>

// The stage's slots that its last day asks for: those of the schedule, and all when it became known only today.
static uint32_t condition_due_today(const struct condition_ask *ask)
{
    const struct protocol *p = ask->p;
    const struct stage *s = &p->stages[ask->e->stage];
    if (course_day_of_minute(p, ask->e->stage_min) == ask->today) return (1u << PROTOCOL_STAGE_SLOTS) - 1;
    int32_t k = course_stage_day(p, ask->e, ask->today);
    if (k < 1 || k > s->schedule_days) return s->daily_slots;
    const uint16_t *at = &p->schedule_at[s->schedule_first + k];
    uint32_t due = 0;
    for (uint16_t i = at[0]; i < at[1]; i++) due |= 1u << p->schedule[i];
    return due;
}

bool condition_days_served(const struct condition_ask *ask)
{
    const struct enrolment *e = ask->e;
    if (e->stage == PROTOCOL_NONE) return false;
    if (course_is_open(ask->p, e)) return false;
    int32_t end = course_stage_end(ask->p, e);
    if (end == COURSE_NEVER) return false; // only an event ends it: there are no days to serve
    if (ask->today != end) return ask->today > end;
    return ask->day_is_over || ((e->flags & FLAG_DUTY_TODAY) && (e->open & condition_due_today(ask)) == 0);
}

// The latest day up to today on which the stage asked for a sample; COURSE_NEVER when it never did.
static int32_t condition_last_sample_day(const struct condition_ask *ask)
{
    const struct protocol *p = ask->p;
    const struct stage *s = &p->stages[ask->e->stage];
    int32_t zero = course_day(ask->e, ask->e->stage_zero);
    if (zero == COURSE_NEVER) return COURSE_NEVER;
    int32_t k = ask->today - zero;
    if (k > s->schedule_days) k = s->schedule_days;
    for (; k >= 1; k--) {
        const uint16_t *at = &p->schedule_at[s->schedule_first + k];
        for (uint16_t i = at[0]; i < at[1]; i++)
            if (p->tasks[p->stage_task[ask->e->stage][p->schedule[i]]].verb != VERB_CHECK) return zero + k;
    }
    return COURSE_NEVER;
}

static bool condition_last_sample_negative(const struct condition_ask *ask)
{
    const struct enrolment *e = ask->e;
    int32_t negative = course_day(e, e->negative_day);
    if (negative == COURSE_NEVER || e->stage == PROTOCOL_NONE) return false;
    int32_t asked = condition_last_sample_day(ask);
    return asked == COURSE_NEVER || negative >= asked;
}

static bool condition_symptom_free(const struct condition_ask *ask, int32_t minutes)
{
    const struct enrolment *e = ask->e;
    if (e->flags & FLAG_SYMPTOMATIC) return false;
    if (e->well_hour == ENROLMENT_DAY_NONE) return e->onset_hour == ENROLMENT_DAY_NONE; // never ill
    int32_t day = course_hour_day(e, e->well_hour), hour = e->well_hour - (day - course_base(e)) * 24;
    return ask->minute - (course_midnight(ask->p, day) + hour * 60) >= minutes;
}

static bool condition_round_negative(const struct condition_ask *ask, int32_t within_days)
{
    const struct enrolment *e = ask->e;
    if (!(e->flags & FLAG_ROUND_NEGATIVE) || e->negative_day == ENROLMENT_DAY_NONE) return false;
    return within_days == 0 || ask->today - course_day(e, e->negative_day) <= within_days;
}

static bool condition_one(const struct condition_ask *ask, const struct condition *c)
{
    const struct enrolment *e = ask->e;
    const struct fact *f = ask->fact;
    switch ((condition_op)c->op) {
    case CONDITION_DAYS_SERVED: return condition_days_served(ask);
    case CONDITION_LAST_SAMPLE_NEGATIVE: return condition_last_sample_negative(ask);
    case CONDITION_NEGATIVES: return (e->negatives & 15) >= c->a;
    case CONDITION_SYMPTOMATIC: return (e->flags & FLAG_SYMPTOMATIC) != 0;
    case CONDITION_SYMPTOM_FREE: return condition_symptom_free(ask, c->a);
    case CONDITION_AGE_UNDER: return e->age != ENROLMENT_AGE_UNKNOWN && e->age < c->a;
    case CONDITION_AGE_FROM: return e->age != ENROLMENT_AGE_UNKNOWN && e->age >= c->a;
    case CONDITION_ATTRIBUTE: return (e->flags & (1u << c->a)) != 0;
    case CONDITION_CLASS: {
        int32_t step = e->step & ENROLMENT_STEP;
        return step != 0 && (c->set >> (step - 1) & 1) != 0;
    }
    case CONDITION_EXPOSED: return e->first_exposure != ENROLMENT_DAY_NONE;
    case CONDITION_POSITIVE: return (e->flags & FLAG_POSITIVE) != 0;
    case CONDITION_LINKED_NEGATIVES: return e->negatives >> 4 >= c->a && !(e->flags & FLAG_LINKED_POSITIVE);
    case CONDITION_NO_NEW_CASE: { // none was ever recorded: since the stage began
        int16_t last = e->last_exposure != ENROLMENT_DAY_NONE ? e->last_exposure : e->stage_zero;
        return last != ENROLMENT_DAY_NONE && ask->today - course_day(e, last) >= c->a;
    }
    case CONDITION_ROUND_NEGATIVE: return condition_round_negative(ask, c->a);
    case CONDITION_LESIONS_HEALED: return (e->flags & FLAG_LESIONS_HEALED) != 0;
    case CONDITION_CLINICIAN_RELEASE: return (e->flags & FLAG_CLINICIAN_RELEASE) != 0;
    case CONDITION_SURROUNDINGS_CLEAN: return (e->flags & FLAG_CONTAMINATED) == 0;
    case CONDITION_SOURCE_FREE: return (e->flags & FLAG_SOURCE_FREE) != 0;
    case CONDITION_DAYS_SINCE: {
        int32_t from = course_anchor(ask->p, e, (anchor_word)c->b);
        return from != COURSE_NEVER && ask->today - from >= c->a;
    }
    case CONDITION_KIND:
        return f != NULL && (f->kind == EVENT_EXPOSED || f->kind == EVENT_CONTACT_NAMED) && (c->set >> f->word & 1) != 0;
    case CONDITION_PROTECTION: return f != NULL && (c->set >> f->protection & 1) != 0;
    case CONDITION_MINUTES_FROM: return f != NULL && f->value >= c->a;
    case CONDITION_SPECIMEN:
        return f != NULL && (f->kind == EVENT_RESULT || f->kind == EVENT_SAMPLED) && (c->set >> f->word & 1) != 0;
    case CONDITION_TEST: return f != NULL && f->kind == EVENT_RESULT && (c->set >> f->test & 1) != 0;
    case CONDITION_COUNT_FROM: return f != NULL && f->value >= c->a;
    case CONDITION_HAS_CARER: return (e->flags & FLAG_CARER) != 0;
    case CONDITION_HAS_GUARDIAN: return (e->flags & FLAG_GUARDIAN) != 0;
    case CONDITION_ALL:
    case CONDITION_ANY:
    case CONDITION_NOT:
    case CONDITION_OP_COUNT: break;
    }
    return false;
}

bool condition_holds(const struct condition_ask *ask, condition_ref ref)
{
    if (ref == CONDITION_TRUE) return true;
    assert(ref < ask->p->condition_count);
    const struct condition *c = &ask->p->conditions[ref];
    if (c->op == CONDITION_NOT) return !condition_holds(ask, c->first);
    if (c->op != CONDITION_ALL && c->op != CONDITION_ANY) return condition_one(ask, c);
    bool any = c->op == CONDITION_ANY;
    for (uint16_t i = 0; i < c->count; i++)
        if (condition_holds(ask, (condition_ref)(c->first + i)) == any) return any;
    return !any;
}
