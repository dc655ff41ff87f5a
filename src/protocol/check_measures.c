#include "protocol/check_context.h"

bool check_restricts(const struct protocol *p, uint8_t measure)
{
    return measure_restricts(&p->measures[measure]);
}

// Those who are kept where they are must be fed and cared for.
static bool check_confines(const struct measure *m)
{
    return measure_restricts(m) && (m->kind == MEASURE_KIND_HOLD || m->kind == MEASURE_KIND_QUARANTINE ||
                                    m->kind == MEASURE_KIND_ISOLATION || m->kind == MEASURE_KIND_ZONE);
}

static void check_provision(struct checker *c, const struct measure *m)
{
    if (!check_confines(m)) return;
    if (m->provide == 0) {
        check_fault(c, &m->origin, &check_fault_no_provision, m->name, NULL, NULL);
        return;
    }
    if (m->kind == MEASURE_KIND_ZONE) return; // of many kinds; not every one keeps people in
    static const provision_word needed[] = {PROVISION_FOOD, PROVISION_MEDICINE, PROVISION_CARE, PROVISION_CONTACT};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if ((m->provide >> needed[i] & 1) == 0)
            check_fault(c, &m->origin, &check_fault_provision_less, m->name,
                        words_at(WORDS_PROVISION, (int32_t)needed[i])->name, NULL);
}

static void check_measure(struct checker *c, const struct measure *m)
{
    if (!measure_restricts(m)) return;
    if (m->order_by == ROLE_WORD_COUNT) check_fault(c, &m->origin, &check_fault_no_authority, m->name, NULL, NULL);
    if (m->basis.text[LANG_EN][0] == 0) check_fault(c, &m->origin, &check_fault_no_basis, m->name, NULL, NULL);
    if (m->milder == PROTOCOL_NONE && m->milder_reason.text[LANG_EN][0] == 0)
        check_fault(c, &m->origin, &check_fault_no_milder, m->name, NULL, NULL);
    check_provision(c, m);
    if (m->objection_to == ROLE_WORD_COUNT || m->objection_minutes == 0)
        check_fault(c, &m->origin, &check_fault_no_objection, m->name, NULL, NULL);
    else if (m->objection_to == m->order_by)
        check_fault(c, &m->origin, &check_fault_objection_self, m->name, NULL, NULL);
    if (m->persons < 2 && (m->kind == MEASURE_KIND_ZONE || m->kind == MEASURE_KIND_CLOSURE))
        check_fault(c, &m->origin, &check_fault_one_signature, m->name, NULL, NULL);
}

// ---- where measures are used ----

struct check_use {
    bool used[PROTOCOL_MEASURES_MAX];
};

// A measure that may bind in a pathway: at most for how long, and looked at again when the stage has no end.
static void check_bound(struct checker *c, uint8_t measure, const struct pathway *w, const struct stage *s, bool *told)
{
    const struct measure *m = &c->p->measures[measure];
    if (!measure_restricts(m)) return;
    if (w->at_most_days == 0 && !*told) {
        check_fault(c, &w->origin, &check_fault_at_most_missing, m->name, NULL, NULL);
        *told = true;
    }
    if (s != NULL && s->end == STAGE_OPEN && m->review_days == 0)
        check_fault(c, &m->origin, &check_fault_no_review, m->name, s->name, NULL);
}

static void check_pathway_measures(struct checker *c, uint8_t pathway, struct check_use *use)
{
    const struct protocol *p = c->p;
    const struct pathway *w = &p->pathways[pathway];
    bool told = false;
    for (uint8_t s = w->stage_first; s < w->stage_first + w->stage_count; s++) {
        const struct stage *g = &p->stages[s];
        if (g->measure != PROTOCOL_NONE) {
            use->used[g->measure] = true;
            check_bound(c, g->measure, w, g, &told);
        }
        for (uint8_t i = 0; i < g->except_count; i++) {
            uint8_t m = p->exceptions[g->except_first + i].measure;
            if (m == PROTOCOL_NONE) continue;
            use->used[m] = true;
            check_bound(c, m, w, g, &told);
        }
    }
    for (size_t i = 0; i < p->rule_count; i++) {
        if (p->rules[i].pathway != pathway) continue;
        for (uint16_t a = 0; a < p->rules[i].action_count; a++) {
            const struct action *act = &p->actions[p->rules[i].action_first + a];
            if (act->kind != ACTION_MEASURE) continue;
            use->used[act->a] = true;
            check_bound(c, act->a, w, NULL, &told);
        }
    }
}

void check_measures(struct checker *c)
{
    const struct protocol *p = c->p;
    struct check_use use = {.used = {false}};
    for (size_t i = 0; i < p->pathway_count; i++) check_pathway_measures(c, (uint8_t)i, &use);
    // The milder step named by a measure that is used serves its purpose there.
    for (size_t i = 0; i < p->measure_count; i++)
        for (uint8_t m = use.used[i] ? p->measures[i].milder : PROTOCOL_NONE; m != PROTOCOL_NONE;
             m = p->measures[m].milder)
            use.used[m] = true;
    for (size_t i = 0; i < p->measure_count; i++) {
        check_measure(c, &p->measures[i]);
        if (!use.used[i] && !check_inherited(c, &p->measures[i].origin))
            check_fault(c, &p->measures[i].origin, &check_fault_measure_unused, p->measures[i].name, NULL, NULL);
    }
}
