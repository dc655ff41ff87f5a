#include "cli/examples_expect.h"

#include <assert.h>
#include <string.h>

// One person's expectations while they are read.
struct expecting {
    const struct expect_reader *x;
    struct expectation *out;
    bool good;
};

static size_t expect_entries(const struct yaml_node *list)
{
    size_t n = 0;
    for (const struct yaml_node *m = yaml_each(list); m != NULL; m = yaml_each_next(list, m)) n++;
    return n;
}

static void *expect_room(struct expecting *e, size_t count, size_t size)
{
    void *room = arena_array(e->x->r->arena, count == 0 ? 1 : count, size);
    if (room == NULL) e->good = false;
    return room;
}

static void expect_read_days(struct expecting *e, const struct yaml_node *list, struct expect_days *out)
{
    out->given = true;
    out->at = scalar_at(list);
    out->items = expect_room(e, expect_entries(list), sizeof *out->items);
    if (out->items == NULL) return;
    civil_day after = e->x->first;
    for (const struct yaml_node *m = yaml_each(list); m != NULL; m = yaml_each_next(list, m)) {
        struct day_range range;
        if (!scalar_days(e->x->r, m, after, &range)) {
            e->good = false;
            continue;
        }
        out->items[out->count++] = range;
        after = range.last;
    }
}

static void expect_read_day(struct expecting *e, const struct yaml_node *m, struct expect_day *out)
{
    out->at = scalar_at(m);
    out->given = scalar_days(e->x->r, m, e->x->first, &out->day);
    e->good = e->good && out->given;
}

static void expect_read_instant(struct expecting *e, const struct yaml_node *m, struct expect_instant *out)
{
    out->given = scalar_instant(e->x->r, m, &out->instant, &out->day_only);
    if (out->given) out->day = zone_day(e->x->r->zone, out->instant);
    e->good = e->good && out->given;
}

static void expect_read_names(struct expecting *e, const struct yaml_node *list, scalar_list kind,
                              struct expect_names *out)
{
    out->items = expect_room(e, expect_entries(list), sizeof *out->items);
    if (out->items == NULL) return;
    for (const struct yaml_node *m = yaml_each(list); m != NULL; m = yaml_each_next(list, m)) {
        const char *name = NULL;
        if (kind == SCALAR_PERSON) {
            int32_t found = scalar_choice(e->x->r, m, kind, e->x->people->items, e->x->people->count);
            if (found >= 0) name = e->x->people->items[found];
        } else {
            name = example_book_name(e->x->r, e->x->book, m, kind);
        }
        if (name == NULL) e->good = false;
        else out->items[out->count++] = (struct expect_name){name, scalar_at(m)};
    }
}

// The key of a member as a name of the protocol; NULL after a problem.
static const char *expect_key_name(struct expecting *e, const struct yaml_node *m, scalar_list kind)
{
    struct example_names names = {0};
    const char *found = NULL;
    if (!example_book_names(e->x->book, kind, e->x->r->arena, &names)) e->good = false;
    for (size_t i = 0; i < names.count; i++)
        if (str_eq_z(m->key, names.items[i])) found = names.items[i];
    if (found != NULL) return found;
    scalar_unknown(e->x->r, m, true, kind, m->key, names.items, names.count);
    e->good = false;
    return NULL;
}

static void expect_read_stages(struct expecting *e, const struct yaml_node *map)
{
    if (!scalar_is_map(e->x->r, map)) {
        e->good = false;
        return;
    }
    e->out->stages = expect_room(e, map->count, sizeof *e->out->stages);
    if (e->out->stages == NULL) return;
    for (const struct yaml_node *m = map->first; m != NULL; m = m->next) {
        struct expect_stage stage = {.name = expect_key_name(e, m, SCALAR_STAGE)};
        expect_read_day(e, m, &stage.entered);
        if (stage.name != NULL) e->out->stages[e->out->stage_count++] = stage;
    }
}

static void expect_read_ended(struct expecting *e, const struct yaml_node *node)
{
    static const char *const keys[] = {"as", "on"};
    struct expectation *out = e->out;
    out->has_ended = true;
    out->ended = FINAL_WORD_COUNT;
    out->ended_at = scalar_at(node);
    if (yaml_text_is(node, "no")) {
        out->ended = FINAL_NONE;
        return;
    }
    if (!scalar_is_map(e->x->r, node)) {
        e->good = false;
        return;
    }
    for (const struct yaml_node *m = node->first; m != NULL; m = m->next) {
        int32_t word, key = scalar_key(e->x->r, m, keys, 2);
        if (key == 1) expect_read_day(e, m, &out->ended_on);
        else if (key == 0 && scalar_word(e->x->r, m, WORDS_FINAL, &word)) out->ended = (final_word)word;
        else e->good = false;
    }
}

