#include "protocol/protocol.h"

#include <assert.h>

// FNV-1a in 32 bits (G. Fowler, L. C. Noll, K.-P. Vo 1991: offset basis and prime). 0 stands for "no name" in a fact.
uint32_t protocol_name_id(struct str name)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < name.n; i++) h = (h ^ (unsigned char)name.p[i]) * 16777619u;
    return h == 0 ? 1 : h;
}

uint8_t protocol_pathway(const struct protocol *p, struct str name)
{
    for (size_t i = 0; i < p->pathway_count; i++)
        if (str_eq_z(name, p->pathways[i].name)) return (uint8_t)i;
    return PROTOCOL_NONE;
}

uint8_t protocol_stage(const struct protocol *p, uint8_t pathway, struct str name)
{
    assert(pathway < p->pathway_count);
    const struct pathway *w = &p->pathways[pathway];
    for (uint8_t i = w->stage_first; i < w->stage_first + w->stage_count; i++)
        if (str_eq_z(name, p->stages[i].name)) return i;
    return PROTOCOL_NONE;
}

uint8_t protocol_measure(const struct protocol *p, struct str name)
{
    for (size_t i = 0; i < p->measure_count; i++)
        if (str_eq_z(name, p->measures[i].name)) return (uint8_t)i;
    return PROTOCOL_NONE;
}

uint8_t protocol_task(const struct protocol *p, struct str name)
{
    for (size_t i = 0; i < p->task_count; i++)
        if (str_eq_z(name, p->tasks[i].name)) return (uint8_t)i;
    return PROTOCOL_NONE;
}

const struct task *protocol_slot_task(const struct protocol *p, uint8_t stage, uint8_t slot)
{
    assert(stage < p->stage_count && slot < PROTOCOL_SLOTS);
    uint8_t task = slot < PROTOCOL_STAGE_SLOTS ? p->stage_task[stage][slot]
                                               : p->pathways[p->stages[stage].pathway].slot_task[slot];
    assert(task < p->task_count);
    return &p->tasks[task];
}

static bool protocol_row_fits(const struct result_row *row, const struct result_asked *a)
{
    if (row->specimens != 0 && (row->specimens >> a->specimen & 1u) == 0) return false;
    if (row->tests != 0 && (row->tests >> a->test & 1u) == 0) return false;
    if (row->outcomes != 0 && (row->outcomes >> a->outcome & 1u) == 0) return false;
    // A row that asks for a Ct fits no result whose Ct is unknown.
    if (row->ct_below_x10 != 0 && (a->ct_x10 == 0 || a->ct_x10 >= row->ct_below_x10)) return false;
    if (row->ct_from_x10 != 0 && a->ct_x10 < row->ct_from_x10) return false;
    return row->pooled < 0 || (row->pooled == 1) == a->pooled;
}

event_word protocol_result(const struct protocol *p, struct result_asked asked, const struct result_row **row)
{
    for (size_t i = 0; i < p->result_count; i++) {
        if (!protocol_row_fits(&p->results[i], &asked)) continue;
        if (row != NULL) *row = &p->results[i];
        return p->results[i].means;
    }
    if (row != NULL) *row = NULL;
    return EVENT_RESULT;
}

bool measure_kind_restricts(measure_kind_word kind)
{
    return kind != MEASURE_KIND_ADVICE && kind != MEASURE_KIND_MONITORING;
}

bool measure_restricts(const struct measure *m)
{
    return !m->voluntary && measure_kind_restricts(m->kind);
}

void protocol_free(struct protocol *p)
{
    if (p == NULL) return;
    arena_free(&p->arena);
    *p = (struct protocol){0};
}
