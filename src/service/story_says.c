#include "service/story_says.h"

#include "service/service.h"
#include "service/show.h"

// What a decision is about, as the protocol calls it; NULL: nothing of its own.
static const struct label *story_object(const struct protocol *p, const struct decision *d)
{
    size_t i = d->what;
    switch ((decision_kind)d->kind) {
    case DECISION_TASK_OPENED:
    case DECISION_TASK_CLOSED:
    case DECISION_TASK_OVERDUE:
    case DECISION_TASK_ESCALATED: {
        const struct task *t = d->pathway < p->pathway_count && d->stage < p->stage_count && d->slot < PROTOCOL_SLOTS &&
                                       d->kind == DECISION_TASK_ESCALATED
                                   ? protocol_slot_task(p, d->stage, d->slot) // there `what` is the role
                               : i < p->task_count ? &p->tasks[i]
                                                   : NULL;
        return t == NULL ? NULL : &t->label;
    }
    case DECISION_MEASURE_PROPOSED:
    case DECISION_MEASURE_ORDERED:
    case DECISION_MEASURE_STARTED:
    case DECISION_MEASURE_ENDED: return i < p->measure_count ? &p->measures[i].label : NULL;
    case DECISION_STAGE_ENTERED: return i < p->stage_count ? &p->stages[i].label : NULL;
    case DECISION_ENROLLED: return i < p->pathway_count ? &p->pathways[i].label : NULL;
    case DECISION_TOLD: return i < ROLE_WORD_COUNT ? &words_at(WORDS_ROLE, (int32_t)i)->label : NULL;
    case DECISION_STATUS: return i < p->status_count ? &p->statuses[i].label : NULL;
    case DECISION_CLASSIFIED: return i < EVENT_WORD_COUNT ? &words_at(WORDS_EVENT, (int32_t)i)->label : NULL;
    case DECISION_ENDED: return i < FINAL_WORD_COUNT ? &words_at(WORDS_FINAL, (int32_t)i)->label : NULL;
    case DECISION_WITHDRAWN:
    case DECISION_KIND_COUNT: break;
    }
    return NULL;
}

// Whom it concerns beside the subject: who does a task, who signs a measure, who is told of a delay.
static int32_t story_role(const struct protocol *p, const struct decision *d)
{
    switch ((decision_kind)d->kind) {
    case DECISION_TASK_OPENED: return d->role;
    case DECISION_TASK_ESCALATED: return d->what;
    case DECISION_ENROLLED: return d->role == ROLE_PERSON ? -1 : d->role;
    case DECISION_MEASURE_PROPOSED:
        return d->what < p->measure_count && p->measures[d->what].order_by < ROLE_WORD_COUNT
                   ? (int32_t)p->measures[d->what].order_by
                   : -1;
    case DECISION_TASK_CLOSED:
    case DECISION_TASK_OVERDUE:
    case DECISION_MEASURE_ORDERED:
    case DECISION_MEASURE_STARTED:
    case DECISION_MEASURE_ENDED:
    case DECISION_STAGE_ENTERED:
    case DECISION_WITHDRAWN:
    case DECISION_TOLD:
    case DECISION_STATUS:
    case DECISION_CLASSIFIED:
    case DECISION_ENDED:
    case DECISION_KIND_COUNT: break;
    }
    return -1;
}

// What a reason is about, as the protocol calls it; NULL: the word says it all.
static const struct label *story_because(const struct protocol *p, const struct decision *d)
{
    size_t i = d->rule;
    switch ((why_word)d->why) {
    case WHY_RULE: return i < p->rule_count ? &words_at(WORDS_EVENT, (int32_t)p->rules[i].event)->label : NULL;
    case WHY_SCHEDULE:
    case WHY_STAGE:
    case WHY_STAGE_END: return i < p->stage_count ? &p->stages[i].label : NULL;
    case WHY_RELEASE:
    case WHY_EXTENSION:
    case WHY_AT_MOST:
    case WHY_LATE: return i < p->pathway_count ? &p->pathways[i].label : NULL;
    case WHY_ORDER:
    case WHY_REVIEW: return i < p->measure_count ? &p->measures[i].label : NULL;
    case WHY_TASK:
    case WHY_DEADLINE: return i < p->task_count ? &p->tasks[i].label : NULL;
    case WHY_LADDER: return i < p->ladder_count ? &words_at(WORDS_EVENT, (int32_t)p->ladder[i].step)->label : NULL;
    case WHY_CONTACT_CLASS: return i < p->class_count ? &p->classes[i].label : NULL;
    case WHY_EXCEPTION:
    case WHY_WINDOW:
    case WHY_CHANGE:
    case WHY_CORRECTION:
    case WHY_OVERRIDE:
    case WHY_EVERYWHERE:
    case WHY_ANYTHING_ELSE:
    case WHY_WORD_COUNT: break;
    }
    return NULL;
}

