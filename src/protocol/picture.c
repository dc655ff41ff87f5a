#include "protocol/picture.h"

#include "protocol/explain_phrase.h"
#include "protocol/explain_stage.h"
#include "protocol/picture_parts.h"

#include <assert.h>
#include <math.h>

enum { GAP = 26, GAP_ARROW = 36, ENTRY = 18, LEFT_STEP = 12, CORNER = 6 };

// ---- lanes ----

static bool lane_clash(size_t a0, size_t a1, size_t b0, size_t b1)
{
    size_t alow = a0 < a1 ? a0 : a1, ahigh = a0 < a1 ? a1 : a0, blow = b0 < b1 ? b0 : b1, bhigh = b0 < b1 ? b1 : b0;
    return alow <= bhigh && blow <= ahigh;
}

static size_t edge_span(const struct picture_edge *e)
{
    return e->from < e->to ? e->to - e->from : e->from - e->to;
}

// Edges that lead to the same row from the same side and say nothing share a lane: the longest draws it, and the others
// run into it.
static bool lane_shared(const struct picture_edge *a, const struct picture_edge *b)
{
    bool silent = a->label.count == 0 && b->label.count == 0 && !a->straight && !b->straight;
    return silent && a->to == b->to && (a->from < a->to) == (b->from < b->to);
}

static const struct picture_edge *lane_leader(const struct picture *pic, const struct picture_edge *e)
{
    const struct picture_edge *leader = e;
    for (size_t k = 0; k < pic->edge_count; k++)
        if (lane_shared(e, &pic->edges[k]) && edge_span(&pic->edges[k]) > edge_span(leader)) leader = &pic->edges[k];
    return leader;
}

static bool lane_taken(const struct picture *pic, size_t index)
{
    const struct picture_edge *e = &pic->edges[index];
    for (size_t k = 0; k < pic->edge_count; k++) {
        const struct picture_edge *o = &pic->edges[k];
        size_t span = edge_span(o);
        bool placed = k != index && !o->straight && (span < edge_span(e) || (span == edge_span(e) && k < index));
        if (placed && o->lane == e->lane && !lane_shared(e, o) && lane_clash(e->from, e->to, o->from, o->to))
            return true;
    }
    return false;
}

// The lowest lane free over the edge's rows; short edges first, so that they lie inside the long ones. Those that share a
// lane take that of the longest, whose rows include theirs.
static void picture_left_lanes(struct picture *pic)
{
    for (size_t span = 0; span <= pic->row_count; span++)
        for (size_t i = 0; i < pic->edge_count; i++) {
            struct picture_edge *e = &pic->edges[i];
            if (e->straight || edge_span(e) != span) continue;
            e->lane = 0;
            while (lane_taken(pic, i)) e->lane++;
            if (e->lane + 1 > pic->left_lanes) pic->left_lanes = e->lane + 1;
        }
    for (size_t i = 0; i < pic->edge_count; i++) pic->edges[i].lane = lane_leader(pic, &pic->edges[i])->lane;
}

// The rows that events joining in one lane reach over: all the exits that lead into `to`, and `to` itself.
static void right_reach(const struct picture *pic, size_t to, size_t *low, size_t *high)
{
    *low = *high = to;
    for (size_t r = 0; r < pic->row_count; r++)
        for (size_t i = 0; i < pic->rows[r].exit_count; i++) {
            if (pic->exits[pic->rows[r].exit_first + i].go != to) continue;
            *low = r < *low ? r : *low;
            *high = r > *high ? r : *high;
        }
}

static void picture_right_lanes(struct picture *pic)
{
    size_t low[PICTURE_ROWS_MAX], high[PICTURE_ROWS_MAX];
    for (size_t r = 0; r < pic->row_count; r++) {
        pic->right_lane[r] = -1;
        if (pic->rows[r].entered_right) right_reach(pic, r, &low[r], &high[r]);
    }
    for (size_t span = 0; span <= pic->row_count; span++)
        for (size_t r = 0; r < pic->row_count; r++) {
            if (!pic->rows[r].entered_right || high[r] - low[r] != span) continue;
            int32_t lane = 0;
            for (size_t k = 0; k < pic->row_count; k++) {
                bool placed = k != r && pic->right_lane[k] >= 0;
                if (!placed || pic->right_lane[k] != lane || !lane_clash(low[r], high[r], low[k], high[k])) continue;
                lane++;
                k = SIZE_MAX; // look again at all of them
            }
            pic->right_lane[r] = lane;
            if (lane + 1 > pic->right_lanes) pic->right_lanes = lane + 1;
        }
}

