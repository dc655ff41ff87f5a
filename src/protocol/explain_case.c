#include "protocol/explain_case.h"

#include "protocol/explain_condition.h"
#include "protocol/explain_phrase.h"
#include "protocol/explain_rule.h"

#include <assert.h>

// ---- results ----

static const char *result_meaning(struct prose *s, event_word means)
{
    static const struct label screening = LABEL("a screening positive, not yet a case", "初筛阳性，尚不作为病例");
    static const struct label pool =
        LABEL("a positive pool: each of its members is tested again", "混管阳性，管内每人均须复采复检");
    static const struct label dirty =
        LABEL("the place is contaminated; it says nothing about a person", "环境污染，不代表人员感染");
    static const struct label clean = LABEL("the place is clean", "环境未检出");
    if (means == EVENT_SCREENING_POSITIVE) return prose_say0(s, screening);
    if (means == EVENT_POOL_POSITIVE) return prose_say0(s, pool);
    if (means == EVENT_CONTAMINATED) return prose_say0(s, dirty);
    if (means == EVENT_CLEAN) return prose_say0(s, clean);
    return phrase_label(s, words_at(WORDS_EVENT, (int32_t)means)->label);
}

static const char *result_tenths(struct prose *s, int16_t x10)
{
    return x10 % 10 == 0 ? prose_number(s, x10 / 10) : prose_text(s, "%d.%d", x10 / 10, x10 % 10);
}

const char *phrase_result_row(struct prose *s, const struct result_row *row)
{
    static const struct label any = LABEL("any test", "任何检测"), specimen = LABEL("on {1}", "标本为{1}");
    static const struct label below = LABEL("Ct below {1}", "Ct值低于{1}"),
                              from = LABEL("Ct {1} or above", "Ct值不低于{1}");
    static const struct label pool = LABEL("from a pool", "混采"), single = LABEL("from a single sample", "单采");
    static const struct label text = LABEL("{1}: {2}{3}", "{1}：{2}{3}");
    struct prose_list parts = {0};
    prose_add(&parts, row->tests == 0 ? prose_say0(s, any) : phrase_set(s, WORDS_TEST, row->tests, PROSE_OR));
    if (row->specimens != 0)
        prose_add(&parts, prose_say1(s, specimen, phrase_set(s, WORDS_SPECIMEN, row->specimens, PROSE_OR)));
    if (row->pooled >= 0) prose_add(&parts, prose_say0(s, row->pooled == 1 ? pool : single));
    if (row->outcomes != 0) prose_add(&parts, phrase_set(s, WORDS_OUTCOME, row->outcomes, PROSE_OR));
    if (row->ct_below_x10 > 0) prose_add(&parts, prose_say1(s, below, result_tenths(s, row->ct_below_x10)));
    if (row->ct_from_x10 > 0) prose_add(&parts, prose_say1(s, from, result_tenths(s, row->ct_from_x10)));
    const char *what = parts.part[0];
    for (size_t i = 1; i < parts.count; i++) what = prose_join(s, what, (struct label)LABEL(", ", "，"), parts.part[i]);
    return prose_say3(s, text, what, result_meaning(s, row->means), phrase_cite(s, &row->origin, ""));
}

void explain_results(struct prose *s)
{
    static const struct label title = LABEL("What a result means", "检测结果的含义");
    static const struct label first = LABEL("The first line that fits decides.", "按顺序判定，以最先符合的一条为准。");
    static const struct label none =
        LABEL("A positive that fits no line is judged by {1}.", "不符合任何一条的阳性结果，由{1}研判。");
    if (s->p->result_count == 0) return;
    prose_heading(s, 2, prose_say0(s, title));
    prose_paragraph(s, prose_say0(s, first));
    for (size_t i = 0; i < s->p->result_count; i++)
        prose_item(s, 0, prose_sentence(s, phrase_result_row(s, &s->p->results[i])));
    if (s->p->has_ask) prose_item(s, 0, prose_say1(s, none, phrase_role(s, s->p->ask_by)));
}

// ---- the ladder ----

const char *phrase_ladder_step(struct prose *s, const struct ladder_step *step)
{
    static const struct label when = LABEL("when {1}{2}", "{1}{2}");
    static const struct label undo =
        LABEL("; then everyone enrolled because of them is let go", "；同时解除因其纳管的全部人员");
    const char *undoes = step->undoes_caused ? prose_say0(s, undo) : "";
    const char *cite = phrase_cite(s, &step->origin, "");
    return prose_text(s, "%s%s", prose_say2(s, when, phrase_condition(s, step->when), cite), undoes);
}

