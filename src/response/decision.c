#include "response/decision.h"

#include <assert.h>

#define DECISION_ROW(id, name, en, zh) {(name), LABEL((en), (zh))},

bool decision_is_news(const struct protocol *p, const struct decision *d)
{
    return d->kind == DECISION_TOLD && d->why == WHY_RULE && p->rules[d->rule].event == EVENT_NEW_CASE;
}

const struct word *decision_word(decision_kind kind)
{
    static const struct word words[] = {DECISION_WORDS(DECISION_ROW)};
    assert((int)kind >= 0 && kind < DECISION_KIND_COUNT);
    return &words[kind];
}

const struct word *how_label(how_word how)
{
    static const struct word words[] = {HOW_WORDS(DECISION_ROW)};
    assert((int)how >= 0 && how < HOW_WORD_COUNT);
    return &words[how];
}

const struct word *why_label(why_word why)
{
    static const struct word words[] = {WHY_WORDS(DECISION_ROW)};
    assert((int)why >= 0 && why < WHY_WORD_COUNT);
    return &words[why];
}

struct origin decision_origin(const struct protocol *p, const struct decision *d)
{
    const struct origin none = {"", "", 0, 0};
    size_t i = d->rule;
    switch ((why_word)d->why) {
    case WHY_RULE: return i < p->rule_count ? p->rules[i].origin : none;
    case WHY_SCHEDULE:
    case WHY_STAGE:
    case WHY_STAGE_END: return i < p->stage_count ? p->stages[i].origin : none;
    case WHY_RELEASE:
    case WHY_EXTENSION:
    case WHY_AT_MOST:
    case WHY_LATE: return i < p->pathway_count ? p->pathways[i].origin : none;
    case WHY_EXCEPTION: return i < p->exception_count ? p->exceptions[i].origin : none;
    case WHY_ORDER:
    case WHY_REVIEW: return i < p->measure_count ? p->measures[i].origin : none;
    case WHY_TASK:
    case WHY_DEADLINE: return i < p->task_count ? p->tasks[i].origin : none;
    case WHY_LADDER: return i < p->ladder_count ? p->ladder[i].origin : none;
    case WHY_CONTACT_CLASS: return i < p->class_count ? p->classes[i].origin : none;
    case WHY_WINDOW: return p->window.origin;
    case WHY_CHANGE:
    case WHY_CORRECTION:
    case WHY_OVERRIDE:
    case WHY_EVERYWHERE:
    case WHY_ANYTHING_ELSE:
    case WHY_WORD_COUNT: break;
    }
    return none;
}

char *decision_why(const struct protocol *p, const struct decision *d, lang language, struct arena *arena)
{
    const struct origin o = decision_origin(p, d);
    const char *why = why_label((why_word)d->why)->label.text[language];
    const char *path = o.path == NULL ? "" : o.path;
    const char *id = p->id == NULL ? p->edition : p->id;
    if (path[0] == 0) return arena_printf(arena, "%s (%s)", why, id);
    return arena_printf(arena, "%s (%s: %s)", why, id, path);
}
