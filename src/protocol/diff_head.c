#include "protocol/diff_parts.h"
#include "protocol/explain_case.h"
#include "protocol/explain_head.h"
#include "protocol/explain_phrase.h"

#include <string.h>

static const char *title(struct differ *d, struct label label)
{
    return prose_say0(&d->b.shown, label);
}

// ---- dates ----

static const char *head_day(struct prose *s, civil_day day)
{
    return day.d == CIVIL_DAY_NONE ? "" : phrase_date(s, day);
}

static const char *head_last_day(struct prose *s, civil_day until)
{
    return until.d == CIVIL_DAY_NONE ? "" : phrase_date(s, (civil_day){until.d - 1});
}

static void head_renames(struct differ *d)
{
    static const struct label becomes =
        LABEL("Whoever is in the stage {1} of the pathway {2} goes on in {3}.", "原处于{2}流程{1}阶段的，转入{3}。");
    static const struct label ends =
        LABEL("Whoever is in the stage {1} of the pathway {2} is released.", "原处于{2}流程{1}阶段的，予以解除。");
    struct prose *s = &d->b.shown;
    for (size_t i = 0; i < d->b.p->rename_count; i++) {
        const struct stage_rename *r = &d->b.p->renames[i];
        uint8_t pathway = protocol_pathway(d->a.p, str_z(r->from_pathway));
        uint8_t from = pathway == PROTOCOL_NONE ? PROTOCOL_NONE : protocol_stage(d->a.p, pathway, str_z(r->from_stage));
        if (from == PROTOCOL_NONE) continue; // of an edition before that one
        uint8_t to = d->stage[from];
        const char *was = phrase_stage(&d->a.shown, from), *of = phrase_pathway(&d->a.shown, pathway);
        diff_say(d, DIFF_DATES,
                 prose_say3(s, to == PROTOCOL_NONE ? ends : becomes, was, of,
                            to == PROTOCOL_NONE ? "" : phrase_stage(s, to)));
    }
}

void diff_head(struct differ *d)
{
    const struct protocol *a = d->a.p, *b = d->b.p;
    struct prose *s = &d->b.shown;
    diff_text(d, DIFF_DATES, title(d, (struct label)LABEL("the name", "名称")), phrase_label(&d->a.shown, a->name),
              phrase_label(s, b->name));
    diff_text(d, DIFF_DATES, title(d, (struct label)LABEL("where it holds", "适用范围")), a->place, b->place);
    diff_text(d, DIFF_DATES, title(d, (struct label)LABEL("whose midnight begins a day", "日界所用时区")), a->zone.name,
              b->zone.name);
    diff_text(d, DIFF_DATES, title(d, (struct label)LABEL("in force from", "施行日期")), head_day(s, a->from),
              head_day(s, b->from));
    diff_text(d, DIFF_DATES, title(d, (struct label)LABEL("last day in force", "施行的最后一日")),
              head_last_day(s, a->until), head_last_day(s, b->until));
    diff_text(d, DIFF_DATES, title(d, (struct label)LABEL("to be looked at again by", "复审期限")),
              head_day(s, a->review), head_day(s, b->review));
    diff_text(d, DIFF_DATES,
              title(d, (struct label)LABEL("people half-way when it comes into force", "施行时已在处置流程中的人员")),
              phrase_change(s, a->change), phrase_change(s, b->change));
    head_renames(d);
    diff_text(d, DIFF_DATES, title(d, (struct label)LABEL("the disease", "疾病")), a->disease, b->disease);
    diff_number(d, DIFF_DATES, title(d, (struct label)LABEL("longest incubation", "最长潜伏期")), a->incubation_days,
                b->incubation_days, phrase_days);
    diff_number(d, DIFF_DATES,
                title(d, (struct label)LABEL("a new positive counts as the same infection within",
                                             "再次阳性视为同一次感染的期限")),
                a->episode_days, b->episode_days, phrase_days);
}

// ---- results and the ladder ----

