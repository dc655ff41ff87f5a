#include "protocol/read_context.h"

#include <assert.h>

// How the value of a condition is read.
typedef enum read_value {
    VALUE_BARE,  // none, or yes or no
    VALUE_COUNT, // a whole number
    VALUE_YEARS,
    VALUE_MINUTES,
    VALUE_DAYS,
    VALUE_WORDS,    // a set of words
    VALUE_CLASSES,  // steps of the case ladder
    VALUE_ANCHORED, // {anchor: days}
} read_value;

static const struct read_condition_word {
    const char *name;
    condition_op op;
    read_value value;
    word_list list;
    const char *example;
} condition_words[] = {
    {"days_served", CONDITION_DAYS_SERVED, VALUE_BARE, 0, NULL},
    {"last_sample_negative", CONDITION_LAST_SAMPLE_NEGATIVE, VALUE_BARE, 0, NULL},
    {"symptomatic", CONDITION_SYMPTOMATIC, VALUE_BARE, 0, NULL},
    {"exposed", CONDITION_EXPOSED, VALUE_BARE, 0, NULL},
    {"positive", CONDITION_POSITIVE, VALUE_BARE, 0, NULL},
    {"round_negative", CONDITION_ROUND_NEGATIVE, VALUE_BARE, 0, NULL},
    {"lesions_healed", CONDITION_LESIONS_HEALED, VALUE_BARE, 0, NULL},
    {"clinician_release", CONDITION_CLINICIAN_RELEASE, VALUE_BARE, 0, NULL},
    {"surroundings_clean", CONDITION_SURROUNDINGS_CLEAN, VALUE_BARE, 0, NULL},
    {"source_free", CONDITION_SOURCE_FREE, VALUE_BARE, 0, NULL},
    {"has_carer", CONDITION_HAS_CARER, VALUE_BARE, 0, NULL},
    {"has_guardian", CONDITION_HAS_GUARDIAN, VALUE_BARE, 0, NULL},
    {"negatives", CONDITION_NEGATIVES, VALUE_COUNT, 0, "negatives: 2 (P1)"},
    {"linked_negatives", CONDITION_LINKED_NEGATIVES, VALUE_COUNT, 0, "linked_negatives: 2 (P1)"},
    {"count_from", CONDITION_COUNT_FROM, VALUE_COUNT, 0, "count_from: 3 (P1)"},
    {"age_under", CONDITION_AGE_UNDER, VALUE_YEARS, 0, "age_under: 14 (P1)"},
    {"age_from", CONDITION_AGE_FROM, VALUE_YEARS, 0, "age_from: 60 (P1)"},
    {"symptom_free", CONDITION_SYMPTOM_FREE, VALUE_MINUTES, 0, "symptom_free: 3 d (P1)"},
    {"minutes_from", CONDITION_MINUTES_FROM, VALUE_MINUTES, 0, "minutes_from: 15 min (P1)"},
    {"no_new_case", CONDITION_NO_NEW_CASE, VALUE_DAYS, 0, "no_new_case: 5 d (P1)"},
    {"round_within", CONDITION_ROUND_NEGATIVE, VALUE_DAYS, 0, "round_within: 2 d (P1)"},
    {"days_since", CONDITION_DAYS_SINCE, VALUE_ANCHORED, WORDS_ANCHOR, "days_since: {first_exposure: 5 d (P1)}"},
    {"class", CONDITION_CLASS, VALUE_CLASSES, WORDS_EVENT, "class: [confirmed, asymptomatic]"},
    {"kind", CONDITION_KIND, VALUE_WORDS, WORDS_EXPOSURE, "kind: [household]"},
    {"protection", CONDITION_PROTECTION, VALUE_WORDS, WORDS_PROTECTION, "protection: [none]"},
    {"specimen", CONDITION_SPECIMEN, VALUE_WORDS, WORDS_SPECIMEN, "specimen: [blood]"},
    {"test", CONDITION_TEST, VALUE_WORDS, WORDS_TEST, "test: [pcr]"},
};
enum { CONDITION_WORDS = sizeof condition_words / sizeof condition_words[0] };

static const struct read_condition_word *read_condition_word(struct str name)
{
    for (size_t i = 0; i < CONDITION_WORDS; i++)
        if (str_eq_z(name, condition_words[i].name)) return &condition_words[i];
    return NULL;
}

const char *read_condition_name(const struct condition *c)
{
    if (c->op == CONDITION_ATTRIBUTE) return words_at(WORDS_ATTRIBUTE, c->a)->name;
    if (c->op == CONDITION_ROUND_NEGATIVE && c->a > 0) return "round_within";
    for (size_t i = 0; i < CONDITION_WORDS; i++)
        if (condition_words[i].op == c->op) return condition_words[i].name;
    return c->op == CONDITION_ALL ? "all" : c->op == CONDITION_ANY ? "any" : "not";
}

