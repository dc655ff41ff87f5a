#include "response/course.h"

#include <assert.h>

// The latest day on which onset may have been.
static int32_t course_onset(const struct protocol *p, const struct enrolment *e)
{
    if (e->onset_hour == ENROLMENT_DAY_NONE) return COURSE_NEVER;
    return course_onset_day(e) + (p->pathways[e->pathway].has_set ? 0 : e->answered);
}

int32_t course_anchor(const struct protocol *p, const struct enrolment *e, anchor_word anchor)
{
    switch (anchor) {
    case ANCHOR_LAST_EXPOSURE:
    case ANCHOR_LAST_CASE: return course_day(e, e->last_exposure);
    case ANCHOR_FIRST_EXPOSURE: return course_day(e, e->first_exposure);
    case ANCHOR_ONSET: return course_onset(p, e);
    case ANCHOR_POSITIVE_SAMPLE: return course_day(e, e->positive_sample);
    case ANCHOR_ONSET_OR_SAMPLE:
        return e->onset_hour != ENROLMENT_DAY_NONE ? course_onset(p, e) : course_day(e, e->positive_sample);
    case ANCHOR_ENTRY: return course_day_of_minute(p, e->stage_min);
    case ANCHOR_STAGE: return course_day(e, e->stage_zero);
    case ANCHOR_WORD_COUNT: break;
    }
    return COURSE_NEVER;
}

bool course_is_last(const struct protocol *p, const struct enrolment *e)
{
    const struct stage *s = &p->stages[e->stage];
    if (p->pathways[e->pathway].released_in_time) return s->released_after;
    return s->end == STAGE_OPEN && s->next == PROTOCOL_NONE && s->branch_count == 0;
}

// The stage's own last day, before anything set for one person.
static int32_t course_plain_end(const struct protocol *p, const struct enrolment *e)
{
    const struct stage *s = &p->stages[e->stage];
    int32_t from = COURSE_NEVER;
    if (s->end == STAGE_FOR) {
        if (course_is_open(p, e)) return COURSE_NEVER;
        from = course_day(e, e->stage_zero);
    } else if (s->end == STAGE_UNTIL) {
        bool moving = s->anchor == ANCHOR_LAST_EXPOSURE && course_open_sources(e) > 0;
        if (moving) return COURSE_NEVER;
        from = course_anchor(p, e, s->anchor);
    }
    if (from == COURSE_NEVER) return COURSE_NEVER;
    int32_t end = from + s->days;
    if (course_is_last(p, e)) end += course_extensions(e) * p->pathways[e->pathway].extension.days;
    return end;
}

// Days set for one person count from the pathway's day zero; only the last stage can grow by them.
static int32_t course_own_end(const struct protocol *p, const struct enrolment *e, uint8_t own, int16_t stage_days)
{
    int32_t end = course_plain_end(p, e);
    if (end != COURSE_NEVER && stage_days > 0 && e->stage_zero != ENROLMENT_DAY_NONE) {
        int32_t shorter = course_day(e, e->stage_zero) + stage_days;
        if (shorter < end) end = shorter;
    }
    if (own == ENROLMENT_OVERRIDE_NONE) return end;
    int32_t zero = course_anchor(p, e, p->pathways[e->pathway].day_zero);
    if (zero == COURSE_NEVER || course_is_open(p, e)) return end;
    int32_t set = zero + own;
    return !course_is_last(p, e) && end < set ? end : set;
}

int32_t course_measure_end(const struct protocol *p, const struct enrolment *e)
{
    return course_own_end(p, e, e->measure_days, p->stages[e->stage].measure_days);
}

int32_t course_check_end(const struct protocol *p, const struct enrolment *e)
{
    return course_own_end(p, e, e->check_days, p->stages[e->stage].check_days);
}

int32_t course_sample_end(const struct protocol *p, const struct enrolment *e)
{
    return course_own_end(p, e, e->sample_days, p->stages[e->stage].sample_days);
}

