#include "protocol/picture_parts.h"

#include "protocol/explain_condition.h"
#include "protocol/explain_phrase.h"
#include "protocol/explain_rule.h"
#include "protocol/explain_stage.h"

#include <assert.h>
#include <math.h>

static const struct label comma = LABEL(", ", "，");

static void picture_text(struct picture *pic, struct svg_block *b, svg_style style, const char *text)
{
    if (!svg_block_add(b, &pic->s.arena, style, text)) pic->s.failed = true;
}

const char *picture_band(measure_kind_word kind)
{
    static const char *const band[MEASURE_KIND_WORD_COUNT] = {
        [MEASURE_KIND_ADVICE] = "m0",    [MEASURE_KIND_HOLD] = "m2",       [MEASURE_KIND_MONITORING] = "m1",
        [MEASURE_KIND_EXCLUSION] = "m2", [MEASURE_KIND_QUARANTINE] = "m3", [MEASURE_KIND_ISOLATION] = "m4",
        [MEASURE_KIND_ZONE] = "m5",      [MEASURE_KIND_CLOSURE] = "m5",
    };
    return band[kind];
}

// ---- strips ----

uint32_t picture_strip_marks(const struct protocol *p, uint8_t stage, int32_t day)
{
    const struct stage *g = &p->stages[stage];
    uint32_t marks = 0;
    if (day > g->schedule_days) return 0;
    for (uint16_t i = p->schedule_at[g->schedule_first + day]; i < p->schedule_at[g->schedule_first + day + 1]; i++) {
        if ((g->sample_slots >> p->schedule[i] & 1u) != 0) marks |= STRIP_SAMPLE;
        if ((g->check_slots >> p->schedule[i] & 1u) != 0) marks |= STRIP_CHECK;
    }
    return marks;
}

static struct picture_strip picture_strip(const struct picture *pic, uint8_t stage)
{
    enum { CELL = 22, CELL_LEAST = 16, FORTNIGHT = 14, DAYS_MOST = 4 * FORTNIGHT, LINE = 24, WITH_CHECKS = 34 };
    const struct stage *g = &pic->s.p->stages[stage];
    int32_t last = timetable_last_day(pic->s.p, &pic->timetable, stage), zero = pic->timetable.zero[stage];
    int32_t days = g->end == STAGE_FOR ? g->days : g->end == STAGE_UNTIL && last > 0 && zero >= 0 ? last - zero : 0;
    if (days <= 0 || days > DAYS_MOST) return (struct picture_strip){0};
    double room = PICTURE_BOX - 2 * PICTURE_PAD, cell = CELL;
    int32_t a_line = days;
    if (days * cell > room) cell = floor(room / days * 2) / 2; // in half pixels, so that the cells meet exactly
    if (cell < CELL_LEAST) {
        cell = CELL;
        a_line = FORTNIGHT;
    }
    int32_t lines = (days + a_line - 1) / a_line;
    return (struct picture_strip){.count = days,
                                  .a_line = a_line,
                                  .cell = cell,
                                  .line = g->check_slots != 0 ? WITH_CHECKS : LINE,
                                  .height = lines * (g->check_slots != 0 ? WITH_CHECKS : LINE)};
}

// ---- exits ----

static struct picture_chip *exit_chip(struct picture *pic, struct picture_exit *e, const char *class, const char *text)
{
    assert(e->chip_count < PICTURE_CHIPS_MAX);
    struct picture_chip *chip = &e->chips[e->chip_count++];
    *chip = (struct picture_chip){.class = class, .text.width = PICTURE_ENDS - 2 * PICTURE_PAD, .radius = 4};
    picture_text(pic, &chip->text, SVG_SMALL, text);
    chip->height = chip->text.height + 12;
    return chip;
}

