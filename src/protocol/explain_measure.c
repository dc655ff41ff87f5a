#include "protocol/explain_measure.h"

#include "protocol/explain_phrase.h"

#include <assert.h>

static const struct label apart = LABEL(" ", "");

// ---- measures ----

const char *phrase_measure_order(struct prose *s, const struct measure *m)
{
    static const struct label request =
        LABEL("It is a request: it needs no order and binds nobody.", "属于自愿配合的请求：无须签发指令，不具强制力。");
    static const struct label order =
        LABEL("It binds only once {1} has signed the order{2}.", "由{1}签发指令后方可执行{2}。");
    static const struct label persons = LABEL(" ({1} different people sign)", "（须{1}人签字）");
    if (m->voluntary) return prose_say0(s, request);
    const char *signatures = m->persons > 1 ? prose_say1(s, persons, prose_number(s, m->persons)) : "";
    return prose_say2(s, order, phrase_role(s, m->order_by), signatures);
}

const char *phrase_measure_ground(struct prose *s, const struct measure *m)
{
    static const struct label basis = LABEL("Its basis: {1}.", "依据：{1}。");
    static const struct label milder =
        LABEL("The milder measure {1} is used wherever it is enough.", "能以较轻的措施{1}达到目的时，应采用后者。");
    static const struct label none = LABEL("Nothing milder will do, because {1}.", "没有更轻的措施可以替代：{1}。");
    const char *ground = phrase_label(s, m->basis), *because = phrase_label(s, m->milder_reason);
    const char *text = ground[0] == 0 ? "" : prose_say1(s, basis, ground);
    if (m->milder != PROTOCOL_NONE)
        return prose_join(s, text, apart, prose_say1(s, milder, phrase_measure(s, m->milder)));
    return because[0] == 0 ? text : prose_join(s, text, apart, prose_say1(s, none, because));
}

const char *phrase_measure_rights(struct prose *s, const struct measure *m)
{
    static const struct label provide = LABEL("Provided meanwhile: {1}.", "执行期间保障：{1}。");
    static const struct label object =
        LABEL("An objection goes to {1} and is answered within {2}{3}.", "有异议可向{1}提出，{2}内答复{3}。");
    static const struct label review =
        LABEL("One order covers at most {1}{2}; to go on, another person must sign a fresh one.",
              "每份指令最长有效{1}{2}；需继续执行的，须由另一人重新签发。");
    const char *text =
        m->provide == 0 ? "" : prose_say1(s, provide, phrase_set(s, WORDS_PROVISION, m->provide, PROSE_COMMA));
    if (m->objection_minutes > 0)
        text = prose_join(s, text, apart,
                          prose_say3(s, object, phrase_role(s, m->objection_to),
                                     phrase_minutes(s, m->objection_minutes), phrase_cite(s, &m->origin, "objection")));
    if (m->review_days > 0)
        text = prose_join(s, text, apart,
                          prose_say2(s, review, phrase_days(s, m->review_days), phrase_cite(s, &m->origin, "review")));
    return text;
}

// The code's own name stands in the label in Chinese ("红码（隔离）") and is a word of English.
const char *phrase_status(struct prose *s, uint8_t status)
{
    const struct status_code *c = &s->p->statuses[status];
    const char *label = phrase_label(s, c->label);
    return s->language == LANG_ZH ? phrase_quoted(s, label) : prose_text(s, "%s (%s)", c->name, label);
}

static const char *measure_code(struct prose *s, const struct measure *m)
{
    static const struct label code = LABEL("Meanwhile the person's status code is {1}.", "执行期间本人状态码为{1}。");
    if (m->status == PROTOCOL_NONE || m->status >= s->p->status_count) return "";
    return prose_say1(s, code, phrase_status(s, m->status));
}

const char *phrase_measure_full(struct prose *s, uint8_t measure)
{
    static const struct label again = LABEL("{1} (explained above).", "{1}（说明见上文）。");
    static const struct label first = LABEL("{1} ({2}).", "{1}（{2}）。");
    assert(measure < s->p->measure_count && measure < 64);
    const struct measure *m = &s->p->measures[measure];
    if ((s->told_measures >> measure & 1u) != 0) return prose_say1(s, again, phrase_measure(s, measure));
    s->told_measures |= (uint64_t)1 << measure;
    const char *kind = phrase_label(s, words_at(WORDS_MEASURE_KIND, (int32_t)m->kind)->label);
    const char *text = prose_say2(s, first, phrase_measure(s, measure), kind);
    text = prose_join(s, text, apart, phrase_measure_order(s, m));
    text = prose_join(s, text, apart, phrase_measure_ground(s, m));
    text = prose_join(s, text, apart, phrase_measure_rights(s, m));
    return prose_join(s, text, apart, measure_code(s, m));
}

static void explain_codes(struct prose *s)
{
    static const struct label title =
        LABEL("Status codes, from mildest to strictest: {1}. A person's code follows from the "
              "measures in force; nobody sets it.",
              "状态码由轻到严：{1}。状态码由正在执行的措施推定，任何人不得直接设定。");
    struct prose_list codes = {0};
    for (uint8_t i = 0; i < s->p->status_count; i++) prose_add(&codes, phrase_status(s, i));
    if (codes.count > 0) prose_item(s, 0, prose_say1(s, title, prose_enumerate(s, &codes, PROSE_COMMA)));
}

