#include "protocol/explain_pathway.h"

#include "protocol/explain_condition.h"
#include "protocol/explain_measure.h"
#include "protocol/explain_phrase.h"
#include "protocol/explain_rule.h"
#include "protocol/explain_stage.h"

#include <assert.h>

enum { EXPLAIN_RULES_MAX = PROTOCOL_RULES_MAX };

// ---- rules ----

static void explain_rules(struct prose *s, const uint16_t *rules, size_t count, uint8_t stage, int32_t depth)
{
    for (size_t i = 0; i < count; i++) {
        const struct rule *r = &s->p->rules[rules[i]];
        bool again = i > 0 && s->p->rules[rules[i - 1]].event == r->event;
        const char *events = phrase_rule_events(s, rules, count, &i);
        prose_item(s, depth, phrase_rule(s, r, events, stage, again));
    }
}

void explain_door(struct prose *s)
{
    static const struct label title = LABEL("What opens a pathway", "由什么进入处置流程");
    static const struct label ask =
        LABEL("Anything else that could matter, a positive result above all, becomes a question to "
              "{1}. It is never passed over.",
              "其他可能有意义的情形（尤其是阳性结果），一律交由{1}研判，不得遗漏。");
    uint16_t rules[EXPLAIN_RULES_MAX];
    size_t count = rules_of_door(s->p, rules, EXPLAIN_RULES_MAX);
    prose_heading(s, 2, prose_say0(s, title));
    explain_rules(s, rules, count, PROTOCOL_NONE, 0);
    if (s->p->has_ask) prose_item(s, 0, prose_say1(s, ask, phrase_role(s, s->p->ask_by)));
}

// ---- a pathway's course on dates ----

static const char *example_range(struct prose *s, civil_day zero, int32_t first, int32_t last)
{
    static const struct label range = LABEL("{1} to {2}", "{1}至{2}");
    const char *from = phrase_date_short(s, (civil_day){zero.d + first});
    if (first >= last) return from;
    return prose_say2(s, range, from, phrase_date_short(s, (civil_day){zero.d + last}));
}

// The dates of samples and rounds; daily checks are left out, for they are every day.
static const char *example_duties(struct prose *s, uint8_t stage, civil_day stage_zero)
{
    static const struct label samples = LABEL("samples on {1}", "{1}采样"),
                              rounds = LABEL("test rounds on {1}", "{1}开展一轮检测");
    enum { SHOWN = 12 };
    struct duty duties[TIMETABLE_DUTIES_MAX];
    size_t count = timetable_duties(s->p, stage, duties);
    const char *text = "";
    for (size_t i = 0; i < count; i++) {
        if (duties[i].every_day || duties[i].count == 0 || duties[i].task->verb == VERB_CHECK) continue;
        struct prose_list dates = {0};
        for (size_t k = 0; k < duties[i].count && k < SHOWN; k++)
            prose_add(&dates, phrase_date_short(s, (civil_day){stage_zero.d + duties[i].days[k]}));
        if (duties[i].count > SHOWN) prose_add(&dates, "...");
        const struct label *what = duties[i].task->verb == VERB_TEST_ROUND ? &rounds : &samples;
        text = prose_join(s, text, (struct label)LABEL(", ", "，"),
                          prose_say1(s, *what, prose_enumerate(s, &dates, PROSE_AND)));
    }
    return text;
}