void explain_ladder(struct prose *s)
{
    static const struct label title = LABEL("What a case is", "病例定义");
    static const struct label rule =
        LABEL("Read from the top; a step is kept until a higher one is reached. The classification of "
              "an authority always stands.",
              "自上而下判定；已达到的分类保持不变，直至达到更高一级。主管机构的判定始终优先。");
    static const struct label row = LABEL("{1}: {2}", "{1}：{2}");
    static const uint8_t order[] = {EVENT_CONFIRMED, EVENT_ASYMPTOMATIC, EVENT_PROBABLE, EVENT_SUSPECTED,
                                    EVENT_DISCARDED};
    if (s->p->ladder_count == 0) return;
    prose_heading(s, 2, prose_say0(s, title));
    prose_paragraph(s, prose_say0(s, rule));
    for (size_t k = 0; k < sizeof order; k++)
        for (size_t i = 0; i < s->p->ladder_count; i++) {
            const struct ladder_step *step = &s->p->ladder[i];
            if (step->step != (event_word)order[k]) continue;
            const char *name = phrase_label(s, words_at(WORDS_EVENT, (int32_t)step->step)->label);
            prose_item(s, 0, prose_sentence(s, prose_say2(s, row, name, phrase_ladder_step(s, step))));
        }
}

// ---- window and contacts ----

const char *phrase_window_opens(struct prose *s)
{
    static const struct label onset = LABEL("{1} before the onset of symptoms{2}", "发病前{1}{2}");
    static const struct label zero = LABEL("the day of onset{2}", "发病当日{2}");
    static const struct label sample =
        LABEL("; without symptoms, {1} before the first positive sample{2}", "；无症状者为首次阳性采样前{1}{2}");
    static const struct label same =
        LABEL("; without symptoms, the day of the first positive sample{2}", "；无症状者为首次阳性采样当日{2}");
    const struct window *w = &s->p->window;
    int16_t before = w->opens_days_before_onset, without = w->opens_days_before_sample;
    const char *first =
        prose_say2(s, before == 0 ? zero : onset, phrase_days(s, before), phrase_cite(s, &w->origin, "opens"));
    const char *second = prose_say2(s, without == 0 ? same : sample, phrase_days(s, without),
                                    phrase_cite(s, &w->origin, "without_symptoms"));
    return prose_text(s, "%s%s", first, second);
}

const char *phrase_window_closes(struct prose *s)
{
    static const struct label events = LABEL("as soon as {1}", "{1}"),
                              days = LABEL("{1} after onset{2}", "发病后{1}{2}");
    static const struct label either = LABEL(", and at the latest ", "，最迟至");
    const struct window *w = &s->p->window;
    const char *by_event = w->closes == 0 ? "" : prose_say1(s, events, phrase_events(s, w->closes));
    const char *by_day =
        w->closes_days_after_onset == 0
            ? ""
            : prose_say2(s, days, phrase_days(s, w->closes_days_after_onset), phrase_cite(s, &w->origin, "until"));
    return prose_join(s, by_event, either, by_day);
}

const char *phrase_contact_class(struct prose *s, const struct contact_class *class)
{
    static const struct label text = LABEL("whoever met a person of the pathway {1}{2}{3}; they begin the pathway {4}",
                                           "与{1}流程人员有过接触者{2}{3}；进入{4}流程");
    static const struct label kinds = LABEL(" in one of these ways: {1}", "，接触方式为{1}");
    static const struct label when = LABEL(", if {1}", "，且{1}");
    const char *ways =
        class->kinds == 0 ? "" : prose_say1(s, kinds, phrase_set(s, WORDS_EXPOSURE, class->kinds, PROSE_OR));
    const char *condition = phrase_condition(s, class->when);
    const char *more = condition[0] == 0 ? ""
                                         : prose_text(s, "%s%s", prose_say1(s, when, condition),
                                                      phrase_cite(s, &class->origin, "when"));
    return prose_say4(s, text, phrase_pathway(s, class->of), ways, more, phrase_pathway(s, class->pathway));
}

void explain_contacts(struct prose *s)
{
    static const struct label title = LABEL("Who counts as a contact", "密接判定");
    static const struct label opens = LABEL("A case may have infected others from {1}.", "追踪期起点：{1}。");
    static const struct label closes = LABEL("It ends {1}. Both edge days count.", "追踪期终点：{1}。首尾两日均计入。");
    static const struct label outside =
        LABEL("A named contact whose exposure lies outside is not enrolled, and is told so.",
              "暴露时间在追踪期之外的，不予纳管，并如实告知。");
    static const struct label first = LABEL("The first class that fits counts:", "按顺序判定，以最先符合的一类为准：");
    static const struct label row = LABEL("{1}: {2}", "{1}：{2}");
    if (!s->p->has_window && s->p->class_count == 0) return;
    prose_heading(s, 2, prose_say0(s, title));
    if (s->p->has_window) {
        prose_paragraph(s, prose_say1(s, opens, phrase_window_opens(s)));
        const char *end = phrase_window_closes(s);
        if (end[0] != 0) prose_paragraph(s, prose_say1(s, closes, end));
        prose_paragraph(s, prose_say0(s, outside));
    }
    if (s->p->class_count > 0) prose_paragraph(s, prose_say0(s, first));
    for (size_t i = 0; i < s->p->class_count; i++) {
        const struct contact_class *c = &s->p->classes[i];
        prose_item(s, 0,
                   prose_sentence(
                       s, prose_say2(s, row, prose_capital(s, phrase_label(s, c->label)), phrase_contact_class(s, c))));
    }
}
