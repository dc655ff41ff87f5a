#include "protocol/diff_parts.h"
#include "protocol/explain_condition.h"
#include "protocol/explain_phrase.h"
#include "protocol/explain_rule.h"
#include "protocol/explain_stage.h"

#include <assert.h>
#include <string.h>

static const struct label and = LABEL("; ", "；");

// ---- phrases of a stage; days are counted from the stage's own day zero, so that a longer stage before it changes nothing ----

static struct timetable diff_own_days(void)
{
    struct timetable c = {0};
    for (size_t i = 0; i < PROTOCOL_STAGES_MAX; i++) c.zero[i] = TIMETABLE_UNKNOWN;
    return c;
}

static uint8_t stage_number(const struct prose *s, const struct stage *g)
{
    return (uint8_t)(g - s->p->stages);
}

static const char *stage_where(struct prose *s, const struct timetable *c, const void *what)
{
    const struct stage *g = what;
    (void)c;
    return g->has_place ? phrase_place(s, g->place) : "";
}

static const char *stage_length(struct prose *s, const struct timetable *c, const void *what)
{
    static const struct label days = LABEL("for {1}", "共{1}");
    const struct stage *g = what;
    struct timetable own = diff_own_days();
    (void)c;
    if (g->end == STAGE_FOR) return prose_say1(s, days, phrase_days(s, g->days));
    return stage_time(s, &own, stage_number(s, g));
}

static const char *stage_follows(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    return stage_where_to(s, stage_number(s, what));
}

static const char *stage_apart(struct prose *s, const struct timetable *c, const void *what)
{
    static const struct label apart = LABEL("kept apart from everyone of another course", "单独安置");
    (void)c;
    return ((const struct stage *)what)->exclusive ? prose_say0(s, apart) : "";
}

static const char *stage_exceptions(struct prose *s, const struct timetable *c, const void *what)
{
    const struct stage *g = what;
    const char *text = "";
    (void)c;
    for (uint8_t i = 0; i < g->except_count; i++)
        text = prose_join(s, text, and, stage_exception(s, g, (uint8_t)(g->except_first + i)));
    return text;
}

static const char *stage_restriction(struct prose *s, const struct timetable *c, const void *what)
{
    static const struct label first = LABEL("{1}, for the first {2} of the stage", "{1}（仅本阶段前{2}）");
    const struct stage *g = what;
    (void)c;
    if (g->measure == PROTOCOL_NONE) return "";
    const char *name = phrase_measure(s, g->measure);
    return g->measure_days > 0 ? prose_say2(s, first, name, phrase_days(s, g->measure_days)) : name;
}

static const char *stage_duties(struct prose *s, const struct stage *g, bool checks)
{
    struct timetable own = diff_own_days();
    struct duty duties[TIMETABLE_DUTIES_MAX];
    size_t count = timetable_duties(s->p, stage_number(s, g), duties);
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        if ((duties[i].task->verb == VERB_CHECK) == checks)
            text = prose_join(s, text, and, stage_duty(s, &own, stage_number(s, g), &duties[i]));
    return text;
}

static const char *stage_samples(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    return stage_duties(s, what, false);
}

static const char *stage_checks(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    return stage_duties(s, what, true);
}

// ---- actions: what a rule or the entering of a stage sets off, compared one by one ----

struct actions {
    uint16_t first, count;
    uint8_t stage; // whose slots its tasks lie in
};

static const char *actions_one(struct prose *s, const struct actions *of, uint16_t i)
{
    return phrase_actions(s, (uint16_t)(of->first + i), 1, of->stage);
}

// Those of `of` that `other` has not, as shown.
static const char *actions_only(struct diff_side *side, const struct actions *of, struct diff_side *other_side,
                                const struct actions *other)
{
    const char *text = "";
    for (uint16_t i = 0; i < of->count; i++) {
        const char *one = actions_one(&side->compared, of, i);
        bool there = false;
        for (uint16_t k = 0; k < other->count && !there; k++)
            there = strcmp(actions_one(&other_side->compared, other, k), one) == 0;
        if (!there) text = prose_join(&side->shown, text, and, actions_one(&side->shown, of, i));
    }
    return text;
}

