#include "response/respond.h"
#include "response/step.h"

#include <assert.h>

struct enrolment enrolment_new(uint32_t subject, uint8_t edition, uint8_t pathway, civil_day base)
{
    int32_t unit = base.d / ENROLMENT_BASE_UNIT - (base.d % ENROLMENT_BASE_UNIT < 0 ? 1 : 0);
    const int16_t none = ENROLMENT_DAY_NONE;
    return (struct enrolment){
        .subject = subject,
        .last_min = INT32_MIN,
        .next_min = ENROLMENT_NEVER,
        .counted_min = INT32_MIN,
        .base = (int16_t)unit,
        .first_exposure = none,
        .last_exposure = none,
        .onset_hour = none,
        .positive_sample = none,
        .stage_zero = none,
        .isolated = none,
        .order_until = none,
        .cap = none,
        .negative_day = none,
        .well_hour = none,
        .edition = edition,
        .pathway = pathway,
        .stage = PROTOCOL_NONE,
        .measure = PROTOCOL_NONE,
        .age = ENROLMENT_AGE_UNKNOWN,
        .measure_days = ENROLMENT_OVERRIDE_NONE,
        .check_days = ENROLMENT_OVERRIDE_NONE,
        .sample_days = ENROLMENT_OVERRIDE_NONE,
    };
}

event_word respond_event(const struct protocol *p, const struct fact *f)
{
    if (f->kind != EVENT_RESULT) return (event_word)f->kind;
    const struct result_asked asked = {
        .specimen = (specimen_word)f->word,
        .test = (test_word)f->test,
        .outcome = (outcome_word)f->outcome,
        .ct_x10 = (int16_t)(f->value > INT16_MAX ? INT16_MAX : f->value < 0 ? 0 : f->value),
        .pooled = (f->flags & FACT_POOLED) != 0,
    };
    event_word meaning = protocol_result(p, asked, NULL);
    // A positive that fits no row still matters.
    return meaning == EVENT_RESULT && f->outcome == OUTCOME_POSITIVE ? EVENT_SCREENING_POSITIVE : meaning;
}

bool respond_matters(event_word event)
{
    switch ((int)event) {
    case EVENT_POSITIVE:
    case EVENT_SCREENING_POSITIVE:
    case EVENT_POOL_POSITIVE:
    case EVENT_INCONCLUSIVE:
    case EVENT_CONTAMINATED:
    case EVENT_CALLED_POSITIVE:
    case EVENT_ROUND_POSITIVE:
    case EVENT_NEW_CASE:
    case EVENT_SEEN_ILL:
    case EVENT_SIGNAL: return true;
    default: return false;
    }
}

// The pathway an exposure leads to, by its name or by the contact classes; NONE when it fits none.
static uint8_t respond_exposure_pathway(const struct protocol *p, const struct enrolment *e, const struct fact *f)
{
    if (f->name != 0) {
        for (uint8_t i = 0; i < p->pathway_count; i++)
            if (p->pathways[i].name_id == f->name) return i;
        return PROTOCOL_NONE;
    }
    const struct condition_ask ask = {.p = p, .e = e, .fact = f};
    bool of_contact = (f->flags & FACT_OF_CONTACT) != 0;
    for (size_t i = 0; i < p->class_count; i++) {
        const struct contact_class *c = &p->classes[i];
        if (p->pathways[c->of].ladder == of_contact) continue;
        if (c->kinds != 0 && !(c->kinds >> f->word & 1)) continue;
        if (condition_holds(&ask, c->when)) return c->pathway;
    }
    return PROTOCOL_NONE;
}

