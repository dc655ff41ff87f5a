#include "cli/examples_read.h"

#include "cli/examples_expect.h"

#include <assert.h>
#include <string.h>

// One example while it is read.
struct example_reader {
    const struct scalar_reader *r;
    const struct examples_source *source;
    struct example_book book;
    struct example_names people, ids;
    struct example *out;
    bool good;
};

typedef enum example_key {
    EXAMPLE_NAME,
    EXAMPLE_OF,
    EXAMPLE_GIVEN,
    EXAMPLE_ASSUME,
    EXAMPLE_UNTIL,
    EXAMPLE_EDITIONS,
    EXAMPLE_EXPECT,
    EXAMPLE_KEYS
} example_key;
static const char *const example_keys[EXAMPLE_KEYS] = {"name", "of", "given", "assume", "until", "editions", "expect"};

static size_t example_entries(const struct yaml_node *list)
{
    size_t n = 0;
    for (const struct yaml_node *m = yaml_each(list); m != NULL; m = yaml_each_next(list, m)) n++;
    return n;
}

// Room for the entries of a list; NULL when there are too many (a problem) or memory is short.
static void *example_room(struct example_reader *x, const struct yaml_node *list, size_t most, size_t size)
{
    size_t n = example_entries(list);
    if (n > most) {
        const char *text = arena_printf(x->r->arena, "%zu", most);
        scalar_problem(x->r, list, false, SCALAR_MANY, text, NULL);
        return NULL;
    }
    return arena_array(x->r->arena, n == 0 ? 1 : n, size);
}

// ---- editions ----

static void example_read_edition(struct example_reader *x, const struct yaml_node *node)
{
    static const char *const keys[] = {"in_force", "protocol"};
    struct example_edition edition = {.in_force = {CIVIL_DAY_NONE}};
    if (!scalar_is_map(x->r, node)) {
        x->good = false;
        return;
    }
    for (const struct yaml_node *m = node->first; m != NULL; m = m->next) {
        struct day_range day;
        int32_t key = scalar_key(x->r, m, keys, 2);
        if (key == 0 && scalar_days(x->r, m, (civil_day){CIVIL_DAY_NONE}, &day)) edition.in_force = day.first;
        if (key == 1) edition.path = scalar_text(x->r, m);
        if (key != 1) continue;
        if (edition.path != NULL) edition.protocol = x->source->open(x->source->payload, edition.path, x->r->problems);
        if (edition.protocol == NULL) scalar_problem(x->r, m, false, SCALAR_EDITION_UNREAD, edition.path, NULL);
    }
    if (yaml_get(node, keys[0]) == NULL) scalar_problem(x->r, node, false, SCALAR_MISSING, keys[0], NULL);
    if (yaml_get(node, keys[1]) == NULL) scalar_problem(x->r, node, false, SCALAR_MISSING, keys[1], NULL);
    if (edition.protocol == NULL || edition.in_force.d == CIVIL_DAY_NONE) {
        x->good = false;
        return;
    }
    if (strcmp(edition.protocol->family, x->source->protocol->family) != 0) {
        scalar_problem(x->r, yaml_get(node, keys[1]), false, SCALAR_FAMILY, edition.path, edition.protocol->family);
        x->good = false;
        return;
    }
    x->out->editions[x->out->edition_count++] = edition;
    x->book.editions[x->book.count++] = edition.protocol;
}

static void example_read_editions(struct example_reader *x, const struct yaml_node *list)
{
    x->out->editions = example_room(x, list, EXAMPLE_EDITIONS_MAX, sizeof *x->out->editions);
    if (x->out->editions == NULL) {
        x->good = false;
        return;
    }
    for (const struct yaml_node *m = yaml_each(list); m != NULL; m = yaml_each_next(list, m))
        example_read_edition(x, m);
    // They come into force in the order of their days, in whatever order they are written.
    struct example_edition *items = x->out->editions;
    for (size_t i = 1; i < x->out->edition_count; i++)
        for (size_t k = i; k > 0 && items[k - 1].in_force.d > items[k].in_force.d; k--) {
            struct example_edition swap = items[k];
            items[k] = items[k - 1];
            items[k - 1] = swap;
        }
    for (size_t i = 0; i < x->out->edition_count; i++) x->book.editions[i + 1] = items[i].protocol;
}

// ---- facts ----

static void example_know(struct example_reader *x, struct example_names *names, const char *name)
{
    if (name != NULL && !example_names_add(x->r->arena, names, name)) x->good = false;
}

