#include "protocol/read_context.h"

#include <assert.h>

struct read_rule_at { // where actions are read
    const struct yaml_node *node;
    uint8_t pathway, stage; // NONE at the top level
};

// ---- actions, in the order of protocol.h ----

static void read_leaving(struct reader *r, const struct read_rule_at *at)
{
    const struct yaml_node *go = yaml_get(at->node, "go"), *end = yaml_get(at->node, "end");
    const struct yaml_node *restart = yaml_get(at->node, "restart");
    if (go != NULL && end != NULL) read_fault(r, end, &read_fault_both_leave, "go", "end");
    if (go != NULL && restart != NULL) read_fault(r, restart, &read_fault_both_leave, "go", "restart");
    if (end != NULL && restart != NULL) read_fault(r, restart, &read_fault_both_leave, "end", "restart");
    if (go != NULL) {
        uint8_t stage = read_stage_name(r, go, at->pathway);
        if (stage != PROTOCOL_NONE) read_action(r, go, ACTION_GO, stage, 0);
    }
    if (restart != NULL) {
        if (!yaml_text_is(restart, "propose"))
            read_fault(r, restart, &read_fault_choice, read_z(r, yaml_text(restart)), "propose");
        read_action(r, restart, ACTION_RESTART, 0, 0);
    }
    if (end == NULL) return;
    int32_t word = read_word(r, end, WORDS_FINAL);
    if (word == FINAL_NONE || word == FINAL_WITHDRAWN)
        read_fault(r, end, &read_fault_choice, read_z(r, yaml_text(end)),
                   "completed became_case recovered discarded died lost refused handed_over moved");
    else if (word != WORD_UNKNOWN) read_action(r, end, ACTION_END, (uint8_t)word, 0);
}

// `enrol: pathway`, `{pathway: p, who: carer}`, or a list of these.
static void read_enrols(struct reader *r, const struct yaml_node *list)
{
    for (const struct yaml_node *n = yaml_each(list); n != NULL; n = yaml_each_next(list, n)) {
        const struct yaml_node *pathway = n, *who = NULL;
        if (n->kind == YAML_MAP) {
            read_keys(r, n, "pathway who");
            pathway = read_need(r, n, "pathway");
            who = yaml_get(n, "who");
        }
        uint8_t w = pathway == NULL ? PROTOCOL_NONE : read_pathway_name(r, pathway);
        int32_t role = who == NULL ? ROLE_PERSON : read_word(r, who, WORDS_ROLE);
        if (w == PROTOCOL_NONE || role == WORD_UNKNOWN) continue;
        if (role == ROLE_PERSON) read_action(r, n, ACTION_ENROL, w, 0);
        else read_action(r, n, ACTION_ENROL_ROLE, w, (uint8_t)role);
    }
}

// `zone: {pathway: p, unit: building}`; without a unit the first that the pathway allows.
static void read_zones(struct reader *r, const struct yaml_node *list)
{
    for (const struct yaml_node *n = yaml_each(list); n != NULL; n = yaml_each_next(list, n)) {
        const struct yaml_node *pathway = n, *unit = NULL;
        if (n->kind == YAML_MAP) {
            read_keys(r, n, "pathway unit");
            pathway = read_need(r, n, "pathway");
            unit = yaml_get(n, "unit");
        }
        uint8_t w = pathway == NULL ? PROTOCOL_NONE : read_pathway_name(r, pathway);
        if (w == PROTOCOL_NONE) continue;
        int32_t place = read_word(r, unit, WORDS_PLACE);
        const struct yaml_node *units = yaml_get(r->pathway_node[w], "unit");
        if (unit == NULL) {
            const struct yaml_node *first = yaml_each(units);
            if (first == NULL) read_fault(r, n, &read_fault_unit_missing, NULL, NULL);
            else place = words_find(WORDS_PLACE, yaml_text(first)); // reported where it stands, if it is none
        }
        if (place != WORD_UNKNOWN) read_action(r, n, ACTION_ZONE, w, (uint8_t)place);
    }
}

