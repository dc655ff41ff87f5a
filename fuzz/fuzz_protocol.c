// Any bytes as a protocol file, and what must hold of the tables of one that was read; then the checker on it.
//
// A line of five equal signs parts the file from a second one, base.yaml, which it may extend.
#include "base/problem.h"
#include "fuzz.h"
#include "protocol/check.h"
#include "protocol/read.h"

#include <assert.h>
#include <string.h>

struct fuzz_files {
    struct str first, second;
};

static tong_code fuzz_open(void *payload, const char *path, struct arena *arena, struct str *out, struct err *err)
{
    const struct fuzz_files *files = payload;
    (void)arena;
    if (strcmp(path, "any.yaml") != 0 && strcmp(path, "base.yaml") != 0)
        return tong_fail(err, TONG_E_NOT_FOUND, "none");
    *out = strcmp(path, "any.yaml") == 0 ? files->first : files->second;
    return TONG_OK;
}

static void fuzz_part(struct str all, struct fuzz_files *out)
{
    static const char line[] = "\n=====\n";
    *out = (struct fuzz_files){all, {"", 0}};
    for (size_t i = 0; i + sizeof line - 1 <= all.n; i++) {
        if (memcmp(all.p + i, line, sizeof line - 1) != 0) continue;
        out->first.n = i + 1;
        out->second = (struct str){all.p + i + sizeof line - 1, all.n - i - (sizeof line - 1)};
        return;
    }
}

// ---- what holds of every protocol that was read ----

static void fuzz_condition_good(const struct protocol *p, condition_ref ref)
{
    assert(ref == CONDITION_TRUE || ref < p->condition_count);
}

static void fuzz_conditions_good(const struct protocol *p)
{
    for (size_t i = 0; i < p->condition_count; i++) {
        const struct condition *c = &p->conditions[i];
        assert(c->op < CONDITION_OP_COUNT);
        bool joint = c->op == CONDITION_ALL || c->op == CONDITION_ANY || c->op == CONDITION_NOT;
        assert(joint || c->count == 0);
        assert(c->op != CONDITION_NOT || c->count == 1);
        assert(c->count == 0 || (c->first > i && (size_t)c->first + c->count <= p->condition_count));
    }
}

static void fuzz_actions_good(const struct protocol *p, uint8_t pathway, size_t first, size_t count)
{
    assert(first + count <= p->action_count);
    for (size_t i = first; i < first + count; i++) {
        const struct action *a = &p->actions[i];
        switch ((action_kind)a->kind) {
        case ACTION_GO: assert(a->a < p->stage_count && p->stages[a->a].pathway == pathway); break;
        case ACTION_END: assert(a->a > FINAL_NONE && a->a < FINAL_WORD_COUNT); break;
        case ACTION_TASK:
            assert(a->a >= PROTOCOL_STAGE_SLOTS && a->a < p->pathways[pathway].slot_count);
            assert(p->pathways[pathway].slot_task[a->a] < p->task_count);
            break;
        case ACTION_MEASURE: assert(a->a < p->measure_count); break;
        case ACTION_TELL: assert(a->a < ROLE_WORD_COUNT); break;
        case ACTION_ENROL: assert(a->a < p->pathway_count); break;
        case ACTION_ZONE: assert(a->a < p->pathway_count && a->b < PLACE_WORD_COUNT); break;
        case ACTION_ENROL_ROLE: assert(a->a < p->pathway_count && a->b < ROLE_WORD_COUNT); break;
        case ACTION_UNDO:
        case ACTION_RESTART: break;
        case ACTION_KIND_COUNT: assert(false); break;
        }
    }
}

static void fuzz_stage_good(const struct protocol *p, uint8_t index)
{
    const struct stage *s = &p->stages[index];
    assert(s->measure == PROTOCOL_NONE || s->measure < p->measure_count);
    assert(s->next == PROTOCOL_NONE || p->stages[s->next].pathway == s->pathway);
    assert((size_t)s->except_first + s->except_count <= p->exception_count);
    assert((size_t)s->branch_first + s->branch_count <= p->branch_count);
    fuzz_actions_good(p, s->pathway, s->entry_first, s->entry_count);
    assert((size_t)s->schedule_first + s->schedule_days + 2 <= p->schedule_at_count);
    const uint16_t *at = p->schedule_at + s->schedule_first;
    for (int32_t day = 0; day <= s->schedule_days; day++) {
        assert(at[day] <= at[day + 1] && at[day + 1] <= p->schedule_count);
        for (uint16_t i = at[day]; i < at[day + 1]; i++) assert(protocol_slot_task(p, index, p->schedule[i])->daily);
    }
    for (int32_t event = 0; event < EVENT_WORD_COUNT; event++) {
        uint16_t list = p->reaction[index][event];
        for (size_t i = list; list != 0 && p->reactions[i] != RULE_LIST_END; i++) {
            assert(i + 1 < p->reaction_count);
            const struct rule *r = &p->rules[p->reactions[i]];
            assert((int32_t)r->event == event && r->pathway == s->pathway);
            assert(r->stage == PROTOCOL_NONE || r->stage == index);
        }
    }
}

static void fuzz_protocol_good(const struct protocol *p)
{
    fuzz_conditions_good(p);
    for (size_t i = 0; i < p->pathway_count; i++) {
        const struct pathway *w = &p->pathways[i];
        assert((size_t)w->stage_first + w->stage_count <= p->stage_count && w->stage_count > 0);
        assert((size_t)w->start_first + w->start_count <= p->branch_count);
        fuzz_condition_good(p, w->release);
    }
    for (size_t i = 0; i < p->stage_count; i++) fuzz_stage_good(p, (uint8_t)i);
    for (size_t i = 0; i < p->rule_count; i++) {
        fuzz_condition_good(p, p->rules[i].when);
        fuzz_actions_good(p, p->rules[i].pathway, p->rules[i].action_first, p->rules[i].action_count);
    }
    for (size_t i = 0; i < p->branch_count; i++) fuzz_condition_good(p, p->branches[i].when);
    for (size_t i = 0; i < p->exception_count; i++) fuzz_condition_good(p, p->exceptions[i].when);
    for (size_t i = 0; i < p->class_count; i++)
        assert(p->classes[i].of < p->pathway_count && p->classes[i].pathway < p->pathway_count);
    for (size_t i = 0; i < p->measure_count; i++) assert((p->measures[i].stricter_than >> i & 1) == 0);
    for (size_t i = 0; i < p->figure_count; i++) assert(p->figures[i].sources != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_files files;
    fuzz_part((struct str){(const char *)data, size}, &files);
    struct protocol_source source = {fuzz_open, &files};
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    struct protocol p;
    struct err err;
    tong_code code = protocol_read("any.yaml", &source, &p, &problems, &err);
    assert(code == TONG_OK || code == TONG_E_INVALID || code == TONG_E_NOMEM);
    assert((code == TONG_E_INVALID) == (problems.errors > 0) || code == TONG_E_NOMEM);
    if (code == TONG_OK) {
        fuzz_protocol_good(&p);
        (void)protocol_check(&p, &problems);
        const struct protocol *twice[] = {&p, &p};
        (void)protocol_check_together(twice, 2, &problems);
        protocol_free(&p);
    }
    for (size_t i = 0; i < problems.count; i++)
        for (int l = 0; l < LANG_COUNT; l++) assert(problem_text(&problems.items[i], (lang)l, &arena) != NULL);
    arena_free(&arena);
    return 0;
}
