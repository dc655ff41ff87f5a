#include "protocol/explain_stage.h"

#include "protocol/explain_condition.h"
#include "protocol/explain_phrase.h"

#include <assert.h>

bool stage_days_known(const struct timetable *c, uint8_t stage)
{
    return c->zero[stage] >= 0 && c->in_time[stage] && !c->by_event[stage];
}

// ---- how long ----

// "days 8 to 10, counted from the last exposure", where that is the same for everyone.
static const char *stage_day_numbers(struct prose *s, const struct timetable *c, uint8_t stage)
{
    static const struct label numbers = LABEL("{1}, counted from {2}", "{2}后{1}");
    static const struct label also = LABEL("{1}, counted from {2}; after an event on the way, from that day instead",
                                           "{2}后{1}；途中因事件转阶段的，自转入当日起算");
    static const struct label event = LABEL("counted from the day that led here", "自转入本阶段当日起算");
    const struct stage *g = &s->p->stages[stage];
    if (c->zero[stage] < 0 || !c->in_time[stage]) return prose_say0(s, event);
    const char *range = phrase_day_range(s, c->zero[stage] + 1, c->zero[stage] + g->days);
    const char *anchor = phrase_anchor_short(s, s->p->pathways[g->pathway].day_zero);
    return prose_say2(s, c->by_event[stage] ? also : numbers, range, anchor);
}

const char *stage_time(struct prose *s, const struct timetable *c, uint8_t stage)
{
    static const struct label days = LABEL("for {1}{2}: {3}", "共{1}{2}：{3}");
    static const struct label until = LABEL("until day {1} after {2}{3}", "至{2}后第{1}天{3}");
    static const struct label lapses =
        LABEL("for {1} by the clock{2}, then it lapses by itself", "按钟点计{1}{2}，到时自动失效");
    static const struct label open = LABEL("until one of the events below ends it", "直至出现下列事件之一");
    static const struct label released =
        LABEL("until the conditions of release hold, or one of the events below ends it",
              "直至符合解除条件，或出现下列事件之一");
    const struct stage *g = &s->p->stages[stage];
    switch (g->end) {
    case STAGE_FOR:
        return prose_say3(s, days, phrase_days(s, g->days), phrase_cite(s, &g->origin, "for"),
                          stage_day_numbers(s, c, stage));
    case STAGE_UNTIL:
        return prose_say3(s, until, prose_number(s, g->days), phrase_anchor_short(s, g->anchor),
                          phrase_cite(s, &g->origin, "until"));
    case STAGE_LAPSES:
        return prose_say2(s, lapses, phrase_minutes(s, g->lapse_minutes), phrase_cite(s, &g->origin, "lapses"));
    case STAGE_OPEN: break;
    }
    bool last = g->next == PROTOCOL_NONE && g->branch_count == 0 && s->p->pathways[g->pathway].has_release;
    return prose_say0(s, last ? released : open);
}

const char *stage_time_short(struct prose *s, const struct timetable *c, uint8_t stage)
{
    static const struct label until = LABEL("to day {1} after {2}", "至{2}后第{1}天");
    static const struct label lapses = LABEL("{1}, then it lapses", "{1}后自动失效");
    const struct stage *g = &s->p->stages[stage];
    switch (g->end) {
    case STAGE_FOR:
        if (!stage_days_known(c, stage)) return phrase_days(s, g->days);
        return phrase_day_range(s, c->zero[stage] + 1, c->zero[stage] + g->days);
    case STAGE_UNTIL: return prose_say2(s, until, prose_number(s, g->days), phrase_anchor_short(s, g->anchor));
    case STAGE_LAPSES: return prose_say1(s, lapses, phrase_minutes(s, g->lapse_minutes));
    case STAGE_OPEN: break;
    }
    return "";
}

// ---- what is due ----

// Every day of the stage, day zero apart.
static bool duty_covers_stage(const struct stage *g, const struct duty *d)
{
    if (d->every_day) return d->most == 0 || (g->end == STAGE_FOR && d->most >= g->days);
    if (g->end != STAGE_FOR || d->count == 0) return false;
    int32_t first = d->days[0], days = g->days - first + 1;
    return first <= 1 && d->days[d->count - 1] == g->days && days == (int32_t)d->count;
}