char *story_why(const struct protocol *p, const struct decision *d, lang language, struct arena *arena)
{
    const struct label *object = story_because(p, d);
    const char *why = why_label((why_word)d->why)->label.text[language], *what = object == NULL ? "" : object->text[language];
    const char *edition = p->name.text[language] == NULL ? p->edition : p->name.text[language];
    if (what == NULL) what = "";
    return what[0] == 0 ? arena_printf(arena, language == LANG_ZH ? "%s（%s）" : "%s (%s)", why, edition)
           : language == LANG_ZH ? arena_printf(arena, "%s：%s（%s）", why, what, edition)
                                 : arena_printf(arena, "%s: %s (%s)", why, what, edition);
}

char *story_says(const struct protocol *p, const struct decision *d, const struct zone *zone, lang language,
                 struct arena *arena)
{
    static const struct label around[] = {LABEL(", to be signed by ", "，待"),
                                          LABEL(" by ", "，由"),
                                          LABEL(" (", "（"),
                                          LABEL("", "签发"),
                                          LABEL("", "办理"),
                                          LABEL(")", "）")};
    static const struct label until[2] = {LABEL(", until ", "，至 "), LABEL(", due ", "，时限 ")};
    const struct label *object = story_object(p, d);
    int32_t role = story_role(p, d);
    char who[160] = "", how[160] = "", when[80] = "", at[UTC_TEXT];
    bool task = d->kind <= DECISION_TASK_ESCALATED,
         closes = d->kind == DECISION_TASK_CLOSED || d->kind == DECISION_MEASURE_ENDED;
    if (role >= 0 && role < ROLE_WORD_COUNT) {
        const struct label *by = &around[d->kind == DECISION_MEASURE_PROPOSED ? 0
                                         : d->kind == DECISION_TASK_OPENED    ? 1
                                                                              : 2];
        const char *name = words_at(WORDS_ROLE, role)->label.text[language];
        (void)snprintf(who, sizeof who, "%s%s%s", by[0].text[language], name, by[3].text[language]);
    }
    if (closes && d->how != HOW_NONE && d->how < HOW_WORD_COUNT)
        (void)snprintf(how, sizeof how, language == LANG_ZH ? "：%s" : ": %s",
                       how_label((how_word)d->how)->label.text[language]);
    if (d->until.s != UTC_NONE.s) {
        zone_format(zone, d->until, at);
        (void)snprintf(when, sizeof when, "%s%s", until[task].text[language], at);
    }
    const char *kind = decision_word((decision_kind)d->kind)->label.text[language];
    const char *what = object == NULL ? "" : object->text[language];
    return arena_printf(arena, "%s%s%s%s%s%s", kind,
                        what[0] == 0          ? ""
                        : language == LANG_ZH ? "："
                                              : ": ",
                        what, who, how, when);
}

void story_decision_out(const struct request *rq, struct json_out *j, const struct protocol *p,
                        const struct decision *d)
{
    json_out_object(j, NULL);
    json_out_z(j, "kind", decision_word((decision_kind)d->kind)->name);
    json_out_z(j, "text", story_says(p, d, &rq->service->options.zone, rq->language, rq->arena));
    json_out_z(j, "why", story_why(p, d, rq->language, rq->arena));
    json_out_z(j, "rule", decision_origin(p, d).path); // where it stands in the protocol's file
    json_out_instant(j, "at", d->at);
    json_out_instant(j, "until", d->until);
    json_out_end(j);
}