void explain_measures(struct prose *s)
{
    static const struct label title = LABEL("Measures", "措施");
    static const struct label order =
        LABEL("Where several of these would hold at once, the stricter does. From strict to mild: {1}.",
              "下列措施并存时从严执行，由严到轻依次为：{1}。");
    if (s->p->measure_count == 0) return;
    prose_heading(s, 2, prose_say0(s, title));
    for (uint8_t i = 0; i < s->p->measure_count; i++)
        if ((s->told_measures >> i & 1u) == 0) prose_item(s, 0, phrase_measure_full(s, i));
    for (uint8_t i = 0; i < s->p->measure_count; i++) {
        struct prose_list chain = {0};
        bool strictest = true;
        for (uint8_t k = 0; k < s->p->measure_count; k++) strictest = strictest && s->p->measures[k].milder != i;
        for (uint8_t m = i; strictest && m != PROTOCOL_NONE && chain.count < s->p->measure_count;
             m = s->p->measures[m].milder)
            prose_add(&chain, phrase_measure(s, m));
        if (chain.count > 1) prose_item(s, 0, prose_say1(s, order, prose_enumerate(s, &chain, PROSE_COMMA)));
    }
    explain_codes(s);
}

// ---- tasks ----

static const char *task_limit(struct prose *s, const struct task *t)
{
    static const struct label within = LABEL("{1}, within {2} of its becoming known{3}", "由{1}自获知起{2}内完成{3}");
    static const struct label today = LABEL("{1}, by the end of the day", "由{1}当日内完成");
    static const struct label missed = LABEL("; if it is missed, {1} is told", "；逾期的，报告{1}");
    const char *who = phrase_role(s, t->by);
    const char *text = t->within_minutes > 0 ? prose_say3(s, within, who, phrase_minutes(s, t->within_minutes),
                                                          phrase_cite(s, &t->origin, "within"))
                                             : prose_say1(s, today, who);
    if (!t->has_missed) return text;
    return prose_text(s, "%s%s", text, prose_say1(s, missed, phrase_role(s, t->missed_tell)));
}

static const char *task_samples(struct prose *s, const struct task *t)
{
    static const struct label set = LABEL("One linked set of {1} samples: {2}.", "成套采集{1}份样本：{2}。");
    static const struct label specimen = LABEL("Specimen: {1}.", "标本：{1}。");
    if (t->set_count == 0)
        return t->specimens == 0 ? "" : prose_say1(s, specimen, phrase_set(s, WORDS_SPECIMEN, t->specimens, PROSE_OR));
    struct prose_list parts = {0};
    for (uint8_t i = 0; i < t->set_count && i < PROTOCOL_SET_MAX; i++)
        prose_add(&parts, phrase_label(s, words_at(WORDS_SPECIMEN, t->set[i])->label));
    return prose_say2(s, set, prose_number(s, t->set_count), prose_enumerate(s, &parts, PROSE_AND));
}

static const char *task_never(struct prose *s, const struct task *t)
{
    static const struct label hours = LABEL("Never between {1} and {2}{3}.", "{1}至{2}之间不得进行{3}。");
    static const struct label far = LABEL("Never further than {1} km{2}.", "距离不得超过{1}公里{2}。");
    const char *text = "";
    if (t->never_from >= 0 && t->never_until >= 0)
        text = prose_say3(s, hours, phrase_clock(s, t->never_from), phrase_clock(s, t->never_until),
                          phrase_cite(s, &t->origin, "never.between"));
    if (t->never_over_km > 0)
        text = prose_join(
            s, text, apart,
            prose_say2(s, far, prose_number(s, t->never_over_km), phrase_cite(s, &t->origin, "never.over_km")));
    return text;
}

const char *phrase_task_full(struct prose *s, const struct task *t)
{
    static const struct label done = LABEL("It is done when: {1}.", "完成标准：{1}。");
    static const struct label record = LABEL("To be written down: {1}.", "须记录：{1}。");
    static const struct label yields = LABEL("It gives way to medical care.", "遇就医需要时让行。");
    static const struct label guardian =
        LABEL("A minor is not moved without a named guardian.", "未成年人须先指定监护人。");
    const char *text = prose_say1(s, (struct label)LABEL("{1}.", "{1}。"), task_limit(s, t));
    text = prose_join(s, text, apart, task_samples(s, t));
    const char *accept = phrase_label(s, t->accept), *write = phrase_label(s, t->record);
    if (accept[0] != 0) text = prose_join(s, text, apart, prose_say1(s, done, accept));
    if (write[0] != 0) text = prose_join(s, text, apart, prose_say1(s, record, write));
    if (t->yields) text = prose_join(s, text, apart, prose_say0(s, yields));
    text = prose_join(s, text, apart, task_never(s, t));
    if (t->guardian_first) text = prose_join(s, text, apart, prose_say0(s, guardian));
    return text;
}

void explain_tasks(struct prose *s)
{
    static const struct label title = LABEL("Tasks and time limits", "任务与时限");
    static const struct label row = LABEL("{1}: {2}", "{1}：{2}");
    bool any = false;
    for (size_t i = 0; i < s->p->task_count; i++) {
        const struct task *t = &s->p->tasks[i];
        if (t->daily || i == s->p->ask_task) continue; // explained with its stage, or at the door
        if (!any) prose_heading(s, 2, prose_say0(s, title));
        any = true;
        prose_item(s, 0, prose_say2(s, row, prose_capital(s, phrase_task(s, t)), phrase_task_full(s, t)));
    }
}
