#include "protocol/explain_timetable.h"

#include "protocol/explain_rule.h"

#include <assert.h>
#include <string.h>

enum { TIMETABLE_UNSEEN = -2 };

size_t timetable_starts(const struct protocol *p, uint8_t pathway, uint8_t *out, size_t room)
{
    const struct pathway *w = &p->pathways[pathway];
    size_t count = 0;
    for (uint16_t i = 0; i < w->start_count; i++) {
        uint8_t stage = p->branches[w->start_first + i].stage;
        bool seen = stage == PROTOCOL_NONE;
        for (size_t k = 0; k < count; k++) seen = seen || out[k] == stage;
        if (!seen && count < room) out[count++] = stage;
    }
    if (w->start_count == 0 && w->stage_count > 0 && room > 0) out[count++] = w->stage_first;
    return count;
}

// The stages that follow in time, the default one last.
static size_t timetable_next(const struct protocol *p, uint8_t stage, uint8_t *out, size_t room)
{
    const struct stage *g = &p->stages[stage];
    size_t count = 0;
    for (uint16_t i = 0; i < g->branch_count; i++) {
        uint8_t next = p->branches[g->branch_first + i].stage;
        if (next != PROTOCOL_NONE && count < room) out[count++] = next;
    }
    if (g->branch_count == 0 && g->next != PROTOCOL_NONE && count < room) out[count++] = g->next;
    return count;
}

int32_t timetable_last_day(const struct protocol *p, const struct timetable *c, uint8_t stage)
{
    const struct stage *g = &p->stages[stage];
    if (g->end == STAGE_FOR && c->zero[stage] >= 0) return c->zero[stage] + g->days;
    if (g->end == STAGE_UNTIL && g->anchor == p->pathways[g->pathway].day_zero) return g->days;
    return TIMETABLE_UNKNOWN;
}

// Walks from the first stages on; a stage met again over another number of days becomes unknown, and so does all that
// follows. Each stage changes at most twice (unseen, known, unknown), so the walk ends.
static void timetable_reach(const struct protocol *p, uint8_t stage, int32_t zero, struct timetable *c)
{
    int16_t was = c->zero[stage];
    c->in_time[stage] = true;
    int16_t now = was == TIMETABLE_UNSEEN ? (int16_t)zero : was == zero ? was : TIMETABLE_UNKNOWN;
    if (now == was) return;
    c->zero[stage] = now;
    uint8_t next[PROTOCOL_STAGES_MAX];
    size_t count = timetable_next(p, stage, next, PROTOCOL_STAGES_MAX);
    for (size_t i = 0; i < count; i++) timetable_reach(p, next[i], timetable_last_day(p, c, stage), c);
}

void timetable_find(const struct protocol *p, struct timetable *out)
{
    assert(p->stage_count <= PROTOCOL_STAGES_MAX);
    *out = (struct timetable){0};
    for (size_t i = 0; i < PROTOCOL_STAGES_MAX; i++) out->zero[i] = TIMETABLE_UNSEEN;
    for (uint8_t w = 0; w < p->pathway_count; w++) {
        uint8_t first[PROTOCOL_STAGES_MAX];
        size_t count = timetable_starts(p, w, first, PROTOCOL_STAGES_MAX);
        for (size_t i = 0; i < count; i++) timetable_reach(p, first[i], 0, out);
    }
    for (size_t i = 0; i < p->rule_count; i++) {
        const struct rule *r = &p->rules[i];
        for (uint16_t k = r->action_first; k < r->action_first + r->action_count; k++)
            if (p->actions[k].kind == ACTION_GO) out->by_event[p->actions[k].a] = true;
    }
    // Stages behind one that is entered by an event follow it in time, from a day that is not known beforehand.
    for (bool more = true; more;) {
        more = false;
        for (uint8_t g = 0; g < p->stage_count; g++) {
            uint8_t next[PROTOCOL_STAGES_MAX];
            size_t count = out->by_event[g] ? timetable_next(p, g, next, PROTOCOL_STAGES_MAX) : 0;
            for (size_t i = 0; i < count; i++) {
                more = more || !out->by_event[next[i]];
                out->by_event[next[i]] = out->in_time[next[i]] = true;
            }
        }
    }
    for (size_t i = 0; i < PROTOCOL_STAGES_MAX; i++)
        if (out->zero[i] == TIMETABLE_UNSEEN) out->zero[i] = TIMETABLE_UNKNOWN;
}