// ---- heights and places ----

static double row_text_height(const struct picture_row *row)
{
    double strip = row->strip.count > 0 ? row->strip.height + 6 : 0;
    double body = row->body.count > 0 ? row->body.height + 4 : 0;
    return row->head.height + strip + body + 2 * PICTURE_PAD - 4;
}

static void picture_needs(struct picture *pic)
{
    for (size_t i = 0; i < pic->row_count; i++) {
        struct picture_row *row = &pic->rows[i];
        row->need = row_text_height(row);
        row->right_need = row->entered_right ? ENTRY + CORNER : 4;
        if (row->kind == ROW_ALWAYS) row->right_need = row->head.height + PICTURE_PAD + CORNER;
        for (size_t k = 0; k < row->exit_count; k++) {
            struct picture_exit *e = &pic->exits[row->exit_first + k];
            e->y = row->right_need;
            row->right_need = e->y + e->height;
        }
        row->left_need = CORNER;
    }
    for (size_t i = 0; i < pic->edge_count; i++) {
        const struct picture_edge *e = &pic->edges[i];
        if (e->straight) continue;
        pic->rows[e->to].left_need += lane_leader(pic, e) != e ? 0 : e->label.height + ENTRY;
        pic->rows[e->from].left_need += LEFT_STEP;
    }
    for (size_t i = 0; i < pic->row_count; i++) {
        struct picture_row *row = &pic->rows[i];
        row->height = fmax(row->need, fmax(row->right_need, row->left_need + CORNER));
    }
}

static const struct picture_edge *picture_below(const struct picture *pic, size_t row)
{
    for (size_t i = 0; i < pic->edge_count; i++)
        if (pic->edges[i].straight && pic->edges[i].from == row) return &pic->edges[i];
    return NULL;
}

static void picture_places(struct picture *pic)
{
    bool labels = false, exits = pic->exit_count > 0, beside = false;
    for (size_t i = 0; i < pic->exit_count; i++) beside = beside || !pic->exits[i].inside;
    for (size_t i = 0; i < pic->edge_count; i++)
        labels = labels || (!pic->edges[i].straight && pic->edges[i].label.count > 0);
    double lanes = pic->left_lanes * PICTURE_LANE;
    pic->box_x = PICTURE_MARGIN + lanes + (labels ? PICTURE_LABEL_LEFT : pic->left_lanes > 0 ? 20 : 0);
    pic->label_x = pic->box_x + PICTURE_BOX + 8;
    pic->lane_x = pic->label_x + (beside ? PICTURE_LABEL_RIGHT : PICTURE_ARROW - 12);
    pic->ends_x = pic->lane_x + pic->right_lanes * PICTURE_LANE + 12;
    pic->width = (exits ? pic->ends_x + PICTURE_ENDS : pic->box_x + PICTURE_BOX) + PICTURE_MARGIN;
    double y = pic->top;
    for (size_t i = 0; i < pic->row_count; i++) {
        struct picture_row *row = &pic->rows[i];
        const struct picture_edge *below = picture_below(pic, i);
        row->y = y;
        row->left_in = row->left_need > 2 * CORNER ? CORNER : 0;
        row->left_out = row->height - CORNER;
        y += row->height + (below == NULL ? GAP : fmax(GAP_ARROW, below->label.height + 18));
    }
    pic->height = y - GAP;
}

// ---- drawing ----

static void draw_strip(struct picture *pic, const struct picture_row *row, double top, struct sink *out)
{
    enum { CELL_HEIGHT = 20 };
    const struct prose *s = &pic->s;
    // A stage that ends on a day counted from the pathway's own day zero keeps those numbers, however it is entered.
    bool known = stage_days_known(&pic->timetable, row->stage) || s->p->stages[row->stage].end == STAGE_UNTIL;
    int32_t zero = known ? pic->timetable.zero[row->stage] : 0;
    double cell = row->strip.cell;
    for (int32_t day = 1; day <= row->strip.count; day++) {
        uint32_t marks = picture_strip_marks(s->p, row->stage, day);
        bool sample = (marks & STRIP_SAMPLE) != 0;
        int32_t line = (day - 1) / row->strip.a_line, column = (day - 1) % row->strip.a_line;
        double x = pic->box_x + PICTURE_PAD + column * cell, y = top + line * row->strip.line;
        svg_box(out, sample ? "sample" : "day", (struct svg_rect){x, y, cell, CELL_HEIGHT}, 0);
        sink_printf(out, "<text class=\"num%s\" x=\"%.2f\" y=\"%.1f\" text-anchor=\"middle\">%d</text>\n",
                    sample ? " on" : "", x + cell / 2, y + 14, (int)(zero + day));
        if ((marks & STRIP_CHECK) != 0)
            svg_box(out, "check", (struct svg_rect){x + cell / 2 - 2, y + CELL_HEIGHT + 4, 4, 4}, 2);
    }
}

