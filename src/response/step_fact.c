// What is remembered of a fact, which tasks it answers, and which reaction it meets.
#include "response/step.h"

#include <assert.h>

enum { DAY_MINUTES = 1440, NIBBLE_MAX = 15 };

static void fact_day_min(struct enrolment *e, int16_t *slot, int32_t day)
{
    if (*slot == ENROLMENT_DAY_NONE || day < course_day(e, *slot)) *slot = course_offset(e, day);
}

static void fact_day_max(struct enrolment *e, int16_t *slot, int32_t day)
{
    if (*slot == ENROLMENT_DAY_NONE || day > course_day(e, *slot)) *slot = course_offset(e, day);
}

static void fact_sources(struct enrolment *e, int32_t by)
{
    int32_t open = course_open_sources(e) + by;
    open = open < 0 ? 0 : open > NIBBLE_MAX ? NIBBLE_MAX : open;
    e->extensions = (uint8_t)((e->extensions & 15) | open << 4);
}

static void fact_close_verb(struct step *s, verb_word verb, how_word how)
{
    uint8_t slot = step_find_open(s, verb);
    if (slot == PROTOCOL_NONE) return;
    uint8_t task = (uint8_t)(protocol_slot_task(s->p, s->e->stage, slot) - s->p->tasks);
    step_close_slot(s, slot, how, (struct reason){WHY_TASK, task});
}

static void fact_close_named(struct step *s, uint32_t name, how_word how)
{
    for (uint32_t open = s->e->open; open != 0; open &= open - 1) {
        uint8_t slot = (uint8_t)__builtin_ctz(open);
        const struct task *t = protocol_slot_task(s->p, s->e->stage, slot);
        if (t->name_id == name) {
            step_close_slot(s, slot, how, (struct reason){WHY_TASK, (uint16_t)(t - s->p->tasks)});
            return;
        }
    }
}

// Day zero has moved: the first stage is counted anew from it; someone in a later stage begins again, as a new proposal.
static void fact_day_zero_moved(struct step *s, int32_t before)
{
    struct enrolment *e = s->e;
    const struct pathway *path = &s->p->pathways[e->pathway];
    if (e->stage == PROTOCOL_NONE || (e->flags & FLAG_ENDED)) return;
    int32_t zero = course_anchor(s->p, e, path->day_zero);
    if (zero == COURSE_NEVER || zero == before) return;
    if (e->stage_zero != ENROLMENT_DAY_NONE && course_day(e, e->stage_zero) == before) {
        e->stage_zero = course_offset(e, zero);
        e->extensions &= 0xF0;
        return;
    }
    static const struct action restart = {ACTION_RESTART, 0, 0};
    step_act(s, &restart, (struct reason){WHY_STAGE, e->stage});
}

static bool fact_exposure_counts(const struct step *s)
{
    const struct enrolment *e = s->e;
    if (s->p->pathways[e->pathway].ladder) return true;
    if (s->fact->name != 0) return s->fact->name == s->p->pathways[e->pathway].name_id;
    struct enrolment blank = *e; // asked as if not yet enrolled: does this exposure lead to this pathway?
    blank.stage = PROTOCOL_NONE;
    return respond_opens(s->p, &blank, s->fact);
}

static void fact_exposed(struct step *s)
{
    struct enrolment *e = s->e;
    const struct fact *f = s->fact;
    if (!fact_exposure_counts(s)) return;
    int32_t before = course_anchor(s->p, e, s->p->pathways[e->pathway].day_zero);
    int32_t last = f->until.s == INT64_MIN ? s->today : course_day_of(s->p, f->until);
    if (last < s->today) last = s->today;
    fact_day_min(e, &e->first_exposure, s->today);
    fact_day_max(e, &e->last_exposure, last);
    if (f->flags & FACT_OPEN) fact_sources(e, +1);
    fact_day_zero_moved(s, before);
}

static void fact_parted(struct step *s)
{
    struct enrolment *e = s->e;
    if (course_open_sources(e) == 0) return;
    int32_t before = course_anchor(s->p, e, s->p->pathways[e->pathway].day_zero);
    fact_sources(e, -1);
    fact_day_max(e, &e->last_exposure, s->today);
    fact_day_zero_moved(s, before);
}