size_t timetable_main(const struct protocol *p, uint8_t pathway, uint8_t *out, size_t room)
{
    const struct pathway *w = &p->pathways[pathway];
    if (w->stage_count == 0) return 0;
    uint8_t stage = w->stage_first;
    for (uint16_t i = 0; i < w->start_count; i++) {
        const struct branch *b = &p->branches[w->start_first + i];
        if (b->when == CONDITION_TRUE && b->stage != PROTOCOL_NONE) stage = b->stage;
    }
    size_t count = 0;
    while (stage != PROTOCOL_NONE && count < room) {
        for (size_t i = 0; i < count; i++)
            if (out[i] == stage) return count;
        out[count++] = stage;
        const struct stage *g = &p->stages[stage];
        if (g->end == STAGE_OPEN) return count;
        uint8_t next = g->branch_count == 0 ? g->next : PROTOCOL_NONE;
        for (uint16_t i = 0; i < g->branch_count; i++)
            if (p->branches[g->branch_first + i].when == CONDITION_TRUE) next = p->branches[g->branch_first + i].stage;
        stage = next;
    }
    return count;
}

// ---- duties ----

static bool duty_same_work(const struct task *a, const struct task *b)
{
    return a->verb == b->verb && a->by == b->by && a->specimens == b->specimens && a->pool == b->pool;
}

static bool duty_same_days(const struct duty *a, const struct duty *b)
{
    return a->every_day == b->every_day && a->most == b->most && a->count == b->count &&
           (a->count == 0 || memcmp(a->days, b->days, a->count * sizeof a->days[0]) == 0);
}

static void duty_days(const struct protocol *p, const struct stage *g, uint8_t slot, struct duty *out)
{
    for (int32_t day = 0; day <= g->schedule_days && g->schedule_days > 0; day++) {
        uint16_t at = p->schedule_at[g->schedule_first + day], end = p->schedule_at[g->schedule_first + day + 1];
        bool due = false;
        for (uint16_t i = at; i < end; i++) due = due || p->schedule[i] == slot;
        if (due && out->count < PROTOCOL_STAGE_DAYS_MAX) out->days[out->count++] = (int16_t)day;
    }
}

size_t timetable_duties(const struct protocol *p, uint8_t stage, struct duty out[TIMETABLE_DUTIES_MAX])
{
    const struct stage *g = &p->stages[stage];
    size_t count = 0;
    const uint32_t own = g->check_slots | g->sample_slots;
    for (int32_t i = 0; i < PROTOCOL_STAGE_SLOTS; i++) {
        const uint8_t slot = (uint8_t)i;
        if ((own >> slot & 1u) == 0) continue;
        struct duty *d = &out[count];
        *d = (struct duty){.a_day = 1, .every_day = (g->daily_slots >> slot & 1u) != 0};
        d->task = protocol_slot_task(p, stage, slot);
        d->most = (g->check_slots >> slot & 1u) != 0 ? g->check_days : g->sample_days;
        d->goes_on = g->end != STAGE_FOR && g->end != STAGE_LAPSES && d->most == 0;
        duty_days(p, g, slot, d);
        bool merged = false;
        for (size_t k = 0; k < count && !merged; k++) {
            merged = duty_same_work(out[k].task, d->task) && duty_same_days(&out[k], d);
            if (merged) out[k].a_day++;
        }
        if (!merged) count++;
    }
    return count;
}