static void diff_actions(struct differ *d, diff_theme theme, const char *subject, const struct actions *a,
                         const struct actions *b)
{
    static const struct label both = LABEL("{1}. No longer: {2}. New: {3}.", "{1}。取消：{2}；新增：{3}。");
    const char *gone = actions_only(&d->a, a, &d->b, b), *fresh = actions_only(&d->b, b, &d->a, a);
    struct prose *s = &d->b.shown;
    if (gone[0] != 0 && fresh[0] != 0) diff_say(d, theme, prose_say3(s, both, prose_capital(s, subject), gone, fresh));
    else diff_text(d, theme, subject, gone, fresh);
}

// ---- stages ----

static diff_theme diff_theme_of(const struct pathway *w, diff_theme theme)
{
    return w->of == SUBJECT_PLACE ? DIFF_ZONES : theme;
}

static const char *diff_about(struct differ *d, const char *subject, struct label what)
{
    static const struct label about = LABEL("{1}, {2}", "{1}，{2}");
    struct prose *s = &d->b.shown;
    return prose_say2(s, about, subject, prose_say0(s, what));
}

static void diff_stages(struct differ *d, const struct pathway *w, const char *subject, const struct stage *a,
                        const struct stage *b)
{
    static const struct {
        struct label what;
        diff_theme theme;
        diff_phrase *phrase;
    } rows[] = {
        {LABEL("where it is spent", "地点"), DIFF_STAGES, stage_where},
        {LABEL("who is put together", "安置"), DIFF_STAGES, stage_apart},
        {LABEL("what follows", "后续"), DIFF_STAGES, stage_follows},
        {LABEL("samples and rounds", "采样与检测"), DIFF_TESTS, stage_samples},
        {LABEL("health checks", "健康监测"), DIFF_TESTS, stage_checks},
        {LABEL("the measure", "措施"), DIFF_MEASURES, stage_restriction},
        {LABEL("exceptions", "例外情形"), DIFF_MEASURES, stage_exceptions},
    };
    static const struct label days = LABEL("how long", "天数"), enter = LABEL("on entering", "进入时");
    const char *length = diff_about(d, subject, days);
    if (a->end == STAGE_FOR && b->end == STAGE_FOR)
        diff_number(d, diff_theme_of(w, DIFF_STAGES), length, a->days, b->days, phrase_days);
    else diff_thing(d, diff_theme_of(w, DIFF_STAGES), length, stage_length, a, b);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        diff_thing(d, diff_theme_of(w, rows[i].theme), diff_about(d, subject, rows[i].what), rows[i].phrase, a, b);
    const struct actions was = {a->entry_first, a->entry_count, stage_number(&d->a.shown, a)};
    const struct actions is = {b->entry_first, b->entry_count, stage_number(&d->b.shown, b)};
    diff_actions(d, diff_theme_of(w, DIFF_TASKS), diff_about(d, subject, enter), &was, &is);
}

// ---- reactions ----

static const char *rule_when(struct prose *s, const struct rule *r)
{
    static const struct label plain = LABEL("when {1}", "{1}时"), with = LABEL("when {1}, if {2}", "{1}时，如果{2}");
    const char *when = phrase_condition(s, r->when);
    return prose_say2(s, when[0] == 0 ? plain : with, phrase_event(s, r->event), when);
}

struct rules {
    uint16_t number[PROTOCOL_RULES_MAX];
    size_t count;
    uint8_t stage;
};

static const struct rule *rules_match(const struct differ *d, struct prose *s, const struct rules *b, const char *when,
                                      event_word event, bool *used)
{
    for (size_t k = 0; k < b->count; k++) {
        const struct rule *r = &d->b.p->rules[b->number[k]];
        if (used[k] || r->event != event || strcmp(rule_when(s, r), when) != 0) continue;
        used[k] = true;
        return r;
    }
    return NULL;
}