static void draw_row(struct picture *pic, const struct picture_row *row, struct sink *out)
{
    static const struct {
        const char *class;
        double radius;
    } look[] = {[ROW_START] = {"start", 18},
                [ROW_STAGE] = {"box", 6},
                [ROW_RELEASE] = {"release", 18},
                [ROW_ALWAYS] = {"any", 6}};
    svg_box(out, look[row->kind].class, (struct svg_rect){pic->box_x, row->y, PICTURE_BOX, row->height},
            look[row->kind].radius);
    uint8_t measure = row->kind == ROW_STAGE ? pic->s.p->stages[row->stage].measure : PROTOCOL_NONE;
    if (measure != PROTOCOL_NONE)
        svg_box(out, picture_band(pic->s.p->measures[measure].kind),
                (struct svg_rect){pic->box_x + 3, row->y + 5, 6, row->height - 10}, 3);
    double x = pic->box_x + PICTURE_PAD, y = row->y + PICTURE_PAD - 3;
    svg_block_draw(out, &row->head, x, y, "");
    y += row->head.height;
    if (row->strip.count > 0) {
        draw_strip(pic, row, y + 5, out);
        y += row->strip.height + 6;
    }
    svg_block_draw(out, &row->body, x, y + 4, "");
}

static void draw_exit(struct picture *pic, const struct picture_row *row, const struct picture_exit *e,
                      struct sink *out)
{
    double y = row->y + e->y, line = y + e->line;
    double from = pic->box_x + PICTURE_BOX;
    if (e->inside) svg_block_draw(out, &e->label, pic->box_x + PICTURE_PAD, line - e->label.height / 2, "");
    else svg_block_draw(out, &e->label, pic->label_x + 4, line - 5 - e->label.height, "");
    if (e->chip_count > 0) {
        const struct svg_point straight[] = {{from, line}, {pic->ends_x, line}};
        svg_path(out, "line", straight, 2, true);
    }
    if (e->go != SIZE_MAX && e->chip_count == 0) {
        double lane = pic->lane_x + pic->right_lane[e->go] * PICTURE_LANE;
        const struct svg_point out_to_lane[] = {{from, line}, {lane - 2 * CORNER, line}};
        svg_path(out, "line", out_to_lane, 2, false);
    }
    double top = y + e->stack;
    for (size_t i = 0; i < e->chip_count; i++) {
        const struct picture_chip *chip = &e->chips[i];
        svg_box(out, chip->class, (struct svg_rect){pic->ends_x, top, PICTURE_ENDS, chip->height}, chip->radius);
        svg_block_draw(out, &chip->text, pic->ends_x + PICTURE_PAD, top + 6, "");
        top += chip->height + 5;
    }
}

// One lane for all the events that lead into a stage: the outermost on either side draws it, with one arrow into the box,
// and those between run into it.
static void draw_right_lane(struct picture *pic, size_t to, struct sink *out)
{
    const struct picture_row *target = &pic->rows[to];
    double lane = pic->lane_x + pic->right_lane[to] * PICTURE_LANE;
    double entry = target->y + ENTRY / 2.0 + 2, edge = pic->box_x + PICTURE_BOX, top = entry, bottom = entry;
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t r = 0; r < pic->row_count; r++)
            for (size_t i = 0; i < pic->rows[r].exit_count; i++) {
                const struct picture_exit *e = &pic->exits[pic->rows[r].exit_first + i];
                if (e->go != to) continue;
                double line = pic->rows[r].y + e->y + e->line;
                top = fmin(top, line);
                bottom = fmax(bottom, line);
                if (pass == 0) continue;
                bool outer = line == top || line == bottom;
                const struct svg_point path[] = {
                    {lane - 2 * CORNER, line}, {lane, line}, {lane, entry}, {lane - 2 * CORNER, entry}};
                svg_path(out, "line", path, outer ? 4 : 2, false);
                if (e->chip_count > 0)
                    svg_box(out, "head", (struct svg_rect){lane - 2 * CORNER - 3, line - 3, 6, 6}, 3);
            }
    const struct svg_point into[] = {{lane - 2 * CORNER, entry}, {edge, entry}};
    svg_path(out, "line", into, 2, true);
}