bool respond_opens(const struct protocol *p, const struct enrolment *e, const struct fact *f)
{
    if (e->stage != PROTOCOL_NONE) return false;
    if (f->kind == EVENT_CLASSIFIED && f->word == EVENT_DISCARDED) return false; // who is no case does not begin as one
    if (f->kind == EVENT_EXPOSED) return respond_exposure_pathway(p, e, f) == e->pathway;
    if (f->kind == EVENT_ENROLLED) return f->name == p->pathways[e->pathway].name_id;
    uint16_t list = p->door[respond_event(p, f)];
    if (list == 0) return false;
    const struct condition_ask ask = {.p = p, .e = e, .fact = f, .minute = (int32_t)(f->happened.s / 60),
                                      .today = course_day_of(p, f->happened)};
    for (const uint16_t *r = &p->reactions[list]; *r != RULE_LIST_END; r++) {
        const struct rule *rule = &p->rules[*r];
        if (!condition_holds(&ask, rule->when)) continue;
        for (uint16_t i = 0; i < rule->action_count; i++) {
            const struct action *a = &p->actions[rule->action_first + i];
            if (a->kind == ACTION_ENROL && a->a == e->pathway) return true;
        }
        return false; // the first rule that fits decides
    }
    return false;
}

// What else the rule at the door does beyond enrolling (tell, zone, others by role): the enrolment it opened answers for it.
static void respond_at_door(struct step *s, event_word event)
{
    uint16_t list = s->p->door[event];
    if (list == 0) return;
    for (const uint16_t *r = &s->p->reactions[list]; *r != RULE_LIST_END; r++) {
        const struct rule *rule = &s->p->rules[*r];
        if (!step_holds(s, rule->when)) continue;
        for (uint16_t i = 0; i < rule->action_count; i++) {
            const struct action *a = &s->p->actions[rule->action_first + i];
            bool more = a->kind == ACTION_TELL || a->kind == ACTION_ZONE || a->kind == ACTION_ENROL_ROLE;
            if (more) step_act(s, a, (struct reason){WHY_RULE, *r});
        }
        return;
    }
}

// What an authority says the person is; EVENT_WORD_COUNT when the fact is of another kind.
static event_word respond_authority(const struct fact *f)
{
    bool step = f->kind == EVENT_CLASSIFIED && f->word >= EVENT_SUSPECTED && f->word <= EVENT_DISCARDED;
    return step ? (event_word)f->word : EVENT_WORD_COUNT;
}

static void respond_open(struct step *s, event_word event)
{
    const struct pathway *path = &s->p->pathways[s->e->pathway];
    uint8_t unclassed = s->e->step;
    if (path->ladder) { // which stage to begin in may depend on the class that this very fact gives
        uint16_t row;
        event_word class = step_next_class(s, respond_authority(s->fact), &row);
        if (class != EVENT_WORD_COUNT) s->e->step = (uint8_t)(class - EVENT_SUSPECTED + 1);
    }
    uint8_t stage = step_branch(s, path->start_first, path->start_count, path->stage_first);
    s->e->step = unclassed;
    if (stage == PROTOCOL_NONE) return;
    s->e->stage_min = s->known_min;
    int32_t zero = course_anchor(s->p, s->e, path->day_zero);
    if (zero == COURSE_NEVER || path->day_zero == ANCHOR_ENTRY || path->day_zero == ANCHOR_STAGE) zero = s->today;
    why_word why = event == EVENT_EXPOSED || event == EVENT_ENROLLED ? WHY_CONTACT_CLASS : WHY_STAGE;
    uint16_t rule = why == WHY_STAGE ? stage : RULE_LIST_END;
    step_enter(s, stage, zero, (struct reason){why, rule});
    if (event != EVENT_EXPOSED && event != EVENT_ENROLLED) respond_at_door(s, event);
    s->matched = true;
}

// ---- time ----

// `floor`: the minute at which what the clock now meets became known, when a history is folded.
static struct step respond_step(const struct rulebook *book, struct enrolment *e, const struct fact *f,
                                struct decisions *out, int32_t minute, int32_t floor)
{
    assert(e->edition < book->count);
    const struct protocol *p = book->editions[e->edition];
    if (e->stage != PROTOCOL_NONE && e->stage_min > floor) floor = e->stage_min;
    int64_t known = f == NULL ? (int64_t)minute * 60 : f->known.s > f->happened.s ? f->known.s : f->happened.s;
    if (known / 60 > floor) floor = (int32_t)(known / 60);
    return (struct step){
        .book = book,
        .p = p,
        .e = e,
        .out = out,
        .fact = f,
        .minute = minute,
        .today = course_day_of_minute(p, minute),
        .at = {known},
        .known_min = floor,
    };
}

