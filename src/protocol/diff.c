#include "protocol/diff.h"

#include "protocol/diff_parts.h"
#include "protocol/explain_phrase.h"

#include <assert.h>
#include <string.h>

// ---- which is which ----

static const struct stage_rename *diff_rename(const struct protocol *after, const char *pathway, const char *stage)
{
    for (size_t i = 0; i < after->rename_count; i++) {
        const struct stage_rename *r = &after->renames[i];
        if (strcmp(r->from_pathway, pathway) == 0 && (stage == NULL || strcmp(r->from_stage, stage) == 0)) return r;
    }
    return NULL;
}

uint8_t diff_pathway(const struct protocol *before, const struct protocol *after, uint8_t pathway)
{
    assert(pathway < before->pathway_count);
    const char *name = before->pathways[pathway].name;
    uint8_t same = protocol_pathway(after, str_z(name));
    if (same != PROTOCOL_NONE) return same;
    for (size_t i = 0; i < after->rename_count; i++) {
        const struct stage_rename *r = &after->renames[i];
        if (r->to_pathway != NULL && strcmp(r->from_pathway, name) == 0)
            return protocol_pathway(after, str_z(r->to_pathway));
    }
    return PROTOCOL_NONE;
}

uint8_t diff_stage(const struct protocol *before, const struct protocol *after, uint8_t stage)
{
    assert(stage < before->stage_count);
    const struct stage *g = &before->stages[stage];
    const struct stage_rename *r = diff_rename(after, before->pathways[g->pathway].name, g->name);
    uint8_t pathway = diff_pathway(before, after, g->pathway);
    const char *name = g->name;
    if (r != NULL) {
        if (r->to_stage == NULL) return PROTOCOL_NONE;
        pathway = protocol_pathway(after, str_z(r->to_pathway));
        name = r->to_stage;
    }
    return pathway == PROTOCOL_NONE ? PROTOCOL_NONE : protocol_stage(after, pathway, str_z(name));
}

static void diff_names(struct differ *d)
{
    const struct protocol *a = d->a.p, *b = d->b.p;
    for (uint8_t i = 0; i < b->pathway_count; i++) d->b.names.pathway[i] = b->pathways[i].name;
    for (uint8_t i = 0; i < b->stage_count; i++) d->b.names.stage[i] = b->stages[i].name;
    for (uint8_t i = 0; i < b->measure_count; i++) d->b.names.measure[i] = b->measures[i].name;
    for (uint8_t i = 0; i < a->measure_count; i++) d->a.names.measure[i] = a->measures[i].name;
    for (uint8_t i = 0; i < a->pathway_count; i++) {
        d->pathway[i] = diff_pathway(a, b, i);
        d->a.names.pathway[i] = d->pathway[i] == PROTOCOL_NONE ? a->pathways[i].name : b->pathways[d->pathway[i]].name;
    }
    for (uint8_t i = 0; i < a->stage_count; i++) {
        d->stage[i] = diff_stage(a, b, i);
        d->a.names.stage[i] = d->stage[i] == PROTOCOL_NONE ? a->stages[i].name : b->stages[d->stage[i]].name;
    }
}

// ---- differences ----

void diff_say(struct differ *d, diff_theme theme, const char *sentence)
{
    struct prose *s = &d->b.shown;
    struct diff_change *changes = NULL;
    if (d->count < DIFF_CHANGES_MAX) changes = arena_grow(&s->arena, d->changes, d->count, &d->cap, sizeof *changes);
    if (changes == NULL) {
        s->failed = true; // never a comparison that leaves something out in silence
        return;
    }
    d->changes = changes;
    changes[d->count++] = (struct diff_change){theme, sentence};
}

// Without the full stop at its end.
static const char *diff_open_end(struct prose *s, const char *text)
{
    static const char *const stops[] = {".", "。"};
    size_t n = strlen(text);
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        size_t k = strlen(stops[i]);
        if (n >= k && strcmp(text + n - k, stops[i]) == 0) return prose_text(s, "%.*s", (int)(n - k), text);
    }
    return text;
}

void diff_text(struct differ *d, diff_theme theme, const char *subject, const char *a, const char *b)
{
    static const struct label changed = LABEL("{1}. Before: {2}. Now: {3}.", "{1}。原：{2}；现：{3}。");
    static const struct label fresh = LABEL("{1}. New: {3}.", "{1}。新增：{3}。");
    static const struct label gone = LABEL("{1}. No longer: {2}.", "{1}。取消：{2}。");
    struct prose *s = &d->b.shown;
    if (strcmp(a, b) == 0) return;
    const struct label *template = a[0] == 0 ? &fresh : b[0] == 0 ? &gone : &changed;
    diff_say(d, theme, prose_say3(s, *template, prose_capital(s, subject), diff_open_end(s, a), diff_open_end(s, b)));
}