static bool duty_evenly(const struct duty *d, int32_t *step)
{
    *step = d->count > 2 ? d->days[1] - d->days[0] : 0;
    for (size_t i = 1; i < d->count; i++)
        if (d->days[i] - d->days[i - 1] != *step) *step = 0;
    return *step > 1;
}

// The days, numbered as those of the pathway where that is the same for everyone, else as those of the stage.
static const char *duty_list(struct prose *s, const struct timetable *c, uint8_t stage, const struct duty *d,
                             bool brief)
{
    static const struct label first = LABEL("on the first {1}", "前{1}"), on = LABEL("on {1}", "{1}");
    static const struct label spaced = LABEL("every {1} days from day {2} on", "自第{2}天起每{1}天一次");
    static const struct label spaced_own =
        LABEL("every {1} days from day {2} of this stage on", "自本阶段第{2}天起每{1}天一次");
    static const struct label both = LABEL("{1} ({2} of this stage)", "{1}（本阶段{2}）"),
                              own = LABEL("{1} of this stage", "本阶段{1}");
    int32_t step = 0, zero = stage_days_known(c, stage) ? c->zero[stage] : 0;
    if (d->every_day && d->most > 0) return prose_say1(s, first, phrase_days(s, d->most));
    bool open = d->goes_on && duty_evenly(d, &step), known = stage_days_known(c, stage);
    int16_t moved[PROTOCOL_STAGE_DAYS_MAX] = {0};
    for (size_t i = 0; i < d->count; i++) moved[i] = (int16_t)(d->days[i] + zero);
    if (open) return prose_say2(s, known ? spaced : spaced_own, prose_number(s, step), prose_number(s, moved[0]));
    const char *list = phrase_day_list(s, moved, d->count);
    // "every 2 days" takes no "on"
    const char *when = s->language == LANG_EN && list[0] == 'e' ? list : prose_say1(s, on, list);
    if (!known) return prose_say1(s, own, when);
    return zero == 0 || brief ? when : prose_say2(s, both, when, phrase_day_list(s, d->days, d->count));
}

// "every day", "twice a day", "on days 1 to 3".
static const char *duty_when(struct prose *s, const struct timetable *c, uint8_t stage, const struct duty *d,
                             bool brief)
{
    static const struct label daily = LABEL("every day", "每天"), times = LABEL("{1} a day", "每天{1}");
    static const struct label several = LABEL("{1} a day {2}", "{2}每天{1}");
    bool all = duty_covers_stage(&s->p->stages[stage], d);
    const char *often = phrase_times(s, d->a_day), *list = all ? "" : duty_list(s, c, stage, d, brief);
    if (all) return d->a_day == 1 ? prose_say0(s, daily) : prose_say1(s, times, often);
    return d->a_day > 1 ? prose_say2(s, several, often, list) : list;
}

static const char *duty_pool(struct prose *s, const struct stage *g, const struct task *t)
{
    static const struct label alone = LABEL(", one person to a tube{2}", "，单采单管{2}"),
                              pool = LABEL(", up to {1} people to a tube{2}", "，最多{1}人混采一管{2}");
    if (t->verb != VERB_SAMPLE || t->pool == 0) return "";
    return prose_say2(s, t->pool == 1 ? alone : pool, prose_number(s, t->pool),
                      phrase_cite_leaf(s, &g->origin, "sample", "pool"));
}

const char *stage_duty(struct prose *s, const struct timetable *c, uint8_t stage, const struct duty *d)
{
    static const struct label sample = LABEL("Sampling {1}{2}: {3}{4}, by {5}", "采样：{1}{2}，{3}{4}，由{5}采集");
    static const struct label check = LABEL("Health check {1}{2} by {5}", "健康监测：{1}{2}，由{5}负责");
    static const struct label other = LABEL("{3} {1}{2} by {5}", "{3}：{1}{2}，由{5}负责");
    static const struct label record = LABEL("; written down: {1}", "，记录{1}");
    const struct stage *g = &s->p->stages[stage];
    const struct task *t = d->task;
    const char *what = t->specimens != 0 ? phrase_set(s, WORDS_SPECIMEN, t->specimens, PROSE_OR) : phrase_task(s, t);
    bool checks = t->verb == VERB_CHECK;
    const char *key = checks ? "check" : t->verb == VERB_TEST_ROUND ? "round" : "sample";
    const struct label *template = t->verb == VERB_SAMPLE ? &sample : checks ? &check : &other;
    const char *text = prose_fill(
        s, *template, duty_when(s, c, stage, d, false), phrase_cite_leaf(s, &g->origin, key, checks ? "a_day" : "on"),
        template == &other ? prose_capital(s, what) : what, duty_pool(s, g, t), phrase_role(s, t->by), NULL);
    const char *write = phrase_label(s, t->record);
    return write[0] == 0 ? text : prose_text(s, "%s%s", text, prose_say1(s, record, write));
}

