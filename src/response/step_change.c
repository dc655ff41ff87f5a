// A change of edition in mid-course: finish under the old one, move, or move if it is milder; never longer by it.
#include "response/step.h"

#include <string.h>

struct destination {
    uint8_t pathway, stage;
    bool ends;
};

// Where an enrolment goes: by the new edition's table of renames, else by the same names.
static struct destination change_destination(const struct protocol *from, const struct protocol *to,
                                             const struct enrolment *e)
{
    struct destination d = {PROTOCOL_NONE, PROTOCOL_NONE, false};
    const char *pathway = from->pathways[e->pathway].name;
    const char *stage = e->stage == PROTOCOL_NONE ? "" : from->stages[e->stage].name;
    for (size_t i = 0; i < to->rename_count; i++) {
        const struct stage_rename *r = &to->renames[i];
        bool whole = r->from_stage == NULL || r->from_stage[0] == 0;
        if (strcmp(r->from_pathway, pathway) != 0 || (!whole && strcmp(r->from_stage, stage) != 0)) continue;
        if (r->to_pathway == NULL || r->to_pathway[0] == 0) {
            d.ends = true;
            return d;
        }
        pathway = r->to_pathway;
        if (r->to_stage != NULL && r->to_stage[0] != 0) stage = r->to_stage;
        break;
    }
    d.pathway = protocol_pathway(to, str_z(pathway));
    if (d.pathway == PROTOCOL_NONE) return d;
    if (e->stage != PROTOCOL_NONE) d.stage = protocol_stage(to, d.pathway, str_z(stage));
    return d;
}

static uint8_t change_measure(const struct protocol *to, const struct protocol *from, uint8_t measure)
{
    return measure == PROTOCOL_NONE ? PROTOCOL_NONE : protocol_measure(to, str_z(from->measures[measure].name));
}

// The new stage's measure for this very person: an exception's, where one fits.
static uint8_t change_wanted(const struct protocol *to, const struct enrolment *e, uint8_t stage)
{
    const struct stage *g = &to->stages[stage];
    struct enrolment moved = *e;
    moved.pathway = g->pathway;
    moved.stage = stage;
    const struct condition_ask ask = {.p = to, .e = &moved, .minute = e->last_min,
                                      .today = course_day_of_minute(to, e->last_min)};
    for (uint8_t i = 0; i < g->except_count; i++) {
        const struct exception *x = &to->exceptions[g->except_first + i];
        if (x->measure != PROTOCOL_NONE && condition_holds(&ask, x->when)) return x->measure;
    }
    return g->measure;
}

// Is the new stage's measure the same as the one in force or below it in the partial order?
static bool change_is_milder(const struct protocol *from, const struct protocol *to, const struct enrolment *e,
                             uint8_t stage)
{
    uint8_t wanted = change_wanted(to, e, stage);
    if (wanted == PROTOCOL_NONE || !measure_restricts(&to->measures[wanted])) return true;
    uint8_t now = e->measure != PROTOCOL_NONE ? e->measure : from->stages[e->stage].measure;
    if (now == PROTOCOL_NONE) return false;
    uint8_t same = change_measure(to, from, now);
    if (same == wanted) return true;
    return same != PROTOCOL_NONE && (to->measures[same].stricter_than >> wanted & 1) != 0;
}

// Open pathway-wide tasks keep their slot's task by name; what the new edition does not know is no longer due.
static void change_tasks(struct step *s, const struct protocol *to, uint8_t pathway)
{
    const struct reason reason = {WHY_CHANGE, 0};
    const struct pathway *was = &s->p->pathways[s->e->pathway];
    uint32_t open = 0;
    for (uint8_t slot = 0; slot < PROTOCOL_SLOTS; slot++) {
        if (!(s->e->open >> slot & 1)) continue;
        uint8_t match = PROTOCOL_NONE;
        if (slot >= PROTOCOL_STAGE_SLOTS) {
            const struct pathway *now = &to->pathways[pathway];
            uint32_t id = s->p->tasks[was->slot_task[slot]].name_id;
            for (uint8_t k = PROTOCOL_STAGE_SLOTS; k < PROTOCOL_SLOTS; k++)
                if (now->slot_task[k] != PROTOCOL_NONE && to->tasks[now->slot_task[k]].name_id == id) match = k;
        }
        if (match == PROTOCOL_NONE)
            step_close_slot(s, slot, HOW_NO_LONGER_DUE, reason);
        else
            open |= 1u << match;
    }
    s->e->open = open;
}

static void change_move(struct step *s, uint8_t edition, struct destination to, int32_t old_end)
{
    struct enrolment *e = s->e;
    const struct protocol *next = s->book->editions[edition];
    const struct reason reason = {WHY_CHANGE, 0};
    change_tasks(s, next, to.pathway);
    uint8_t measure = change_measure(next, s->p, e->measure);
    if (measure == PROTOCOL_NONE && e->measure != PROTOCOL_NONE) step_end_measure(s, HOW_REPLACED, reason);
    s->p = next;
    e->edition = edition;
    e->pathway = to.pathway;
    e->stage = to.stage;
    e->measure = measure;
    e->flags |= FLAG_MOVED;
    e->flags &= ~(uint32_t)FLAG_DUTY_TODAY;
    if (old_end != COURSE_NEVER && old_end < course_day(e, e->cap)) e->cap = course_offset(e, old_end);
    (void)step_say(s, DECISION_STAGE_ENTERED, to.stage, reason);
    uint8_t wanted = change_wanted(next, e, to.stage);
    if (wanted == PROTOCOL_NONE) {
        if (e->measure != PROTOCOL_NONE) step_end_measure(s, HOW_REPLACED, reason);
    } else if (wanted != e->measure) {
        step_propose(s, wanted, reason);
    } else if (e->flags & FLAG_ORDERED) { // the same measure: its order never reaches further than the new days
        int32_t end = course_order_end(next, e, wanted, s->today);
        if (end < course_day(e, e->order_until)) e->order_until = course_offset(e, end);
    }
    step_begin_day(s);
}

void step_change_edition(struct step *s, uint8_t edition)
{
    struct enrolment *e = s->e;
    if (edition >= s->book->count || edition == e->edition) return;
    const struct protocol *next = s->book->editions[edition];
    struct destination to = change_destination(s->p, next, e);
    s->matched = true;
    if (e->stage == PROTOCOL_NONE) { // nobody is half-way: what opens from now on opens under the new edition
        if (to.pathway == PROTOCOL_NONE) return;
        e->edition = edition;
        e->pathway = to.pathway;
        s->p = next;
        return;
    }
    if ((e->flags & FLAG_ENDED) || next->change == CHANGE_FINISH) return;
    if (to.ends) {
        step_end(s, FINAL_COMPLETED, HOW_RELEASED, (struct reason){WHY_CHANGE, 0});
        return;
    }
    if (to.pathway == PROTOCOL_NONE || to.stage == PROTOCOL_NONE) return; // the new edition has no such stage: finish
    int32_t old_end = course_total_end(s->p, e);
    if (next->change == CHANGE_MOVE_IF_MILDER) {
        struct enrolment moved = *e;
        moved.edition = edition;
        moved.pathway = to.pathway;
        moved.stage = to.stage;
        if (course_total_end(next, &moved) > old_end || !change_is_milder(s->p, next, e, to.stage)) return;
    }
    change_move(s, edition, to, old_end);
}