static void example_read_facts(struct example_reader *x, const struct yaml_node *list)
{
    if (example_entries(list) == 0) {
        scalar_problem(x->r, list, false, SCALAR_NO_FACTS, NULL, NULL);
        x->good = false;
        return;
    }
    x->out->facts = example_room(x, list, EXAMPLE_FACTS_MAX, sizeof *x->out->facts);
    if (x->out->facts == NULL) {
        x->good = false;
        return;
    }
    for (const struct yaml_node *m = yaml_each(list); m != NULL; m = yaml_each_next(list, m)) {
        struct example_fact *f = &x->out->facts[x->out->fact_count];
        if (!example_fact_read(x->r, &x->book, m, f)) {
            x->good = false;
            continue;
        }
        x->out->fact_count++;
        example_know(x, &x->people, f->who);
        if (f->fact.kind == EVENT_CONTACT_NAMED) example_know(x, &x->people, f->other);
        if (f->id != NULL && example_names_has(&x->ids, f->id)) {
            scalar_problem(x->r, yaml_get(m, "id"), false, SCALAR_TWICE, f->id, NULL);
            x->good = false;
        }
        example_know(x, &x->ids, f->id);
    }
}

// A source of exposure may be someone of whom nothing else is told, so its name can be any; but whoever is parted from
// must have been met, and what is nearly a known name is a slip of the pen.
static void example_check_source(struct example_reader *x, const struct yaml_node *m, const struct example_fact *f)
{
    if (f->other == NULL || example_names_has(&x->people, f->other)) return;
    struct example_names known = {0};
    bool room = example_names_add(x->r->arena, &known, "case") && example_names_add(x->r->arena, &known, "contact") &&
                example_book_names(&x->book, SCALAR_PATHWAY, x->r->arena, &known);
    for (size_t i = 0; i < x->people.count; i++)
        room = room && example_names_add(x->r->arena, &known, x->people.items[i]);
    bool met = false;
    for (size_t i = 0; i < x->out->fact_count; i++) {
        const struct example_fact *other = &x->out->facts[i];
        if (other->other == NULL || other->fact.kind != EVENT_EXPOSED) continue;
        met = met || strcmp(other->other, f->other) == 0;
        if (f->fact.kind == EVENT_PARTED) room = room && example_names_add(x->r->arena, &known, other->other);
    }
    bool slip = cli_nearest(str_z(f->other), known.items, known.count) != NULL && strlen(f->other) > 2;
    if (room && (f->fact.kind == EVENT_PARTED ? met : !slip)) return;
    if (room) scalar_unknown(x->r, yaml_get(m, "to"), false, SCALAR_PERSON, str_z(f->other), known.items, known.count);
    x->good = false;
}

// Whom and what the facts speak of, once all of them are read.
static void example_check_names(struct example_reader *x, const struct yaml_node *list)
{
    if (!x->good) return;
    size_t i = 0;
    for (const struct yaml_node *m = yaml_each(list); m != NULL; m = yaml_each_next(list, m), i++) {
        const struct example_fact *f = &x->out->facts[i];
        if (f->fact.kind != EVENT_CONTACT_NAMED) example_check_source(x, m, f);
        if (f->refers == NULL || example_names_has(&x->ids, f->refers)) continue;
        const struct yaml_node *at = yaml_get(m, f->fact.kind == EVENT_RETRACTED ? "of" : "replaces");
        scalar_unknown(x->r, at, false, SCALAR_FACT_ID, str_z(f->refers), x->ids.items, x->ids.count);
        x->good = false;
    }
}

// ---- the rest of an example ----

static void example_read_assume(struct example_reader *x, const struct yaml_node *list)
{
    static const char *const words[] = {"tasks_done", "negative", "tasks_done_negative", "orders_signed",
                                        "nothing_signed"};
    bool signed_orders = false;
    for (const struct yaml_node *m = yaml_each(list); m != NULL; m = yaml_each_next(list, m)) {
        int32_t word = scalar_choice(x->r, m, SCALAR_WORD, words, sizeof words / sizeof words[0]);
        if (word < 0) x->good = false;
        x->out->tasks_done = x->out->tasks_done || word == 0 || word == 2;
        x->out->negative = x->out->negative || word == 1 || word == 2;
        signed_orders = signed_orders || word == 3;
        x->out->nothing_signed = x->out->nothing_signed || word == 4;
    }
    if (!signed_orders || !x->out->nothing_signed) return;
    scalar_problem(x->r, list, false, SCALAR_CONTRADICTION, words[3], words[4]);
    x->good = false;
}

static void example_read_until(struct example_reader *x, const struct yaml_node *node)
{
    struct day_range day;
    if (!scalar_days(x->r, node, (civil_day){CIVIL_DAY_NONE}, &day)) x->good = false;
    else x->out->until = day.last;
}

