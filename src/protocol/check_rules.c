#include "protocol/check_context.h"

// ---- who is enrolled where ----

static void check_target(struct checker *c, const struct rule *r, const struct action *a)
{
    const struct protocol *p = c->p;
    const struct pathway *to = &p->pathways[a->a];
    if (a->kind == ACTION_ENROL && r->pathway != PROTOCOL_NONE && p->pathways[r->pathway].of != to->of)
        check_fault(c, &r->origin, &check_fault_enrol_subject, to->name, NULL, NULL);
    if (a->kind == ACTION_ENROL_ROLE && to->of != SUBJECT_PERSON)
        check_fault(c, &r->origin, &check_fault_enrol_subject, to->name, NULL, NULL);
    if (a->kind != ACTION_ZONE) return;
    if (to->of != SUBJECT_PLACE) {
        check_fault(c, &r->origin, &check_fault_zone_subject, to->name, NULL, NULL);
        return;
    }
    for (uint8_t i = 0; i < to->units_count; i++)
        if (to->units[i] == a->b) return;
    if (to->units_count > 0)
        check_fault(c, &r->origin, &check_fault_zone_unit, to->name, words_at(WORDS_PLACE, a->b)->name, NULL);
}

static void check_entered(struct checker *c)
{
    bool entered[PROTOCOL_PATHWAYS_MAX] = {false}, door = false;
    for (size_t i = 0; i < c->p->action_count; i++) {
        const struct action *a = &c->p->actions[i];
        if (a->kind == ACTION_ENROL || a->kind == ACTION_ENROL_ROLE || a->kind == ACTION_ZONE) entered[a->a] = true;
    }
    for (size_t i = 0; i < c->p->class_count; i++) entered[c->p->classes[i].pathway] = true;
    static const action_kind opens[] = {ACTION_ENROL, ACTION_ENROL_ROLE, ACTION_ZONE};
    for (size_t i = 0; i < sizeof opens / sizeof opens[0]; i++)
        door = door || check_has_rule(c->p, PROTOCOL_NONE, PROTOCOL_NONE, EVENT_WORD_COUNT, opens[i]);
    for (size_t i = 0; i < c->p->pathway_count; i++)
        if (!entered[i] && !check_inherited(c, &c->p->pathways[i].origin))
            check_fault(c, &c->p->pathways[i].origin, &check_fault_pathway_unused, c->p->pathways[i].name, NULL, NULL);
    if (!door) check_fault(c, &c->p->on_origin, &check_fault_no_door, NULL, NULL, NULL);
}

// ---- reactions to what cannot happen ----

static bool check_has_set(const struct protocol *p, uint8_t pathway)
{
    const struct pathway *w = &p->pathways[pathway];
    for (uint8_t i = PROTOCOL_STAGE_SLOTS; i < w->slot_count; i++)
        if (p->tasks[w->slot_task[i]].set_count > 0) return true;
    return false;
}

static bool check_has_timed(const struct protocol *p, const struct rule *r)
{
    const struct pathway *w = &p->pathways[r->pathway];
    for (uint8_t s = w->stage_first; s < w->stage_first + w->stage_count; s++)
        if (p->stages[s].end != STAGE_OPEN && (r->stage == PROTOCOL_NONE || r->stage == s)) return true;
    return false;
}

static bool check_has_step(const struct protocol *p, event_word step)
{
    for (size_t i = 0; i < p->ladder_count; i++)
        if (p->ladder[i].step == step) return true;
    return false;
}

static void check_event(struct checker *c, const struct rule *r)
{
    const struct protocol *p = c->p;
    const char *name = words_at(WORDS_EVENT, (int32_t)r->event)->name;
    if (r->event >= EVENT_NEGATIVE && r->event <= EVENT_CLEAN && !check_means(p, r->event))
        check_fault(c, &r->origin, &check_fault_never_event, name, "results", NULL);
    if (r->pathway == PROTOCOL_NONE) return;
    if (r->event == EVENT_ALL_NEGATIVE && !check_has_set(p, r->pathway))
        check_fault(c, &r->origin, &check_fault_never_event, name, "tasks: set", NULL);
    if (r->event == EVENT_LAPSED && !check_has_timed(p, r))
        check_fault(c, &r->origin, &check_fault_never_event, name, "for / until / lapses", NULL);
    bool step = r->event >= EVENT_SUSPECTED && r->event <= EVENT_DISCARDED;
    if (step && (!p->pathways[r->pathway].ladder || !check_has_step(p, r->event)))
        check_fault(c, &r->origin, &check_fault_never_event, name, "ladder / case", NULL);
}

