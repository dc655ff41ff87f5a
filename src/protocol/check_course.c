#include "protocol/check_context.h"

#include <string.h>

enum { DAY_MINUTES = 24 * 60 };

// ---- which stages can be reached, and left ----

bool check_has_rule(const struct protocol *p, uint8_t pathway, uint8_t stage, event_word event, action_kind kind)
{
    for (size_t i = 0; i < p->rule_count; i++) {
        const struct rule *r = &p->rules[i];
        bool here = r->pathway == pathway && (stage == PROTOCOL_NONE || r->stage == PROTOCOL_NONE || r->stage == stage);
        if (!here || (event != EVENT_WORD_COUNT && r->event != event)) continue;
        for (uint16_t a = 0; a < r->action_count; a++)
            if (p->actions[r->action_first + a].kind == kind) return true;
    }
    return false;
}

struct check_walk {
    bool reached[PROTOCOL_STAGES_MAX];
    uint8_t stack[PROTOCOL_STAGES_MAX];
    size_t n;
};

static void check_reach(struct check_walk *w, uint8_t stage)
{
    if (stage == PROTOCOL_NONE || w->reached[stage]) return;
    w->reached[stage] = true;
    w->stack[w->n++] = stage;
}

static void check_reach_by_rules(const struct protocol *p, struct check_walk *walk, const struct pathway *w,
                                 uint8_t pathway, uint8_t stage)
{
    for (size_t i = 0; i < p->rule_count; i++) {
        const struct rule *r = &p->rules[i];
        if (r->pathway != pathway || (r->stage != PROTOCOL_NONE && r->stage != stage)) continue;
        for (uint16_t a = 0; a < r->action_count; a++) {
            const struct action *act = &p->actions[r->action_first + a];
            if (act->kind == ACTION_GO) check_reach(walk, act->a);
            if (act->kind == ACTION_RESTART) check_reach(walk, w->stage_first);
        }
    }
}

static void check_reach_all(const struct protocol *p, uint8_t pathway, struct check_walk *walk)
{
    const struct pathway *w = &p->pathways[pathway];
    bool rest = true; // no branch fits everyone: the first stage stays the default
    for (uint16_t i = 0; i < w->start_count; i++) {
        check_reach(walk, p->branches[w->start_first + i].stage);
        rest = rest && p->branches[w->start_first + i].when != CONDITION_TRUE;
    }
    if (rest) check_reach(walk, w->stage_first);
    while (walk->n > 0) {
        uint8_t at = walk->stack[--walk->n];
        const struct stage *s = &p->stages[at];
        check_reach(walk, s->next);
        for (uint16_t i = 0; i < s->branch_count; i++) check_reach(walk, p->branches[s->branch_first + i].stage);
        check_reach_by_rules(p, walk, w, pathway, at);
    }
}

// Leaving by death or by being lost is no way out: nothing then depends on the stage.
static bool check_left_by_rule(const struct protocol *p, uint8_t stage)
{
    for (size_t i = 0; i < p->rule_count; i++) {
        const struct rule *r = &p->rules[i];
        bool here = r->pathway == p->stages[stage].pathway && (r->stage == PROTOCOL_NONE || r->stage == stage);
        if (!here || r->event == EVENT_DIED || r->event == EVENT_LOST) continue;
        for (uint16_t a = 0; a < r->action_count; a++) {
            const struct action *act = &p->actions[r->action_first + a];
            if (act->kind == ACTION_END || act->kind == ACTION_RESTART || (act->kind == ACTION_GO && act->a != stage))
                return true;
        }
    }
    return false;
}

// Days served are asked for whatever else is true.
static bool check_needs_days(const struct protocol *p, condition_ref ref)
{
    const struct condition *x = &p->conditions[ref];
    if (x->op == CONDITION_DAYS_SERVED) return true;
    if (x->op != CONDITION_ALL && x->op != CONDITION_ANY) return false;
    size_t days = 0;
    for (uint8_t i = 0; i < x->count; i++) days += check_needs_days(p, (condition_ref)(x->first + i));
    return x->op == CONDITION_ALL ? days > 0 : days == x->count;
}

