#include "protocol/read_context.h"

enum { EXTEND_MOST = 60, AT_MOST_MOST = PROTOCOL_STAGE_DAYS_MAX, APART_MOST = 60 };

// ---- names first: everything may refer to any pathway and stage ----

static void read_stage_names(struct reader *r, const struct yaml_node *pathway, uint8_t index)
{
    const struct yaml_node *stages = yaml_get(pathway, "stages");
    r->p.pathways[index].stage_first = (uint8_t)r->p.stage_count;
    if (stages == NULL || stages->kind != YAML_MAP) return;
    for (const struct yaml_node *n = stages->first; n != NULL; n = n->next) {
        if (str_eq_z(n->key, "source")) continue;
        if (str_eq_z(n->key, "released") || str_eq_z(n->key, "ends"))
            read_fault_key(r, n, &read_fault_name_reserved, n->key.p, NULL);
        else (void)read_name_good(r, n);
        struct stage *s = read_push(r, n, r->p.stages, &r->p.stage_count, PROTOCOL_STAGES_MAX, sizeof *s);
        if (s == NULL) return;
        s->name = read_copy(r, n->key);
        s->pathway = index;
        s->measure = s->next = PROTOCOL_NONE;
        s->label = (struct label){{s->name, s->name}};
        s->origin = read_origin(r, n);
        r->stage_node[r->p.stage_count - 1] = n;
        r->p.pathways[index].stage_count++;
    }
}

void read_pathway_names(struct reader *r)
{
    const struct yaml_node *pathways = read_need(r, r->root, "pathways");
    if (pathways == NULL || !read_is_map(r, pathways)) return;
    for (const struct yaml_node *n = pathways->first; n != NULL; n = n->next) {
        if (str_eq_z(n->key, "source")) continue;
        (void)read_name_good(r, n);
        uint32_t id = 0;
        read_name_id(r, n, &id);
        struct pathway *w = read_push(r, n, r->p.pathways, &r->p.pathway_count, PROTOCOL_PATHWAYS_MAX, sizeof *w);
        if (w == NULL) return;
        w->name = read_copy(r, n->key);
        w->name_id = id;
        w->label = (struct label){{w->name, w->name}};
        w->release = CONDITION_TRUE;
        w->slot_count = PROTOCOL_STAGE_SLOTS;
        w->origin = read_origin(r, n);
        w->day_zero = ANCHOR_ENTRY;
        for (size_t i = 0; i < PROTOCOL_SLOTS; i++) w->slot_task[i] = PROTOCOL_NONE;
        r->pathway_node[r->p.pathway_count - 1] = n;
        read_stage_names(r, n, (uint8_t)(r->p.pathway_count - 1));
    }
}

// ---- slots and actions ----

uint8_t read_slot(struct reader *r, const struct yaml_node *at, uint8_t pathway, uint8_t task)
{
    struct pathway *w = &r->p.pathways[pathway];
    for (uint8_t i = PROTOCOL_STAGE_SLOTS; i < w->slot_count; i++)
        if (w->slot_task[i] == task) return i;
    if (w->slot_count >= PROTOCOL_SLOTS) {
        read_fault(r, at, &read_fault_slots_full,
                   arena_printf(&r->scratch, "%d", PROTOCOL_SLOTS - PROTOCOL_STAGE_SLOTS), NULL);
        return PROTOCOL_NONE;
    }
    w->slot_task[w->slot_count] = task;
    w->has_set = w->has_set || (task != PROTOCOL_NONE && r->p.tasks[task].set_count > 0);
    return w->slot_count++;
}

void read_action(struct reader *r, const struct yaml_node *at, action_kind kind, uint8_t a, uint8_t b)
{
    struct action *slot = read_push(r, at, r->p.actions, &r->p.action_count, READ_ACTIONS_MAX, sizeof *slot);
    if (slot != NULL) *slot = (struct action){(uint8_t)kind, a, b};
}

// ---- branches: `start:` and a list under `next:` ----

uint16_t read_branches(struct reader *r, const struct yaml_node *list, uint8_t pathway, bool may_release,
                       uint16_t *first)
{
    *first = (uint16_t)r->p.branch_count;
    uint16_t count = 0;
    bool closed = false;
    for (const struct yaml_node *n = yaml_each(list); n != NULL; n = yaml_each_next(list, n)) {
        if (!read_is_map(r, n)) continue;
        read_keys(r, n, "when stage");
        if (closed) read_fault(r, n, &read_fault_first_when, NULL, NULL);
        struct branch b = {.when = CONDITION_TRUE, .stage = PROTOCOL_NONE};
        const struct yaml_node *when = yaml_get(n, "when"), *stage = read_need(r, n, "stage");
        b.when = read_condition(r, when);
        closed = closed || when == NULL;
        if (stage != NULL && !(may_release && yaml_text_is(stage, "released")))
            b.stage = read_stage_name(r, stage, pathway);
        struct branch *slot = read_push(r, n, r->p.branches, &r->p.branch_count, READ_BRANCHES_MAX, sizeof *slot);
        if (slot == NULL) break;
        *slot = b;
        count++;
    }
    return count;
}