static void example_read_key(struct example_reader *x, const struct yaml_node *m, example_key key)
{
    switch (key) {
    case EXAMPLE_NAME:
        x->out->name = scalar_text(x->r, m);
        x->good = x->good && x->out->name != NULL;
        break;
    case EXAMPLE_OF:
        x->out->of = example_book_name(x->r, &x->book, m, SCALAR_PATHWAY);
        x->good = x->good && x->out->of != NULL;
        break;
    case EXAMPLE_ASSUME: example_read_assume(x, m); break;
    case EXAMPLE_UNTIL: example_read_until(x, m); break;
    case EXAMPLE_EDITIONS: // read before all others, which may speak of what is in them
    case EXAMPLE_GIVEN:
    case EXAMPLE_EXPECT:
    case EXAMPLE_KEYS: break;
    }
}

static civil_day example_first_day(const struct example_reader *x)
{
    civil_day first = {CIVIL_DAY_NONE};
    for (size_t i = 0; i < x->out->fact_count; i++) {
        civil_day day = zone_day(x->r->zone, x->out->facts[i].fact.happened);
        if (first.d == CIVIL_DAY_NONE || day.d < first.d) first = day;
    }
    return first;
}

static bool example_read(const struct scalar_reader *r, const struct examples_source *source,
                         const struct yaml_node *node, struct example *out)
{
    struct example_reader x = {.r = r, .source = source, .out = out, .good = true};
    *out = (struct example){.name = "", .at = scalar_at(node), .until = {CIVIL_DAY_NONE}};
    x.book.editions[x.book.count++] = source->protocol;
    if (!scalar_is_map(r, node)) return false;
    const struct yaml_node *editions = yaml_get(node, "editions"), *given = yaml_get(node, "given"),
                           *expect = yaml_get(node, "expect");
    if (editions != NULL) example_read_editions(&x, editions);
    for (const struct yaml_node *m = node->first; m != NULL; m = m->next) {
        int32_t key = scalar_key(r, m, example_keys, EXAMPLE_KEYS);
        if (key < 0) x.good = false;
        else example_read_key(&x, m, (example_key)key);
    }
    static const example_key needed[] = {EXAMPLE_NAME, EXAMPLE_GIVEN, EXAMPLE_EXPECT};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (yaml_get(node, example_keys[needed[i]]) != NULL) continue;
        scalar_problem(r, node, false, SCALAR_MISSING, example_keys[needed[i]], NULL);
        x.good = false;
    }
    if (given != NULL) {
        example_read_facts(&x, given);
        example_check_names(&x, given);
    }
    if (expect != NULL) {
        const struct expect_reader reader = {r, &x.book, &x.people, example_first_day(&x)};
        if (!expectations_read(&reader, expect, out)) x.good = false;
    }
    return x.good;
}

tong_code examples_read(const char *file, struct str text, const struct examples_source *source, struct arena *arena,
                        struct problem_list *problems, struct examples *out, struct err *err)
{
    assert(source->protocol != NULL && source->open != NULL);
    const struct scalar_reader r = {arena, problems, &source->protocol->zone};
    struct yaml_node *root;
    tong_code code = yaml_read(file, text, arena, problems, &root);
    if (code == TONG_E_NOMEM) return tong_fail(err, code, "examples of %s", file);
    if (code != TONG_OK) return tong_fail(err, code, "%s is not readable as YAML", file);
    if (root->kind != YAML_LIST || root->count == 0 || root->count > EXAMPLES_MAX) {
        const char *most = root->count > EXAMPLES_MAX ? arena_printf(arena, "%d", EXAMPLES_MAX) : NULL;
        scalar_problem(&r, root, false, most == NULL ? SCALAR_NOT_EXAMPLES : SCALAR_MANY, most, NULL);
        return tong_fail(err, TONG_E_INVALID, "%s is no list of examples", file);
    }
    struct examples read = {.items = arena_array(arena, root->count, sizeof *read.items)};
    if (read.items == NULL) return tong_fail(err, TONG_E_NOMEM, "examples of %s", file);
    size_t errors = problems->errors;
    bool good = true;
    for (const struct yaml_node *n = root->first; n != NULL; n = n->next)
        good = example_read(&r, source, n, &read.items[read.count++]) && good;
    if (!good && problems->errors == errors) return tong_fail(err, TONG_E_NOMEM, "examples of %s", file);
    if (problems->errors > errors) return tong_fail(err, TONG_E_INVALID, "%s has faults", file);
    *out = read;
    return TONG_OK;
}