static void read_condition_unknown(struct reader *r, const struct yaml_node *at, struct str name)
{
    enum { SLIPS = 2 };
    if (read_fault_forbidden(r, at, name)) return;
    const char *best = words_near(WORDS_ATTRIBUTE, name);
    size_t least = best == NULL ? SLIPS + 1 : str_distance(name, str_z(best), SLIPS);
    static const char *const joints[] = {"any", "all", "not"};
    for (size_t i = 0; i < CONDITION_WORDS + sizeof joints / sizeof joints[0]; i++) {
        const char *word = i < CONDITION_WORDS ? condition_words[i].name : joints[i - CONDITION_WORDS];
        size_t d = str_distance(name, str_z(word), SLIPS);
        if (d < least) {
            least = d;
            best = word;
        }
    }
    const struct message *m = best != NULL ? &read_fault_condition_near : &read_fault_condition_unknown;
    read_fault(r, at, m, read_z(r, name), best);
}

// ---- nodes: children of a node lie side by side, so they are all made before the first of them is filled ----

static void read_condition_into(struct reader *r, size_t at, const struct yaml_node *node, int32_t depth);
static void read_condition_member(struct reader *r, size_t at, const struct yaml_node *member, int32_t depth);

static bool read_condition_room(struct reader *r, const struct yaml_node *node, size_t count, size_t *first)
{
    *first = r->p.condition_count;
    for (size_t i = 0; i < count; i++) {
        struct condition *c =
            read_push(r, node, r->p.conditions, &r->p.condition_count, READ_CONDITIONS_MAX, sizeof *c);
        if (c == NULL) return false;
        c->op = CONDITION_ALL; // of nothing: holds, until it is filled
    }
    return true;
}

static void read_condition_joint(struct reader *r, size_t at, condition_op op, const struct yaml_node *node,
                                 int32_t depth)
{
    enum { CHILDREN = 255 };
    size_t count = node->kind == YAML_TEXT ? 1 : node->count, first = 0;
    if (count == 0 || yaml_is_null(node)) {
        read_fault(r, node, &read_fault_condition_empty, NULL, NULL);
        return;
    }
    if (depth >= PROTOCOL_DEPTH_MAX) {
        read_fault(r, node, &read_fault_condition_deep, NULL, NULL);
        return;
    }
    if (count > CHILDREN) {
        read_fault(r, node, &read_fault_too_many, "255", NULL);
        return;
    }
    if (!read_condition_room(r, node, count, &first)) return;
    struct condition *c = &r->p.conditions[at];
    c->op = (uint8_t)op;
    c->count = (uint8_t)count;
    c->first = (uint16_t)first;
    if (node->kind == YAML_TEXT) {
        read_condition_into(r, first, node, depth + 1);
        return;
    }
    for (const struct yaml_node *n = node->first; n != NULL; n = n->next, first++) {
        if (node->kind == YAML_MAP) read_condition_member(r, first, n, depth + 1);
        else read_condition_into(r, first, n, depth + 1);
    }
}

// Not of several things: none of them may hold... is ambiguous, so `not` takes one condition or a list meaning all.
static void read_condition_not(struct reader *r, size_t at, const struct yaml_node *node, int32_t depth)
{
    size_t child = 0;
    if (depth >= PROTOCOL_DEPTH_MAX) {
        read_fault(r, node, &read_fault_condition_deep, NULL, NULL);
        return;
    }
    if (!read_condition_room(r, node, 1, &child)) return;
    r->p.conditions[at].op = CONDITION_NOT;
    r->p.conditions[at].count = 1;
    r->p.conditions[at].first = (uint16_t)child;
    read_condition_into(r, child, node, depth + 1);
}

static uint64_t read_class_set(struct reader *r, const struct yaml_node *node)
{
    uint64_t set = 0;
    for (const struct yaml_node *n = yaml_each(node); n != NULL; n = yaml_each_next(node, n)) {
        struct str text = read_plain(r, n);
        int32_t word = words_find(WORDS_EVENT, text);
        if (word >= EVENT_SUSPECTED && word <= EVENT_DISCARDED) set |= (uint64_t)1 << (word - EVENT_SUSPECTED);
        else if (n->kind == YAML_TEXT) read_fault(r, n, &read_fault_ladder_step, read_z(r, text), NULL);
    }
    return set;
}

