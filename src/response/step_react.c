// Reactions: what the protocol says is to be done when something happens; the case ladder; contacts that are named.
#include "response/step.h"

#include <assert.h>

static utc_sec step_task_deadline(const struct step *s, const struct task *t)
{
    if (t->within_minutes > 0) return (utc_sec){s->at.s + (int64_t)t->within_minutes * 60};
    int32_t day = course_day_of(s->p, s->at);
    return (utc_sec){(int64_t)course_midnight(s->p, day + 1) * 60};
}

static void step_restart(struct step *s, struct reason reason)
{
    struct enrolment *e = s->e;
    const struct pathway *path = &s->p->pathways[e->pathway];
    uint8_t stage = step_branch(s, path->start_first, path->start_count, path->stage_first);
    if (stage == PROTOCOL_NONE) return;
    int32_t zero = course_anchor(s->p, e, path->day_zero);
    if (zero == COURSE_NEVER || path->day_zero == ANCHOR_ENTRY || path->day_zero == ANCHOR_STAGE) zero = s->today;
    e->extensions &= 0xF0;
    if (e->stage == stage) { // the same stage from a later day: its order goes on until it runs out, then a fresh one
        e->stage_zero = course_offset(e, zero);
        (void)step_say(s, DECISION_STAGE_ENTERED, stage, reason);
        if (s->p->stages[stage].measure != PROTOCOL_NONE)
            step_propose(s, s->p->stages[stage].measure, (struct reason){WHY_STAGE, stage});
        return;
    }
    step_enter(s, stage, zero, reason);
}

// A child is not moved or placed without a named guardian. A child is anyone under 18 (UN Convention on the Rights of the
// Child 1989, article 1).
enum { ADULT_YEARS = 18 };

static bool step_waits_for_guardian(const struct step *s, const struct task *t)
{
    const struct enrolment *e = s->e;
    return t->guardian_first && e->age < ADULT_YEARS && !(e->flags & FLAG_GUARDIAN);
}

static void step_act_task(struct step *s, uint8_t slot, struct reason reason)
{
    uint8_t task = s->p->pathways[s->e->pathway].slot_task[slot];
    const struct task *t = &s->p->tasks[task];
    if (step_waits_for_guardian(s, t)) { // opened by step_guardian_named; until then the guardian is looked for
        (void)step_say(s, DECISION_TOLD, ROLE_GUARDIAN, (struct reason){WHY_TASK, task});
        return;
    }
    step_open_task(s, slot, reason, step_task_deadline(s, t), 0);
}

void step_guardian_named(struct step *s)
{
    const struct enrolment *e = s->e;
    if (e->stage == PROTOCOL_NONE || (e->flags & FLAG_ENDED) || e->age >= ADULT_YEARS) return; // nothing has waited
    const struct stage *stage = &s->p->stages[e->stage];
    for (uint16_t i = 0; i < stage->entry_count; i++) {
        const struct action *a = &s->p->actions[stage->entry_first + i];
        if (a->kind != ACTION_TASK) continue;
        if (s->p->tasks[s->p->pathways[e->pathway].slot_task[a->a]].guardian_first)
            step_act_task(s, a->a, (struct reason){WHY_STAGE, e->stage});
    }
}

void step_act(struct step *s, const struct action *action, struct reason reason)
{
    struct enrolment *e = s->e;
    switch ((action_kind)action->kind) {
    case ACTION_GO: step_enter(s, action->a, s->today, reason); break;
    case ACTION_END: step_end(s, (final_word)action->a, HOW_RELEASED, reason); break;
    case ACTION_TASK: step_act_task(s, action->a, reason); break;
    case ACTION_MEASURE: step_propose(s, action->a, reason); break;
    case ACTION_TELL: (void)step_say(s, DECISION_TOLD, action->a, reason); break;
    case ACTION_ENROL: (void)step_say(s, DECISION_ENROLLED, action->a, reason); break;
    case ACTION_ENROL_ROLE: step_say(s, DECISION_ENROLLED, action->a, reason)->role = action->b; break;
    case ACTION_ZONE: {
        struct decision *d = step_say(s, DECISION_ENROLLED, action->a, reason);
        d->role = ROLE_RESIDENTS;
        d->place = action->b;
        break;
    }
    case ACTION_UNDO: (void)step_say(s, DECISION_WITHDRAWN, e->pathway, reason); break;
    case ACTION_RESTART: step_restart(s, reason); break;
    case ACTION_KIND_COUNT: break;
    }
}

