#include "protocol/check_context.h"
#include "protocol/read_context.h"

enum { DAY_MINUTES = 24 * 60, LITERALS_MAX = 64 };

struct check_where {
    struct origin at;
    uint8_t pathway; // NONE: of no pathway
    bool passing;    // judged when days pass: there is no fact at hand
};

// ---- what may be asked for ----

bool check_entry_verb(const struct protocol *p, uint8_t pathway, verb_word verb)
{
    const struct pathway *w = &p->pathways[pathway];
    for (uint8_t i = PROTOCOL_STAGE_SLOTS; i < w->slot_count; i++)
        if (p->tasks[w->slot_task[i]].verb == verb) return true;
    for (uint8_t s = w->stage_first; s < w->stage_first + w->stage_count; s++)
        for (int32_t i = 0; i < PROTOCOL_STAGE_SLOTS; i++)
            if (p->stage_task[s][i] != PROTOCOL_NONE && p->tasks[p->stage_task[s][i]].verb == verb) return true;
    return false;
}

bool check_tells(const struct protocol *p, role_word role)
{
    for (size_t i = 0; i < p->action_count; i++)
        if (p->actions[i].kind == ACTION_TELL && p->actions[i].a == role) return true;
    return false;
}

// How many samples a course schedules; as many as anyone likes when a task of its own takes them.
static int32_t check_samples(const struct protocol *p, uint8_t pathway)
{
    const struct pathway *w = &p->pathways[pathway];
    for (uint8_t i = PROTOCOL_STAGE_SLOTS; i < w->slot_count; i++) {
        verb_word verb = p->tasks[w->slot_task[i]].verb;
        if (verb == VERB_SAMPLE || verb == VERB_SAMPLE_SET || verb == VERB_TEST_AGAIN) return INT32_MAX;
    }
    int32_t count = 0;
    for (uint8_t s = w->stage_first; s < w->stage_first + w->stage_count; s++) {
        const struct stage *g = &p->stages[s];
        for (int32_t day = 0; day <= g->schedule_days; day++)
            for (uint16_t i = p->schedule_at[g->schedule_first + day]; i < p->schedule_at[g->schedule_first + day + 1];
                 i++)
                if (g->sample_slots >> p->schedule[i] & 1) count++;
    }
    return count;
}

// ---- conditions that cannot come true; each reports itself ----

static bool check_never_samples(struct checker *c, const struct check_where *w, const struct condition *x,
                                int32_t wanted)
{
    const char *name = read_condition_name(x);
    int32_t samples = check_samples(c->p, w->pathway);
    if (samples < wanted) check_fault(c, &w->at, &check_fault_never_sample, name, check_number(c, samples), NULL);
    bool means = check_means(c->p, EVENT_NEGATIVE);
    if (!means) check_fault(c, &w->at, &check_fault_never_meaning, name, "negative", NULL);
    return samples < wanted || !means;
}

static bool check_never_meaning(struct checker *c, const struct check_where *w, const struct condition *x,
                                event_word means)
{
    if (check_means(c->p, means)) return false;
    check_fault(c, &w->at, &check_fault_never_meaning, read_condition_name(x),
                words_at(WORDS_EVENT, (int32_t)means)->name, NULL);
    return true;
}

static bool check_never_late(struct checker *c, const struct check_where *w, const struct condition *x, int32_t days)
{
    int32_t most = c->p->pathways[w->pathway].at_most_days;
    if (most == 0 || days <= most) return false;
    check_fault(c, &w->at, &check_fault_never_late, read_condition_name(x), check_number(c, days),
                check_number(c, most));
    return true;
}