static void read_actions(struct reader *r, const struct read_rule_at *at)
{
    const struct yaml_node *undo = yaml_get(at->node, "undo"), *measure = yaml_get(at->node, "measure");
    const struct yaml_node *tasks = yaml_get(at->node, "tasks"), *tell = yaml_get(at->node, "tell");
    if (at->pathway != PROTOCOL_NONE) read_leaving(r, at);
    if (undo != NULL) {
        if (!yaml_text_is(undo, "caused"))
            read_fault(r, undo, &read_fault_choice, read_z(r, yaml_text(undo)), "caused");
        read_action(r, undo, ACTION_UNDO, 0, 0);
    }
    if (measure != NULL && at->pathway != PROTOCOL_NONE) {
        uint8_t m = read_measure_name(r, measure);
        if (m != PROTOCOL_NONE) read_action(r, measure, ACTION_MEASURE, m, 0);
    }
    for (const struct yaml_node *n = yaml_each(tasks); n != NULL && at->pathway != PROTOCOL_NONE;
         n = yaml_each_next(tasks, n)) {
        uint8_t task = read_task_name(r, n);
        uint8_t slot = task == PROTOCOL_NONE ? PROTOCOL_NONE : read_slot(r, n, at->pathway, task);
        if (slot != PROTOCOL_NONE) read_action(r, n, ACTION_TASK, slot, 0);
    }
    read_enrols(r, yaml_get(at->node, "enrol"));
    read_zones(r, yaml_get(at->node, "zone"));
    for (const struct yaml_node *n = yaml_each(tell); n != NULL; n = yaml_each_next(tell, n)) {
        int32_t role = read_word(r, n, WORDS_ROLE);
        if (role != WORD_UNKNOWN) read_action(r, n, ACTION_TELL, (uint8_t)role, 0);
    }
}

// ---- rules ----

static void read_rule(struct reader *r, const struct yaml_node *n, event_word event, uint8_t pathway, uint8_t stage)
{
    if (!read_is_map(r, n)) return;
    read_keys(r, n, "when go end tasks measure tell enrol zone undo restart");
    static const char *const inside[] = {"go", "end", "restart", "measure", "tasks"};
    for (size_t i = 0; i < sizeof inside / sizeof inside[0] && pathway == PROTOCOL_NONE; i++) {
        const struct yaml_node *action = yaml_get(n, inside[i]);
        if (action != NULL) read_fault_key(r, action, &read_fault_door_action, inside[i], NULL);
    }
    struct rule rule = {.event = event, .pathway = pathway, .stage = stage, .origin = read_origin(r, n)};
    size_t errors = r->problems->errors;
    rule.when = read_condition(r, yaml_get(n, "when"));
    rule.action_first = (uint16_t)r->p.action_count;
    struct read_rule_at at = {n, pathway, stage};
    read_actions(r, &at);
    rule.action_count = (uint16_t)(r->p.action_count - rule.action_first);
    if (rule.action_count == 0 && r->problems->errors == errors)
        read_fault_key(r, n, &read_fault_no_action, NULL, NULL);
    struct rule *slot = read_push(r, n, r->p.rules, &r->p.rule_count, PROTOCOL_RULES_MAX, sizeof *slot);
    if (slot != NULL) *slot = rule;
}

void read_on(struct reader *r, const struct yaml_node *on, uint8_t pathway, uint8_t stage)
{
    if (!read_is_map(r, on)) return;
    for (const struct yaml_node *n = on->first; n != NULL; n = n->next) {
        bool top = pathway == PROTOCOL_NONE;
        if (str_eq_z(n->key, "source") || (top && str_eq_z(n->key, "anything_else"))) continue;
        int32_t event = words_find(WORDS_EVENT, n->key);
        if (event == WORD_UNKNOWN) {
            struct yaml_node key = *n; // the key is what is wrong
            key.line = n->key_line;
            key.column = n->key_column;
            read_fault_word(r, &key, WORDS_EVENT, n->key);
            continue;
        }
        if (event == EVENT_DAY || event == EVENT_DEADLINE || event == EVENT_EDITION || event == EVENT_RETRACTED ||
            event == EVENT_RESULT) {
            read_fault_key(r, n, &read_fault_event_reserved, n->key.p, NULL);
            continue;
        }
        bool closed = false;
        for (const struct yaml_node *e = yaml_each(n); e != NULL; e = yaml_each_next(n, e)) {
            if (closed) read_fault(r, e, &read_fault_first_when, NULL, NULL);
            closed = closed || yaml_get(e, "when") == NULL;
            read_rule(r, e, (event_word)event, pathway, stage);
        }
        if (yaml_each(n) == NULL) read_fault_key(r, n, &read_fault_no_action, NULL, NULL);
    }
}