static void fact_case_here(struct step *s)
{
    struct enrolment *e = s->e;
    int32_t before = course_anchor(s->p, e, s->p->pathways[e->pathway].day_zero);
    fact_day_min(e, &e->first_exposure, s->today);
    fact_day_max(e, &e->last_exposure, s->today);
    if (s->fact->kind == EVENT_NEW_CASE) {
        e->flags &= ~(uint32_t)FLAG_ROUND_NEGATIVE;
        e->negative_day = ENROLMENT_DAY_NONE;
    }
    if (s->p->pathways[e->pathway].day_zero != ANCHOR_LAST_CASE) return;
    if (!step_react(s, (event_word)s->fact->kind)) fact_day_zero_moved(s, before);
    s->matched = s->matched || e->stage != PROTOCOL_NONE;
}

static int16_t fact_hours(const struct enrolment *e, int32_t day, int32_t hour)
{
    int64_t hours = ((int64_t)day - course_base(e)) * 24 + hour;
    return (int16_t)(hours > INT16_MAX ? INT16_MAX : hours < INT16_MIN + 1 ? INT16_MIN + 1 : hours);
}

static void fact_symptom(struct step *s)
{
    struct enrolment *e = s->e;
    enum { SPREAD_MAX = 255, LAST_HOUR = 23 };
    int32_t hour = s->fact->flags & FACT_DAY_ONLY ? LAST_HOUR : (s->minute - course_midnight(s->p, s->today)) / 60;
    int16_t onset = fact_hours(e, s->today, hour);
    bool first = e->onset_hour == ENROLMENT_DAY_NONE || onset < e->onset_hour;
    if (first) e->onset_hour = onset;
    if (first && !s->p->pathways[e->pathway].has_set) {
        int32_t latest = s->fact->until.s == INT64_MIN ? s->today : course_day_of(s->p, s->fact->until);
        int32_t spread = latest - s->today;
        e->answered = (uint8_t)(spread < 0 ? 0 : spread > SPREAD_MAX ? SPREAD_MAX : spread);
    }
    e->flags |= FLAG_SYMPTOMATIC;
    e->well_hour = ENROLMENT_DAY_NONE;
}

static void fact_well(struct step *s)
{
    struct enrolment *e = s->e;
    e->flags &= ~(uint32_t)FLAG_SYMPTOMATIC;
    // The latest it may have been, and the next full hour: a release never comes too early.
    int32_t minute = s->minute, day = s->today;
    if (s->fact->until.s != INT64_MIN && s->fact->until.s / 60 > minute) {
        minute = (int32_t)(s->fact->until.s / 60);
        day = course_day_of_minute(s->p, minute);
    }
    e->well_hour = fact_hours(e, day, (minute - course_midnight(s->p, day) + 59) / 60);
}

// ---- results ----

static void fact_negative(struct step *s)
{
    struct enrolment *e = s->e;
    const struct pathway *path = &s->p->pathways[e->pathway];
    if (e->stage == PROTOCOL_NONE) return; // taken before there was anything to be released from
    fact_day_max(e, &e->negative_day, s->today);
    if (path->negatives_after_onset_minutes > 0 && e->onset_hour != ENROLMENT_DAY_NONE) {
        int32_t day = course_onset_day(e);
        int32_t hour = e->onset_hour - (day - course_base(e)) * 24;
        if (s->minute - (course_midnight(s->p, day) + hour * 60) < path->negatives_after_onset_minutes) return; // too soon after onset to count
    }
    int32_t counted = e->negatives & 15;
    bool apart = counted == 0 || s->minute - e->counted_min >= path->negatives_apart_minutes;
    if (!apart || counted == NIBBLE_MAX) return;
    e->negatives = (uint8_t)((e->negatives & 0xF0) | (counted + 1));
    e->counted_min = s->minute;
}

static void fact_positive(struct step *s, event_word meaning)
{
    struct enrolment *e = s->e;
    e->negatives &= 0xF0;
    if (e->negative_day != ENROLMENT_DAY_NONE && course_day(e, e->negative_day) <= s->today)
        e->negative_day = ENROLMENT_DAY_NONE;
    if (meaning == EVENT_POSITIVE) e->flags |= FLAG_POSITIVE;
    if (meaning != EVENT_POOL_POSITIVE) fact_day_min(e, &e->positive_sample, s->today);
}