static const char *exit_pathway(struct picture *pic, const struct action *a)
{
    static const struct label own = LABEL("begins pathway {2}", "进入{2}流程");
    static const struct label role = LABEL("{1}: pathway {2}", "{1}：进入{2}流程");
    const char *who = "";
    if (a->kind == ACTION_ZONE) who = phrase_label(&pic->s, words_at(WORDS_PLACE, a->b)->label);
    if (a->kind == ACTION_ENROL_ROLE) who = phrase_role(&pic->s, (role_word)a->b);
    const char *text = prose_say2(&pic->s, who[0] == 0 ? own : role, who, phrase_pathway(&pic->s, a->a));
    return prose_capital(&pic->s, text);
}

static void exit_chips(struct picture *pic, struct picture_exit *e, const struct rule *r, uint8_t stage)
{
    enum {
        NOTES = 1 << ACTION_TASK | 1 << ACTION_MEASURE | 1 << ACTION_TELL | 1 << ACTION_UNDO | 1 << ACTION_RESTART,
    };
    static const struct label nothing = LABEL("nothing else follows", "不再触发其他处置");
    struct prose *s = &pic->s;
    for (uint16_t i = r->action_first; i < r->action_first + r->action_count; i++) {
        const struct action *a = &s->p->actions[i];
        if (a->kind == ACTION_GO) // rows of stages follow the start in file order
            e->go = 1 + (size_t)(a->a - s->p->pathways[pic->pathway].stage_first);
        if (e->chip_count + 1 == PICTURE_CHIPS_MAX) continue; // one place is kept for the notes
        if (a->kind == ACTION_END) {
            const char *how = phrase_label(s, words_at(WORDS_FINAL, a->a)->label);
            struct picture_chip *chip = exit_chip(pic, e, "end", prose_capital(s, how));
            chip->radius = chip->height / 2;
        }
        if (a->kind == ACTION_ENROL || a->kind == ACTION_ZONE || a->kind == ACTION_ENROL_ROLE)
            (void)exit_chip(pic, e, "other", exit_pathway(pic, a));
    }
    const char *notes = phrase_actions_of(s, r->action_first, r->action_count, stage, NOTES);
    if (notes[0] != 0) (void)exit_chip(pic, e, "note", prose_capital(s, notes));
    if (r->action_count == 0) (void)exit_chip(pic, e, "note", prose_capital(s, prose_say0(s, nothing)));
}

static void exit_measure(struct picture_exit *e)
{
    enum { OVER_LINE = 5, BETWEEN = 5, AFTER = 12 };
    double first = e->chip_count > 0 ? e->chips[0].height / 2 : 0, stack = 0;
    for (size_t i = 0; i < e->chip_count; i++) stack += e->chips[i].height + (i > 0 ? BETWEEN : 0);
    e->line = fmax(e->inside ? e->label.height / 2 : e->label.height + OVER_LINE, first);
    e->stack = e->line - first;
    double below = e->inside ? e->line + e->label.height / 2 : e->line + 2;
    e->height = fmax(below, e->stack + stack) + AFTER;
}

static struct picture_exit *picture_exit(struct picture *pic, struct picture_row *row, const char *label)
{
    struct picture_exit *exits = arena_grow(&pic->s.arena, pic->exits, pic->exit_count, &pic->exit_cap, sizeof *exits);
    if (exits == NULL) {
        pic->s.failed = true;
        return NULL;
    }
    pic->exits = exits;
    struct picture_exit *e = &exits[pic->exit_count++];
    bool inside = row->kind == ROW_ALWAYS;
    *e = (struct picture_exit){.go = SIZE_MAX, .inside = inside};
    e->label.width = inside ? PICTURE_BOX - 2 * PICTURE_PAD : PICTURE_LABEL_RIGHT - 16;
    picture_text(pic, &e->label, SVG_LABEL, prose_capital(&pic->s, label));
    row->exit_count++;
    return e;
}

