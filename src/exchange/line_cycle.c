#include "exchange/line_cycle.h"
#include "exchange/line_message.h"

#include <assert.h>

struct cycle_search {
    const struct linelist *list;
    int32_t *first; // links out of case i are order[first[i]] .. order[first[i + 1] - 1]
    int32_t *order;
    int32_t *number;      // order of discovery, from 1; 0 not yet seen
    int32_t *low;         // the earliest case reachable through the subtree and one link back
    int32_t *next;        // which link of a case is looked at next
    int32_t *component;   // of each case, -1 while open
    int32_t *head, *same; // members of a component: head[component], then same[case], -1 at the end
    int32_t *stack, *path;
    int32_t stack_count, path_count, numbered, components;
};

static bool cycle_between_cases(const struct line_link *l)
{
    return l->from_end == LINE_END_CASE && l->to_end == LINE_END_CASE;
}

static bool cycle_prepare(struct cycle_search *c, struct arena *scratch)
{
    size_t cases = c->list->case_count, links = c->list->link_count;
    int32_t **arrays[] = {&c->first, &c->number, &c->low,   &c->next, &c->component,
                          &c->head,  &c->same,   &c->stack, &c->path};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i] = arena_array(scratch, cases + 2, sizeof **arrays[i]);
        if (*arrays[i] == NULL) return false;
    }
    c->order = arena_array(scratch, links + 1, sizeof *c->order);
    if (c->order == NULL) return false;
    for (size_t i = 0; i < links; i++)
        if (cycle_between_cases(&c->list->links[i])) c->first[c->list->links[i].from_index + 1]++;
    for (size_t i = 0; i < cases; i++) c->first[i + 1] += c->first[i];
    for (size_t i = 0; i < cases; i++) c->next[i] = c->first[i];
    for (size_t i = 0; i < links; i++)
        if (cycle_between_cases(&c->list->links[i])) c->order[c->next[c->list->links[i].from_index]++] = (int32_t)i;
    for (size_t i = 0; i < cases; i++) {
        c->next[i] = c->first[i];
        c->component[i] = -1;
    }
    return true;
}

static void cycle_open(struct cycle_search *c, int32_t at)
{
    c->number[at] = c->low[at] = ++c->numbered;
    c->stack[c->stack_count++] = at;
    c->path[c->path_count++] = at;
}

static void cycle_walk(struct cycle_search *c, int32_t start)
{
    cycle_open(c, start);
    while (c->path_count > 0) {
        int32_t at = c->path[c->path_count - 1];
        if (c->next[at] < c->first[at + 1]) {
            int32_t to = c->list->links[c->order[c->next[at]++]].to_index;
            if (c->number[to] == 0) cycle_open(c, to);
            else if (c->component[to] < 0 && c->number[to] < c->low[at]) c->low[at] = c->number[to];
            continue;
        }
        c->path_count--;
        if (c->path_count > 0) {
            int32_t parent = c->path[c->path_count - 1];
            if (c->low[at] < c->low[parent]) c->low[parent] = c->low[at];
        }
        if (c->low[at] != c->number[at]) continue;
        int32_t member = 0;
        do {
            assert(c->stack_count > 0);
            member = c->stack[--c->stack_count];
            c->component[member] = c->components;
        } while (member != at);
        c->components++;
    }
}

// The first members of a circle, in the order of the list.
static const char *cycle_names(const struct cycle_search *c, int32_t which, struct arena *arena)
{
    enum { SHOWN = 6 };
    const char *all = "";
    int32_t n = 0;
    for (int32_t i = c->head[which]; i >= 0 && n <= SHOWN && all != NULL; i = c->same[i], n++)
        all = n == SHOWN ? arena_printf(arena, "%s ...", all)
                         : arena_printf(arena, "%s%s%.*s", all, n == 0 ? "" : ", ", STR_ARG(c->list->cases[i].id));
    return all == NULL ? "" : all;
}

tong_code line_cycle_find(struct linelist *list, const char *const file[LINE_TABLE_COUNT],
                          struct problem_list *problems, struct err *err)
{
    struct arena scratch = {0};
    struct cycle_search c = {.list = list};
    tong_code code = TONG_OK;
    if (!cycle_prepare(&c, &scratch)) {
        code = tong_fail(err, TONG_E_NOMEM, "no memory to look for circles");
        goto out;
    }
    for (size_t i = 0; i < list->case_count; i++)
        if (c.number[i] == 0) cycle_walk(&c, (int32_t)i);
    for (int32_t i = 0; i < c.components; i++) c.head[i] = -1;
    for (int32_t i = (int32_t)list->case_count - 1; i >= 0; i--) {
        c.same[i] = c.head[c.component[i]];
        c.head[c.component[i]] = i;
    }
    bool *told = arena_array(&scratch, (size_t)c.components + 1, sizeof *told);
    if (told == NULL) {
        code = tong_fail(err, TONG_E_NOMEM, "no memory to look for circles");
        goto out;
    }
    for (size_t i = 0; i < list->link_count; i++) {
        struct line_link *l = &list->links[i];
        // Links from a case to itself were left out before, so a component with a link inside has at least two cases.
        if (!cycle_between_cases(l) || c.component[l->from_index] != c.component[l->to_index]) continue;
        l->in_cycle = true;
        list->links_in_cycle++;
        int32_t which = c.component[l->from_index];
        if (told[which]) continue;
        told[which] = true;
        problem_add(problems, (struct problem_at){file[l->table], l->line, 0, NULL}, &line_message[LINE_F_LINK_CYCLE],
                    cycle_names(&c, which, problems->arena), NULL, NULL, NULL);
    }
out:
    arena_free(&scratch);
    return code;
}