static bool check_never_one(struct checker *c, const struct check_where *w, const struct condition *x)
{
    const char *name = read_condition_name(x);
    switch ((condition_op)x->op) {
    case CONDITION_LAST_SAMPLE_NEGATIVE: return check_never_samples(c, w, x, 1);
    case CONDITION_NEGATIVES: return check_never_samples(c, w, x, x->a);
    case CONDITION_POSITIVE: return check_never_meaning(c, w, x, EVENT_POSITIVE);
    case CONDITION_SURROUNDINGS_CLEAN: return false; // holds where nothing was found contaminated
    case CONDITION_ROUND_NEGATIVE:
        if (check_entry_verb(c->p, w->pathway, VERB_TEST_ROUND)) return false;
        check_fault(c, &w->at, &check_fault_never_round, name, NULL, NULL);
        return true;
    case CONDITION_LINKED_NEGATIVES:
        if (check_tells(c->p, ROLE_OWN_CONTACTS)) return false;
        check_fault(c, &w->at, &check_fault_never_linked, name, NULL, NULL);
        return true;
    case CONDITION_DAYS_SINCE:
    case CONDITION_NO_NEW_CASE: return check_never_late(c, w, x, x->a);
    case CONDITION_SYMPTOM_FREE: return check_never_late(c, w, x, x->a / DAY_MINUTES);
    case CONDITION_KIND:
    case CONDITION_PROTECTION:
    case CONDITION_MINUTES_FROM:
    case CONDITION_SPECIMEN:
    case CONDITION_TEST:
    case CONDITION_COUNT_FROM:
        if (w->passing) check_fault(c, &w->at, &check_fault_never_fact, name, NULL, NULL);
        return w->passing;
    case CONDITION_ALL:
    case CONDITION_ANY:
    case CONDITION_NOT:
    case CONDITION_DAYS_SERVED:
    case CONDITION_SYMPTOMATIC:
    case CONDITION_AGE_UNDER:
    case CONDITION_AGE_FROM:
    case CONDITION_ATTRIBUTE:
    case CONDITION_CLASS:
    case CONDITION_EXPOSED:
    case CONDITION_LESIONS_HEALED:
    case CONDITION_CLINICIAN_RELEASE:
    case CONDITION_SOURCE_FREE:
    case CONDITION_HAS_CARER:
    case CONDITION_HAS_GUARDIAN:
    case CONDITION_OP_COUNT: break;
    }
    return false;
}

// Of `any`, one that can come true is enough; of `not` nothing is known.
static bool check_never(struct checker *c, const struct check_where *w, condition_ref ref)
{
    const struct condition *x = &c->p->conditions[ref];
    if (x->op == CONDITION_NOT) return false;
    if (x->op != CONDITION_ALL && x->op != CONDITION_ANY) return check_never_one(c, w, x);
    size_t never = 0;
    struct problem_list quiet = {.arena = &c->scratch}, *loud = c->problems;
    if (x->op == CONDITION_ANY) c->problems = &quiet;
    for (uint8_t i = 0; i < x->count; i++) never += check_never(c, w, (condition_ref)(x->first + i));
    c->problems = loud;
    if (x->op == CONDITION_ALL) return never > 0;
    if (never == x->count) (void)check_never(c, w, x->first); // all of them: say why the first cannot
    return never == x->count;
}

// ---- conditions that contradict each other ----

struct check_literal {
    const struct condition *x;
    bool negated;
};

static size_t check_literals(const struct protocol *p, condition_ref ref, bool negated, struct check_literal *out,
                             size_t n)
{
    const struct condition *x = &p->conditions[ref];
    if (x->op == CONDITION_NOT) return check_literals(p, x->first, !negated, out, n);
    // What holds together: the children of `all`, and those of a negated `any`.
    if (x->op == (negated ? CONDITION_ANY : CONDITION_ALL)) {
        for (uint8_t i = 0; i < x->count; i++) n = check_literals(p, (condition_ref)(x->first + i), negated, out, n);
        return n;
    }
    if (x->op == CONDITION_ALL || x->op == CONDITION_ANY || n == LITERALS_MAX) return n;
    out[n] = (struct check_literal){x, negated};
    return n + 1;
}

static bool check_is_attribute(const struct condition *x, attribute_word word)
{
    return x->op == CONDITION_ATTRIBUTE && x->a == (int32_t)word;
}