static void row_exits(struct picture *pic, struct picture_row *row, const uint16_t *rules, size_t count, uint8_t stage)
{
    static const struct label with = LABEL("{1}, if {2}", "{1}，如果{2}"),
                              other = LABEL("{1}, otherwise", "{1}，其他情形");
    struct prose *s = &pic->s;
    row->exit_first = pic->exit_count;
    for (size_t i = 0; i < count; i++) {
        const struct rule *r = &s->p->rules[rules[i]];
        bool again = i > 0 && s->p->rules[rules[i - 1]].event == r->event;
        const char *when = phrase_condition(s, r->when), *event = phrase_rule_events(s, rules, count, &i);
        if (when[0] != 0 || again) event = prose_say2(s, when[0] != 0 ? with : other, event, when);
        struct picture_exit *e = picture_exit(pic, row, event);
        if (e == NULL) return;
        exit_chips(pic, e, r, stage);
        exit_measure(e);
        if (e->go != SIZE_MAX) pic->rows[e->go].entered_right = true;
    }
}

// The time of a stage runs out and nothing follows: said like an event.
static void row_exit_in_time(struct picture *pic, struct picture_row *row)
{
    static const struct label over = LABEL("its time runs out", "阶段时间届满");
    struct picture_exit *e = picture_exit(pic, row, prose_say0(&pic->s, over));
    if (e == NULL) return;
    const char *how = phrase_label(&pic->s, words_at(WORDS_FINAL, FINAL_COMPLETED)->label);
    struct picture_chip *chip = exit_chip(pic, e, "end", prose_capital(&pic->s, how));
    chip->radius = chip->height / 2;
    exit_measure(e);
}

// ---- rows ----

static struct picture_row *picture_row(struct picture *pic, picture_row_kind kind)
{
    assert(pic->row_count < PICTURE_ROWS_MAX);
    struct picture_row *row = &pic->rows[pic->row_count++];
    bool entered = row->entered_right; // an earlier row may lead here
    *row = (struct picture_row){.kind = kind, .stage = PROTOCOL_NONE, .entered_right = entered};
    row->head.width = row->body.width = PICTURE_BOX - 2 * PICTURE_PAD;
    return row;
}

// Who comes here: contact classes, and what opens it at the front door.
static const char *start_opened(struct picture *pic)
{
    static const struct label opened = LABEL("For: {1}", "适用：{1}");
    struct prose *s = &pic->s;
    struct prose_list parts = {0};
    for (size_t i = 0; i < s->p->class_count; i++)
        if (s->p->classes[i].pathway == pic->pathway) prose_add(&parts, phrase_label(s, s->p->classes[i].label));
    uint16_t rules[PROTOCOL_RULES_MAX];
    size_t count = rules_of_door(s->p, rules, PROTOCOL_RULES_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct rule *r = &s->p->rules[rules[i]];
        for (uint16_t k = r->action_first; k < r->action_first + r->action_count; k++)
            if (s->p->actions[k].kind == ACTION_ENROL && s->p->actions[k].a == pic->pathway)
                prose_add(&parts, phrase_label(s, words_at(WORDS_EVENT, (int32_t)r->event)->label));
    }
    return parts.count == 0 ? "" : prose_say1(s, opened, prose_enumerate(s, &parts, PROSE_COMMA));
}

static void row_start(struct picture *pic)
{
    static const struct label zero = LABEL("Start. Day 0: {1}", "开始。第0天：{1}");
    struct picture_row *row = picture_row(pic, ROW_START);
    const struct pathway *w = &pic->s.p->pathways[pic->pathway];
    picture_text(pic, &row->head, SVG_HEAD, prose_say1(&pic->s, zero, phrase_anchor_short(&pic->s, w->day_zero)));
    picture_text(pic, &row->head, SVG_SMALL, start_opened(pic));
}