// What a scheduled task is worth when its day is over: overdue, unless it was so since its hour or since an earlier day.
// (The language names nobody who is told of a look or a sample that is missing; for tasks with a name it does.)
static void respond_unanswered(struct step *s, uint8_t slot)
{
    uint8_t task = s->p->stage_task[s->e->stage][slot];
    const struct task *t = &s->p->tasks[task];
    bool check = t->verb == VERB_CHECK;
    bool known = s->minute >= s->e->stage_min; // what nobody knew of yet is nobody's omission
    if (known && !task_has_hour(t) && (check || step_is_due(s, slot))) {
        struct decision *d = step_say(s, DECISION_TASK_OVERDUE, task, (struct reason){WHY_SCHEDULE, s->e->stage});
        d->slot = slot;
        d->n = s->today;
    }
    // A day's look cannot be had later; a sample can.
    if (check) step_close_slot(s, slot, HOW_MISSED, (struct reason){WHY_SCHEDULE, s->e->stage});
}

// The day s->today is over: unanswered tasks are overdue, stages end, orders run out.
static void respond_close_day(struct step *s)
{
    struct enrolment *e = s->e;
    const uint32_t stage_slots = (1u << PROTOCOL_STAGE_SLOTS) - 1;
    for (uint32_t open = e->open & stage_slots; open != 0; open &= open - 1)
        respond_unanswered(s, (uint8_t)__builtin_ctz(open));
    int32_t end = course_stage_end(s->p, e);
    bool moved_on = (e->flags & FLAG_MOVED) && s->today >= course_day(e, e->cap);
    if (moved_on && !course_is_last(s->p, e)) { // a change of edition never makes it longer, whatever stages would follow
        step_end(s, FINAL_COMPLETED, HOW_RELEASED, (struct reason){WHY_CHANGE, 0});
    } else if (end != COURSE_NEVER && s->today >= end && !course_is_last(s->p, e)) {
        const struct stage *stage = &s->p->stages[e->stage];
        uint8_t next = step_branch(s, stage->branch_first, stage->branch_count, stage->next);
        if (next != PROTOCOL_NONE) {
            s->minute += 1; // the next stage begins with the next day
            s->at.s += 60;
            if (s->known_min < s->minute) s->known_min = s->minute;
            step_enter(s, next, end, (struct reason){WHY_STAGE_END, e->stage});
        } else {
            step_end(s, FINAL_COMPLETED, HOW_RELEASED, (struct reason){WHY_STAGE_END, e->stage});
        }
    } else {
        step_try_release(s);
    }
    if (!(e->flags & FLAG_ENDED)) step_order_runs_out(s);
}

static void respond_lapse(struct step *s)
{
    struct enrolment *e = s->e;
    const struct stage *stage = &s->p->stages[e->stage];
    uint8_t was = e->stage;
    if (step_react(s, EVENT_LAPSED) && (e->stage != was || (e->flags & FLAG_ENDED))) return;
    const struct reason reason = {WHY_STAGE_END, was};
    uint8_t next = step_branch(s, stage->branch_first, stage->branch_count, stage->next);
    if (next != PROTOCOL_NONE)
        step_enter(s, next, s->today, reason);
    else
        step_end(s, FINAL_COMPLETED, HOW_EXPIRED, reason);
}

// One turn of the clock at e->next_min. `begin`: also begin the new day.
static void respond_tick(const struct rulebook *book, struct enrolment *e, struct decisions *out, int32_t floor, bool begin)
{
    int32_t minute = e->next_min;
    struct step s = respond_step(book, e, NULL, out, minute, floor);
    const struct stage *stage = &s.p->stages[e->stage];
    if (stage->end == STAGE_LAPSES && e->stage_min + stage->lapse_minutes <= minute) {
        respond_lapse(&s);
    } else if (course_midnight(s.p, s.today) == minute) {
        struct step close = s; // what closes is dated the last minute of the day before
        close.minute = minute - 1;
        close.at.s -= 60;
        if (close.known_min == minute) close.known_min = minute - 1;
        close.today -= 1;
        close.day_is_over = true;
        respond_close_day(&close);
        s.p = book->editions[e->edition];
        if (begin && !(e->flags & FLAG_ENDED)) step_begin_day(&s);
    }
    e->last_min = minute;
    e->next_min = course_next(s.p, e, s.today);
    if (e->next_min <= minute) e->next_min = minute + 1; // time only moves forward
}