// ---- exceptions: laid out once per stage they apply to ----

static void read_exception(struct reader *r, const struct yaml_node *n, uint8_t pathway)
{
    const struct pathway *w = &r->p.pathways[pathway];
    struct exception e = {.when = CONDITION_TRUE, .measure = PROTOCOL_NONE, .origin = read_origin(r, n)};
    if (!read_is_map(r, n)) return;
    read_keys(r, n, "when stage measure at with");
    e.when = read_condition(r, read_need(r, n, "when"));
    const struct yaml_node *stage = yaml_get(n, "stage"), *measure = yaml_get(n, "measure");
    const struct yaml_node *with = yaml_get(n, "with");
    int32_t place = read_word(r, yaml_get(n, "at"), WORDS_PLACE);
    if (measure != NULL) e.measure = read_measure_name(r, measure);
    e.has_place = place != WORD_UNKNOWN;
    if (e.has_place) e.place = (place_word)place;
    e.with_carer = yaml_text_is(with, "carer");
    if (with != NULL && !e.with_carer) read_fault(r, with, &read_fault_choice, read_z(r, yaml_text(with)), "carer");
    uint8_t only = stage == NULL ? PROTOCOL_NONE : read_stage_name(r, stage, pathway);
    if (stage != NULL && only == PROTOCOL_NONE) return;
    for (uint8_t s = w->stage_first; s < w->stage_first + w->stage_count; s++) {
        if (stage != NULL && s != only) continue;
        struct exception *slot =
            read_push(r, n, r->p.exceptions, &r->p.exception_count, READ_EXCEPTIONS_MAX, sizeof *slot);
        if (slot == NULL) return;
        *slot = e;
        if (!e.has_place && r->p.stages[s].has_place) slot->place = r->p.stages[s].place;
        r->exception_stage[r->p.exception_count - 1] = s;
    }
}

// Exceptions of one stage side by side, in file order: an insertion sort by stage, which is stable.
static void read_exceptions(struct reader *r, const struct yaml_node *except, uint8_t pathway)
{
    size_t first = r->p.exception_count;
    for (const struct yaml_node *n = yaml_each(except); n != NULL; n = yaml_each_next(except, n))
        read_exception(r, n, pathway);
    for (size_t i = first + 1; i < r->p.exception_count; i++)
        for (size_t k = i; k > first && r->exception_stage[k - 1] > r->exception_stage[k]; k--) {
            struct exception e = r->p.exceptions[k];
            uint8_t s = r->exception_stage[k];
            r->p.exceptions[k] = r->p.exceptions[k - 1];
            r->exception_stage[k] = r->exception_stage[k - 1];
            r->p.exceptions[k - 1] = e;
            r->exception_stage[k - 1] = s;
        }
    for (size_t i = first; i < r->p.exception_count; i++) {
        struct stage *s = &r->p.stages[r->exception_stage[i]];
        if (s->except_count++ == 0) s->except_first = (uint8_t)i;
    }
}

// ---- the pathway itself ----

static void read_release(struct reader *r, const struct yaml_node *release, struct pathway *w)
{
    if (release == NULL || !read_is_map(r, release)) return;
    read_keys(r, release, "when otherwise");
    const struct yaml_node *when = read_need(r, release, "when"), *otherwise = yaml_get(release, "otherwise");
    w->has_release = true;
    w->release_origin = read_origin(r, release);
    w->release = read_condition(r, when);
    if (otherwise == NULL || !read_is_map(r, otherwise)) return;
    read_keys(r, otherwise, "extend at_most order_by");
    const struct yaml_node *extend = read_need(r, otherwise, "extend"), *at_most = read_need(r, otherwise, "at_most");
    const struct yaml_node *order_by = read_need(r, otherwise, "order_by");
    int16_t days = read_days(r, extend, 1, EXTEND_MOST);
    int32_t times = at_most == NULL ? READ_BAD : read_times(r, at_most), role = read_word(r, order_by, WORDS_ROLE);
    enum { TIMES_MOST = 15 }; // an enrolment counts them in four bits
    if (times > TIMES_MOST) read_fault(r, at_most, &read_fault_range, read_z(r, yaml_text(at_most)), "1 .. 15");
    w->extension.days = days == READ_BAD ? 0 : days;
    w->extension.at_most = times < 0 || times > TIMES_MOST ? 0 : (uint8_t)times;
    w->extension.order_by = role == WORD_UNKNOWN ? ROLE_WORD_COUNT : (role_word)role;
}