const char *stage_duty_short(struct prose *s, const struct timetable *c, uint8_t stage, const struct duty *d)
{
    static const struct label sample = LABEL("Samples {1}", "采样：{1}"),
                              check = LABEL("Health check {1}", "健康监测：{1}");
    static const struct label other = LABEL("{2} {1}", "{2}：{1}");
    const struct label *template = d->task->verb == VERB_SAMPLE  ? &sample
                                   : d->task->verb == VERB_CHECK ? &check
                                                                 : &other;
    return prose_say2(s, *template, duty_when(s, c, stage, d, true), prose_capital(s, phrase_task(s, d->task)));
}

// ---- exceptions and what follows ----

const char *stage_exception(struct prose *s, const struct stage *g, uint8_t exception)
{
    static const struct label text = LABEL("If {1}: {2}", "如果{1}：{2}");
    static const struct label under = LABEL("under {1}", "改为{1}");
    static const struct label carer =
        LABEL("together with their carer, who is enrolled too", "由照护人陪同，照护人一并纳管");
    assert(exception < s->p->exception_count);
    const struct exception *x = &s->p->exceptions[exception];
    struct prose_list parts = {0};
    if (x->has_place && (!g->has_place || x->place != g->place)) prose_add(&parts, phrase_place(s, x->place));
    if (x->measure != PROTOCOL_NONE && x->measure != g->measure)
        prose_add(&parts, prose_say1(s, under, phrase_measure(s, x->measure)));
    if (x->with_carer) prose_add(&parts, prose_say0(s, carer));
    const char *what = parts.part[0] == NULL ? "" : parts.part[0];
    for (size_t i = 1; i < parts.count; i++) what = prose_join(s, what, (struct label)LABEL(", ", "，"), parts.part[i]);
    return prose_say2(s, text, phrase_condition(s, x->when), what);
}

static const char *branch_target(struct prose *s, uint8_t stage)
{
    static const struct label released = LABEL("release", "解除");
    return stage == PROTOCOL_NONE ? prose_say0(s, released) : phrase_stage(s, stage);
}

const char *stage_branches(struct prose *s, uint16_t first, uint16_t count)
{
    static const struct label with = LABEL("if {1}: {2}", "{1}的：{2}"),
                              other = LABEL("otherwise: {2}", "其他情形：{2}");
    static const struct label always = LABEL("{2}", "{2}");
    const char *text = "";
    for (uint16_t i = 0; i < count; i++) {
        const struct branch *b = &s->p->branches[first + i];
        const char *when = phrase_condition(s, b->when);
        const struct label *template = when[0] != 0 ? &with : i > 0 ? &other : &always;
        text = prose_join(s, text, (struct label)LABEL("; ", "；"),
                          prose_say2(s, *template, when, branch_target(s, b->stage)));
    }
    return text;
}

bool stage_ends_pathway(const struct stage *g)
{
    return g->end != STAGE_OPEN && g->branch_count == 0 && g->next == PROTOCOL_NONE && !g->released_after;
}

const char *stage_where_to(struct prose *s, uint8_t stage)
{
    static const struct label over = LABEL("this pathway is over", "本流程结束"), release = LABEL("release", "解除");
    const struct stage *g = &s->p->stages[stage];
    if (g->end == STAGE_OPEN) return "";
    if (g->branch_count > 0) return stage_branches(s, g->branch_first, g->branch_count);
    if (g->next != PROTOCOL_NONE) return phrase_stage(s, g->next);
    return prose_say0(s, g->released_after ? release : over);
}