static void row_stage(struct picture *pic, uint8_t stage, size_t number)
{
    static const struct label title = LABEL("{1}. {2}", "{1}. {2}"), measure = LABEL("Measure: {1}", "措施：{1}");
    static const struct label tasks = LABEL("Tasks: {1}", "任务：{1}"), enter = LABEL("On entering, {1}", "进入时{1}");
    static const struct label order = LABEL("{1}, ordered by {2}", "{1}，由{2}签发");
    struct prose *s = &pic->s;
    const struct stage *g = &s->p->stages[stage];
    struct picture_row *row = picture_row(pic, ROW_STAGE);
    row->stage = stage;
    const char *name =
        g->label.text[s->language] == NULL || g->label.text[s->language][0] == 0 ? g->name : g->label.text[s->language];
    picture_text(pic, &row->head, SVG_HEAD,
                 prose_say2(s, title, prose_number(s, (int64_t)number), prose_capital(s, name)));
    const char *where = g->has_place ? phrase_place(s, g->place) : "";
    const char *when = stage_time_short(s, &pic->timetable, stage);
    picture_text(pic, &row->head, SVG_TEXT, prose_capital(s, prose_join(s, where, comma, when)));
    row->strip = picture_strip(pic, stage);
    struct duty duties[TIMETABLE_DUTIES_MAX];
    size_t count = timetable_duties(s->p, stage, duties);
    for (size_t i = 0; i < count; i++)
        picture_text(pic, &row->body, SVG_SMALL, stage_duty_short(s, &pic->timetable, stage, &duties[i]));
    const char *entry = phrase_tasks(s, g->entry_first, g->entry_count, stage);
    if (entry[0] != 0) picture_text(pic, &row->body, SVG_SMALL, prose_say1(s, tasks, entry));
    entry = phrase_actions_of(s, g->entry_first, g->entry_count, stage, ~(1u << ACTION_TASK));
    if (entry[0] != 0) picture_text(pic, &row->body, SVG_SMALL, prose_say1(s, enter, entry));
    if (g->measure != PROTOCOL_NONE) {
        const struct measure *m = &s->p->measures[g->measure];
        const char *what = phrase_label(s, m->label);
        if (!m->voluntary) what = prose_say2(s, order, what, phrase_role(s, m->order_by));
        picture_text(pic, &row->body, SVG_SMALL, prose_say1(s, measure, what));
    }
    for (uint8_t i = 0; i < g->except_count; i++)
        picture_text(pic, &row->body, SVG_SMALL, stage_exception(s, g, (uint8_t)(g->except_first + i)));
    uint16_t rules[PROTOCOL_RULES_MAX];
    row_exits(pic, row, rules, rules_of_stage(s->p, stage, rules, PROTOCOL_RULES_MAX), stage);
    if (stage_ends_pathway(g)) row_exit_in_time(pic, row);
}

// ---- edges ----

static void picture_edge(struct picture *pic, size_t from, size_t to, const char *text)
{
    static const struct label or = LABEL(" or ", "或");
    struct prose *s = &pic->s;
    for (size_t i = 0; i < pic->edge_count; i++) {
        struct picture_edge *e = &pic->edges[i];
        if (e->from != from || e->to != to) continue;
        e->text = e->text[0] == 0 || text[0] == 0 ? "" : prose_join(s, e->text, or, text);
        return;
    }
    struct picture_edge *edges = arena_grow(&s->arena, pic->edges, pic->edge_count, &pic->edge_cap, sizeof *edges);
    if (edges == NULL) {
        s->failed = true;
        return;
    }
    pic->edges = edges;
    edges[pic->edge_count++] = (struct picture_edge){.from = from, .to = to, .text = text, .straight = to == from + 1};
}