bool step_react(struct step *s, event_word event)
{
    const struct enrolment *e = s->e;
    if (e->stage == PROTOCOL_NONE || (e->flags & FLAG_ENDED)) return false;
    uint16_t list = s->p->reaction[e->stage][event];
    if (list == 0) return false;
    for (const uint16_t *r = &s->p->reactions[list]; *r != RULE_LIST_END; r++) {
        const struct rule *rule = &s->p->rules[*r];
        assert(rule->event == event);
        if (!step_holds(s, rule->when)) continue;
        const struct reason reason = {WHY_RULE, *r};
        // Leaving comes first, so that what the same rule opens belongs to what is entered.
        for (int32_t pass = 0; pass < 2; pass++) {
            for (uint16_t i = 0; i < rule->action_count; i++) {
                const struct action *a = &s->p->actions[rule->action_first + i];
                bool leaves = a->kind == ACTION_GO || a->kind == ACTION_END || a->kind == ACTION_RESTART;
                if (leaves == (pass == 0)) step_act(s, a, reason);
            }
        }
        s->matched = true;
        return true;
    }
    return false;
}

// How far up the ladder a step stands; discarded takes someone off it.
static int32_t step_height(event_word step)
{
    if (step == EVENT_SUSPECTED) return 1;
    if (step == EVENT_PROBABLE) return 2;
    if (step == EVENT_ASYMPTOMATIC) return 3;
    return step == EVENT_CONFIRMED ? 4 : 0;
}

static void step_classify(struct step *s, event_word to, uint16_t row, bool undoes)
{
    struct enrolment *e = s->e;
    const struct reason reason = {WHY_LADDER, row};
    e->step = (uint8_t)((e->step & 0xF8) | (to - EVENT_SUSPECTED + 1));
    (void)step_say(s, DECISION_CLASSIFIED, (uint8_t)to, reason);
    if (undoes) (void)step_say(s, DECISION_WITHDRAWN, e->pathway, reason);
    bool ended = (e->flags & FLAG_ENDED) != 0;
    if (!step_react(s, to) && to == EVENT_DISCARDED && !ended) step_end(s, FINAL_DISCARDED, HOW_RELEASED, reason);
    s->matched = true;
}

// What an authority has said stands against all that was known by then; only new evidence leads further up.
static bool step_may_rise(const struct step *s)
{
    if (!(s->e->step & ENROLMENT_BY_AUTHORITY)) return true;
    event_word event = s->fact == NULL ? EVENT_DAY : respond_event(s->p, s->fact);
    return event == EVENT_POSITIVE || event == EVENT_SCREENING_POSITIVE || event == EVENT_SYMPTOM ||
           event == EVENT_SEEN_ILL;
}

event_word step_next_class(const struct step *s, event_word set_by_authority, uint16_t *row)
{
    event_word now = enrolment_class(s->e);
    int32_t height = now == EVENT_WORD_COUNT ? 0 : step_height(now);
    event_word best = EVENT_WORD_COUNT;
    bool may_rise = step_may_rise(s);
    *row = RULE_LIST_END;
    for (size_t i = 0; i < s->p->ladder_count; i++) {
        const struct ladder_step *l = &s->p->ladder[i];
        if (set_by_authority != EVENT_WORD_COUNT) {
            if (l->step == set_by_authority) *row = (uint16_t)i;
            continue;
        }
        if (l->when == CONDITION_TRUE || l->step == now || !step_holds(s, l->when)) continue;
        bool off = l->step == EVENT_DISCARDED; // what a laboratory has confirmed is discarded by an authority only
        if (off ? height < 3 && best == EVENT_WORD_COUNT : may_rise && step_height(l->step) > height) {
            best = l->step;
            *row = (uint16_t)i;
            if (!off) height = step_height(l->step);
        }
    }
    return set_by_authority != EVENT_WORD_COUNT ? set_by_authority : best;
}

