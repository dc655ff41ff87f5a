#include "store/roll_inner.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

int32_t roll_number_find(const struct roll *r, roll_names kind, struct str name)
{
    const struct roll_number_list *l = &r->numbers[kind];
    for (size_t i = 0; i < l->count; i++)
        if (str_eq_z(name, l->name[i])) return (int32_t)i;
    return ROLL_NONE;
}

// The number of a name, a new one when it has none yet. Editions are only ever added at the end, so the same editions give
// the same numbers.
static int32_t number_of(struct roll *r, roll_names kind, const char *name, uint8_t mark)
{
    struct roll_number_list *l = &r->numbers[kind];
    int32_t found = roll_number_find(r, kind, str_z(name));
    if (found == ROLL_NONE) {
        size_t most = kind == ROLL_STAGE || kind == ROLL_TASK ? UINT16_MAX : UINT8_MAX;
        if (l->count >= most || !roll_grow(r, (void **)&l->name, l->count, &l->cap_name, sizeof *l->name) ||
            !roll_grow(r, (void **)&l->mark, l->count, &l->cap_mark, sizeof *l->mark))
            return ROLL_NONE;
        (void)snprintf(l->name[l->count], sizeof *l->name, "%s", name);
        l->mark[l->count] = 0;
        found = (int32_t)l->count++;
    }
    if (kind != ROLL_STATUS) l->mark[found] |= mark;
    else if (mark > l->mark[found]) l->mark[found] = mark;
    return found;
}

static uint8_t pathway_mark(const struct protocol *p, uint8_t pathway)
{
    const struct pathway *w = &p->pathways[pathway];
    uint8_t mark = w->ladder ? ROLL_IS_CASE : 0;
    if (w->of == SUBJECT_PLACE) mark |= ROLL_IS_PLACE;
    if (w->of == SUBJECT_GROUP) mark |= ROLL_IS_GROUP;
    for (size_t i = 0; i < p->class_count; i++)
        if (p->classes[i].pathway == pathway) mark |= ROLL_IS_CONTACT;
    return mark;
}

static bool edition_number(struct roll *r, const struct protocol *p, struct roll_edition *e)
{
    bool good = true;
    for (size_t i = 0; i < p->pathway_count; i++) {
        int32_t n = number_of(r, ROLL_PATHWAY, p->pathways[i].name, pathway_mark(p, (uint8_t)i));
        good = good && n != ROLL_NONE;
        e->pathway[i] = (uint8_t)n;
    }
    for (size_t i = 0; i < p->stage_count; i++) {
        char name[ROLL_NUMBER_TEXT];
        (void)snprintf(name, sizeof name, "%s.%s", p->pathways[p->stages[i].pathway].name, p->stages[i].name);
        int32_t n = number_of(r, ROLL_STAGE, name, 0);
        good = good && n != ROLL_NONE;
        e->stage[i] = (uint16_t)n;
    }
    for (size_t i = 0; i < p->measure_count; i++) {
        int32_t n = number_of(r, ROLL_MEASURE, p->measures[i].name, 0);
        good = good && n != ROLL_NONE;
        e->measure[i] = (uint8_t)n;
    }
    for (size_t i = 0; i < p->task_count; i++) {
        int32_t n = number_of(r, ROLL_TASK, p->tasks[i].name, 0);
        good = good && n != ROLL_NONE;
        e->task[i] = (uint16_t)n;
    }
    for (size_t i = 0; i < p->status_count; i++) {
        int32_t n = number_of(r, ROLL_STATUS, p->statuses[i].name, (uint8_t)(i + 1));
        good = good && n != ROLL_NONE;
        e->status[i] = (uint8_t)n;
    }
    e->pathways = (uint8_t)p->pathway_count;
    e->stages = (uint8_t)p->stage_count;
    e->measures = (uint8_t)p->measure_count;
    e->tasks = (uint8_t)p->task_count;
    e->statuses = (uint8_t)p->status_count;
    return good;
}

bool roll_book_put(struct roll *r, const struct rulebook *book)
{
    while (r->edition_count < book->count) {
        if (!roll_grow(r, (void **)&r->editions, r->edition_count, &r->edition_cap, sizeof *r->editions)) return false;
        struct roll_edition *e = &r->editions[r->edition_count];
        memset(e, 0, sizeof *e);
        if (!edition_number(r, book->editions[r->edition_count], e)) return false;
        r->edition_count++;
    }
    r->version++;
    return true;
}

int32_t roll_number(const struct roll *r, roll_names kind, uint8_t edition, uint8_t index)
{
    if (edition >= r->edition_count) return ROLL_NONE;
    const struct roll_edition *e = &r->editions[edition];
    switch (kind) {
    case ROLL_PATHWAY: return index < e->pathways ? e->pathway[index] : ROLL_NONE;
    case ROLL_STAGE: return index < e->stages ? e->stage[index] : ROLL_NONE;
    case ROLL_MEASURE: return index < e->measures ? e->measure[index] : ROLL_NONE;
    case ROLL_TASK: return index < e->tasks ? e->task[index] : ROLL_NONE;
    case ROLL_STATUS: return index < e->statuses ? e->status[index] : ROLL_NONE;
    case ROLL_NAMES_COUNT: break;
    }
    return ROLL_NONE;
}

size_t roll_number_count(const struct roll *r, roll_names kind)
{
    return r->numbers[kind].count;
}

struct str roll_number_name(const struct roll *r, roll_names kind, int32_t number)
{
    const struct roll_number_list *l = &r->numbers[kind];
    return number >= 0 && (size_t)number < l->count ? str_z(l->name[number]) : STR("");
}

uint8_t roll_pathway_is(const struct roll *r, int32_t pathway)
{
    const struct roll_number_list *l = &r->numbers[ROLL_PATHWAY];
    return pathway >= 0 && (size_t)pathway < l->count ? l->mark[pathway] : 0;
}

void roll_book_close(struct roll *r)
{
    grow_free(r->editions);
    for (size_t i = 0; i < ROLL_NAMES_COUNT; i++) {
        grow_free(r->numbers[i].name);
        grow_free(r->numbers[i].mark);
    }
}