// A linked set (the alarm's five samples): each specimen's negative answers its part. True when all have answered.
static bool fact_set_answered(struct step *s)
{
    struct enrolment *e = s->e;
    const struct pathway *path = &s->p->pathways[e->pathway];
    for (uint8_t slot = PROTOCOL_STAGE_SLOTS; slot < PROTOCOL_SLOTS; slot++) {
        if (path->slot_task[slot] == PROTOCOL_NONE) continue;
        const struct task *t = &s->p->tasks[path->slot_task[slot]];
        if (t->set_count == 0) continue;
        bool part = false;
        for (uint8_t i = 0; i < t->set_count; i++) {
            if (t->set[i] != s->fact->word) continue;
            e->answered |= (uint8_t)(1u << i);
            part = true;
        }
        if (part) return e->answered == (uint8_t)((1u << t->set_count) - 1);
    }
    return false;
}

static void fact_result(struct step *s, event_word meaning)
{
    struct enrolment *e = s->e;
    if (e->stage != PROTOCOL_NONE) { // a result shows that the sample was taken
        fact_close_verb(s, VERB_SAMPLE, HOW_DONE);
        fact_close_verb(s, VERB_TEST_AGAIN, HOW_DONE);
    }
    bool complete = false;
    if (meaning == EVENT_NEGATIVE) {
        fact_negative(s);
        complete = fact_set_answered(s);
    } else if (meaning == EVENT_POSITIVE || meaning == EVENT_SCREENING_POSITIVE || meaning == EVENT_POOL_POSITIVE) {
        fact_positive(s, meaning);
    } else if (meaning == EVENT_CONTAMINATED) {
        e->flags |= FLAG_CONTAMINATED;
    } else if (meaning == EVENT_CLEAN) {
        e->flags &= ~(uint32_t)FLAG_CONTAMINATED;
        complete = fact_set_answered(s);
    }
    (void)step_react(s, meaning);
    if (complete) (void)step_react(s, EVENT_ALL_NEGATIVE);
}

// ---- follow-up ----

static void fact_seen(struct step *s, event_word event)
{
    struct enrolment *e = s->e;
    how_word how = event == EVENT_SEEN_WELL || event == EVENT_SEEN_ILL ? HOW_DONE
                   : event == EVENT_REFUSED                            ? HOW_REFUSED
                                                                       : HOW_MISSED;
    if (e->stage != PROTOCOL_NONE) fact_close_verb(s, VERB_CHECK, how);
    bool newly_ill = event == EVENT_SEEN_ILL && !(e->flags & FLAG_SYMPTOMATIC);
    if (newly_ill) fact_symptom(s);
    if (!step_react(s, event) && newly_ill) (void)step_react(s, EVENT_SYMPTOM);
}

static void fact_sampled(struct step *s)
{
    if (s->e->stage == PROTOCOL_NONE) return;
    uint8_t before = step_find_open(s, VERB_SAMPLE_SET);
    fact_close_verb(s, before != PROTOCOL_NONE ? VERB_SAMPLE_SET : VERB_SAMPLE, HOW_DONE);
    (void)step_react(s, EVENT_SAMPLED);
}

// ---- the person ----

static void fact_attribute(struct step *s)
{
    struct enrolment *e = s->e;
    const struct fact *f = s->fact;
    if (f->word == FACT_WORD_AGE) {
        e->age = (uint8_t)(f->value < 0 ? 0 : f->value >= ENROLMENT_AGE_UNKNOWN ? ENROLMENT_AGE_UNKNOWN - 1 : f->value);
    } else if (f->word < ATTRIBUTE_WORD_COUNT) {
        uint32_t bit = 1u << f->word;
        e->flags = f->flags & FACT_NO ? e->flags & ~bit : e->flags | bit;
        if (f->word == ATTRIBUTE_IMMUNE && !(f->flags & FACT_NO)) e->flags &= ~(1u << ATTRIBUTE_NOT_IMMUNE);
        if (f->word == ATTRIBUTE_NOT_IMMUNE && !(f->flags & FACT_NO)) e->flags &= ~(1u << ATTRIBUTE_IMMUNE);
    }
    (void)step_react(s, (event_word)f->kind);
}