static void expect_read_task(struct expecting *e, const struct yaml_node *node, struct expect_task *out)
{
    static const char *const keys[] = {"opened", "deadline", "fate"};
    static const char *const fates[FATE_COUNT - 1] = {"done", "overdue", "open", "no_longer_due", "missed", "refused"};
    out->at = scalar_at(node);
    if (yaml_is_null(node)) return; // only that it was opened
    if (!scalar_is_map(e->x->r, node)) {
        e->good = false;
        return;
    }
    for (const struct yaml_node *m = node->first; m != NULL; m = m->next) {
        int32_t key = scalar_key(e->x->r, m, keys, sizeof keys / sizeof keys[0]);
        if (key < 0) e->good = false;
        if (key == 0) expect_read_instant(e, m, &out->opened);
        if (key == 1) expect_read_instant(e, m, &out->deadline);
        if (key != 2) continue;
        int32_t fate = scalar_choice(e->x->r, m, SCALAR_WORD, fates, FATE_COUNT - 1);
        if (fate < 0) e->good = false;
        else out->fate = (fate_word)(FATE_DONE + fate);
    }
}

static void expect_read_measure(struct expecting *e, const struct yaml_node *node, struct expect_measure *out)
{
    static const char *const keys[] = {"proposed", "in_force"};
    out->at = scalar_at(node);
    if (yaml_is_null(node)) return;
    if (!scalar_is_map(e->x->r, node)) {
        e->good = false;
        return;
    }
    for (const struct yaml_node *m = node->first; m != NULL; m = m->next) {
        int32_t key = scalar_key(e->x->r, m, keys, 2);
        if (key < 0) e->good = false;
        if (key == 0) expect_read_day(e, m, &out->proposed);
        if (key == 1) expect_read_days(e, m, &out->in_force);
    }
}

static void expect_read_tasks(struct expecting *e, const struct yaml_node *map)
{
    if (!scalar_is_map(e->x->r, map)) {
        e->good = false;
        return;
    }
    e->out->tasks = expect_room(e, map->count, sizeof *e->out->tasks);
    if (e->out->tasks == NULL) return;
    for (const struct yaml_node *m = map->first; m != NULL; m = m->next) {
        struct expect_task task = {.name = expect_key_name(e, m, SCALAR_TASK)};
        expect_read_task(e, m, &task);
        if (task.name != NULL) e->out->tasks[e->out->task_count++] = task;
    }
}

static void expect_read_measures(struct expecting *e, const struct yaml_node *map)
{
    if (!scalar_is_map(e->x->r, map)) {
        e->good = false;
        return;
    }
    e->out->measures = expect_room(e, map->count, sizeof *e->out->measures);
    if (e->out->measures == NULL) return;
    for (const struct yaml_node *m = map->first; m != NULL; m = m->next) {
        struct expect_measure measure = {.name = expect_key_name(e, m, SCALAR_MEASURE)};
        expect_read_measure(e, m, &measure);
        if (measure.name != NULL) e->out->measures[e->out->measure_count++] = measure;
    }
}

static void expect_read_role(struct expecting *e, const struct yaml_node *m, struct expect_role *out)
{
    int32_t role;
    if (!scalar_word(e->x->r, m, WORDS_ROLE, &role)) e->good = false;
    else *out = (struct expect_role){(role_word)role, scalar_at(m)};
}

static void expect_read_told(struct expecting *e, const struct yaml_node *list)
{
    e->out->told = expect_room(e, expect_entries(list), sizeof *e->out->told);
    if (e->out->told == NULL) return;
    for (const struct yaml_node *m = yaml_each(list); m != NULL; m = yaml_each_next(list, m))
        expect_read_role(e, m, &e->out->told[e->out->told_count++]);
}

static void expect_read_class(struct expecting *e, const struct yaml_node *m)
{
    static const char *const words[] = {"suspected", "probable", "confirmed", "asymptomatic", "discarded", "none"};
    int32_t word = scalar_choice(e->x->r, m, SCALAR_WORD, words, sizeof words / sizeof words[0]);
    e->out->class_at = scalar_at(m);
    e->out->has_class = word >= 0;
    e->good = e->good && word >= 0;
    e->out->class = word == 5 ? EVENT_WORD_COUNT : (event_word)(EVENT_SUSPECTED + word);
}

static void expect_read_status(struct expecting *e, const struct yaml_node *m)
{
    const char *name = yaml_text_is(m, "none") ? "none" : example_book_name(e->x->r, e->x->book, m, SCALAR_STATUS);
    e->out->has_status = name != NULL;
    e->good = e->good && name != NULL;
    e->out->status = (struct expect_name){name, scalar_at(m)};
}