void respond_until_known(const struct rulebook *book, struct enrolment *e, utc_sec now, utc_sec known,
                         struct decisions *out)
{
    int64_t minute = now.s / 60;
    while (e->next_min <= minute && e->next_min != ENROLMENT_NEVER) {
        if (out->cap - out->count < DECISIONS_STEP_MAX) return;
        respond_tick(book, e, out, known.s == INT64_MIN ? INT32_MIN : (int32_t)(known.s / 60), true);
    }
}

void respond_until(const struct rulebook *book, struct enrolment *e, utc_sec now, struct decisions *out)
{
    respond_until_known(book, e, now, UTC_NONE, out);
}

void respond_deadline(const struct rulebook *book, struct enrolment *e, uint8_t slot, utc_sec deadline,
                      struct decisions *out)
{
    if (slot >= PROTOCOL_SLOTS || !(e->open >> slot & 1)) return;
    struct step s = respond_step(book, e, NULL, out, (int32_t)(deadline.s / 60), INT32_MIN);
    const struct task *t = protocol_slot_task(s.p, e->stage, slot);
    uint8_t task = (uint8_t)(t - s.p->tasks);
    const struct reason reason = {WHY_DEADLINE, task};
    struct decision *d = step_say(&s, DECISION_TASK_OVERDUE, task, reason);
    d->slot = slot;
    if (!t->has_missed) return;
    d = step_say(&s, DECISION_TASK_ESCALATED, (uint8_t)t->missed_tell, reason);
    d->slot = slot;
}

respond_answer respond(const struct rulebook *book, struct enrolment *e, const struct fact *f, struct decisions *out)
{
    const utc_sec from = fact_counts_from(f);
    int32_t minute = (int32_t)(from.s / 60);
    if (minute < e->last_min) return RESPOND_LATE;
    // An edition that comes into force at midnight already rules the day that begins then.
    bool first_of_day = false;
    if (f->kind == EVENT_EDITION) {
        respond_until(book, e, (utc_sec){(int64_t)minute * 60 - 1}, out);
        first_of_day = e->next_min == minute;
        if (first_of_day) respond_tick(book, e, out, INT32_MIN, false);
    }
    respond_until(book, e, from, out);
    assert(out->cap - out->count >= DECISIONS_STEP_MAX);
    struct step s = respond_step(book, e, f, out, minute, INT32_MIN);
    if ((e->flags & FLAG_DUTY_TODAY) && course_day_of_minute(s.p, e->last_min) != s.today)
        e->flags &= ~(uint32_t)FLAG_DUTY_TODAY; // of an earlier day: idle days are not begun
    event_word event = respond_event(s.p, f);
    bool opens = respond_opens(s.p, e, f);
    size_t before = out->count;
    const struct protocol *was = s.p;
    step_take_fact(&s, event);
    if (first_of_day && s.p == was && e->stage != PROTOCOL_NONE && !(e->flags & FLAG_ENDED))
        step_begin_day(&s);
    if (opens && e->stage == PROTOCOL_NONE) respond_open(&s, event);
    if (s.p->pathways[e->pathway].ladder && e->stage != PROTOCOL_NONE && !(e->flags & FLAG_ENDED))
        step_walk_ladder(&s, respond_authority(f));
    if (!(e->flags & FLAG_ENDED)) step_try_release(&s);
    assert(out->count - before <= DECISIONS_STEP_MAX);
    e->last_min = minute;
    e->next_min = course_next(s.p, e, s.today);
    if (e->next_min <= minute) e->next_min = minute + 1;
    return respond_matters(event) && !s.matched ? RESPOND_UNMATCHED : RESPOND_OK;
}