void step_walk_ladder(struct step *s, event_word set_by_authority)
{
    struct enrolment *e = s->e;
    if (!s->p->pathways[e->pathway].ladder || e->stage == PROTOCOL_NONE) return;
    uint16_t row;
    event_word to = step_next_class(s, set_by_authority, &row);
    if (set_by_authority != EVENT_WORD_COUNT)
        e->step |= ENROLMENT_BY_AUTHORITY;
    else if (to != EVENT_WORD_COUNT && to != enrolment_class(e))
        e->step &= (uint8_t)~ENROLMENT_BY_AUTHORITY;
    if (to == EVENT_WORD_COUNT || to == enrolment_class(e)) return;
    step_classify(s, to, row, row != RULE_LIST_END && s->p->ladder[row].undoes_caused);
}

// Does the exposure of a named contact touch the time in which this person could infect? Both edge days count.
static bool step_in_window(const struct step *s, int32_t first, int32_t last)
{
    const struct enrolment *e = s->e;
    const struct window *w = &s->p->window;
    int32_t opens = INT32_MIN, closes = COURSE_NEVER;
    if (!s->p->pathways[e->pathway].ladder) { // a contact of a contact: from the first exposure on
        if (e->first_exposure != ENROLMENT_DAY_NONE) opens = course_day(e, e->first_exposure);
    } else if (s->p->has_window) {
        if (e->onset_hour != ENROLMENT_DAY_NONE) {
            opens = course_onset_day(e) - w->opens_days_before_onset;
            if (w->closes_days_after_onset > 0) closes = course_onset_day(e) + w->closes_days_after_onset;
        } else if (e->positive_sample != ENROLMENT_DAY_NONE) {
            opens = course_day(e, e->positive_sample) - w->opens_days_before_sample;
        }
    }
    int32_t isolated = course_day(e, e->isolated);
    if (isolated < closes) closes = isolated;
    return last >= opens && first <= closes;
}

void step_contact(struct step *s)
{
    const struct enrolment *e = s->e;
    const struct fact *f = s->fact;
    final_word final = enrolment_final(e);
    bool other_answers = final == FINAL_BECAME_CASE || final == FINAL_MOVED; // the pathway that came after does
    if (e->stage == PROTOCOL_NONE || other_answers || final == FINAL_DISCARDED || final == FINAL_WITHDRAWN) return;
    bool asked = false; // do those who met someone of this pathway count at all?
    for (size_t i = 0; i < s->p->class_count && !asked; i++) asked = s->p->classes[i].of == e->pathway;
    if (!asked) return;
    s->matched = true;
    int32_t first = course_day_of(s->p, fact_contact_from(f));
    int32_t last = f->flags & FACT_OPEN         ? COURSE_NEVER
                   : f->until.s == INT64_MIN ? first
                                             : course_day_of(s->p, f->until);
    if (!step_in_window(s, first, last)) {
        (void)step_say(s, DECISION_TOLD, ROLE_CASE_INVESTIGATOR, (struct reason){WHY_WINDOW, 0});
        return;
    }
    for (size_t i = 0; i < s->p->class_count; i++) {
        const struct contact_class *c = &s->p->classes[i];
        if (c->of != e->pathway || (c->kinds != 0 && !(c->kinds >> f->word & 1)) || !step_holds(s, c->when)) continue;
        struct decision *d = step_say(s, DECISION_ENROLLED, c->pathway, (struct reason){WHY_CONTACT_CLASS, (uint16_t)i});
        d->other = f->link;
        d->role = ROLE_OWN_CONTACTS;
        return;
    }
    (void)step_say(s, DECISION_TOLD, ROLE_CASE_INVESTIGATOR, (struct reason){WHY_CONTACT_CLASS, RULE_LIST_END});
}