static void fact_override(struct step *s)
{
    struct enrolment *e = s->e;
    uint8_t days = (uint8_t)(s->fact->value < 0                           ? 0
                             : s->fact->value >= ENROLMENT_OVERRIDE_NONE ? ENROLMENT_OVERRIDE_NONE - 1
                                                                         : s->fact->value);
    if (s->fact->word == FACT_CHECK_DAYS) e->check_days = days;
    if (s->fact->word == FACT_MEASURE_DAYS) e->measure_days = days;
    if (s->fact->word == FACT_SAMPLE_DAYS) e->sample_days = days;
    (void)step_react(s, EVENT_OVERRIDE);
}

static void fact_window_closes(struct step *s, event_word event)
{
    struct enrolment *e = s->e;
    bool ladder = s->p->pathways[e->pathway].ladder;
    bool closes = ladder ? s->p->has_window && (s->p->window.closes >> event & 1) != 0
                         : event == EVENT_ISOLATED || event == EVENT_STARTED;
    if (closes) fact_day_min(e, &e->isolated, s->today);
    if (event == EVENT_ISOLATED) e->flags |= FLAG_ISOLATED;
}

static bool fact_yields(const struct task *t)
{
    return t->yields;
}

static void fact_measure(struct step *s, event_word event)
{
    struct enrolment *e = s->e;
    bool named = s->fact->name == 0 ||
                 (e->measure != PROTOCOL_NONE && s->p->measures[e->measure].name_id == s->fact->name);
    if (!named || e->measure == PROTOCOL_NONE) return;
    const struct reason reason = {WHY_ORDER, e->measure};
    if (event == EVENT_STARTED && (e->flags & FLAG_ORDERED) && !(e->flags & FLAG_STARTED)) {
        e->flags |= FLAG_STARTED;
        (void)step_say(s, DECISION_MEASURE_STARTED, e->measure, reason);
    } else if (event == EVENT_DECLINED && (e->flags & FLAG_RENEWAL)) {
        e->flags &= ~(uint32_t)FLAG_RENEWAL;
        step_end_measure(s, HOW_DECLINED, reason);
    } else if (event == EVENT_DECLINED && (e->flags & FLAG_PROPOSED)) {
        step_end_measure(s, HOW_DECLINED, reason);
    } else if (event == EVENT_UPHELD) {
        step_end_measure(s, HOW_UPHELD, reason);
    }
}

static void fact_care_first(struct step *s)
{
    step_close_slots(s, s->e->open, fact_yields, HOW_CARE, (struct reason){WHY_EVERYWHERE, 0});
    if (!step_react(s, EVENT_CARE_OVERRIDE) && s->e->stage != PROTOCOL_NONE)
        (void)step_say(s, DECISION_TOLD, ROLE_COMMANDER, (struct reason){WHY_EVERYWHERE, 0});
}

static void fact_gone(struct step *s, event_word event)
{
    uint8_t stage = s->e->stage;
    fact_window_closes(s, event);
    if (event == EVENT_DIED && stage != PROTOCOL_NONE) step_death(s);
    (void)step_react(s, event);
    if (stage == PROTOCOL_NONE || (s->e->flags & FLAG_ENDED)) return;
    if (s->e->stage != stage) return; // the protocol goes on, with the burial say
    if (event == EVENT_DIED) step_end(s, FINAL_DIED, HOW_DIED, (struct reason){WHY_EVERYWHERE, 0});
    if (event == EVENT_ACCEPTED) step_end(s, FINAL_HANDED_OVER, HOW_RELEASED, (struct reason){WHY_EVERYWHERE, 0});
}

static void fact_linked(struct step *s, event_word event)
{
    struct enrolment *e = s->e;
    int32_t negatives = e->negatives >> 4;
    if (event == EVENT_LINKED_POSITIVE)
        e->flags |= FLAG_LINKED_POSITIVE;
    else if (negatives < NIBBLE_MAX)
        e->negatives = (uint8_t)((e->negatives & 15) | (negatives + 1) << 4);
    (void)step_react(s, event);
}

static void fact_round(struct step *s, event_word event)
{
    struct enrolment *e = s->e;
    if (e->stage != PROTOCOL_NONE) fact_close_verb(s, VERB_TEST_ROUND, HOW_DONE);
    if (event == EVENT_ROUND_NEGATIVE) {
        e->flags |= FLAG_ROUND_NEGATIVE;
        fact_day_max(e, &e->negative_day, s->today);
    } else {
        e->flags &= ~(uint32_t)FLAG_ROUND_NEGATIVE;
        e->negative_day = ENROLMENT_DAY_NONE;
    }
    (void)step_react(s, event);
}