const char *pathway_example(struct prose *s, const struct timetable *c, uint8_t pathway, civil_day zero)
{
    static const struct label start =
        LABEL("With day 0 on {1} and no event on the way: {2}", "以{1}为第0天、途中无其他情形为例：{2}");
    static const struct label stage_row = LABEL("{1} {2}", "{1}{2}");
    static const struct label with = LABEL(" ({1})", "（{1}）");
    static const struct label released = LABEL("; released on {1} if the conditions hold", "；符合条件的，{1}解除");
    uint8_t stages[PROTOCOL_STAGES_MAX];
    size_t count = timetable_main(s->p, pathway, stages, PROTOCOL_STAGES_MAX);
    const char *text = "";
    int32_t last = 0;
    bool out = false;
    for (size_t i = 0; i < count; i++) {
        const struct stage *g = &s->p->stages[stages[i]];
        int32_t end = timetable_last_day(s->p, c, stages[i]);
        if (end == TIMETABLE_UNKNOWN || c->zero[stages[i]] != (i == 0 ? 0 : last)) break;
        const char *duties = example_duties(s, stages[i], (civil_day){zero.d + c->zero[stages[i]]});
        const char *row =
            prose_say2(s, stage_row, phrase_stage(s, stages[i]), example_range(s, zero, c->zero[stages[i]] + 1, end));
        row = prose_text(s, "%s%s", row, duties[0] == 0 ? "" : prose_say1(s, with, duties));
        text = prose_join(s, text, (struct label)LABEL("; ", "；"), row);
        last = end;
        out = g->next == PROTOCOL_NONE;
    }
    if (text[0] == 0) return "";
    if (out) text = prose_text(s, "%s%s", text, prose_say1(s, released, phrase_date(s, (civil_day){zero.d + last})));
    return prose_sentence(s, prose_say2(s, start, phrase_date(s, zero), text));
}

// ---- stages ----

static void explain_stage_where(struct prose *s, const struct timetable *c, uint8_t stage)
{
    static const struct label both = LABEL("{1}, {2}", "{1}，{2}");
    static const struct label exclusive =
        LABEL("They are kept apart from everyone of another course.", "单独安置，不得与其他处置流程的人员同处。");
    const struct stage *g = &s->p->stages[stage];
    const char *when = stage_time(s, c, stage);
    prose_item(s, 0, prose_sentence(s, g->has_place ? prose_say2(s, both, phrase_place(s, g->place), when) : when));
    if (g->exclusive) prose_item(s, 0, prose_say0(s, exclusive));
}

static void explain_stage(struct prose *s, const struct timetable *c, uint8_t stage, size_t number)
{
    static const struct label title = LABEL("Stage {1}: {2}", "阶段{1}：{2}");
    static const struct label tasks = LABEL("Tasks on entering: {1}", "进入本阶段时的任务：{1}");
    static const struct label enter = LABEL("On entering, {1}", "进入本阶段时，{1}");
    static const struct label measure = LABEL("Measure: {1}", "措施：{1}");
    static const struct label first =
        LABEL("The measure holds for the first {1} of the stage alone{2}.", "该措施仅在本阶段前{1}执行{2}。");
    const struct stage *g = &s->p->stages[stage];
    prose_heading(s, 3, prose_say2(s, title, prose_number(s, (int64_t)number), phrase_label(s, g->label)));
    explain_stage_where(s, c, stage);
    struct duty duties[TIMETABLE_DUTIES_MAX];
    size_t count = timetable_duties(s->p, stage, duties);
    for (size_t i = 0; i < count; i++) prose_item(s, 0, prose_sentence(s, stage_duty(s, c, stage, &duties[i])));
    const char *entry = phrase_tasks(s, g->entry_first, g->entry_count, stage);
    if (entry[0] != 0) prose_item(s, 0, prose_sentence(s, prose_say1(s, tasks, entry)));
    entry = phrase_actions_of(s, g->entry_first, g->entry_count, stage, ~(1u << ACTION_TASK));
    if (entry[0] != 0) prose_item(s, 0, prose_sentence(s, prose_say1(s, enter, entry)));
    if (g->measure != PROTOCOL_NONE) prose_item(s, 0, prose_say1(s, measure, phrase_measure_full(s, g->measure)));
    if (g->measure != PROTOCOL_NONE && g->measure_days > 0)
        prose_item(s, 0,
                   prose_say2(s, first, phrase_days(s, g->measure_days), phrase_cite(s, &g->origin, "measure_for")));
    for (uint8_t i = 0; i < g->except_count; i++) {
        uint8_t x = (uint8_t)(g->except_first + i);
        prose_item(s, 0, prose_sentence(s, stage_exception(s, g, x)));
        uint8_t m = s->p->exceptions[x].measure;
        if (m != PROTOCOL_NONE && (s->told_measures >> m & 1u) == 0) prose_item(s, 1, phrase_measure_full(s, m));
    }
    uint16_t rules[EXPLAIN_RULES_MAX];
    explain_rules(s, rules, rules_of_stage(s->p, stage, rules, EXPLAIN_RULES_MAX), stage, 0);
    prose_item(s, 0, prose_sentence(s, stage_next(s, stage)));
}

