#include "cli/replay_kinds.h"

#include <assert.h>
#include <string.h>

static size_t kinds_find(const struct replay_kind *kinds, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && strcmp(kinds[i].name, name) != 0) i++;
    return i;
}

// Scheduled tasks go by their verb, all others by their own name.
static struct replay_kind kinds_of_task(const struct task *t)
{
    const struct word *verb = words_at(WORDS_VERB, (int32_t)t->verb);
    return (struct replay_kind){
        .name = t->daily ? verb->name : t->name,
        .label = t->daily ? verb->label : t->label,
        .role = t->by,
        .verb = t->verb,
    };
}

static struct replay_kind kinds_of_measure(const struct measure *m)
{
    return (struct replay_kind){
        .name = m->name,
        .label = m->label,
        .role = m->order_by,
        .verb = VERB_WORD_COUNT,
        .restricts = measure_restricts(m),
    };
}

tong_code replay_kinds_build(const struct rulebook *book, struct arena *arena, struct replay_kinds *out,
                             struct err *err)
{
    size_t tasks = 0, measures = 0;
    for (size_t e = 0; e < book->count; e++) {
        tasks += book->editions[e]->task_count;
        measures += book->editions[e]->measure_count;
    }
    *out = (struct replay_kinds){
        .tasks = arena_array(arena, tasks, sizeof *out->tasks),
        .measures = arena_array(arena, measures, sizeof *out->measures),
        .task = arena_array(arena, book->count, sizeof *out->task),
        .measure = arena_array(arena, book->count, sizeof *out->measure),
    };
    if (out->tasks == NULL || out->measures == NULL || out->task == NULL || out->measure == NULL)
        return tong_fail(err, TONG_E_NOMEM, "the kinds of tasks");
    for (size_t e = 0; e < book->count; e++) {
        const struct protocol *p = book->editions[e];
        for (size_t t = 0; t < p->task_count; t++) {
            struct replay_kind kind = kinds_of_task(&p->tasks[t]);
            size_t at = kinds_find(out->tasks, out->task_count, kind.name);
            if (at == out->task_count) out->task_count++;
            out->tasks[at] = kind;
            out->task[e][t] = (uint16_t)at;
        }
        for (size_t m = 0; m < p->measure_count; m++) {
            struct replay_kind kind = kinds_of_measure(&p->measures[m]);
            size_t at = kinds_find(out->measures, out->measure_count, kind.name);
            if (at == out->measure_count) out->measure_count++;
            out->measures[at] = kind;
            out->measure[e][m] = (uint16_t)at;
        }
    }
    assert(out->task_count <= tasks && out->measure_count <= measures);
    return TONG_OK;
}