static void picture_branches(struct picture *pic, size_t from, uint16_t first, uint16_t count, size_t release)
{
    static const struct label with = LABEL("if {1}", "{1}"), other = LABEL("otherwise", "其他情形");
    struct prose *s = &pic->s;
    const struct pathway *w = &s->p->pathways[pic->pathway];
    for (uint16_t i = 0; i < count; i++) {
        const struct branch *b = &s->p->branches[first + i];
        const char *when = phrase_condition(s, b->when);
        const char *text = when[0] != 0 ? prose_say1(s, with, when) : i > 0 ? prose_say0(s, other) : "";
        size_t to = b->stage == PROTOCOL_NONE ? release : 1 + (size_t)(b->stage - w->stage_first);
        if (to != SIZE_MAX) picture_edge(pic, from, to, text);
    }
}

static bool stage_leads_to_release(const struct protocol *p, const struct stage *g)
{
    for (uint16_t i = 0; i < g->branch_count; i++)
        if (p->branches[g->branch_first + i].stage == PROTOCOL_NONE) return true;
    // A stage that only an event ends is left when the pathway's release conditions come true.
    return g->released_after || (g->end == STAGE_OPEN && p->pathways[g->pathway].has_release);
}

static void picture_edges(struct picture *pic, size_t release)
{
    const struct protocol *p = pic->s.p;
    const struct pathway *w = &p->pathways[pic->pathway];
    if (w->start_count > 0) picture_branches(pic, 0, w->start_first, w->start_count, release);
    else if (w->stage_count > 0) picture_edge(pic, 0, 1, "");
    for (uint8_t i = 0; i < w->stage_count; i++) {
        const struct stage *g = &p->stages[w->stage_first + i];
        size_t row = 1 + (size_t)i;
        if (g->branch_count > 0) picture_branches(pic, row, g->branch_first, g->branch_count, release);
        else if (g->next != PROTOCOL_NONE) picture_edge(pic, row, 1 + (size_t)(g->next - w->stage_first), "");
        else if (release != SIZE_MAX && stage_leads_to_release(p, g)) picture_edge(pic, row, release, "");
    }
    for (size_t i = 0; i < pic->edge_count; i++) {
        struct picture_edge *e = &pic->edges[i];
        e->label.width = e->straight ? PICTURE_BOX - 70 : PICTURE_LABEL_LEFT - 10;
        picture_text(pic, &e->label, SVG_LABEL, e->text);
    }
}

bool picture_fill(struct picture *pic)
{
    static const struct label release = LABEL("Release", "解除"), always = LABEL("In every stage", "任一阶段");
    struct prose *s = &pic->s;
    const struct pathway *w = &s->p->pathways[pic->pathway];
    bool releases = false;
    row_start(pic);
    for (uint8_t i = 0; i < w->stage_count; i++) {
        row_stage(pic, (uint8_t)(w->stage_first + i), i + 1u);
        releases = releases || stage_leads_to_release(s->p, &s->p->stages[w->stage_first + i]);
    }
    for (uint16_t i = 0; i < w->start_count; i++)
        releases = releases || s->p->branches[w->start_first + i].stage == PROTOCOL_NONE;
    size_t release_row = releases ? pic->row_count : SIZE_MAX;
    if (releases) {
        struct picture_row *row = picture_row(pic, ROW_RELEASE);
        picture_text(pic, &row->head, SVG_HEAD, prose_say0(s, release));
        picture_text(pic, &row->head, SVG_SMALL, pathway_release(s, pic->pathway));
        picture_text(pic, &row->head, SVG_SMALL, pathway_negatives(s, pic->pathway));
        picture_text(pic, &row->head, SVG_SMALL, pathway_at_most(s, pic->pathway));
    }
    uint16_t rules[PROTOCOL_RULES_MAX];
    size_t count = rules_of_pathway(s->p, pic->pathway, rules, PROTOCOL_RULES_MAX);
    if (count > 0) {
        struct picture_row *row = picture_row(pic, ROW_ALWAYS);
        picture_text(pic, &row->head, SVG_HEAD, prose_say0(s, always));
        row_exits(pic, row, rules, count, w->stage_first);
    }
    picture_edges(pic, release_row);
    return !s->failed;
}