static void fact_flag(struct step *s, uint32_t flag, event_word event)
{
    s->e->flags |= flag;
    (void)step_react(s, event);
}

void step_take_fact(struct step *s, event_word event)
{
    struct enrolment *e = s->e;
    const struct fact *f = s->fact;
    switch ((int)f->kind) {
    case EVENT_EXPOSED: fact_exposed(s); break;
    case EVENT_PARTED: fact_parted(s); break;
    case EVENT_CONTACT_NAMED: step_contact(s); break;
    case EVENT_SYMPTOM:
        fact_symptom(s);
        (void)step_react(s, EVENT_SYMPTOM);
        break;
    case EVENT_WELL:
    case EVENT_FEVER_GONE:
        fact_well(s);
        (void)step_react(s, event);
        break;
    case EVENT_SAMPLED: fact_sampled(s); break;
    case EVENT_RESULT: fact_result(s, event); break;
    case EVENT_ISOLATED:
    case EVENT_ADMITTED:
    case EVENT_BURIED:
        fact_window_closes(s, event);
        if (event == EVENT_ISOLATED) fact_close_verb(s, VERB_ISOLATE, HOW_DONE);
        if (event == EVENT_BURIED) fact_close_verb(s, VERB_BURY, HOW_DONE);
        (void)step_react(s, event);
        break;
    case EVENT_ORDERED: step_order(s); break;
    case EVENT_STARTED: fact_window_closes(s, event); fact_measure(s, event); break;
    case EVENT_DECLINED:
    case EVENT_UPHELD: fact_measure(s, event); (void)step_react(s, event); break;
    case EVENT_SEEN_WELL:
    case EVENT_SEEN_ILL:
    case EVENT_NOT_SEEN:
    case EVENT_NOT_ATTEMPTED: fact_seen(s, event); break;
    case EVENT_REFUSED:
        if (f->name != 0 && e->stage != PROTOCOL_NONE) fact_close_named(s, f->name, HOW_REFUSED);
        if (f->name != 0) (void)step_react(s, event); else fact_seen(s, event);
        break;
    case EVENT_DONE:
        if (e->stage != PROTOCOL_NONE) fact_close_named(s, f->name, HOW_DONE);
        (void)step_react(s, event);
        break;
    case EVENT_DIED:
    case EVENT_ACCEPTED: fact_gone(s, event); break;
    case EVENT_VACCINATED: fact_flag(s, 1u << ATTRIBUTE_VACCINATED, event); break;
    case EVENT_IMMUNOGLOBULIN: fact_flag(s, 1u << ATTRIBUTE_IMMUNOGLOBULIN, event); break;
    case EVENT_IMMUNITY:
    case EVENT_ATTRIBUTE: fact_attribute(s); break;
    case EVENT_CARER_NAMED: fact_flag(s, FLAG_CARER, event); break;
    case EVENT_GUARDIAN_NAMED:
        if (!(e->flags & FLAG_GUARDIAN)) {
            e->flags |= FLAG_GUARDIAN;
            step_guardian_named(s);
        }
        (void)step_react(s, event);
        break;
    case EVENT_OVERRIDE: fact_override(s); break;
    case EVENT_CARE_OVERRIDE: fact_care_first(s); break;
    case EVENT_LESIONS_HEALED: fact_flag(s, FLAG_LESIONS_HEALED, event); break;
    case EVENT_CLINICIAN_RELEASE: fact_flag(s, FLAG_CLINICIAN_RELEASE, event); break;
    case EVENT_LINKED_NEGATIVE:
    case EVENT_LINKED_POSITIVE: fact_linked(s, event); break;
    case EVENT_NEW_CASE:
    case EVENT_CASE_LEFT: fact_case_here(s); break;
    case EVENT_ROUND_NEGATIVE:
    case EVENT_ROUND_POSITIVE: fact_round(s, event); break;
    case EVENT_SOURCE_FREE: fact_flag(s, FLAG_SOURCE_FREE, event); break;
    case EVENT_EDITION: step_change_edition(s, f->edition); break;
    case EVENT_CLASSIFIED: // the ladder answers
    case EVENT_ENROLLED:
    case EVENT_RETRACTED: break;
    default: (void)step_react(s, event); break;
    }
}
