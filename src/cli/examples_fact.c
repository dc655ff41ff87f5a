#include "cli/examples_fact.h"

#include <assert.h>
#include <string.h>

enum { DAY_SECONDS = 86400, RESULT_KNOWN_S = 8 * 3600 };

// ---- names of the protocol ----

bool example_names_has(const struct example_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0) return true;
    return false;
}

bool example_names_add(struct arena *arena, struct example_names *names, const char *name)
{
    if (example_names_has(names, name)) return true;
    const char **items = arena_grow(arena, names->items, names->count, &names->cap, sizeof *items);
    if (items == NULL) return false;
    names->items = items;
    names->items[names->count++] = name;
    return true;
}

static size_t example_book_count(const struct protocol *p, scalar_list kind)
{
    if (kind == SCALAR_TASK) return p->task_count;
    if (kind == SCALAR_MEASURE) return p->measure_count;
    if (kind == SCALAR_STAGE) return p->stage_count;
    return kind == SCALAR_PATHWAY ? p->pathway_count : p->status_count;
}

static const char *example_book_at(const struct protocol *p, scalar_list kind, size_t i)
{
    if (kind == SCALAR_TASK) return p->tasks[i].name;
    if (kind == SCALAR_MEASURE) return p->measures[i].name;
    if (kind == SCALAR_STAGE) return p->stages[i].name;
    return kind == SCALAR_PATHWAY ? p->pathways[i].name : p->statuses[i].name;
}

bool example_book_names(const struct example_book *book, scalar_list kind, struct arena *arena,
                        struct example_names *out)
{
    for (size_t e = 0; e < book->count; e++)
        for (size_t i = 0; i < example_book_count(book->editions[e], kind); i++)
            if (!example_names_add(arena, out, example_book_at(book->editions[e], kind, i))) return false;
    return true;
}

const char *example_book_name(const struct scalar_reader *r, const struct example_book *book,
                              const struct yaml_node *node, scalar_list kind)
{
    struct example_names names = {0};
    if (!example_book_names(book, kind, r->arena, &names)) return NULL;
    int32_t found = scalar_choice(r, node, kind, names.items, names.count);
    return found < 0 ? NULL : names.items[found];
}

bool example_is_source(const struct example_book *book, const char *name, bool *of_contact)
{
    *of_contact = strcmp(name, "contact") == 0;
    if (*of_contact || strcmp(name, "case") == 0) return true;
    for (size_t e = 0; e < book->count; e++) {
        const struct protocol *p = book->editions[e];
        for (size_t i = 0; i < p->class_count; i++) {
            const struct pathway *of = &p->pathways[p->classes[i].of];
            if (strcmp(of->name, name) != 0) continue;
            *of_contact = !of->ladder;
            return true;
        }
    }
    return false;
}

// ---- keys ----

typedef enum fact_key {
    KEY_KNOWN,
    KEY_RECORDED,
    KEY_WHO,
    KEY_ID,
    KEY_REPLACES,
    KEY_TO,
    KEY_AS,
    KEY_PARTED,
    KEY_STILL,
    KEY_PROTECTION,
    KEY_MINUTES,
    KEY_CONTACT,
    KEY_SPECIMEN,
    KEY_TEST,
    KEY_IS,
    KEY_NOT,
    KEY_AGE,
    KEY_CT,
    KEY_POOLED,
    KEY_MEASURE,
    KEY_BY,
    KEY_SECOND,
    KEY_UNTIL,
    KEY_MEASURE_DAYS,
    KEY_CHECK_DAYS,
    KEY_SAMPLE_DAYS,
    KEY_TASK,
    KEY_OF,
    KEY_VALUE,
    KEY_COUNT
} fact_key;

static const char *const fact_keys[KEY_COUNT] = {
    "known",      "recorded",    "who",     "id",      "replaces", "to",     "as",    "parted",
    "still",      "protection",  "minutes", "contact", "specimen", "test",   "is",    "not",
    "age",        "ct",          "pooled",  "measure", "by",       "second", "until", "measure_days",
    "check_days", "sample_days", "task",    "of",      "value",
};