static void draw_left_edge(struct picture *pic, struct picture_edge *e, struct sink *out)
{
    struct picture_row *from = &pic->rows[e->from], *to = &pic->rows[e->to];
    double lane = PICTURE_MARGIN + (pic->left_lanes - 1 - e->lane) * PICTURE_LANE + CORNER;
    double leaves = from->y + from->left_out - CORNER;
    from->left_out -= LEFT_STEP;
    if (lane_leader(pic, e) != e) {
        const struct svg_point join[] = {{pic->box_x, leaves}, {lane, leaves}};
        svg_path(out, "line", join, 2, false);
        return;
    }
    double enters = to->y + to->left_in + e->label.height + CORNER;
    to->left_in += e->label.height + ENTRY;
    const struct svg_point path[] = {{pic->box_x, leaves}, {lane, leaves}, {lane, enters}, {pic->box_x, enters}};
    svg_path(out, "line", path, 4, true);
    svg_block_draw(out, &e->label, PICTURE_MARGIN + pic->left_lanes * PICTURE_LANE, enters - e->label.height - 3, "");
}

static void draw_straight_edge(struct picture *pic, const struct picture_edge *e, struct sink *out)
{
    const struct picture_row *from = &pic->rows[e->from], *to = &pic->rows[e->to];
    double x = pic->box_x + 44;
    const struct svg_point path[] = {{x, from->y + from->height}, {x, to->y}};
    svg_path(out, "line", path, 2, true);
    double middle = (from->y + from->height + to->y) / 2;
    svg_block_draw(out, &e->label, x + 10, middle - e->label.height / 2, "");
}

// ---- title and legend ----

static double draw_legend(struct picture *pic, double y, struct sink *out)
{
    static const struct label sample = LABEL("sample or test round on this day", "当日采样或检测"),
                              check = LABEL("health check on this day", "当日健康监测");
    static const struct label band = LABEL("measure: {1}", "措施：{1}");
    struct prose *s = &pic->s;
    const struct pathway *w = &s->p->pathways[pic->pathway];
    uint32_t kinds = 0, marks = 0;
    for (size_t i = 0; i < pic->row_count; i++) {
        const struct picture_row *row = &pic->rows[i];
        if (row->kind != ROW_STAGE) continue;
        uint8_t m = s->p->stages[row->stage].measure;
        if (m != PROTOCOL_NONE) kinds |= 1u << s->p->measures[m].kind;
        for (int32_t day = 1; day <= row->strip.count; day++) marks |= picture_strip_marks(s->p, row->stage, day);
    }
    assert(w->stage_count + 1u <= pic->row_count);
    double x = PICTURE_MARGIN;
    for (int32_t i = 0; i < MEASURE_KIND_WORD_COUNT + 2; i++) {
        bool is_kind = i < MEASURE_KIND_WORD_COUNT;
        bool shown = is_kind ? (kinds >> i & 1u) != 0
                             : (marks & (i == MEASURE_KIND_WORD_COUNT ? STRIP_SAMPLE : STRIP_CHECK)) != 0;
        if (!shown) continue;
        const char *text = is_kind ? prose_say1(s, band, phrase_label(s, words_at(WORDS_MEASURE_KIND, i)->label))
                                   : prose_say0(s, i == MEASURE_KIND_WORD_COUNT ? sample : check);
        double width = 20 + svg_width(SVG_SMALL, str_z(text)) + 18;
        if (x + width > pic->width - PICTURE_MARGIN + 18 && x > PICTURE_MARGIN) {
            x = PICTURE_MARGIN;
            y += 22;
        }
        if (is_kind) svg_box(out, picture_band((measure_kind_word)i), (struct svg_rect){x + 4, y, 6, 16}, 3);
        else if (i == MEASURE_KIND_WORD_COUNT) svg_box(out, "sample", (struct svg_rect){x, y + 1, 14, 14}, 0);
        else svg_box(out, "check", (struct svg_rect){x + 5, y + 6, 4, 4}, 2);
        svg_text(out, SVG_SMALL, "", x + 20, y + 12, "", str_z(text));
        x += width;
    }
    return x > PICTURE_MARGIN ? y + 16 : y;
}