static void diff_rules(struct differ *d, diff_theme theme, const char *subject, const struct rules *a,
                       const struct rules *b)
{
    static const struct label about = LABEL("{1}, {2}", "{1}，{2}");
    struct prose *s = &d->b.shown;
    bool used[PROTOCOL_RULES_MAX] = {false};
    for (size_t i = 0; i < a->count; i++) {
        const struct rule *r = &d->a.p->rules[a->number[i]];
        const struct rule *to = rules_match(d, &d->b.compared, b, rule_when(&d->a.compared, r), r->event, used);
        struct actions was = {r->action_first, r->action_count, a->stage}, is = {0, 0, b->stage};
        if (to != NULL) is = (struct actions){to->action_first, to->action_count, b->stage};
        const char *when = rule_when(&d->a.shown, r);
        diff_actions(d, theme, subject[0] == 0 ? when : prose_say2(s, about, subject, when), &was, &is);
    }
    for (size_t k = 0; k < b->count; k++) {
        const struct rule *r = &d->b.p->rules[b->number[k]];
        struct actions was = {0, 0, a->stage}, is = {r->action_first, r->action_count, b->stage};
        if (used[k]) continue;
        const char *when = rule_when(s, r);
        diff_actions(d, theme, subject[0] == 0 ? when : prose_say2(s, about, subject, when), &was, &is);
    }
}

static void diff_stage_rules(struct differ *d, diff_theme theme, const char *subject, uint8_t a, uint8_t b)
{
    struct rules was = {.stage = a}, is = {.stage = b};
    was.count = rules_of_stage(d->a.p, a, was.number, PROTOCOL_RULES_MAX);
    is.count = rules_of_stage(d->b.p, b, is.number, PROTOCOL_RULES_MAX);
    diff_rules(d, theme, subject, &was, &is);
}

// ---- pathways ----

static const char *way_zero(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    return phrase_anchor(s, ((const struct pathway *)what)->day_zero);
}

static const char *way_late(struct prose *s, const struct timetable *c, const void *what)
{
    static const struct label once = LABEL("one sample at once makes up for those missed", "立即补采一次");
    (void)c;
    return ((const struct pathway *)what)->make_up_once ? prose_say0(s, once) : "";
}

static const char *way_start(struct prose *s, const struct timetable *c, const void *what)
{
    const struct pathway *w = what;
    (void)c;
    if (w->start_count > 0) return stage_branches(s, w->start_first, w->start_count);
    return w->stage_count == 0 ? "" : phrase_stage(s, w->stage_first);
}

static const char *way_units(struct prose *s, const struct timetable *c, const void *what)
{
    const struct pathway *w = what;
    struct prose_list parts = {0};
    (void)c;
    for (uint8_t i = 0; i < w->units_count; i++)
        prose_add(&parts, phrase_label(s, words_at(WORDS_PLACE, w->units[i])->label));
    return prose_enumerate(s, &parts, PROSE_COMMA);
}

static const char *way_release(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    return pathway_release(s, (uint8_t)((const struct pathway *)what - s->p->pathways));
}

static const char *way_negatives(struct prose *s, const struct timetable *c, const void *what)
{
    (void)c;
    return pathway_negatives(s, (uint8_t)((const struct pathway *)what - s->p->pathways));
}

// Days from day zero to the end when nothing happens on the way; TIMETABLE_UNKNOWN when that is not fixed.
static int32_t way_length(const struct diff_side *side, const struct pathway *w)
{
    uint8_t stages[PROTOCOL_STAGES_MAX];
    size_t count = timetable_main(side->p, (uint8_t)(w - side->p->pathways), stages, PROTOCOL_STAGES_MAX);
    int32_t last = 0;
    for (size_t i = 0; i < count; i++) {
        if (side->timetable.zero[stages[i]] != last) return TIMETABLE_UNKNOWN;
        last = timetable_last_day(side->p, &side->timetable, stages[i]);
        if (last == TIMETABLE_UNKNOWN) return TIMETABLE_UNKNOWN;
    }
    return last;
}