// Which of the three the stage has at all: a stage with checks alone ends with its checks.
enum { STAGE_HAS_MEASURE = 1, STAGE_HAS_CHECKS = 2, STAGE_HAS_SAMPLES = 4 };
static int32_t course_parts(const struct protocol *p, const struct enrolment *e)
{
    const struct stage *s = &p->stages[e->stage];
    int32_t parts = s->measure != PROTOCOL_NONE ? STAGE_HAS_MEASURE : 0;
    for (uint8_t slot = 0; slot < PROTOCOL_STAGE_SLOTS; slot++) {
        uint8_t task = p->stage_task[e->stage][slot];
        if (task == PROTOCOL_NONE) continue;
        parts |= p->tasks[task].verb == VERB_CHECK ? STAGE_HAS_CHECKS : STAGE_HAS_SAMPLES;
    }
    return parts;
}

int32_t course_stage_end(const struct protocol *p, const struct enrolment *e)
{
    const int32_t plain = course_plain_end(p, e), none = ENROLMENT_OVERRIDE_NONE;
    int32_t end = plain;
    bool own = (e->measure_days & e->check_days & e->sample_days) != none;
    int32_t parts = own ? course_parts(p, e) : 0;
    if (parts != 0) { // what nobody set for this person lasts as long as the stage
        end = INT32_MIN;
        int32_t measure = e->measure_days == none ? plain : course_measure_end(p, e);
        int32_t checks = e->check_days == none ? plain : course_check_end(p, e);
        int32_t samples = e->sample_days == none ? plain : course_sample_end(p, e);
        if ((parts & STAGE_HAS_MEASURE) && measure > end) end = measure;
        if ((parts & STAGE_HAS_CHECKS) && checks > end) end = checks;
        if ((parts & STAGE_HAS_SAMPLES) && samples > end) end = samples;
    }
    if ((e->flags & FLAG_MOVED) && e->cap != ENROLMENT_DAY_NONE && course_day(e, e->cap) < end)
        end = course_day(e, e->cap);
    return end;
}

int32_t course_order_end(const struct protocol *p, const struct enrolment *e, uint8_t measure, int32_t day)
{
    const struct measure *m = &p->measures[measure];
    int32_t end = e->stage == PROTOCOL_NONE ? COURSE_NEVER : course_measure_end(p, e);
    if (end < day) end = COURSE_NEVER; // the planned days are over and it is still asked for: by review and at_most only
    if (m->review_days > 0 && end > day + m->review_days) end = day + m->review_days;
    int32_t cap = course_day(e, e->cap);
    if (cap == COURSE_NEVER && p->pathways[e->pathway].at_most_days > 0)
        cap = day + p->pathways[e->pathway].at_most_days;
    return end > cap ? cap : end;
}

int32_t course_total_end(const struct protocol *p, const struct enrolment *e)
{
    struct enrolment walk = *e;
    for (int32_t hops = 0; hops < PROTOCOL_STAGES_MAX; hops++) {
        const struct stage *s = &p->stages[walk.stage];
        int32_t end = course_stage_end(p, &walk);
        if (end == COURSE_NEVER || course_is_last(p, &walk)) return end;
        uint8_t next = s->next;
        if (s->branch_count > 0) next = p->branches[s->branch_first + s->branch_count - 1].stage;
        if (next == PROTOCOL_NONE) return end;
        walk.stage = next;
        walk.stage_zero = course_offset(&walk, end);
    }
    return COURSE_NEVER;
}

// The first day after `today` with something scheduled, COURSE_NEVER for none.
static int32_t course_next_scheduled(const struct protocol *p, const struct enrolment *e, int32_t today)
{
    const struct stage *s = &p->stages[e->stage];
    if (course_is_open(p, e)) return s->daily_slots != 0 ? today + 1 : COURSE_NEVER;
    int32_t zero = course_day(e, e->stage_zero);
    if (zero == COURSE_NEVER) return COURSE_NEVER;
    int32_t k = today + 1 - zero;
    if (k < 1) k = 1;
    const uint16_t *at = &p->schedule_at[s->schedule_first];
    for (; k <= s->schedule_days; k++)
        if (at[k + 1] > at[k]) return zero + k;
    if (s->daily_slots != 0 && zero + k <= course_check_end(p, e)) return zero + k; // an extension, days set for one person
    return COURSE_NEVER;
}