static void read_negatives(struct reader *r, const struct yaml_node *n, struct pathway *w)
{
    if (n == NULL || !read_is_map(r, n)) return;
    read_keys(r, n, "apart not_before");
    int32_t apart = read_minutes(r, yaml_get(n, "apart"), APART_MOST);
    int32_t after = read_minutes(r, yaml_get(n, "not_before"), APART_MOST);
    w->negatives_apart_minutes = apart == READ_BAD ? 0 : apart;
    w->negatives_after_onset_minutes = after == READ_BAD ? 0 : after;
}

static void read_units(struct reader *r, const struct yaml_node *units, struct pathway *w)
{
    enum { UNITS = sizeof w->units / sizeof w->units[0] };
    for (const struct yaml_node *n = yaml_each(units); n != NULL; n = yaml_each_next(units, n)) {
        int32_t word = read_word(r, n, WORDS_PLACE);
        if (word == WORD_UNKNOWN) continue;
        if (w->units_count >= UNITS) {
            read_fault(r, n, &read_fault_too_many, "8", NULL);
            return;
        }
        w->units[w->units_count++] = (uint8_t)word;
    }
}

static void read_pathway_kind(struct reader *r, const struct yaml_node *n, struct pathway *w)
{
    static const char *const kinds[] = {
        [SUBJECT_PERSON] = "person", [SUBJECT_GROUP] = "group", [SUBJECT_PLACE] = "place"};
    const struct yaml_node *of = read_need(r, n, "of"), *late = yaml_get(n, "late");
    bool known = of == NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (yaml_text_is(of, kinds[i])) {
            w->of = (subject_kind)i;
            known = true;
        }
    if (!known) read_fault(r, of, &read_fault_choice, read_z(r, yaml_text(of)), "person group place");
    const struct yaml_node *zero = read_need(r, n, "day_zero");
    int32_t word = read_word(r, zero, WORDS_ANCHOR);
    if (word == ANCHOR_STAGE)
        read_fault(r, zero, &read_fault_choice, "stage",
                   "last_exposure first_exposure onset positive_sample onset_or_sample last_case entry");
    else if (word != WORD_UNKNOWN) w->day_zero = (anchor_word)word;
    w->make_up_once = yaml_text_is(late, "make_up_once");
    if (late != NULL && !w->make_up_once)
        read_fault(r, late, &read_fault_choice, read_z(r, yaml_text(late)), "make_up_once");
}

static void read_pathway(struct reader *r, uint8_t index)
{
    const struct yaml_node *n = r->pathway_node[index];
    struct pathway *w = &r->p.pathways[index];
    if (!read_is_map(r, n)) return;
    read_keys(r, n, "name of day_zero ladder late start stages release negatives at_most except on unit");
    const struct yaml_node *name = yaml_get(n, "name"), *start = yaml_get(n, "start"),
                           *stages = read_need(r, n, "stages");
    if (name != NULL) (void)read_label(r, name, &w->label);
    read_pathway_kind(r, n, w);
    w->ladder = read_yes(r, yaml_get(n, "ladder"));
    if (stages != NULL && read_is_map(r, stages) && w->stage_count == 0)
        read_fault(r, stages, &read_fault_key_missing, "stages", NULL);
    if (start != NULL) w->start_count = read_branches(r, start, index, false, &w->start_first);
    int16_t at_most = read_days(r, yaml_get(n, "at_most"), 1, AT_MOST_MOST);
    w->at_most_days = at_most == READ_BAD ? 0 : at_most;
    read_release(r, yaml_get(n, "release"), w);
    read_negatives(r, yaml_get(n, "negatives"), w);
    read_units(r, yaml_get(n, "unit"), w);
    for (uint8_t s = w->stage_first; s < w->stage_first + w->stage_count; s++) read_stage(r, s);
    read_exceptions(r, yaml_get(n, "except"), index);
    for (uint8_t s = w->stage_first; s < w->stage_first + w->stage_count; s++) {
        const struct yaml_node *on = yaml_get(r->stage_node[s], "on");
        if (on != NULL) read_on(r, on, index, s);
    }
    const struct yaml_node *on = yaml_get(n, "on");
    if (on != NULL) read_on(r, on, index, PROTOCOL_NONE);
}

void read_pathways(struct reader *r)
{
    for (size_t i = 0; i < r->p.pathway_count; i++) read_pathway(r, (uint8_t)i);
    for (size_t s = 0; s < r->p.stage_count; s++) read_schedule(r, (uint8_t)s);
}
