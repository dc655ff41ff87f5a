#include "protocol/read_context.h"

enum { REVIEW_MOST = 366, OBJECTION_MOST = 60 };

static void read_objection(struct reader *r, const struct yaml_node *n, struct measure *m)
{
    if (n == NULL || !read_is_map(r, n)) return;
    read_keys(r, n, "within to");
    const struct yaml_node *within = read_need(r, n, "within"), *to = read_need(r, n, "to");
    int32_t minutes = read_minutes(r, within, OBJECTION_MOST), role = read_word(r, to, WORDS_ROLE);
    m->objection_minutes = minutes == READ_BAD ? 0 : minutes;
    if (role != WORD_UNKNOWN) m->objection_to = (role_word)role;
}

// All but `milder`, which may name a measure further down.
static void read_measure(struct reader *r, const struct yaml_node *n, struct measure *m)
{
    m->name = read_copy(r, n->key);
    m->origin = read_origin(r, n);
    m->label = m->basis = m->milder_reason = (struct label)LABEL("", "");
    m->milder = m->status = PROTOCOL_NONE;
    m->persons = 1;
    m->order_by = m->objection_to = ROLE_WORD_COUNT;
    if (!read_name_good(r, n) || !read_is_map(r, n)) return;
    read_keys(r, n, "name kind order_by persons basis milder because provide objection review status voluntary");
    const struct yaml_node *name = read_need(r, n, "name"), *kind = read_need(r, n, "kind");
    const struct yaml_node *basis = yaml_get(n, "basis"), *because = yaml_get(n, "because");
    const struct yaml_node *persons = yaml_get(n, "persons"), *status = yaml_get(n, "status");
    if (name != NULL) (void)read_label(r, name, &m->label);
    int32_t word = read_word(r, kind, WORDS_MEASURE_KIND);
    if (word != WORD_UNKNOWN) m->kind = (measure_kind_word)word;
    word = read_word(r, yaml_get(n, "order_by"), WORDS_ROLE);
    if (word != WORD_UNKNOWN) m->order_by = (role_word)word;
    int32_t count = persons == NULL ? 1 : read_signatures(r, persons);
    if (count != READ_BAD) m->persons = (uint8_t)count;
    if (basis != NULL) (void)read_label_or_text(r, basis, &m->basis);
    if (because != NULL) (void)read_label(r, because, &m->milder_reason);
    m->provide = (uint32_t)read_words(r, yaml_get(n, "provide"), WORDS_PROVISION);
    read_objection(r, yaml_get(n, "objection"), m);
    int16_t days = read_days(r, yaml_get(n, "review"), 1, REVIEW_MOST);
    m->review_days = days == READ_BAD ? 0 : days;
    if (status != NULL) m->status = read_status_name(r, status);
    m->voluntary = read_yes(r, yaml_get(n, "voluntary"));
}

// Strictly stricter than everything on the chain of `milder` below it. A chain longer than there are measures goes round.
static void read_order(struct reader *r, size_t i, const struct yaml_node *node)
{
    struct measure *m = &r->p.measures[i];
    size_t steps = 0;
    for (uint8_t below = m->milder; below != PROTOCOL_NONE; below = r->p.measures[below].milder) {
        if (below == i || ++steps > r->p.measure_count) {
            if (below == i) read_fault(r, node, &read_fault_milder_cycle, m->name, NULL);
            return;
        }
        m->stricter_than |= (uint64_t)1 << below;
    }
}

void read_measures(struct reader *r)
{
    const struct yaml_node *measures = yaml_get(r->root, "measures");
    if (measures == NULL || !read_is_map(r, measures)) return;
    for (const struct yaml_node *n = measures->first; n != NULL; n = n->next) {
        if (str_eq_z(n->key, "source")) continue;
        if (str_eq_z(n->key, "none")) {
            read_fault_key(r, n, &read_fault_name_reserved, n->key.p, NULL);
            continue;
        }
        uint32_t id = 0;
        read_name_id(r, n, &id);
        struct measure *m = read_push(r, n, r->p.measures, &r->p.measure_count, PROTOCOL_MEASURES_MAX, sizeof *m);
        if (m == NULL) return;
        read_measure(r, n, m);
        m->name_id = id;
    }
    size_t i = 0;
    for (const struct yaml_node *n = measures->first; n != NULL; n = n->next) {
        if (str_eq_z(n->key, "source") || str_eq_z(n->key, "none")) continue;
        const struct yaml_node *milder = yaml_get(n, "milder");
        if (milder != NULL && !yaml_text_is(milder, "none")) r->p.measures[i].milder = read_measure_name(r, milder);
        i++;
    }
    i = 0;
    for (const struct yaml_node *n = measures->first; n != NULL; n = n->next)
        if (!str_eq_z(n->key, "source") && !str_eq_z(n->key, "none")) read_order(r, i++, n);
}