// Is `is` the stage `was` itself, rather than another one of its pathway that it was joined to or the like of another pathway?
static bool diff_keeps_name(const struct differ *d, const struct pathway *b, uint8_t was, uint8_t is)
{
    const struct stage *g = &d->a.p->stages[was], *to = &d->b.p->stages[is];
    if (&d->b.p->pathways[to->pathway] != b) return false;
    return strcmp(g->name, to->name) == 0 || protocol_stage(d->a.p, g->pathway, str_z(to->name)) == PROTOCOL_NONE;
}

static void diff_way_stages(struct differ *d, const struct pathway *a, const struct pathway *b, const char *subject)
{
    static const struct label about = LABEL("{1}, stage {2}", "{1}，阶段{2}"),
                              called = LABEL("what it is called", "名称");
    static const struct label gone = LABEL("{1} no longer has the stage {2}.", "{1}取消阶段{2}。");
    static const struct label joins =
        LABEL("{1}: the stage {2} is no longer there; it goes on in {3}.", "{1}取消阶段{2}，转为{3}。");
    static const struct label fresh = LABEL("{1} has a new stage {2}: {3}.", "{1}新增阶段{2}：{3}。");
    struct prose *s = &d->b.shown;
    bool met[PROTOCOL_STAGES_MAX] = {false};
    for (uint8_t i = 0; i < a->stage_count; i++) {
        uint8_t was = (uint8_t)(a->stage_first + i), is = d->stage[was];
        if (is == PROTOCOL_NONE) {
            diff_say(d, diff_theme_of(b, DIFF_STAGES),
                     prose_say2(s, gone, prose_capital(s, subject), phrase_stage(&d->a.shown, was)));
            continue;
        }
        bool own = diff_keeps_name(d, b, was, is);
        if (!own)
            diff_say(
                d, diff_theme_of(b, DIFF_STAGES),
                prose_say3(s, joins, prose_capital(s, subject), phrase_stage(&d->a.shown, was), phrase_stage(s, is)));
        if (!own || met[is]) continue;
        met[is] = true;
        const char *stage = prose_say2(s, about, subject, phrase_stage(s, is));
        diff_text(d, diff_theme_of(b, DIFF_STAGES), diff_about(d, stage, called), phrase_stage(&d->a.shown, was),
                  phrase_stage(s, is));
        diff_stages(d, b, stage, &d->a.p->stages[was], &d->b.p->stages[is]);
        diff_stage_rules(d, diff_theme_of(b, DIFF_STAGES), stage, was, is);
    }
    for (uint8_t i = 0; i < b->stage_count; i++) {
        uint8_t is = (uint8_t)(b->stage_first + i);
        if (met[is]) continue;
        const struct stage *g = &d->b.p->stages[is];
        const char *what =
            prose_join(s, stage_where(s, NULL, g), (struct label)LABEL(", ", "，"), stage_length(s, NULL, g));
        const char *measure = stage_restriction(s, NULL, g);
        what = prose_join(s, what, (struct label)LABEL(", ", "，"), measure);
        diff_say(d, diff_theme_of(b, DIFF_STAGES),
                 prose_say3(s, fresh, prose_capital(s, subject), phrase_stage(s, is), what));
    }
}