static const char *case_result(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    return phrase_result_row(s, what);
}

static bool case_has_result(const struct diff_side *in, struct prose *s, const char *row)
{
    for (size_t i = 0; i < in->p->result_count; i++)
        if (strcmp(phrase_result_row(s, &in->p->results[i]), row) == 0) return true;
    return false;
}

static void case_results(struct differ *d)
{
    static const struct label order = LABEL("The lines on results stand in another order; the first that fits decides.",
                                            "检测结果判定条目的顺序有变化，以最先符合的一条为准。");
    const char *subject = title(d, (struct label)LABEL("what a result means", "检测结果的含义"));
    const struct protocol *a = d->a.p, *b = d->b.p;
    size_t before = d->count;
    for (size_t i = 0; i < a->result_count; i++)
        if (!case_has_result(&d->b, &d->b.compared, case_result(&d->a.compared, NULL, &a->results[i])))
            diff_thing(d, DIFF_CASE, subject, case_result, &a->results[i], NULL);
    for (size_t i = 0; i < b->result_count; i++)
        if (!case_has_result(&d->a, &d->a.compared, case_result(&d->b.compared, NULL, &b->results[i])))
            diff_thing(d, DIFF_CASE, subject, case_result, NULL, &b->results[i]);
    if (d->count > before || a->result_count != b->result_count) return;
    for (size_t i = 0; i < a->result_count; i++) {
        const char *was = case_result(&d->a.compared, NULL, &a->results[i]);
        if (strcmp(was, case_result(&d->b.compared, NULL, &b->results[i])) == 0) continue;
        diff_say(d, DIFF_CASE, title(d, order));
        return;
    }
}

static const char *case_step(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    return phrase_ladder_step(s, what);
}

static const struct ladder_step *case_find_step(const struct protocol *p, event_word step)
{
    for (size_t i = 0; i < p->ladder_count; i++)
        if (p->ladder[i].step == step) return &p->ladder[i];
    return NULL;
}

// ---- the window and the classes ----

static const char *case_opens(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    (void)what; // the window is the protocol's own
    return s->p->has_window ? phrase_window_opens(s) : "";
}

static const char *case_closes(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    (void)what;
    return s->p->has_window ? phrase_window_closes(s) : "";
}

static void case_window(struct differ *d)
{
    static const struct label before = LABEL("how long before onset a case may have infected others", "发病前追踪天数");
    static const struct label without =
        LABEL("the same without symptoms, before the first positive sample", "无症状者首次阳性采样前追踪天数");
    static const struct label end = LABEL("when a case no longer infects others", "追踪期终点");
    const struct protocol *a = d->a.p, *b = d->b.p;
    if (a->has_window && b->has_window) {
        diff_number(d, DIFF_WINDOW, title(d, before), a->window.opens_days_before_onset,
                    b->window.opens_days_before_onset, phrase_days);
        diff_number(d, DIFF_WINDOW, title(d, without), a->window.opens_days_before_sample,
                    b->window.opens_days_before_sample, phrase_days);
    } else {
        diff_thing(d, DIFF_WINDOW, title(d, before), case_opens, a, b);
    }
    diff_thing(d, DIFF_WINDOW, title(d, end), case_closes, a, b);
}

static const char *case_class(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    return phrase_contact_class(s, what);
}

static const struct contact_class *case_find_class(const struct protocol *p, const char *name)
{
    for (size_t i = 0; i < p->class_count; i++)
        if (strcmp(p->classes[i].name, name) == 0) return &p->classes[i];
    return NULL;
}

