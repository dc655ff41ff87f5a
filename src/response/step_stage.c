// Stages: entered, left in time, released, extended, ended.
#include "response/step.h"

#include <assert.h>

static const uint32_t stage_slots = (1u << PROTOCOL_STAGE_SLOTS) - 1;

uint8_t step_branch(const struct step *s, uint16_t first, uint16_t count, uint8_t otherwise)
{
    for (uint16_t i = 0; i < count; i++)
        if (step_holds(s, s->p->branches[first + i].when)) return s->p->branches[first + i].stage;
    return otherwise;
}

static bool step_schedules_sample(const struct step *s, int32_t k)
{
    const struct stage *stage = &s->p->stages[s->e->stage];
    if (k < 1 || k > stage->schedule_days) return false;
    const uint16_t *at = &s->p->schedule_at[stage->schedule_first + k];
    for (uint16_t i = at[0]; i < at[1]; i++)
        if (s->p->tasks[s->p->stage_task[s->e->stage][s->p->schedule[i]]].verb != VERB_CHECK) return true;
    return false;
}

// Named late, after scheduled samples have passed: one at once makes up for them, unless one is due that day anyway.
// `missed`: samples of the stage before, which was over when it became known.
static void step_make_up(struct step *s, int32_t known_day, bool missed)
{
    if (!s->p->pathways[s->e->pathway].make_up_once) return;
    int32_t k = course_stage_day(s->p, s->e, known_day);
    if (step_schedules_sample(s, k)) return;
    for (int32_t day = 1; day < k && !missed; day++) missed = step_schedules_sample(s, day);
    if (!missed) return;
    for (uint8_t slot = 0; slot < PROTOCOL_STAGE_SLOTS; slot++) {
        uint8_t task = s->p->stage_task[s->e->stage][slot];
        if (task == PROTOCOL_NONE || s->p->tasks[task].verb == VERB_CHECK) continue;
        utc_sec deadline = {(int64_t)course_midnight(s->p, known_day + 1) * 60};
        step_open_task(s, slot, (struct reason){WHY_LATE, s->e->pathway}, deadline, known_day);
        break;
    }
}

// Days already served elsewhere in the course are not served again: go on to the stage in which today lies.
static void step_pass_over(struct step *s, uint8_t *stage, int32_t *zero)
{
    struct enrolment walk = *s->e;
    for (int32_t hops = 0; hops < PROTOCOL_STAGES_MAX; hops++) {
        walk.stage = *stage;
        walk.stage_zero = course_offset(&walk, *zero);
        int32_t end = course_stage_end(s->p, &walk);
        if (end == COURSE_NEVER || end >= s->today || course_is_last(s->p, &walk)) return;
        const struct stage *over = &s->p->stages[*stage];
        uint8_t next = step_branch(s, over->branch_first, over->branch_count, over->next);
        if (next == PROTOCOL_NONE) return;
        *stage = next;
        *zero = end;
    }
}

void step_enter(struct step *s, uint8_t stage, int32_t zero, struct reason reason)
{
    struct enrolment *e = s->e;
    step_pass_over(s, &stage, &zero);
    assert(stage < s->p->stage_count && s->p->stages[stage].pathway == e->pathway);
    int32_t known_day = course_day_of_minute(s->p, s->known_min);
    const utc_sec at = s->at;
    s->at.s = (int64_t)s->known_min * 60 > at.s ? (int64_t)s->known_min * 60 : at.s; // in time before anyone knew: from then on
    bool unknown = s->fact == NULL && e->stage != PROTOCOL_NONE && s->known_min > s->minute; // the clock, before anyone knew
    bool missed = unknown && s->p->stages[e->stage].sample_slots != 0;
    if (e->stage != PROTOCOL_NONE) step_close_slots(s, stage_slots, NULL, HOW_NO_LONGER_DUE, reason);
    const struct stage *to = &s->p->stages[stage];
    e->stage = stage;
    e->stage_zero = course_offset(e, zero);
    e->stage_min = s->known_min;
    if (s->p->pathways[e->pathway].has_set) e->answered = 0;
    e->flags &= ~(uint32_t)FLAG_DUTY_TODAY;
    int32_t end = course_stage_end(s->p, e);
    bool served = end != COURSE_NEVER && end < known_day; // before anyone knew
    bool over = served && !course_is_last(s->p, e);
    if (!over) {
        (void)step_say(s, DECISION_STAGE_ENTERED, stage, reason);
        const struct reason entry = {WHY_STAGE, stage};
        if (to->measure != PROTOCOL_NONE && !served) {
            step_propose(s, to->measure, entry);
        } else if (e->measure != PROTOCOL_NONE) {
            step_end_measure(s, HOW_RELEASED, reason);
        }
        for (uint16_t i = 0; i < to->entry_count; i++) step_act(s, &s->p->actions[to->entry_first + i], entry);
        bool late = known_day > s->today || s->fact != NULL;
        if (late && e->stage == stage && !(e->flags & FLAG_ENDED)) step_make_up(s, known_day, missed);
    } else if (e->measure != PROTOCOL_NONE) {
        step_end_measure(s, HOW_RELEASED, reason);
    }
    s->at = at;
    if (s->fact != NULL && e->stage == stage && !(e->flags & FLAG_ENDED)) step_begin_day(s);
}