static void read_condition_anchored(struct reader *r, struct condition *c, const struct yaml_node *node,
                                    const struct read_condition_word *w)
{
    if (node->kind != YAML_MAP || node->count != 1) {
        read_fault(r, node, &read_fault_condition_value, w->name, w->example);
        return;
    }
    struct str anchor = node->first->key;
    int32_t word = words_find(WORDS_ANCHOR, anchor);
    if (word == WORD_UNKNOWN) read_fault_word(r, node->first, WORDS_ANCHOR, anchor);
    c->a = read_days(r, node->first, 0, READ_DAYS_MOST);
    c->b = word;
}

static void read_condition_value(struct reader *r, size_t at, const struct yaml_node *node,
                                 const struct read_condition_word *w)
{
    enum { YEARS_MOST = 120, COUNT_MOST = 100000 };
    struct condition c = {.op = (uint8_t)w->op};
    switch (w->value) {
    case VALUE_COUNT: c.a = read_count(r, node, 1, w->op == CONDITION_COUNT_FROM ? COUNT_MOST : 15); break;
    case VALUE_YEARS: c.a = read_count(r, node, 0, YEARS_MOST); break;
    case VALUE_MINUTES: c.a = read_minutes(r, node, READ_DAYS_MOST); break;
    case VALUE_DAYS: c.a = read_days(r, node, 1, READ_DAYS_MOST); break;
    case VALUE_WORDS: c.set = read_words(r, node, w->list); break;
    case VALUE_CLASSES: c.set = read_class_set(r, node); break;
    case VALUE_ANCHORED: read_condition_anchored(r, &c, node, w); break;
    case VALUE_BARE: assert(false); break;
    }
    r->p.conditions[at] = c;
}

// A word without a value.
static bool read_condition_bare(struct reader *r, size_t at, struct str name)
{
    const struct read_condition_word *w = read_condition_word(name);
    int32_t attribute = words_find(WORDS_ATTRIBUTE, name);
    if (w == NULL && attribute == WORD_UNKNOWN) return false;
    if (w != NULL && w->value != VALUE_BARE) return false;
    r->p.conditions[at] = w != NULL ? (struct condition){.op = (uint8_t)w->op}
                                    : (struct condition){.op = CONDITION_ATTRIBUTE, .a = attribute};
    return true;
}

// `key: value` of a condition.
static void read_condition_member(struct reader *r, size_t at, const struct yaml_node *member, int32_t depth)
{
    struct str name = member->key;
    if (str_eq_z(name, "any")) {
        read_condition_joint(r, at, CONDITION_ANY, member, depth);
    } else if (str_eq_z(name, "all")) {
        read_condition_joint(r, at, CONDITION_ALL, member, depth);
    } else if (str_eq_z(name, "not")) {
        read_condition_not(r, at, member, depth);
    } else if (read_condition_word(name) != NULL && read_condition_word(name)->value != VALUE_BARE) {
        const struct read_condition_word *w = read_condition_word(name);
        if (yaml_is_null(member)) read_fault(r, member, &read_fault_condition_value, w->name, w->example);
        else read_condition_value(r, at, member, w);
    } else if (!read_condition_bare(r, at, name)) {
        read_condition_unknown(r, member, name);
    } else if (yaml_text_is(member, "no")) {
        size_t child = 0;
        struct condition c = r->p.conditions[at];
        if (!read_condition_room(r, member, 1, &child)) return;
        r->p.conditions[child] = c;
        r->p.conditions[at] = (struct condition){.op = CONDITION_NOT, .count = 1, .first = (uint16_t)child};
    } else if (!yaml_is_null(member) && !yaml_text_is(member, "yes")) {
        read_fault(r, member, &read_fault_condition_bare, read_z(r, name), NULL);
    }
}

static void read_condition_into(struct reader *r, size_t at, const struct yaml_node *node, int32_t depth)
{
    if (node->kind == YAML_MAP && node->count == 1) {
        read_condition_member(r, at, node->first, depth);
        return;
    }
    if (node->kind == YAML_LIST && node->count == 1) {
        read_condition_into(r, at, node->first, depth);
        return;
    }
    if (node->kind != YAML_TEXT || yaml_is_null(node)) {
        read_condition_joint(r, at, CONDITION_ALL, node, depth); // several: all of them
        return;
    }
    struct str name = yaml_text(node);
    const struct read_condition_word *w = read_condition_word(name);
    if (w != NULL && w->value != VALUE_BARE) read_fault(r, node, &read_fault_condition_value, w->name, w->example);
    else if (!read_condition_bare(r, at, name)) read_condition_unknown(r, node, name);
}

condition_ref read_condition(struct reader *r, const struct yaml_node *node)
{
    size_t root = 0;
    if (node == NULL || !read_condition_room(r, node, 1, &root)) return CONDITION_TRUE;
    read_condition_into(r, root, node, 0);
    return (condition_ref)root;
}