static void case_classes(struct differ *d)
{
    static const struct label subject = LABEL("class “{1}”", "类别“{1}”"),
                              called = LABEL("the name of the class “{1}”", "类别“{1}”的名称");
    const struct protocol *a = d->a.p, *b = d->b.p;
    struct prose *s = &d->b.shown;
    for (size_t i = 0; i < a->class_count; i++) {
        const struct contact_class *was = &a->classes[i], *is = case_find_class(b, was->name);
        const char *label = phrase_label(&d->a.shown, was->label);
        diff_thing(d, DIFF_CONTACTS, prose_say1(s, subject, is == NULL ? label : phrase_label(s, is->label)),
                   case_class, was, is);
        if (is != NULL)
            diff_text(d, DIFF_CONTACTS, prose_say1(s, called, was->name), label, phrase_label(s, is->label));
    }
    for (size_t i = 0; i < b->class_count; i++) {
        if (case_find_class(a, b->classes[i].name) != NULL) continue;
        const char *label = phrase_label(s, b->classes[i].label);
        diff_thing(d, DIFF_CONTACTS, prose_say1(s, subject, label), case_class, NULL, &b->classes[i]);
    }
}

void diff_case(struct differ *d)
{
    case_results(d);
    for (int e = EVENT_SUSPECTED; e <= EVENT_DISCARDED; e++) {
        const struct ladder_step *was = case_find_step(d->a.p, (event_word)e),
                                 *is = case_find_step(d->b.p, (event_word)e);
        diff_thing(d, DIFF_CASE, phrase_label(&d->b.shown, words_at(WORDS_EVENT, e)->label), case_step, was, is);
    }
    case_window(d);
    case_classes(d);
}

// ---- sources ----

static const struct source *source_find(const struct protocol *p, const char *key)
{
    for (size_t i = 0; i < p->source_count; i++)
        if (strcmp(p->sources[i].key, key) == 0) return &p->sources[i];
    return NULL;
}

static const char *source_phrase(struct prose *s, const struct timetable *c, const void *what)
{
    static const struct label both = LABEL("{1} ({2})", "{1}（{2}）");
    const struct source *source = what;
    (void)c;
    return prose_say2(s, both, phrase_label(s, source->title), phrase_confidence(s, source->confidence));
}

// The sources of a figure by their keys: P1 of one edition and P1 of the other are the same only by name, as readers see it.
static const char *figure_sources(struct prose *s, const struct figure *f)
{
    const char *text = "";
    for (size_t k = 0; k < s->p->source_count && k < PROTOCOL_SOURCES_MAX; k++)
        if ((f->sources >> k & 1u) != 0)
            text = prose_join(s, text, (struct label)LABEL(", ", ", "), s->p->sources[k].key);
    return text;
}

// The same figure of the same value that rests on something else. New values are told where they matter.
static void source_figures(struct differ *d)
{
    static const struct label subject = LABEL("where {1} = {2} comes from", "{1} = {2} 的来源");
    for (size_t i = 0; i < d->b.p->figure_count; i++) {
        const struct figure *is = &d->b.p->figures[i];
        for (size_t k = 0; k < d->a.p->figure_count; k++) {
            const struct figure *was = &d->a.p->figures[k];
            if (strcmp(was->origin.path, is->origin.path) != 0 || strcmp(was->text, is->text) != 0) continue;
            diff_text(d, DIFF_SOURCES, prose_say2(&d->b.shown, subject, is->origin.path, is->text),
                      figure_sources(&d->a.shown, was), figure_sources(&d->b.shown, is));
            break;
        }
    }
}

void diff_sources(struct differ *d)
{
    static const struct label subject = LABEL("source {1}", "来源{1}");
    const struct protocol *a = d->a.p, *b = d->b.p;
    struct prose *s = &d->b.shown;
    for (size_t i = 0; i < a->source_count; i++) {
        const char *key = a->sources[i].key;
        diff_thing(d, DIFF_SOURCES, prose_say1(s, subject, key), source_phrase, &a->sources[i], source_find(b, key));
    }
    for (size_t i = 0; i < b->source_count; i++) {
        const char *key = b->sources[i].key;
        if (source_find(a, key) == NULL)
            diff_thing(d, DIFF_SOURCES, prose_say1(s, subject, key), source_phrase, NULL, &b->sources[i]);
    }
    source_figures(d);
}