typedef enum expect_key {
    EXPECT_SAMPLED,
    EXPECT_CHECKED,
    EXPECT_ROUNDS,
    EXPECT_STAGES,
    EXPECT_RELEASED,
    EXPECT_ENDED,
    EXPECT_TASKS,
    EXPECT_NO_TASK,
    EXPECT_MEASURES,
    EXPECT_NO_MEASURE,
    EXPECT_CLASS,
    EXPECT_ENROLS,
    EXPECT_NOT_ENROLLED,
    EXPECT_ZONES,
    EXPECT_TOLD,
    EXPECT_ASKED,
    EXPECT_STATUS,
    EXPECT_OF,
    EXPECT_KEYS
} expect_key;

static const char *const expect_keys[EXPECT_KEYS] = {
    "sampled",    "checked", "rounds", "stages",       "released", "ended", "tasks", "no_task", "measures",
    "no_measure", "class",   "enrols", "not_enrolled", "zones",    "told",  "asked", "status",  "of",
};

static void expect_read_key(struct expecting *e, const struct yaml_node *m, expect_key key)
{
    struct expectation *out = e->out;
    switch (key) {
    case EXPECT_SAMPLED: expect_read_days(e, m, &out->sampled); break;
    case EXPECT_CHECKED: expect_read_days(e, m, &out->checked); break;
    case EXPECT_ROUNDS: expect_read_days(e, m, &out->rounds); break;
    case EXPECT_STAGES: expect_read_stages(e, m); break;
    case EXPECT_RELEASED: expect_read_day(e, m, &out->released); break;
    case EXPECT_ENDED: expect_read_ended(e, m); break;
    case EXPECT_TASKS: expect_read_tasks(e, m); break;
    case EXPECT_NO_TASK: expect_read_names(e, m, SCALAR_TASK, &out->no_task); break;
    case EXPECT_MEASURES: expect_read_measures(e, m); break;
    case EXPECT_NO_MEASURE: expect_read_names(e, m, SCALAR_MEASURE, &out->no_measure); break;
    case EXPECT_CLASS: expect_read_class(e, m); break;
    case EXPECT_ENROLS: expect_read_names(e, m, SCALAR_PERSON, &out->enrols); break;
    case EXPECT_NOT_ENROLLED: expect_read_names(e, m, SCALAR_PERSON, &out->not_enrolled); break;
    case EXPECT_ZONES: expect_read_names(e, m, SCALAR_PATHWAY, &out->zones); break;
    case EXPECT_TOLD: expect_read_told(e, m); break;
    case EXPECT_ASKED:
        out->has_asked = true;
        expect_read_role(e, m, &out->asked);
        break;
    case EXPECT_STATUS: expect_read_status(e, m); break;
    case EXPECT_OF: // others: read by expectations_read
    case EXPECT_KEYS: break;
    }
}

static bool expectation_read(const struct expect_reader *x, const struct yaml_node *node, const char *who,
                             struct expectation *out)
{
    struct expecting e = {x, out, true};
    // Of another person nothing further can be asked.
    size_t keys = who == NULL ? EXPECT_KEYS : EXPECT_OF;
    *out = (struct expectation){.who = who, .at = scalar_at(node), .class = EVENT_WORD_COUNT};
    if (!scalar_is_map(x->r, node)) return false;
    if (node->count == 0) {
        scalar_problem(x->r, node, false, SCALAR_NOTHING_EXPECTED, NULL, NULL);
        return false;
    }
    for (const struct yaml_node *m = node->first; m != NULL; m = m->next) {
        int32_t key = scalar_key(x->r, m, expect_keys, keys);
        if (key < 0) e.good = false;
        else expect_read_key(&e, m, (expect_key)key);
    }
    return e.good;
}

bool expectations_read(const struct expect_reader *x, const struct yaml_node *node, struct example *out)
{
    const struct yaml_node *others = yaml_get(node, "of");
    size_t count = 1 + (others == NULL ? 0 : others->count);
    out->expect = arena_array(x->r->arena, count, sizeof *out->expect);
    if (out->expect == NULL) return false;
    bool good = expectation_read(x, node, NULL, &out->expect[out->expect_count++]);
    if (others == NULL) return good;
    if (!scalar_is_map(x->r, others)) return false;
    for (const struct yaml_node *m = others->first; m != NULL; m = m->next) {
        const char *who = NULL;
        for (size_t i = 0; i < x->people->count; i++)
            if (str_eq_z(m->key, x->people->items[i])) who = x->people->items[i];
        if (who == NULL) scalar_unknown(x->r, m, true, SCALAR_PERSON, m->key, x->people->items, x->people->count);
        good = expectation_read(x, m, who == NULL ? m->key.p : who, &out->expect[out->expect_count++]) && who != NULL &&
               good;
    }
    assert(out->expect_count == count);
    return good;
}