#define K(id) (UINT64_C(1) << KEY_##id)
#define EXPOSURE_KEYS (K(AS) | K(PARTED) | K(STILL) | K(PROTECTION) | K(MINUTES))
#define EVERY_KEY (K(KNOWN) | K(RECORDED) | K(WHO) | K(ID) | K(REPLACES))

// What may be said of each kind of fact beside the keys every fact has, and what must be.
static const struct {
    uint64_t keys, needs;
} fact_says[EVENT_WORD_COUNT] = {
    [EVENT_EXPOSED] = {EXPOSURE_KEYS | K(TO), 0},
    [EVENT_PARTED] = {K(TO), 0},
    [EVENT_CONTACT_NAMED] = {EXPOSURE_KEYS | K(CONTACT), K(CONTACT)},
    [EVENT_SAMPLED] = {K(SPECIMEN) | K(TASK), 0},
    [EVENT_RESULT] = {K(SPECIMEN) | K(TEST) | K(IS) | K(CT) | K(POOLED), K(IS)},
    [EVENT_CLASSIFIED] = {K(AS) | K(BY), K(AS)},
    [EVENT_ORDERED] = {K(MEASURE) | K(BY) | K(SECOND) | K(UNTIL), K(MEASURE) | K(BY)},
    [EVENT_DECLINED] = {K(MEASURE) | K(BY), 0},
    [EVENT_STARTED] = {K(MEASURE), 0},
    [EVENT_REFUSED] = {K(TASK), 0},
    [EVENT_NOT_ATTEMPTED] = {K(TASK), 0},
    [EVENT_DONE] = {K(TASK), K(TASK)},
    [EVENT_IMMUNITY] = {K(IS) | K(NOT), 0},
    [EVENT_ATTRIBUTE] = {K(IS) | K(NOT) | K(AGE), 0},
    [EVENT_OVERRIDE] = {K(MEASURE_DAYS) | K(CHECK_DAYS) | K(SAMPLE_DAYS) | K(BY), K(BY)},
    [EVENT_CARE_OVERRIDE] = {K(BY), 0},
    [EVENT_OBJECTED] = {K(MEASURE), 0},
    [EVENT_UPHELD] = {K(MEASURE) | K(BY), 0},
    [EVENT_COUNT] = {K(VALUE), K(VALUE)},
    [EVENT_RETRACTED] = {K(OF), K(OF)},
};

// Facts people record, as an example may give them. What follows from them (a positive, a step of the ladder) is for the
// protocol to say; a change of edition has a place of its own.
static bool fact_is_given(event_word event)
{
    return (event < EVENT_ENROLLED) || event == EVENT_RETRACTED;
}

struct fact_reader {
    const struct scalar_reader *r;
    const struct example_book *book;
    struct example_fact *out;
    bool good;
};

static void fact_read_who(struct fact_reader *f, const struct yaml_node *m, const char **out)
{
    const char *name = scalar_text(f->r, m);
    f->good = f->good && name != NULL;
    if (name != NULL) *out = name;
}

// Someone who signs is a name in an example and a number in the core.
static void fact_read_signer(struct fact_reader *f, const struct yaml_node *m, int32_t *out)
{
    const char *name = scalar_text(f->r, m);
    f->good = f->good && name != NULL;
    if (name == NULL) return;
    int32_t number = (int32_t)(str_hash(str_z(name)) & 0x7FFFFFFF);
    *out = number == 0 ? 1 : number;
}

static void fact_read_number(struct fact_reader *f, const struct yaml_node *m, int64_t least, int64_t most,
                             int32_t *out)
{
    int64_t value;
    if (!scalar_integer(f->r, m, least, most, &value)) f->good = false;
    else *out = (int32_t)value;
}

static void fact_read_word(struct fact_reader *f, const struct yaml_node *m, word_list list, uint8_t *out)
{
    int32_t word;
    if (!scalar_word(f->r, m, list, &word)) f->good = false;
    else *out = (uint8_t)word;
}

static void fact_read_time(struct fact_reader *f, const struct yaml_node *m, utc_sec *out)
{
    bool day_only;
    if (!scalar_instant(f->r, m, out, &day_only)) f->good = false;
}

static void fact_read_name(struct fact_reader *f, const struct yaml_node *m, scalar_list kind)
{
    const char *name = example_book_name(f->r, f->book, m, kind);
    if (name == NULL) f->good = false;
    else f->out->fact.name = protocol_name_id(str_z(name));
}