const char *stage_next(struct prose *s, uint8_t stage)
{
    static const struct label then = LABEL("Then: {1}", "之后：{1}");
    static const struct label release =
        LABEL("Then: release, under the conditions below", "之后：符合下述条件的，予以解除");
    const struct stage *g = &s->p->stages[stage];
    const char *where = stage_where_to(s, stage);
    if (where[0] == 0) return "";
    return prose_say1(s, g->released_after ? release : then, where);
}

// ---- the pathway as a whole ----

const char *pathway_release(struct prose *s, uint8_t pathway)
{
    static const struct label release = LABEL("Released when {1}{2}", "同时满足以下条件方可解除：{1}{2}");
    static const struct label one = LABEL("Released when {1}{2}", "解除条件：{1}{2}");
    static const struct label extend = LABEL("; otherwise extended by {1}, {2} at most{3}, by order of {4}",
                                             "；不满足的，经{4}签发指令延长{1}，最多延长{2}{3}");
    const struct pathway *w = &s->p->pathways[pathway];
    const char *when = phrase_condition(s, w->release);
    if (!w->has_release || when[0] == 0) return "";
    const char *more = "";
    if (w->extension.days > 0)
        more = prose_say4(s, extend, phrase_days(s, w->extension.days), phrase_times(s, w->extension.at_most),
                          phrase_cite(s, &w->origin, "release.otherwise"), phrase_role(s, w->extension.order_by));
    const struct condition *c = &s->p->conditions[w->release];
    const char *text = prose_say2(s, c->op == CONDITION_ALL && c->count > 1 ? release : one, when,
                                  phrase_cite(s, &w->origin, "release.when"));
    return prose_sentence(s, prose_text(s, "%s%s", text, more));
}

const char *pathway_negatives(struct prose *s, uint8_t pathway)
{
    static const struct label spaced =
        LABEL("Negatives taken less than {1} apart count once{2}.", "采样间隔不足{1}的阴性结果只计一次{2}。");
    static const struct label early =
        LABEL("A negative taken sooner than {1} after onset does not count{2}.", "发病后{1}内采样的阴性结果不计{2}。");
    const struct pathway *w = &s->p->pathways[pathway];
    const char *text = "";
    if (w->negatives_apart_minutes > 0)
        text = prose_say2(s, spaced, phrase_minutes(s, w->negatives_apart_minutes),
                          phrase_cite(s, &w->origin, "negatives.apart"));
    if (w->negatives_after_onset_minutes > 0)
        text = prose_join(s, text, (struct label)LABEL(" ", ""),
                          prose_say2(s, early, phrase_minutes(s, w->negatives_after_onset_minutes),
                                     phrase_cite(s, &w->origin, "negatives.not_before")));
    return text;
}

const char *pathway_zero(struct prose *s, uint8_t pathway)
{
    static const struct label zero = LABEL("Day 0 is the day of {1}; day n begins at midnight, n days later.",
                                           "以{1}当日为第0天，次日0时起为第1天，依此类推。");
    static const struct label entry = LABEL("Day 0 is {1}; day n begins at midnight, n days later.",
                                            "以{1}当日为第0天，次日0时起为第1天，依此类推。");
    static const struct label open =
        LABEL(" While an exposure goes on, day 0 is today.", "暴露仍在持续的，第0天顺延至当日。");
    const struct pathway *w = &s->p->pathways[pathway];
    bool is_day = w->day_zero == ANCHOR_ENTRY || w->day_zero == ANCHOR_STAGE;
    const char *text = prose_say1(s, is_day ? entry : zero, phrase_anchor(s, w->day_zero));
    return w->day_zero == ANCHOR_LAST_EXPOSURE ? prose_text(s, "%s%s", text, prose_say0(s, open)) : text;
}

const char *pathway_at_most(struct prose *s, uint8_t pathway)
{
    static const struct label most =
        LABEL("Whatever happens, all restrictions of this pathway together last at most {1}{2}.",
              "无论何种情形，本流程的各项限制措施累计最长不超过{1}{2}。");
    const struct pathway *w = &s->p->pathways[pathway];
    if (w->at_most_days <= 0) return "";
    return prose_say2(s, most, phrase_days(s, w->at_most_days), phrase_cite(s, &w->origin, "at_most"));
}
