#include "protocol/check_context.h"

static void check_dates(struct checker *c)
{
    const struct protocol *p = c->p;
    char from[CIVIL_TEXT], other[CIVIL_TEXT];
    civil_format(p->from, from);
    if (p->until.d == CIVIL_DAY_NONE && p->review.d == CIVIL_DAY_NONE)
        check_fault(c, &p->effective_origin, &check_fault_no_end, NULL, NULL, NULL);
    if (p->until.d != CIVIL_DAY_NONE && p->until.d <= p->from.d) {
        civil_format(p->until, other);
        check_fault(c, &p->effective_origin, &check_fault_dates_reversed, from, other, NULL);
    }
    if (p->review.d != CIVIL_DAY_NONE && p->review.d < p->from.d) {
        civil_format(p->review, other);
        check_fault(c, &p->effective_origin, &check_fault_review_past, from, other, NULL);
    }
}

static void check_sources(struct checker *c)
{
    uint64_t used = 0;
    for (size_t i = 0; i < c->p->figure_count; i++) used |= c->p->figures[i].sources;
    for (size_t i = 0; i < c->p->source_count; i++)
        if ((used >> i & 1) == 0 && !check_inherited(c, &c->p->sources[i].origin))
            check_fault(c, &c->p->sources[i].origin, &check_fault_source_unused, c->p->sources[i].key, NULL, NULL);
}

static void check_retention(struct checker *c)
{
    const struct protocol *p = c->p;
    const struct {
        const char *key;
        int32_t days;
    } kept[] = {{"presence", p->retention.presence_days},
                {"contact_identity", p->retention.contact_identity_days},
                {"facts", p->retention.facts_days}};
    struct origin at = p->origin;
    at.path = "retention";
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (kept[i].days == 0 || kept[i].days >= p->incubation_days) continue;
        struct origin figure = check_figure(c, &at, i == 0 ? ".presence" : i == 1 ? ".contact_identity" : ".facts");
        check_fault(c, &figure, &check_fault_retention_short, kept[i].key, check_number(c, kept[i].days),
                    check_number(c, p->incubation_days));
    }
}

// ---- rows and classes that an earlier one takes whole ----

static bool check_covers(uint32_t wide, uint32_t narrow) // 0 stands for all
{
    return wide == 0 || (narrow != 0 && (narrow & ~wide) == 0);
}

static bool check_row_covers(const struct result_row *a, const struct result_row *b)
{
    return check_covers(a->specimens, b->specimens) && check_covers(a->tests, b->tests) &&
           check_covers(a->outcomes, b->outcomes) && (a->pooled < 0 || a->pooled == b->pooled) &&
           (a->ct_below_x10 == 0 || (b->ct_below_x10 != 0 && b->ct_below_x10 <= a->ct_below_x10)) &&
           (a->ct_from_x10 == 0 || (b->ct_from_x10 != 0 && b->ct_from_x10 >= a->ct_from_x10));
}

static void check_results(struct checker *c)
{
    for (size_t i = 1; i < c->p->result_count; i++)
        for (size_t k = 0; k < i; k++) {
            if (!check_row_covers(&c->p->results[k], &c->p->results[i])) continue;
            check_fault(c, &c->p->results[i].origin, &check_fault_result_shadowed, check_number(c, (int64_t)k + 1),
                        NULL, NULL);
            break;
        }
}

static void check_classes(struct checker *c)
{
    for (size_t i = 0; i < c->p->class_count; i++) {
        const struct contact_class *x = &c->p->classes[i];
        const uint8_t ways[] = {x->of, x->pathway};
        for (size_t k = 0; k < sizeof ways / sizeof ways[0]; k++)
            if (c->p->pathways[ways[k]].of != SUBJECT_PERSON)
                check_fault(c, &x->origin, &check_fault_class_subject, c->p->pathways[ways[k]].name, NULL, NULL);
        for (size_t k = 0; k < i; k++) {
            const struct contact_class *y = &c->p->classes[k];
            if (y->of != x->of || y->when != CONDITION_TRUE || !check_covers(y->kinds, x->kinds)) continue;
            check_fault(c, &x->origin, &check_fault_class_shadowed, x->name, y->name, NULL);
            break;
        }
    }
}

static void check_ladder(struct checker *c)
{
    bool walked = false;
    for (size_t i = 0; i < c->p->pathway_count; i++) {
        const struct pathway *w = &c->p->pathways[i];
        walked = walked || w->ladder;
        if (w->ladder && c->p->ladder_count == 0) check_fault(c, &w->origin, &check_fault_no_ladder, NULL, NULL, NULL);
    }
    if (c->p->ladder_count > 0 && !walked)
        check_fault(c, &c->p->ladder[0].origin, &check_fault_no_case_pathway, NULL, NULL, NULL);
}

bool check_means(const struct protocol *p, event_word means)
{
    for (size_t i = 0; i < p->result_count; i++)
        if (p->results[i].means == means) return true;
    return false;
}

void check_head(struct checker *c)
{
    check_dates(c);
    check_sources(c);
    check_retention(c);
    check_results(c);
    check_classes(c);
    check_ladder(c);
    if (!c->p->has_ask) check_fault(c, &c->p->on_origin, &check_fault_no_ask, NULL, NULL, NULL);
}