static void fact_read_as(struct fact_reader *f, const struct yaml_node *m)
{
    static const char *const steps[] = {"suspected", "probable", "confirmed", "asymptomatic", "discarded"};
    if (f->out->fact.kind != EVENT_CLASSIFIED) {
        fact_read_word(f, m, WORDS_EXPOSURE, &f->out->fact.word);
        return;
    }
    int32_t step = scalar_choice(f->r, m, SCALAR_WORD, steps, sizeof steps / sizeof steps[0]);
    if (step < 0) f->good = false;
    else f->out->fact.word = (uint8_t)(EVENT_SUSPECTED + step);
}

// `is:` of a result is its outcome; of an attribute and of evidence on immunity the circumstance itself.
static void fact_read_is(struct fact_reader *f, const struct yaml_node *m, bool no)
{
    struct fact *fact = &f->out->fact;
    if (fact->kind == EVENT_RESULT) {
        fact_read_word(f, m, WORDS_OUTCOME, &fact->outcome);
        return;
    }
    fact_read_word(f, m, WORDS_ATTRIBUTE, &fact->word);
    fact->flags |= no ? FACT_NO : FACT_YES;
}

static void fact_read_ct(struct fact_reader *f, const struct yaml_node *m)
{
    const char *text = scalar_text(f->r, m);
    double ct;
    if (text != NULL && str_double(str_z(text), &ct) && ct > 0 && ct < 100) {
        f->out->fact.value = (int32_t)(ct * 10 + 0.5);
        return;
    }
    if (text != NULL) scalar_problem(f->r, m, false, SCALAR_NUMBER, text, "0.1 .. 99.9");
    f->good = false;
}

static void fact_read_minutes(struct fact_reader *f, const struct yaml_node *m)
{
    static const struct {
        const char *unit;
        int64_t minutes;
    } units[] = {{"min", 1}, {"h", 60}, {"d", 1440}};
    const char *text = scalar_text(f->r, m);
    if (text == NULL) {
        f->good = false;
        return;
    }
    struct str number = str_z(text);
    int64_t factor = 1;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t n = strlen(units[i].unit);
        if (number.n <= n || strcmp(text + number.n - n, units[i].unit) != 0) continue;
        number = str_trim((struct str){number.p, number.n - n});
        factor = units[i].minutes;
        break;
    }
    int64_t value;
    if (str_int(number, &value) && value >= 0 && value <= 100000) {
        f->out->fact.value = (int32_t)(value * factor);
        return;
    }
    scalar_problem(f->r, m, false, SCALAR_NUMBER, text, "0 .. 100000");
    f->good = false;
}

static void fact_read_still(struct fact_reader *f, const struct yaml_node *m)
{
    static const char *const open[] = {"open"};
    if (scalar_choice(f->r, m, SCALAR_WORD, open, 1) < 0) f->good = false;
    else f->out->fact.flags |= FACT_OPEN;
}

static void fact_read_pooled(struct fact_reader *f, const struct yaml_node *m)
{
    bool pooled;
    if (!scalar_yes(f->r, m, &pooled)) f->good = false;
    else if (pooled) f->out->fact.flags |= FACT_POOLED;
}

static void fact_read_to(struct fact_reader *f, const struct yaml_node *m)
{
    const char *name = scalar_text(f->r, m);
    bool of_contact;
    f->good = f->good && name != NULL;
    if (name == NULL) return;
    if (!example_is_source(f->book, name, &of_contact)) f->out->other = name;
    else if (of_contact) f->out->fact.flags |= FACT_OF_CONTACT;
}

// Of the three knobs the fact carries one; which, is its word.
static void fact_read_days(struct fact_reader *f, const struct yaml_node *m, fact_key key)
{
    f->out->fact.word = key == KEY_MEASURE_DAYS ? FACT_MEASURE_DAYS
                        : key == KEY_CHECK_DAYS ? FACT_CHECK_DAYS
                                                : FACT_SAMPLE_DAYS;
    fact_read_number(f, m, 0, 250, &f->out->fact.value);
}

