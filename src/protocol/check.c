#include "protocol/check_context.h"

#include <string.h>

#define CHECK_FAULT_DEFINE(name, slug, severity, en, zh, remedy_en, remedy_zh)                \
    const struct message check_fault_##name = {(slug), PROBLEM_##severity, LABEL((en), (zh)), \
                                               LABEL((remedy_en), (remedy_zh))};
CHECK_FAULTS(CHECK_FAULT_DEFINE)

void check_fault(struct checker *c, const struct origin *at, const struct message *m, const char *arg1,
                 const char *arg2, const char *arg3)
{
    struct problem_at where = {at->file, at->line, at->column, at->path};
    problem_add(c->problems, where, m, arg1, arg2, arg3, NULL);
}

const char *check_number(struct checker *c, int64_t n)
{
    return arena_printf(&c->scratch, "%lld", (long long)n);
}

struct origin check_figure(struct checker *c, const struct origin *at, const char *key)
{
    size_t n = strlen(at->path), k = strlen(key);
    for (size_t i = 0; i < c->p->figure_count; i++) {
        const struct origin *o = &c->p->figures[i].origin;
        if (strlen(o->path) == n + k && memcmp(o->path, at->path, n) == 0 && strcmp(o->path + n, key) == 0) return *o;
    }
    return *at;
}

bool check_inherited(const struct checker *c, const struct origin *at)
{
    return strcmp(at->file, c->p->origin.file) != 0;
}

size_t protocol_check(const struct protocol *p, struct problem_list *problems)
{
    size_t errors = problems->errors;
    struct checker c = {.p = p, .problems = problems};
    check_head(&c);
    check_stages(&c);
    check_days(&c);
    check_conditions(&c);
    check_rules(&c);
    check_measures(&c);
    arena_free(&c.scratch);
    return problems->errors - errors;
}

// ---- several editions ----

static bool check_same_line(const struct protocol *a, const struct protocol *b)
{
    return strcmp(a->family, b->family) == 0 && strcmp(a->place, b->place) == 0;
}

static bool check_before_end(civil_day day, const struct protocol *p)
{
    return p->until.d == CIVIL_DAY_NONE || day.d < p->until.d;
}

static void check_overlap(struct checker *c, const struct protocol *a, const struct protocol *b)
{
    const struct protocol *later = a->from.d > b->from.d ? a : b;
    const struct protocol *earlier = later == a ? b : a;
    if (!check_before_end(later->from, earlier) || !check_before_end(earlier->from, later)) return;
    char day[CIVIL_TEXT];
    civil_format(later->from, day);
    check_fault(c, &later->effective_origin, &check_fault_overlap, earlier->edition, later->edition, day);
}

// The edition in force just before; NULL for the first.
static const struct protocol *check_predecessor(const struct protocol *const *editions, size_t count,
                                                const struct protocol *of)
{
    const struct protocol *best = NULL;
    for (size_t i = 0; i < count; i++)
        if (editions[i] != of && check_same_line(editions[i], of) && editions[i]->from.d < of->from.d &&
            (best == NULL || editions[i]->from.d > best->from.d))
            best = editions[i];
    return best;
}

static bool check_has_stage(const struct protocol *p, const char *pathway, const char *stage)
{
    uint8_t w = protocol_pathway(p, str_z(pathway));
    return w != PROTOCOL_NONE && protocol_stage(p, w, str_z(stage)) != PROTOCOL_NONE;
}

static bool check_is_renamed(const struct protocol *p, const char *pathway, const char *stage)
{
    for (size_t i = 0; i < p->rename_count; i++)
        if (strcmp(p->renames[i].from_pathway, pathway) == 0 && strcmp(p->renames[i].from_stage, stage) == 0)
            return true;
    return false;
}

static void check_change(struct checker *c, const struct protocol *old, const struct protocol *new)
{
    for (size_t i = 0; i < new->rename_count; i++) {
        const struct stage_rename *r = &new->renames[i];
        if (check_has_stage(old, r->from_pathway, r->from_stage)) continue;
        const char *name = arena_printf(&c->scratch, "%s.%s", r->from_pathway, r->from_stage);
        check_fault(c, &r->origin, &check_fault_change_from, name, old->edition, NULL);
    }
    if (new->change == CHANGE_FINISH) return;
    for (size_t i = 0; i < old->stage_count; i++) {
        const char *stage = old->stages[i].name, *pathway = old->pathways[old->stages[i].pathway].name;
        if (check_has_stage(new, pathway, stage) || check_is_renamed(new, pathway, stage)) continue;
        const char *name = arena_printf(&c->scratch, "%s.%s", pathway, stage);
        check_fault(c, &new->origin, &check_fault_change_lost, name, old->edition, NULL);
    }
}

size_t protocol_check_together(const struct protocol *const *editions, size_t count, struct problem_list *problems)
{
    size_t errors = problems->errors;
    struct checker c = {.p = NULL, .problems = problems};
    for (size_t i = 0; i < count; i++) {
        for (size_t k = i + 1; k < count; k++)
            if (check_same_line(editions[i], editions[k])) check_overlap(&c, editions[i], editions[k]);
        const struct protocol *old = check_predecessor(editions, count, editions[i]);
        if (old != NULL) check_change(&c, old, editions[i]);
    }
    arena_free(&c.scratch);
    return problems->errors - errors;
}