// What nobody has a rule for is a task like others, due by the end of the day: to judge what it means.
static void read_ask_task(struct reader *r, const struct yaml_node *else_)
{
    struct task t = {
        .name = read_copy(r, else_->key),
        .label = words_at(WORDS_VERB, VERB_ASK)->label,
        .verb = VERB_ASK,
        .by = r->p.ask_by,
        .pool = 1,
        .never_from = -1,
        .never_until = -1,
        .accept = LABEL("", ""),
        .record = LABEL("", ""),
        .origin = read_origin(r, else_),
    };
    read_name_id(r, else_, &t.name_id);
    struct task *slot = read_push(r, else_, r->p.tasks, &r->p.task_count, PROTOCOL_TASKS_MAX, sizeof *slot);
    if (slot == NULL) return;
    *slot = t;
    r->p.ask_task = (uint8_t)(r->p.task_count - 1);
}

void read_door(struct reader *r)
{
    r->p.ask_task = PROTOCOL_NONE;
    const struct yaml_node *on = read_need(r, r->root, "on");
    if (on == NULL) return;
    r->p.on_origin = read_origin(r, on);
    read_on(r, on, PROTOCOL_NONE, PROTOCOL_NONE);
    const struct yaml_node *else_ = yaml_get(on, "anything_else");
    if (else_ == NULL || !read_is_map(r, else_)) return; // check.h asks for it
    read_keys(r, else_, "ask");
    int32_t role = read_word(r, read_need(r, else_, "ask"), WORDS_ROLE);
    r->p.has_ask = role != WORD_UNKNOWN;
    if (!r->p.has_ask) return;
    r->p.ask_by = (role_word)role;
    read_ask_task(r, else_);
}

// ---- lists of rules by stage and event ----

static bool read_reaction_add(struct reader *r, uint16_t value)
{
    if (r->p.reaction_count >= READ_REACTIONS_MAX) {
        read_fault_key(r, r->root, &read_fault_too_many, arena_printf(&r->scratch, "%d", READ_REACTIONS_MAX), NULL);
        return false;
    }
    r->p.reactions[r->p.reaction_count++] = value;
    return true;
}

// Append the rules of (pathway, stage) on an event. Rules of a pathway lie in file order, so numbers ascend.
static size_t read_reaction_rules(struct reader *r, event_word event, uint8_t pathway, uint8_t stage)
{
    size_t added = 0;
    for (size_t i = 0; i < r->p.rule_count; i++) {
        const struct rule *rule = &r->p.rules[i];
        if (rule->event != event || rule->pathway != pathway || rule->stage != stage) continue;
        if (!read_reaction_add(r, (uint16_t)i)) return added;
        added++;
    }
    return added;
}

// Offset of the list just begun at `first`, ended; 0 when nothing was added.
static uint16_t read_reaction_end(struct reader *r, size_t first, size_t added)
{
    if (added == 0 || !read_reaction_add(r, RULE_LIST_END)) return 0;
    return (uint16_t)first;
}

// Stages without rules of their own on an event share their pathway's list.
static void read_pathway_reactions(struct reader *r, uint8_t pathway)
{
    const struct pathway *w = &r->p.pathways[pathway];
    for (int32_t event = 0; event < EVENT_WORD_COUNT; event++) {
        size_t first = r->p.reaction_count;
        uint16_t shared =
            read_reaction_end(r, first, read_reaction_rules(r, (event_word)event, pathway, PROTOCOL_NONE));
        for (uint8_t s = w->stage_first; s < w->stage_first + w->stage_count; s++) {
            first = r->p.reaction_count;
            size_t own = read_reaction_rules(r, (event_word)event, pathway, s);
            if (own > 0) own += read_reaction_rules(r, (event_word)event, pathway, PROTOCOL_NONE);
            r->p.reaction[s][event] = own == 0 ? shared : read_reaction_end(r, first, own);
        }
    }
}

void read_reactions(struct reader *r)
{
    if (!read_reaction_add(r, RULE_LIST_END)) return; // offset 0 means nothing
    for (size_t i = 0; i < r->p.pathway_count; i++) read_pathway_reactions(r, (uint8_t)i);
    for (int32_t event = 0; event < EVENT_WORD_COUNT; event++) {
        size_t first = r->p.reaction_count;
        size_t added = read_reaction_rules(r, (event_word)event, PROTOCOL_NONE, PROTOCOL_NONE);
        r->p.door[event] = read_reaction_end(r, first, added);
    }
}