int32_t course_next(const struct protocol *p, const struct enrolment *e, int32_t today)
{
    if (e->stage == PROTOCOL_NONE || (e->flags & FLAG_ENDED)) return ENROLMENT_NEVER;
    const struct stage *s = &p->stages[e->stage];
    const uint32_t stage_slots = (1u << PROTOCOL_STAGE_SLOTS) - 1;
    int32_t day = COURSE_NEVER;
    if ((e->open & stage_slots) != 0) {
        day = today + 1; // yesterday's tasks are looked at when the day is over
    } else {
        day = course_next_scheduled(p, e, today);
        int32_t end = course_stage_end(p, e);
        bool waits = course_is_last(p, e) && p->pathways[e->pathway].has_release;
        if (end != COURSE_NEVER) {
            int32_t close = end + 1 > today ? end + 1 : today + 1;
            if (close < day) day = close;
        } else if (waits && s->end == STAGE_OPEN && !course_is_open(p, e)) {
            day = today + 1; // conditions such as "free of symptoms for three days" come true as days pass
        }
        if (e->flags & (FLAG_ORDERED | FLAG_PROPOSED)) { // an order runs out, or the measure's own days are over
            int32_t until = e->flags & FLAG_ORDERED ? course_day(e, e->order_until) : COURSE_NEVER;
            int32_t own = course_measure_end(p, e);
            if (own < end && own < until) until = own;
            int32_t close = until == COURSE_NEVER ? COURSE_NEVER : until + 1 > today ? until + 1 : today + 1;
            if (close < day) day = close;
        }
    }
    int32_t next = day == COURSE_NEVER ? ENROLMENT_NEVER : course_midnight(p, day);
    if (s->end == STAGE_LAPSES) {
        int32_t lapse = e->stage_min + s->lapse_minutes;
        if (lapse < next) next = lapse;
    }
    assert(next > INT32_MIN);
    return next;
}

// ---- public views (respond.h) ----

bool enrolment_is_open(const struct enrolment *e)
{
    return e->stage != PROTOCOL_NONE && !(e->flags & FLAG_ENDED);
}

bool enrolment_has_ended(const struct enrolment *e)
{
    return (e->flags & FLAG_ENDED) != 0;
}

bool enrolment_restricts(const struct rulebook *book, const struct enrolment *e)
{
    if (!(e->flags & FLAG_ORDERED) || e->measure == PROTOCOL_NONE) return false;
    return measure_restricts(&book->editions[e->edition]->measures[e->measure]);
}

final_word enrolment_final(const struct enrolment *e)
{
    return (final_word)(e->step >> 4);
}

event_word enrolment_class(const struct enrolment *e)
{
    int32_t step = e->step & ENROLMENT_STEP;
    return step == 0 ? EVENT_WORD_COUNT : (event_word)(EVENT_SUSPECTED + step - 1);
}

civil_day enrolment_day(const struct enrolment *e, int16_t offset)
{
    int32_t day = course_day(e, offset);
    return (civil_day){day == COURSE_NEVER ? CIVIL_DAY_NONE : day};
}

civil_day enrolment_onset(const struct enrolment *e)
{
    int32_t day = course_onset_day(e);
    return (civil_day){day == COURSE_NEVER ? CIVIL_DAY_NONE : day};
}

civil_day enrolment_stage_end(const struct rulebook *book, const struct enrolment *e)
{
    if (!enrolment_is_open(e)) return (civil_day){CIVIL_DAY_NONE};
    int32_t end = course_stage_end(book->editions[e->edition], e);
    return (civil_day){end == COURSE_NEVER ? CIVIL_DAY_NONE : end};
}

civil_day enrolment_order_until(const struct rulebook *book, const struct enrolment *e)
{
    if (!enrolment_restricts(book, e)) return (civil_day){CIVIL_DAY_NONE};
    return enrolment_day(e, e->order_until);
}