void diff_thing(struct differ *d, diff_theme theme, const char *subject, diff_phrase *phrase, const void *a,
                const void *b)
{
    const char *was = a == NULL ? "" : phrase(&d->a.compared, &d->a.timetable, a);
    const char *is = b == NULL ? "" : phrase(&d->b.compared, &d->b.timetable, b);
    if (strcmp(was, is) == 0) return;
    const char *shown_was = a == NULL ? "" : phrase(&d->a.shown, &d->a.timetable, a);
    const char *shown_is = b == NULL ? "" : phrase(&d->b.shown, &d->b.timetable, b);
    // Two things of different names may be called alike.
    bool alike = strcmp(shown_was, shown_is) == 0;
    diff_text(d, theme, subject, alike ? was : shown_was, alike ? is : shown_is);
}

void diff_number(struct differ *d, diff_theme theme, const char *subject, int32_t a, int32_t b, diff_unit *unit)
{
    static const struct label less = LABEL("{1}: {3} instead of {2} ({4} less).", "{1}：由{2}改为{3}（减少{4}）。");
    static const struct label more = LABEL("{1}: {3} instead of {2} ({4} more).", "{1}：由{2}改为{3}（增加{4}）。");
    struct prose *s = &d->b.shown;
    if (a == b) return;
    diff_say(d, theme,
             prose_say4(s, b < a ? less : more, prose_capital(s, subject), unit(s, a), unit(s, b),
                        unit(s, b < a ? a - b : b - a)));
}

// ---- the whole ----

static const struct label diff_titles[DIFF_THEME_COUNT] = {
    [DIFF_DATES] = LABEL("Dates and change of edition", "施行日期与版本衔接"),
    [DIFF_CASE] = LABEL("Results and case definition", "检测结果与病例定义"),
    [DIFF_WINDOW] = LABEL("Whom a case may have infected", "追踪期"),
    [DIFF_CONTACTS] = LABEL("Contacts, and what opens a pathway", "密接判定与流程入口"),
    [DIFF_STAGES] = LABEL("Stages and days", "阶段与天数"),
    [DIFF_TESTS] = LABEL("Tests and checks", "检测与健康监测"),
    [DIFF_RELEASE] = LABEL("Release", "解除条件"),
    [DIFF_MEASURES] = LABEL("Measures", "措施"),
    [DIFF_TASKS] = LABEL("Tasks and time limits", "任务与时限"),
    [DIFF_ZONES] = LABEL("Zones", "风险区与场所"),
    [DIFF_SOURCES] = LABEL("Sources", "来源"),
};

static void diff_print(const struct differ *d, struct prose *out, struct diff_count *count)
{
    static const struct label title = LABEL("From “{1}” to “{2}”", "从“{1}”到“{2}”");
    static const struct label nothing = LABEL("Nothing changed.", "没有变化。");
    static const struct label families =
        LABEL("These are protocols of different families ({1} and {2}); they are compared all the same.",
              "两者不是同一方案的不同版本（{1}、{2}），以下仅作对照。");
    const struct protocol *a = d->a.p, *b = d->b.p;
    prose_heading(out, 1, prose_say2(out, title, phrase_label(out, a->name), phrase_label(out, b->name)));
    if (strcmp(a->family, b->family) != 0) prose_paragraph(out, prose_say2(out, families, a->family, b->family));
    for (int t = 0; t < DIFF_THEME_COUNT; t++)
        for (size_t i = 0; i < d->count; i++) {
            if (d->changes[i].theme != (diff_theme)t) continue;
            if (count->by_theme[t]++ == 0) prose_heading(out, 2, prose_say0(out, diff_titles[t]));
            prose_item(out, 0, d->changes[i].text);
        }
    count->total = d->count;
    if (d->count == 0) prose_paragraph(out, prose_say0(out, nothing));
}

static void diff_side_open(struct diff_side *side, const struct protocol *p, lang language, struct sink *out)
{
    side->p = p;
    side->shown = prose_open(p, language, 0, out);
    side->compared = prose_open(p, language, 0, out);
    side->compared.names = &side->names;
    timetable_find(p, &side->timetable);
}

static void diff_side_close(struct diff_side *side)
{
    (void)prose_close(&side->shown); // a shortage of memory marks the sink
    (void)prose_close(&side->compared);
}

struct diff_count protocol_diff(const struct protocol *before, const struct protocol *after, lang language,
                                int32_t columns, struct sink *out)
{
    struct diff_count count = {0};
    struct arena arena = {0};
    struct differ *d = arena_alloc(&arena, sizeof *d);
    if (d == NULL) {
        out->failed = true;
        return count;
    }
    diff_side_open(&d->a, before, language, out);
    diff_side_open(&d->b, after, language, out);
    diff_names(d);
    diff_head(d);
    diff_case(d);
    diff_pathways(d);
    diff_measures(d);
    diff_sources(d);
    struct prose printed = prose_open(after, language, columns, out);
    diff_print(d, &printed, &count);
    (void)prose_close(&printed);
    diff_side_close(&d->a);
    diff_side_close(&d->b);
    arena_free(&arena);
    return count;
}
