#include "protocol/read_context.h"

enum { WITHIN_MOST = 366, POOL_MOST = 100, KILOMETRES_MOST = 20000 };

static void read_set(struct reader *r, const struct yaml_node *set, struct task *t)
{
    for (const struct yaml_node *n = yaml_each(set); n != NULL; n = yaml_each_next(set, n)) {
        int32_t word = read_word(r, n, WORDS_SPECIMEN);
        if (word == WORD_UNKNOWN) continue;
        if (t->set_count >= PROTOCOL_SET_MAX) {
            read_fault(r, n, &read_fault_too_many, "8", NULL);
            return;
        }
        t->set[t->set_count++] = (uint8_t)word;
        t->specimens |= (uint32_t)1 << word;
    }
}

static void read_never(struct reader *r, const struct yaml_node *never, struct task *t)
{
    if (never == NULL || !read_is_map(r, never)) return;
    read_keys(r, never, "between over_km");
    const struct yaml_node *between = yaml_get(never, "between"), *km = yaml_get(never, "over_km");
    if (between != NULL) (void)read_clock_span(r, between, &t->never_from, &t->never_until);
    int32_t most = read_count(r, km, 1, KILOMETRES_MOST);
    if (most != READ_BAD) t->never_over_km = (int16_t)most;
}

static void read_missed(struct reader *r, const struct yaml_node *missed, struct task *t)
{
    if (missed == NULL || !read_is_map(r, missed)) return;
    read_keys(r, missed, "tell");
    int32_t role = read_word(r, read_need(r, missed, "tell"), WORDS_ROLE);
    if (role == WORD_UNKNOWN) return;
    t->has_missed = true;
    t->missed_tell = (role_word)role;
}

static void read_task(struct reader *r, const struct yaml_node *n, struct task *t)
{
    t->name = read_copy(r, n->key);
    t->origin = read_origin(r, n);
    t->label = t->accept = t->record = (struct label)LABEL("", "");
    t->never_from = t->never_until = -1;
    t->pool = 1;
    if (!read_name_good(r, n) || !read_is_map(r, n)) return;
    read_keys(r, n, "name do by within missed yields accept record set specimen pool never guardian");
    const struct yaml_node *name = read_need(r, n, "name"), *verb = read_need(r, n, "do"), *by = read_need(r, n, "by");
    const struct yaml_node *accept = yaml_get(n, "accept"), *record = yaml_get(n, "record");
    const struct yaml_node *guardian = yaml_get(n, "guardian");
    if (name != NULL) (void)read_label(r, name, &t->label);
    int32_t word = read_word(r, verb, WORDS_VERB);
    if (word != WORD_UNKNOWN) t->verb = (verb_word)word;
    word = read_word(r, by, WORDS_ROLE);
    if (word != WORD_UNKNOWN) t->by = (role_word)word;
    int32_t within = read_minutes(r, yaml_get(n, "within"), WITHIN_MOST);
    t->within_minutes = within == READ_BAD ? 0 : within;
    read_missed(r, yaml_get(n, "missed"), t);
    t->yields = read_yes(r, yaml_get(n, "yields"));
    if (accept != NULL) (void)read_label(r, accept, &t->accept);
    if (record != NULL) (void)read_record(r, record, &t->record);
    read_set(r, yaml_get(n, "set"), t);
    t->specimens |= (uint32_t)read_words(r, yaml_get(n, "specimen"), WORDS_SPECIMEN);
    int32_t pool = read_count(r, yaml_get(n, "pool"), 1, POOL_MOST);
    if (pool != READ_BAD) t->pool = (uint8_t)pool;
    read_never(r, yaml_get(n, "never"), t);
    t->guardian_first = yaml_text_is(guardian, "first");
    if (guardian != NULL && !t->guardian_first)
        read_fault(r, guardian, &read_fault_choice, read_z(r, yaml_text(guardian)), "first");
}

void read_tasks(struct reader *r)
{
    const struct yaml_node *tasks = yaml_get(r->root, "tasks");
    if (tasks == NULL || !read_is_map(r, tasks)) return;
    for (const struct yaml_node *n = tasks->first; n != NULL; n = n->next) {
        if (str_eq_z(n->key, "source")) continue;
        // These are the names of what stages schedule themselves.
        if (str_eq_z(n->key, "sample") || str_eq_z(n->key, "check") || str_eq_z(n->key, "round")) {
            read_fault_key(r, n, &read_fault_name_reserved, n->key.p, NULL);
            continue;
        }
        uint32_t id = 0;
        read_name_id(r, n, &id);
        struct task *t = read_push(r, n, r->p.tasks, &r->p.task_count, PROTOCOL_TASKS_MAX, sizeof *t);
        if (t == NULL) break;
        read_task(r, n, t);
        t->name_id = id;
    }
    r->named_tasks = r->p.task_count;
}