static void check_leave(struct checker *c, uint8_t index)
{
    const struct protocol *p = c->p;
    const struct stage *s = &p->stages[index];
    const struct pathway *w = &p->pathways[s->pathway];
    bool follows = s->next != PROTOCOL_NONE || s->released_after || s->branch_count > 0;
    if (s->end == STAGE_OPEN) {
        if (follows) check_fault(c, &s->origin, &check_fault_open_next, s->name, NULL, NULL);
        bool released = w->has_release && !w->released_in_time; // here, and not only from a stage that says so
        if (!follows && released && w->release != CONDITION_TRUE && check_needs_days(p, w->release))
            check_fault(c, &s->origin, &check_fault_never_served, s->name, NULL, NULL);
        if (!follows && !released && !check_left_by_rule(p, index))
            check_fault(c, &s->origin, &check_fault_no_way_out, s->name, NULL, NULL);
        return;
    }
    bool lapsed = check_has_rule(p, s->pathway, index, EVENT_LAPSED, ACTION_GO) ||
                  check_has_rule(p, s->pathway, index, EVENT_LAPSED, ACTION_END) ||
                  check_has_rule(p, s->pathway, index, EVENT_LAPSED, ACTION_RESTART);
    if (!follows && !lapsed) check_fault(c, &s->origin, &check_fault_no_next, s->name, NULL, NULL);
    if (s->branch_count > 0 && p->branches[s->branch_first + s->branch_count - 1].when != CONDITION_TRUE)
        check_fault(c, &s->origin, &check_fault_branch_open, s->name, NULL, NULL);
}

void check_stages(struct checker *c)
{
    for (size_t i = 0; i < c->p->pathway_count; i++) {
        const struct pathway *w = &c->p->pathways[i];
        struct check_walk walk = {.n = 0};
        if (w->stage_count > 0) check_reach_all(c->p, (uint8_t)i, &walk);
        for (uint8_t s = w->stage_first; s < w->stage_first + w->stage_count; s++) {
            if (!walk.reached[s])
                check_fault(c, &c->p->stages[s].origin, &check_fault_unreachable, c->p->stages[s].name, NULL, NULL);
            else check_leave(c, s);
        }
    }
}

// ---- days that do not fit together ----

static void check_beyond(struct checker *c, const struct stage *s, const char *key, int32_t day, int32_t days)
{
    if (day <= days) return;
    struct origin at = check_figure(c, &s->origin, key);
    check_fault(c, &at, &check_fault_beyond_stage, key + 1, check_number(c, day), check_number(c, days));
}

static void check_stage_days(struct checker *c, uint8_t index)
{
    const struct protocol *p = c->p;
    const struct stage *s = &p->stages[index];
    if (s->end != STAGE_FOR && s->end != STAGE_LAPSES) return;
    int32_t days = s->end == STAGE_FOR ? s->days : (s->lapse_minutes + DAY_MINUTES - 1) / DAY_MINUTES, last = 0;
    for (int32_t day = 0; day <= s->schedule_days; day++)
        for (uint16_t i = p->schedule_at[s->schedule_first + day]; i < p->schedule_at[s->schedule_first + day + 1]; i++)
            if (s->sample_slots >> p->schedule[i] & 1) last = day;
    bool round = false;
    for (int32_t i = 0; i < PROTOCOL_STAGE_SLOTS; i++)
        round = round ||
                (p->stage_task[index][i] != PROTOCOL_NONE && p->tasks[p->stage_task[index][i]].verb == VERB_TEST_ROUND);
    check_beyond(c, s, round ? ".round.on" : ".sample.on", last, days);
    check_beyond(c, s, ".sample.for", s->sample_days, days);
    check_beyond(c, s, ".check.for", s->check_days, days);
    check_beyond(c, s, ".measure_for", s->measure_days, days);
}

struct check_sum {
    int32_t days, restricted;
};