static void fact_read_until(struct fact_reader *f, const struct yaml_node *m)
{
    utc_sec until;
    bool day_only;
    if (!scalar_instant(f->r, m, &until, &day_only)) f->good = false;
    else f->out->fact.until = until;
}

static void fact_read_key(struct fact_reader *f, const struct yaml_node *m, fact_key key)
{
    struct fact *fact = &f->out->fact;
    switch (key) {
    case KEY_KNOWN: fact_read_time(f, m, &fact->known); break;
    case KEY_RECORDED: fact_read_time(f, m, &fact->recorded); break;
    case KEY_WHO: fact_read_who(f, m, &f->out->who); break;
    case KEY_ID: fact_read_who(f, m, &f->out->id); break;
    case KEY_REPLACES:
    case KEY_OF: fact_read_who(f, m, &f->out->refers); break;
    case KEY_TO: fact_read_to(f, m); break;
    case KEY_CONTACT: fact_read_who(f, m, &f->out->other); break;
    case KEY_AS: fact_read_as(f, m); break;
    case KEY_PARTED:
    case KEY_UNTIL: fact_read_until(f, m); break;
    case KEY_STILL: fact_read_still(f, m); break;
    case KEY_PROTECTION: fact_read_word(f, m, WORDS_PROTECTION, &fact->protection); break;
    case KEY_MINUTES: fact_read_minutes(f, m); break;
    case KEY_SPECIMEN: fact_read_word(f, m, WORDS_SPECIMEN, &fact->word); break;
    case KEY_TEST: fact_read_word(f, m, WORDS_TEST, &fact->test); break;
    case KEY_IS: fact_read_is(f, m, false); break;
    case KEY_NOT: fact_read_is(f, m, true); break;
    case KEY_AGE:
        fact->word = FACT_WORD_AGE;
        fact_read_number(f, m, 0, 150, &fact->value);
        break;
    case KEY_CT: fact_read_ct(f, m); break;
    case KEY_POOLED: fact_read_pooled(f, m); break;
    case KEY_MEASURE: fact_read_name(f, m, SCALAR_MEASURE); break;
    case KEY_TASK: fact_read_name(f, m, SCALAR_TASK); break;
    case KEY_BY: fact_read_signer(f, m, &fact->signer); break;
    case KEY_SECOND: fact_read_signer(f, m, &fact->second); break;
    case KEY_MEASURE_DAYS:
    case KEY_CHECK_DAYS:
    case KEY_SAMPLE_DAYS: fact_read_days(f, m, key); break;
    case KEY_VALUE: fact_read_number(f, m, 0, 1000000, &fact->value); break;
    case KEY_COUNT: break;
    }
}

// ---- the whole fact ----

static bool fact_read_kind(struct fact_reader *f, const struct yaml_node *first)
{
    enum { NAMES = EVENT_WORD_COUNT };
    const char *names[NAMES];
    size_t count = 0;
    int32_t kind = words_find(WORDS_EVENT, first->key);
    if (kind == EVENT_EDITION) {
        scalar_problem(f->r, first, true, SCALAR_EDITION_FACT, NULL, NULL);
        return false;
    }
    if (kind == WORD_UNKNOWN || !fact_is_given((event_word)kind)) {
        for (int32_t i = 0; i < EVENT_WORD_COUNT; i++)
            if (fact_is_given((event_word)i)) names[count++] = words_at(WORDS_EVENT, i)->name;
        scalar_unknown(f->r, first, true, SCALAR_FACT, first->key, names, count);
        return false;
    }
    f->out->fact.kind = (uint8_t)kind;
    return true;
}

