#include "cli/examples_why.h"

#include <assert.h>

enum { WHY_ENROLMENTS = 64 };

static const char *why_what(const struct protocol *p, const struct decision *d, lang language)
{
    const uint8_t i = d->what;
    static const struct label none = LABEL("none", "无");
    if (i == PROTOCOL_NONE) return none.text[language];
    switch ((decision_kind)d->kind) {
    case DECISION_TASK_OPENED:
    case DECISION_TASK_CLOSED:
    case DECISION_TASK_OVERDUE: return p->tasks[i].label.text[language];
    case DECISION_MEASURE_PROPOSED:
    case DECISION_MEASURE_ORDERED:
    case DECISION_MEASURE_STARTED:
    case DECISION_MEASURE_ENDED: return p->measures[i].label.text[language];
    case DECISION_STAGE_ENTERED: return p->stages[i].label.text[language];
    case DECISION_ENROLLED:
    case DECISION_WITHDRAWN: return p->pathways[i].label.text[language];
    case DECISION_TASK_ESCALATED:
    case DECISION_TOLD: return words_at(WORDS_ROLE, i)->label.text[language];
    case DECISION_STATUS: return p->statuses[i].label.text[language];
    case DECISION_CLASSIFIED: return words_at(WORDS_EVENT, i)->label.text[language];
    case DECISION_ENDED: return words_at(WORDS_FINAL, i)->label.text[language];
    case DECISION_KIND_COUNT: break;
    }
    return "";
}

// Names stand in for labels that a protocol did not give (its pathways need none).
static const char *why_name(const struct protocol *p, const struct decision *d, lang language)
{
    const char *label = why_what(p, d, language);
    if (label != NULL && label[0] != 0) return label;
    if (d->kind == DECISION_ENROLLED || d->kind == DECISION_WITHDRAWN) return p->pathways[d->what].name;
    if (d->kind == DECISION_STAGE_ENTERED) return p->stages[d->what].name;
    bool task = d->kind == DECISION_TASK_OPENED || d->kind == DECISION_TASK_CLOSED || d->kind == DECISION_TASK_OVERDUE;
    return task ? p->tasks[d->what].name : "";
}

static void why_line(const struct example_course *course, const struct decision *d, lang language, struct arena *arena,
                     struct sink *out)
{
    static const struct label until = LABEL(", until %s", "，至 %s"), by = LABEL(" (%s)", "（%s）");
    const struct protocol *p = caseload_book(course->caseload)->editions[d->edition];
    char at[UTC_TEXT], end[UTC_TEXT];
    zone_format(course->zone, d->at, at);
    sink_printf(out, "  %s  %s: %s", at, decision_word((decision_kind)d->kind)->label.text[language],
                why_name(p, d, language));
    if (d->kind == DECISION_TASK_OPENED)
        sink_printf(out, by.text[language], words_at(WORDS_ROLE, d->role)->label.text[language]);
    if ((d->kind == DECISION_TASK_CLOSED || d->kind == DECISION_MEASURE_ENDED) && d->how != HOW_NONE)
        sink_printf(out, by.text[language], how_label((how_word)d->how)->label.text[language]);
    if (d->until.s != INT64_MIN) {
        zone_format(course->zone, d->until, end);
        sink_printf(out, until.text[language], end);
    }
    const char *why = decision_why(p, d, language, arena);
    sink_printf(out, "\n      %s\n", why == NULL ? "" : why);
}

bool example_why_print(const struct example_course *course, lang language, struct arena *arena, struct sink *out)
{
    uint32_t enrolments[WHY_ENROLMENTS];
    size_t count = caseload_enrolments_of(course->caseload, course->subject, enrolments, WHY_ENROLMENTS);
    if (count > WHY_ENROLMENTS) count = WHY_ENROLMENTS;
    for (size_t i = 0; i < count; i++) {
        size_t decisions;
        const struct decision *d = caseload_decisions(course->caseload, enrolments[i], &decisions);
        if (decisions == 0) continue;
        const struct enrolment *e = caseload_enrolment(course->caseload, enrolments[i]);
        const struct protocol *p = caseload_book(course->caseload)->editions[e->edition];
        sink_printf(out, "%s (%s)\n", p->pathways[e->pathway].name, p->id == NULL ? p->edition : p->id);
        for (size_t k = 0; k < decisions; k++) why_line(course, &d[k], language, arena, out);
    }
    return sink_good(out);
}