static int32_t check_restricted_days(const struct protocol *p, const struct stage *s, int32_t days)
{
    if (s->measure == PROTOCOL_NONE || !check_restricts(p, s->measure)) return 0;
    return s->measure_days > 0 && s->measure_days < days ? s->measure_days : days;
}

// The longest course from a stage on by the passing of time alone. A day counted from an anchor includes what came before.
static struct check_sum check_longest(const struct protocol *p, uint8_t index, struct check_sum before, bool *seen)
{
    if (index == PROTOCOL_NONE || seen[index]) return before;
    const struct stage *s = &p->stages[index];
    int32_t days = s->end == STAGE_FOR ? s->days : s->end == STAGE_LAPSES ? s->lapse_minutes / DAY_MINUTES : 0;
    if (s->end == STAGE_UNTIL && s->days > before.days) days = s->days - before.days;
    before.days += days;
    before.restricted += check_restricted_days(p, s, days);
    seen[index] = true;
    struct check_sum best = check_longest(p, s->next, before, seen);
    for (uint16_t i = 0; i < s->branch_count; i++) {
        struct check_sum other = check_longest(p, p->branches[s->branch_first + i].stage, before, seen);
        if (other.days > best.days) best.days = other.days;
        if (other.restricted > best.restricted) best.restricted = other.restricted;
    }
    seen[index] = false;
    return best;
}

static bool check_ends_open(const struct protocol *p, const struct pathway *w)
{
    for (uint8_t s = w->stage_first; s < w->stage_first + w->stage_count; s++)
        if (p->stages[s].end == STAGE_OPEN) return true;
    return false;
}

static struct check_sum check_course(const struct protocol *p, const struct pathway *w)
{
    bool seen[PROTOCOL_STAGES_MAX] = {false};
    struct check_sum best = {0, 0}, none = {0, 0};
    for (uint16_t i = 0; i <= w->start_count; i++) {
        uint8_t from = i < w->start_count ? p->branches[w->start_first + i].stage : w->stage_first;
        struct check_sum sum = check_longest(p, from, none, seen);
        if (sum.days > best.days) best.days = sum.days;
        if (sum.restricted > best.restricted) best.restricted = sum.restricted;
    }
    return best;
}

static bool check_extends_restriction(const struct protocol *p, const struct pathway *w)
{
    for (uint8_t s = w->stage_first; s < w->stage_first + w->stage_count; s++) {
        const struct stage *g = &p->stages[s];
        if (g->released_after && g->measure != PROTOCOL_NONE && check_restricts(p, g->measure)) return true;
    }
    return false;
}

static void check_pathway_days(struct checker *c, uint8_t index)
{
    const struct protocol *p = c->p;
    const struct pathway *w = &p->pathways[index];
    if (w->stage_count == 0) return;
    struct check_sum sum = check_course(p, w);
    struct origin at = check_figure(c, &w->origin, ".at_most");
    int32_t extended = sum.restricted + w->extension.days * w->extension.at_most;
    if (w->at_most_days > 0 && sum.restricted > w->at_most_days)
        check_fault(c, &at, &check_fault_days_at_most, check_number(c, sum.restricted),
                    check_number(c, w->at_most_days), NULL);
    else if (w->at_most_days > 0 && extended > w->at_most_days && check_extends_restriction(p, w))
        check_fault(c, &w->release_origin, &check_fault_extend_at_most, check_number(c, extended),
                    check_number(c, w->at_most_days), NULL);
    bool contact = false;
    for (size_t i = 0; i < p->class_count; i++) contact = contact || p->classes[i].pathway == index;
    if (contact && sum.days < p->incubation_days && !check_ends_open(p, w))
        check_fault(c, &w->origin, &check_fault_followup_short, check_number(c, sum.days),
                    check_number(c, p->incubation_days), NULL);
}

void check_days(struct checker *c)
{
    for (size_t i = 0; i < c->p->stage_count; i++) check_stage_days(c, (uint8_t)i);
    for (size_t i = 0; i < c->p->pathway_count; i++) check_pathway_days(c, (uint8_t)i);
}