// ---- tasks ----

// What must be done before what, when one list opens both.
static const struct {
    verb_word first, then;
} check_orders[] = {
    {VERB_INTERVIEW, VERB_INVESTIGATE}, {VERB_VISIT_SITE, VERB_INVESTIGATE}, {VERB_INTERVIEW, VERB_LIST_CONTACTS},
    {VERB_SAMPLE, VERB_TEST_AGAIN},     {VERB_SAMPLE_SET, VERB_TEST_AGAIN},
};

static void check_order(struct checker *c, const struct task *a, const struct task *b, const struct origin *at)
{
    for (size_t i = 0; i < sizeof check_orders / sizeof check_orders[0]; i++) {
        if (a->verb != check_orders[i].first || b->verb != check_orders[i].then) continue;
        if (a->within_minutes > 0 && b->within_minutes > 0 && a->within_minutes > b->within_minutes)
            check_fault(c, at, &check_fault_task_order, a->name, b->name, NULL);
    }
}

static void check_opened_together(struct checker *c, uint8_t pathway, uint16_t first, uint16_t count,
                                  const struct origin *at)
{
    const struct pathway *w = &c->p->pathways[pathway];
    const struct action *list = c->p->actions + first;
    for (uint16_t i = 0; i < count; i++)
        for (uint16_t k = 0; k < count; k++)
            if (list[i].kind == ACTION_TASK && list[k].kind == ACTION_TASK)
                check_order(c, &c->p->tasks[w->slot_task[list[i].a]], &c->p->tasks[w->slot_task[list[k].a]], at);
}

static void check_entry(struct checker *c, const struct stage *s)
{
    const struct pathway *w = &c->p->pathways[s->pathway];
    check_opened_together(c, s->pathway, s->entry_first, s->entry_count, &s->origin);
    for (uint16_t i = 0; i < s->entry_count && s->end == STAGE_LAPSES; i++) {
        const struct action *a = &c->p->actions[s->entry_first + i];
        const struct task *t = a->kind == ACTION_TASK ? &c->p->tasks[w->slot_task[a->a]] : NULL;
        if (t != NULL && t->within_minutes > s->lapse_minutes)
            check_fault(c, &s->origin, &check_fault_task_lapse, t->name, check_number(c, t->within_minutes),
                        check_number(c, s->lapse_minutes));
    }
}

static void check_tasks(struct checker *c)
{
    bool used[PROTOCOL_TASKS_MAX] = {false};
    for (size_t i = 0; i < c->p->pathway_count; i++)
        for (uint8_t k = PROTOCOL_STAGE_SLOTS; k < c->p->pathways[i].slot_count; k++)
            used[c->p->pathways[i].slot_task[k]] = true;
    for (size_t i = 0; i < c->p->task_count; i++) {
        const struct task *t = &c->p->tasks[i];
        if (!used[i] && !t->daily && i != c->p->ask_task && !check_inherited(c, &t->origin))
            check_fault(c, &t->origin, &check_fault_task_unused, t->name, NULL, NULL);
        if (t->has_missed && t->missed_tell == t->by)
            check_fault(c, &t->origin, &check_fault_missed_self, t->name, NULL, NULL);
        if (t->verb == VERB_SAMPLE_SET && t->set_count == 0)
            check_fault(c, &t->origin, &check_fault_set_missing, t->name, NULL, NULL);
    }
}

void check_rules(struct checker *c)
{
    for (size_t i = 0; i < c->p->rule_count; i++) {
        const struct rule *r = &c->p->rules[i];
        check_event(c, r);
        for (uint16_t a = 0; a < r->action_count; a++) {
            const struct action *act = &c->p->actions[r->action_first + a];
            if (act->kind == ACTION_ENROL || act->kind == ACTION_ENROL_ROLE || act->kind == ACTION_ZONE)
                check_target(c, r, act);
        }
        if (r->pathway != PROTOCOL_NONE)
            check_opened_together(c, r->pathway, r->action_first, r->action_count, &r->origin);
    }
    for (size_t i = 0; i < c->p->stage_count; i++) check_entry(c, &c->p->stages[i]);
    check_tasks(c);
    check_entered(c);
}