static bool check_contradict(const struct check_literal *l, const struct check_literal *m)
{
    const struct condition *a = l->x, *b = m->x;
    if (l->negated != m->negated) return a->op == b->op && a->a == b->a && a->b == b->b && a->set == b->set;
    if (l->negated) return false;
    bool sets = a->op == CONDITION_CLASS || a->op == CONDITION_KIND || a->op == CONDITION_PROTECTION ||
                a->op == CONDITION_SPECIMEN || a->op == CONDITION_TEST;
    if (sets && a->op == b->op) return (a->set & b->set) == 0;
    if (a->op == CONDITION_AGE_UNDER && b->op == CONDITION_AGE_FROM) return a->a <= b->a;
    if (a->op == CONDITION_AGE_FROM && b->op == CONDITION_AGE_UNDER) return b->a <= a->a;
    return (check_is_attribute(a, ATTRIBUTE_IMMUNE) && check_is_attribute(b, ATTRIBUTE_NOT_IMMUNE)) ||
           (check_is_attribute(b, ATTRIBUTE_IMMUNE) && check_is_attribute(a, ATTRIBUTE_NOT_IMMUNE));
}

static const char *check_literal_text(struct checker *c, const struct check_literal *l)
{
    return arena_printf(&c->scratch, "%s%s", l->negated ? "not " : "", read_condition_name(l->x));
}

static void check_all_of(struct checker *c, const struct check_where *w, condition_ref ref)
{
    struct check_literal list[LITERALS_MAX];
    size_t n = check_literals(c->p, ref, false, list, 0);
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            if (check_contradict(&list[i], &list[k]))
                check_fault(c, &w->at, &check_fault_contradiction, check_literal_text(c, &list[i]),
                            check_literal_text(c, &list[k]), NULL);
    // Alternatives are judged one by one.
    const struct condition *x = &c->p->conditions[ref];
    if (x->op != CONDITION_ALL && x->op != CONDITION_ANY) return;
    for (uint8_t i = 0; i < x->count; i++) {
        const struct condition *child = &c->p->conditions[x->first + i];
        if (x->op == CONDITION_ANY || child->op == CONDITION_ANY) check_all_of(c, w, (condition_ref)(x->first + i));
    }
}

static void check_condition(struct checker *c, condition_ref ref, struct origin at)
{
    struct check_where w = {.at = at, .pathway = PROTOCOL_NONE};
    if (ref != CONDITION_TRUE) check_all_of(c, &w, ref);
}

// ---- all of them ----

static void check_branches(struct checker *c, uint16_t first, uint16_t count, struct origin at)
{
    for (uint16_t i = 0; i < count; i++) check_condition(c, c->p->branches[first + i].when, at);
}

void check_conditions(struct checker *c)
{
    const struct protocol *p = c->p;
    for (size_t i = 0; i < p->pathway_count; i++) {
        const struct pathway *w = &p->pathways[i];
        check_branches(c, w->start_first, w->start_count, w->origin);
        if (w->release == CONDITION_TRUE) continue;
        struct check_where where = {.at = w->release_origin, .pathway = (uint8_t)i, .passing = true};
        check_all_of(c, &where, w->release);
        (void)check_never(c, &where, w->release);
    }
    for (size_t i = 0; i < p->stage_count; i++)
        check_branches(c, p->stages[i].branch_first, p->stages[i].branch_count, p->stages[i].origin);
    for (size_t i = 0; i < p->exception_count; i++) check_condition(c, p->exceptions[i].when, p->exceptions[i].origin);
    for (size_t i = 0; i < p->ladder_count; i++) check_condition(c, p->ladder[i].when, p->ladder[i].origin);
    for (size_t i = 0; i < p->class_count; i++) check_condition(c, p->classes[i].when, p->classes[i].origin);
    for (size_t i = 0; i < p->rule_count; i++) check_condition(c, p->rules[i].when, p->rules[i].origin);
}
