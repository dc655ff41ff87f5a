#include "protocol/read_context.h"

#include <string.h>

// ---- what a result means ----

static int8_t read_pooled(struct reader *r, const struct yaml_node *n)
{
    return n == NULL ? -1 : read_yes(r, n) ? 1 : 0;
}

static void read_result(struct reader *r, const struct yaml_node *n)
{
    if (!read_is_map(r, n)) return;
    read_keys(r, n, "specimen test outcome ct_below ct_from pooled means");
    struct result_row row = {.origin = read_origin(r, n)};
    row.specimens = (uint32_t)read_words(r, yaml_get(n, "specimen"), WORDS_SPECIMEN);
    row.tests = (uint32_t)read_words(r, yaml_get(n, "test"), WORDS_TEST);
    row.outcomes = (uint32_t)read_words(r, yaml_get(n, "outcome"), WORDS_OUTCOME);
    const struct yaml_node *below = yaml_get(n, "ct_below"), *from = yaml_get(n, "ct_from");
    if (below != NULL) row.ct_below_x10 = read_tenths(r, below);
    if (from != NULL) row.ct_from_x10 = read_tenths(r, from);
    row.pooled = read_pooled(r, yaml_get(n, "pooled"));
    const struct yaml_node *means = read_need(r, n, "means");
    int32_t word = read_word(r, means, WORDS_EVENT);
    if (word != WORD_UNKNOWN && (word < EVENT_NEGATIVE || word > EVENT_CLEAN))
        read_fault(r, means, &read_fault_means_bad, read_z(r, yaml_text(means)), NULL);
    row.means = word == WORD_UNKNOWN ? EVENT_RESULT : (event_word)word;
    struct result_row *slot = read_push(r, n, r->p.results, &r->p.result_count, READ_RESULTS_MAX, sizeof *slot);
    if (slot != NULL) *slot = row;
}

void read_results(struct reader *r)
{
    const struct yaml_node *results = yaml_get(r->root, "results");
    for (const struct yaml_node *n = yaml_each(results); n != NULL; n = yaml_each_next(results, n)) read_result(r, n);
}

// ---- the case ladder ----

static void read_step(struct reader *r, const struct yaml_node *n, event_word step)
{
    if (!read_is_map(r, n)) return;
    read_keys(r, n, step == EVENT_DISCARDED ? "when undoes" : "when");
    struct ladder_step s = {.step = step, .when = CONDITION_TRUE, .origin = read_origin(r, n)};
    s.when = read_condition(r, read_need(r, n, "when"));
    const struct yaml_node *undoes = yaml_get(n, "undoes");
    s.undoes_caused = yaml_text_is(undoes, "caused");
    if (undoes != NULL && !s.undoes_caused)
        read_fault(r, undoes, &read_fault_choice, read_z(r, yaml_text(undoes)), "caused");
    struct ladder_step *slot = read_push(r, n, r->p.ladder, &r->p.ladder_count, READ_LADDER_MAX, sizeof *slot);
    if (slot != NULL) *slot = s;
}

// Kept in the order they are tried: from the highest down, discarded last.
void read_ladder(struct reader *r)
{
    static const event_word order[READ_LADDER_MAX] = {EVENT_CONFIRMED, EVENT_ASYMPTOMATIC, EVENT_PROBABLE,
                                                      EVENT_SUSPECTED, EVENT_DISCARDED};
    const struct yaml_node *ladder = yaml_get(r->root, "case");
    if (ladder == NULL || !read_is_map(r, ladder)) return;
    read_keys(r, ladder, "suspected probable confirmed asymptomatic discarded");
    for (size_t i = 0; i < READ_LADDER_MAX; i++) {
        const struct yaml_node *n = yaml_get(ladder, words_at(WORDS_EVENT, (int32_t)order[i])->name);
        if (n != NULL) read_step(r, n, order[i]);
    }
}

// ---- whom a case may have infected ----

void read_window(struct reader *r)
{
    const struct yaml_node *window = yaml_get(r->root, "window");
    if (window == NULL || !read_is_map(r, window)) return;
    struct window *w = &r->p.window;
    r->p.has_window = true;
    w->origin = read_origin(r, window);
    read_keys(r, window, "opens without_symptoms closes until");
    const struct yaml_node *opens = read_need(r, window, "opens"), *without = yaml_get(window, "without_symptoms");
    const struct yaml_node *closes = yaml_get(window, "closes"), *until = yaml_get(window, "until");
    int16_t days = opens == NULL ? READ_BAD : read_days_before(r, opens, "onset");
    w->opens_days_before_onset = days == READ_BAD ? 0 : days;
    w->opens_days_before_sample = w->opens_days_before_onset;
    days = without == NULL ? READ_BAD : read_days_before(r, without, "sample");
    if (days != READ_BAD) w->opens_days_before_sample = days;
    for (const struct yaml_node *n = yaml_each(closes); n != NULL; n = yaml_each_next(closes, n)) {
        int32_t word = read_word(r, n, WORDS_EVENT);
        if (word == WORD_UNKNOWN) continue;
        if (word > EVENT_RETRACTED || word == EVENT_RESULT)
            read_fault(r, n, &read_fault_closes_bad, read_z(r, yaml_text(n)), NULL);
        else w->closes |= (uint64_t)1 << word;
    }
    days = until == NULL ? READ_BAD : read_days_after_onset(r, until);
    w->closes_days_after_onset = days == READ_BAD ? 0 : days;
}
_Static_assert(EVENT_RETRACTED < 64, "closes has a bit for every fact people record");

static void read_class(struct reader *r, const struct yaml_node *n)
{
    struct contact_class c = {
        .label = LABEL("", ""), .when = CONDITION_TRUE, .of = PROTOCOL_NONE, .pathway = PROTOCOL_NONE};
    if (!read_name_good(r, n) || !read_is_map(r, n)) return;
    read_keys(r, n, "name of kinds when pathway");
    c.name = read_copy(r, n->key);
    c.origin = read_origin(r, n);
    const struct yaml_node *name = read_need(r, n, "name"), *of = read_need(r, n, "of");
    const struct yaml_node *pathway = read_need(r, n, "pathway");
    if (name != NULL) (void)read_label(r, name, &c.label);
    if (of != NULL) c.of = read_pathway_name(r, of);
    if (pathway != NULL) c.pathway = read_pathway_name(r, pathway);
    c.kinds = (uint32_t)read_words(r, yaml_get(n, "kinds"), WORDS_EXPOSURE);
    c.when = read_condition(r, yaml_get(n, "when"));
    struct contact_class *slot = read_push(r, n, r->p.classes, &r->p.class_count, READ_CLASSES_MAX, sizeof *slot);
    if (slot != NULL) *slot = c;
}

void read_contacts(struct reader *r)
{
    const struct yaml_node *contacts = yaml_get(r->root, "contacts");
    if (contacts == NULL || !read_is_map(r, contacts)) return;
    for (const struct yaml_node *n = contacts->first; n != NULL; n = n->next)
        if (!str_eq_z(n->key, "source")) read_class(r, n);
}