// ---- the pathway ----

static const char *pathway_subject(struct prose *s, const struct pathway *w)
{
    static const struct label of[] = {
        [SUBJECT_PERSON] = LABEL("The course of one person.", "对象：个人。"),
        [SUBJECT_GROUP] =
            LABEL("The course of a group, such as a school class or a ward.", "对象：群体（如班级、病区）。"),
        [SUBJECT_PLACE] = LABEL("The course of a place{1}.", "对象：场所{1}。"),
    };
    static const struct label drawn = LABEL(", drawn as: {1}", "，划定单元：{1}");
    const char *units = "";
    if (w->units_count > 0) {
        struct prose_list parts = {0};
        for (uint8_t i = 0; i < w->units_count; i++)
            prose_add(&parts, phrase_label(s, words_at(WORDS_PLACE, w->units[i])->label));
        units = prose_say1(s, drawn, prose_enumerate(s, &parts, PROSE_OR));
    }
    return prose_say1(s, of[w->of], units);
}

static void explain_pathway_head(struct prose *s, const struct pathway *w, uint8_t pathway)
{
    static const struct label late =
        LABEL("Who is named only after scheduled samples have passed gives one at once for them all.",
              "纳管较迟、已错过规定采样的，立即补采一次。");
    static const struct label ladder =
        LABEL("On the way the person is classified by the case definition above.", "过程中按上述病例定义进行判定。");
    static const struct label start = LABEL("It begins in: {1}", "起始阶段：{1}");
    prose_paragraph(s, pathway_subject(s, w));
    prose_paragraph(s, pathway_zero(s, pathway));
    if (w->make_up_once) prose_paragraph(s, prose_say0(s, late));
    if (w->ladder) prose_paragraph(s, prose_say0(s, ladder));
    if (w->start_count > 0)
        prose_paragraph(s, prose_sentence(s, prose_say1(s, start, stage_branches(s, w->start_first, w->start_count))));
}

void explain_pathway(struct prose *s, const struct timetable *c, uint8_t pathway)
{
    static const struct label title = LABEL("Pathway {1}", "处置流程：{1}");
    static const struct label end = LABEL("How it ends", "如何结束");
    static const struct label always = LABEL("In every stage", "任一阶段");
    static const struct label example = LABEL("For example", "举例");
    assert(pathway < s->p->pathway_count);
    const struct pathway *w = &s->p->pathways[pathway];
    prose_heading(s, 2, prose_say1(s, title, phrase_pathway(s, pathway)));
    explain_pathway_head(s, w, pathway);
    for (uint8_t i = 0; i < w->stage_count; i++) explain_stage(s, c, (uint8_t)(w->stage_first + i), i + 1u);
    const char *release = pathway_release(s, pathway), *most = pathway_at_most(s, pathway);
    if (release[0] != 0 || most[0] != 0) {
        prose_heading(s, 3, prose_say0(s, end));
        prose_item(s, 0, release);
        prose_item(s, 0, pathway_negatives(s, pathway));
        prose_item(s, 0, most);
    }
    uint16_t rules[EXPLAIN_RULES_MAX];
    size_t count = rules_of_pathway(s->p, pathway, rules, EXPLAIN_RULES_MAX);
    if (count > 0) prose_heading(s, 3, prose_say0(s, always));
    explain_rules(s, rules, count, w->stage_first, 0);
    const char *dates = pathway_example(s, c, pathway, s->p->from);
    if (dates[0] == 0) return;
    prose_heading(s, 3, prose_say0(s, example));
    prose_paragraph(s, dates);
}