static void diff_way(struct differ *d, const struct pathway *a, const struct pathway *b)
{
    static const struct {
        struct label what;
        diff_theme theme;
        diff_phrase *phrase;
    } rows[] = {
        {LABEL("day 0 is the day of", "第0天"), DIFF_STAGES, way_zero},
        {LABEL("who is named late", "纳管较迟的"), DIFF_TESTS, way_late},
        {LABEL("the first stage", "起始阶段"), DIFF_STAGES, way_start},
        {LABEL("it may be drawn as", "划定单元"), DIFF_ZONES, way_units},
        {LABEL("release", "解除"), DIFF_RELEASE, way_release},
        {LABEL("which negatives count", "阴性结果的计算"), DIFF_RELEASE, way_negatives},
    };
    static const struct label way = LABEL("pathway {1}", "{1}流程"), called = LABEL("what it is called", "名称");
    static const struct label whole = LABEL("from day 0 to the end when nothing happens", "途中无其他情形时全程天数");
    static const struct label most = LABEL("all restrictions together at most", "限制措施累计最长");
    struct prose *s = &d->b.shown;
    uint8_t was = (uint8_t)(a - d->a.p->pathways), is = (uint8_t)(b - d->b.p->pathways);
    const char *subject = prose_say1(s, way, phrase_pathway(s, is));
    diff_text(d, diff_theme_of(b, DIFF_STAGES), diff_about(d, subject, called), phrase_pathway(&d->a.shown, was),
              phrase_pathway(s, is));
    int32_t before = way_length(&d->a, a), after = way_length(&d->b, b);
    if (before > 0 && after > 0)
        diff_number(d, diff_theme_of(b, DIFF_STAGES), diff_about(d, subject, whole), before, after, phrase_days);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        diff_thing(d, diff_theme_of(b, rows[i].theme), diff_about(d, subject, rows[i].what), rows[i].phrase, a, b);
    diff_number(d, diff_theme_of(b, DIFF_RELEASE), diff_about(d, subject, most), a->at_most_days, b->at_most_days,
                phrase_days);
    diff_way_stages(d, a, b, subject);
    struct rules old = {.stage = a->stage_first}, now = {.stage = b->stage_first};
    old.count = rules_of_pathway(d->a.p, was, old.number, PROTOCOL_RULES_MAX);
    now.count = rules_of_pathway(d->b.p, is, now.number, PROTOCOL_RULES_MAX);
    diff_rules(d, diff_theme_of(b, DIFF_STAGES), subject, &old, &now);
}

static const char *way_outline(struct prose *s, const struct pathway *w)
{
    static const struct label with = LABEL(" ({1})", "（{1}）");
    struct prose_list stages = {0};
    for (uint8_t i = 0; i < w->stage_count; i++) {
        const struct stage *g = &s->p->stages[w->stage_first + i];
        const char *length = g->end == STAGE_FOR ? prose_say1(s, with, phrase_days(s, g->days)) : "";
        prose_add(&stages, prose_text(s, "%s%s", phrase_stage(s, (uint8_t)(w->stage_first + i)), length));
    }
    return prose_enumerate(s, &stages, PROSE_COMMA);
}

void diff_pathways(struct differ *d)
{
    static const struct label gone = LABEL("The pathway {1} is no longer there.", "取消{1}流程。");
    static const struct label fresh = LABEL("There is a new pathway {1}: {2}.", "新增{1}流程：{2}。");
    static const struct label door = LABEL("who judges what no rule covers", "未列明情形的研判人");
    const struct protocol *a = d->a.p, *b = d->b.p;
    struct prose *s = &d->b.shown;
    bool met[PROTOCOL_PATHWAYS_MAX] = {false};
    struct rules was = {.stage = PROTOCOL_NONE}, is = {.stage = PROTOCOL_NONE};
    was.count = rules_of_door(a, was.number, PROTOCOL_RULES_MAX);
    is.count = rules_of_door(b, is.number, PROTOCOL_RULES_MAX);
    diff_rules(d, DIFF_CONTACTS, "", &was, &is);
    diff_text(d, DIFF_CONTACTS, prose_say0(s, door), a->has_ask ? phrase_role(s, a->ask_by) : "",
              b->has_ask ? phrase_role(s, b->ask_by) : "");
    for (uint8_t i = 0; i < a->pathway_count; i++) {
        const struct pathway *w = &a->pathways[i];
        uint8_t to = d->pathway[i];
        if (to == PROTOCOL_NONE) {
            diff_say(d, diff_theme_of(w, DIFF_STAGES), prose_say1(s, gone, phrase_pathway(&d->a.shown, i)));
            continue;
        }
        // Two pathways may have become one: the stages of the second are compared by the table of stages alone.
        if (!met[to]) diff_way(d, w, &b->pathways[to]);
        met[to] = true;
    }
    for (uint8_t i = 0; i < b->pathway_count; i++)
        if (!met[i])
            diff_say(d, diff_theme_of(&b->pathways[i], DIFF_STAGES),
                     prose_say2(s, fresh, phrase_pathway(s, i), way_outline(s, &b->pathways[i])));
}