static const char *picture_description(struct picture *pic)
{
    static const struct label row = LABEL("Stage {1}: {2}; {3}", "阶段{1}：{2}；{3}");
    struct prose *s = &pic->s;
    const struct pathway *w = &s->p->pathways[pic->pathway];
    struct prose_list parts = {0};
    prose_add(&parts, pathway_zero(s, pic->pathway));
    for (uint8_t i = 0; i < w->stage_count && i < PROSE_PARTS_MAX - 2; i++) {
        uint8_t stage = (uint8_t)(w->stage_first + i);
        const struct stage *g = &s->p->stages[stage];
        const char *when = stage_time(s, &pic->timetable, stage);
        when = prose_join(s, g->has_place ? phrase_place(s, g->place) : "", (struct label)LABEL(", ", "，"), when);
        prose_add(&parts,
                  prose_sentence(s, prose_say3(s, row, prose_number(s, i + 1), phrase_label(s, g->label), when)));
    }
    prose_add(&parts, pathway_release(s, pic->pathway));
    return prose_enumerate(s, &parts, PROSE_SENTENCE);
}

// Ids may hold letters, digits and hyphens only; names of pathways have underscores.
static const char *picture_id(struct picture *pic)
{
    char *id = arena_printf(&pic->s.arena, "%s-%s", pic->s.p->id, pic->s.p->pathways[pic->pathway].name);
    if (id == NULL) return "picture";
    for (char *c = id; *c != 0; c++)
        if ((*c < 'a' || *c > 'z') && (*c < 'A' || *c > 'Z') && (*c < '0' || *c > '9')) *c = '-';
    return id[0] >= '0' && id[0] <= '9' ? "picture" : id;
}

static void picture_draw(struct picture *pic, struct sink *out)
{
    static const struct label title = LABEL("{1}: pathway {2}", "{1}：{2}流程");
    struct prose *s = &pic->s;
    const char *name = prose_say2(s, title, phrase_label(s, s->p->name), phrase_pathway(s, pic->pathway));
    picture_left_lanes(pic);
    picture_right_lanes(pic);
    picture_needs(pic);
    picture_places(pic);
    struct svg_block heading = {.width = pic->width - 2 * PICTURE_MARGIN};
    if (!svg_block_add(&heading, &s->arena, SVG_TITLE, name)) s->failed = true;
    pic->top = PICTURE_MARGIN + heading.height + 16;
    picture_places(pic); // again, below the heading
    struct sink body = {0};
    for (size_t i = 0; i < pic->row_count; i++) draw_row(pic, &pic->rows[i], &body);
    for (size_t i = 0; i < pic->edge_count; i++) {
        if (pic->edges[i].straight) draw_straight_edge(pic, &pic->edges[i], &body);
        else draw_left_edge(pic, &pic->edges[i], &body);
    }
    for (size_t i = 0; i < pic->row_count; i++)
        for (size_t k = 0; k < pic->rows[i].exit_count; k++)
            draw_exit(pic, &pic->rows[i], &pic->exits[pic->rows[i].exit_first + k], &body);
    for (size_t i = 0; i < pic->row_count; i++)
        if (pic->rows[i].entered_right) draw_right_lane(pic, i, &body);
    double end = draw_legend(pic, pic->height + 22, &body);
    struct svg_page page = {.width = pic->width,
                            .height = end + PICTURE_MARGIN,
                            .id = picture_id(pic),
                            .title = name,
                            .description = picture_description(pic),
                            .language = s->language};
    svg_begin(out, &page);
    svg_block_draw(out, &heading, PICTURE_MARGIN, PICTURE_MARGIN, "");
    struct str kept = sink_kept(&body);
    sink_bytes(out, kept.p, kept.n);
    if (body.failed) out->failed = true;
    sink_close(&body);
    svg_end(out);
}

void protocol_picture(const struct protocol *p, uint8_t pathway, lang language, struct sink *out)
{
    assert(pathway < p->pathway_count);
    struct arena arena = {0};
    struct picture *pic = arena_alloc(&arena, sizeof *pic);
    if (pic == NULL) {
        out->failed = true;
        return;
    }
    pic->s = prose_open(p, language, 0, out);
    pic->pathway = pathway;
    timetable_find(p, &pic->timetable);
    if (picture_fill(pic)) picture_draw(pic, out);
    (void)prose_close(&pic->s);
    arena_free(&arena);
}