// Tasks that serve the person end with the enrolment; those that serve the response (report, investigate, disinfect,
// list contacts, bury, look back) are still owed.
static bool step_serves_person(const struct task *t)
{
    switch (t->verb) {
    case VERB_SAMPLE:
    case VERB_SAMPLE_SET:
    case VERB_TEST_AGAIN:
    case VERB_CHECK:
    case VERB_TRANSFER:
    case VERB_ISOLATE:
    case VERB_CONTROL:
    case VERB_TEST_ROUND:
    case VERB_VACCINATE:
    case VERB_GIVE:
    case VERB_ASSESS:
    case VERB_DECIDE:
    case VERB_PERSUADE:
    case VERB_TRACE_AGAIN:
    case VERB_SUPPORT: return true;
    case VERB_INTERVIEW:
    case VERB_VISIT_SITE:
    case VERB_INVESTIGATE:
    case VERB_LIST_CONTACTS:
    case VERB_FIND_SOURCE:
    case VERB_REPORT:
    case VERB_DISINFECT:
    case VERB_INFORM:
    case VERB_SEARCH:
    case VERB_HAND_OVER:
    case VERB_BURY:
    case VERB_CONTROL_VECTOR:
    case VERB_TREAT_WATER:
    case VERB_REVIEW:
    case VERB_AFTER_ACTION:
    case VERB_ASK:
    case VERB_WORD_COUNT: break;
    }
    return false;
}

static bool step_serves_anyone_living(const struct task *t)
{
    return step_serves_person(t) || t->verb == VERB_INTERVIEW || t->verb == VERB_INFORM;
}

void step_death(struct step *s)
{
    const struct reason reason = {WHY_EVERYWHERE, 0};
    step_close_slots(s, UINT32_MAX, step_serves_anyone_living, HOW_DIED, reason);
    step_end_measure(s, HOW_DIED, reason);
}

void step_end(struct step *s, final_word final, how_word how, struct reason reason)
{
    struct enrolment *e = s->e;
    if (e->flags & FLAG_ENDED) return;
    bool (*test)(const struct task *) = final == FINAL_DIED          ? step_serves_anyone_living
                                        : final == FINAL_WITHDRAWN   ? NULL
                                                                     : step_serves_person;
    how_word closed = final == FINAL_DIED ? HOW_DIED : final == FINAL_WITHDRAWN ? HOW_WITHDRAWN : HOW_NO_LONGER_DUE;
    step_close_slots(s, UINT32_MAX, test, closed, reason);
    step_end_measure(s, how, reason);
    e->flags |= FLAG_ENDED;
    e->step = (uint8_t)((e->step & 15) | final << 4);
    (void)step_say(s, DECISION_ENDED, (uint8_t)final, reason);
}

static final_word step_final_of_release(const struct step *s)
{
    bool case_pathway = s->p->pathways[s->e->pathway].ladder;
    return case_pathway && (s->e->step & ENROLMENT_STEP) != 0 ? FINAL_RECOVERED : FINAL_COMPLETED;
}

// The last day is over and the conditions do not hold: extend, as often as the protocol allows, or let go.
static void step_extend(struct step *s)
{
    struct enrolment *e = s->e;
    const struct pathway *path = &s->p->pathways[e->pathway];
    const struct reason reason = {WHY_EXTENSION, e->pathway};
    bool has_days = s->p->stages[e->stage].end != STAGE_OPEN;
    if (path->extension.days == 0 || !has_days || s->known_min > s->minute) return; // nothing is extended before anyone knew
    if (course_extensions(e) >= path->extension.at_most || (e->flags & (FLAG_CAPPED | FLAG_MOVED))) {
        step_end(s, step_final_of_release(s), HOW_RELEASED, reason);
        return;
    }
    e->extensions++;
    (void)step_say(s, DECISION_TOLD, (uint8_t)path->extension.order_by, reason);
}

void step_try_release(struct step *s)
{
    struct enrolment *e = s->e;
    if (e->stage == PROTOCOL_NONE || (e->flags & FLAG_ENDED) || !course_is_last(s->p, e)) return;
    const struct condition_ask ask = {
        .p = s->p,
        .e = e,
        .fact = s->fact,
        .minute = s->minute,
        .today = s->today,
        .day_is_over = s->day_is_over,
    };
    bool open = s->p->stages[e->stage].end == STAGE_OPEN;
    if (open ? !s->p->pathways[e->pathway].has_release : !condition_days_served(&ask)) return;
    condition_ref when = s->p->pathways[e->pathway].release;
    if (condition_holds(&ask, when)) {
        step_end(s, step_final_of_release(s), HOW_RELEASED, (struct reason){WHY_RELEASE, e->pathway});
        return;
    }
    if (!s->day_is_over) return;
    bool moved_on = (e->flags & FLAG_MOVED) && s->today >= course_day(e, e->cap);
    if (moved_on) // a change of edition never makes it longer
        step_end(s, step_final_of_release(s), HOW_RELEASED, (struct reason){WHY_CHANGE, 0});
    else
        step_extend(s);
}