static void fact_read_members(struct fact_reader *f, const struct yaml_node *first)
{
    const event_word kind = (event_word)f->out->fact.kind;
    const uint64_t may = fact_says[kind].keys | EVERY_KEY;
    uint64_t said = 0;
    for (const struct yaml_node *m = first->next; m != NULL; m = m->next) {
        const char *allowed[KEY_COUNT];
        size_t count = 0;
        int32_t key = -1;
        for (int32_t k = 0; k < KEY_COUNT; k++) {
            if (str_eq_z(m->key, fact_keys[k])) key = k;
            if (may >> k & 1) allowed[count++] = fact_keys[k];
        }
        if (key < 0) {
            scalar_unknown(f->r, m, true, SCALAR_KEY, m->key, allowed, count);
        } else if (!(may >> key & 1)) {
            scalar_problem(f->r, m, true, SCALAR_KEY_ELSEWHERE, fact_keys[key],
                           words_at(WORDS_EVENT, (int32_t)kind)->name);
        } else {
            said |= UINT64_C(1) << key;
            fact_read_key(f, m, (fact_key)key);
            continue;
        }
        f->good = false;
    }
    for (int32_t k = 0; k < KEY_COUNT; k++) {
        if (!(fact_says[kind].needs >> k & 1) || said >> k & 1) continue;
        scalar_problem(f->r, first, true, SCALAR_SHORT, words_at(WORDS_EVENT, (int32_t)kind)->name, fact_keys[k]);
        f->good = false;
    }
    bool both = (said & K(PARTED)) && (said & K(STILL));
    if (both) scalar_problem(f->r, first, true, SCALAR_CONTRADICTION, fact_keys[KEY_PARTED], fact_keys[KEY_STILL]);
    if (both) f->good = false;
}

// What was not said: a result is known the next morning, anything else as it happens; recorded when it is known.
static void fact_settle_times(struct fact_reader *f)
{
    struct fact *fact = &f->out->fact;
    const struct zone *zone = f->r->zone;
    if (fact->known.s == INT64_MIN) {
        fact->known = fact->happened;
        if (fact->kind == EVENT_RESULT && zone != NULL)
            fact->known = zone_instant(zone, (civil_day){zone_day(zone, fact->happened).d + 1}, RESULT_KNOWN_S);
    }
    if (fact->recorded.s == INT64_MIN) fact->recorded = fact->known;
    if (fact->kind != EVENT_EXPOSED && fact->kind != EVENT_CONTACT_NAMED) return;
    const utc_sec met = fact->happened;
    if (fact->until.s == INT64_MIN && !(fact->flags & FACT_OPEN) && fact->value > 0)
        fact->until.s = met.s + fact->value * 60;
    if (fact->until.s != INT64_MIN && fact->until.s < met.s) fact->until = met;
    if (fact->kind == EVENT_CONTACT_NAMED)
        fact_set_contact(fact, fact->known, met, fact->until, (fact->flags & FACT_OPEN) != 0);
    else if (fact->value == 0 && fact->until.s != INT64_MIN) fact->value = (int32_t)((fact->until.s - met.s) / 60);
}

static void fact_check_times(struct fact_reader *f, const struct yaml_node *first)
{
    const struct fact *fact = &f->out->fact;
    const char *when = yaml_text(first).p;
    bool parted_early = (fact->kind == EVENT_EXPOSED || fact->kind == EVENT_CONTACT_NAMED) &&
                        fact->until.s != INT64_MIN && fact->until.s < fact->happened.s &&
                        !(fact->flags & FACT_DAY_ONLY);
    bool known_early = fact->known.s != INT64_MIN && fact->known.s < fact->happened.s && !(fact->flags & FACT_DAY_ONLY);
    if (!parted_early && !known_early) return;
    scalar_problem(f->r, first, false, SCALAR_BACKWARDS, when, NULL);
    f->good = false;
}

bool example_fact_read(const struct scalar_reader *r, const struct example_book *book, const struct yaml_node *node,
                       struct example_fact *out)
{
    struct example_fact fact = {.fact = {.until = UTC_NONE, .known = UTC_NONE, .recorded = UTC_NONE}};
    struct fact_reader f = {r, book, &fact, true};
    assert(KEY_COUNT <= 64);
    fact.at = scalar_at(node);
    if (!scalar_is_map(r, node)) return false;
    const struct yaml_node *first = node->first;
    if (first == NULL) {
        scalar_problem(r, node, false, SCALAR_NOT_MAPPING, NULL, NULL);
        return false;
    }
    if (!fact_read_kind(&f, first)) return false;
    bool day_only = false;
    if (!scalar_instants(r, first, &fact.fact.happened, &fact.fact.until, &day_only)) f.good = false;
    else if (day_only) fact.fact.flags |= FACT_DAY_ONLY;
    fact_read_members(&f, first);
    if (f.good) fact_check_times(&f, first);
    if (f.good) fact_settle_times(&f);
    *out = fact;
    return f.good;
}
