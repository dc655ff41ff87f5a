// The parts of the text that speak of single people: chains as trees, and who is under which measure at the end.
#include "cli/replay_text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SAY(en, zh) (style->language == LANG_ZH ? (zh) : (en))

enum {
    TREES_SHOWN = 4,
    TREE_LINES = 70,    // of all trees together
    TREE_BRANCHES = 12, // of one person who infected somebody in turn
    TREE_LEAVES = 20,   // names in one line
    TREE_PREFIX = 400,  // bytes
    UNDER_SHOWN = 8     // of each measure
};

struct tree {
    const struct replay *r;
    const struct replay_style *style;
    struct sink *out;
    int32_t lines, depth_most;
    int32_t told; // cases shown
};

static const char *tree_name(const struct tree *t, int32_t index)
{
    const struct line_case *c = &t->r->list.cases[index];
    const char *text = arena_printf(t->r->arena, "%.*s", STR_ARG(c->label.n > 0 ? c->label : c->id));
    return text == NULL ? "?" : text;
}

static void tree_line(struct tree *t, const char *prefix, const char *joint, int32_t index)
{
    const struct replay_style *style = t->style;
    const struct line_case *c = &t->r->list.cases[index];
    const struct chain_case *k = &t->r->chains.cases[index];
    char day[CIVIL_TEXT];
    bool onset = c->when[LINE_ONSET].day.d != CIVIL_DAY_NONE;
    civil_day when = onset ? c->when[LINE_ONSET].day : t->r->facts.entered[index];
    sink_printf(t->out, "  %s%s", prefix, joint);
    if (style->bold) sink_text(t->out, "\033[1m");
    sink_text(t->out, tree_name(t, index));
    if (style->bold) sink_text(t->out, "\033[0m");
    if (when.d != CIVIL_DAY_NONE) {
        civil_format(when, day);
        sink_printf(t->out, onset ? SAY("  onset %s", "  发病 %s") : SAY("  known %s", "  获知 %s"), day);
    }
    sink_printf(t->out, SAY(", infected %d", "，传染 %d 例"), (int)k->offspring);
    if (k->named > k->offspring) sink_printf(t->out, SAY(" (links name %d)", "（关联记录 %d 例）"), (int)k->named);
    sink_char(t->out, '\n');
    t->lines--;
    t->told++;
}

// Those who infected nobody, side by side.
static void tree_leaves(struct tree *t, const char *prefix, const int32_t *child, int32_t count, int32_t leaves)
{
    const struct replay_style *style = t->style;
    char first[TREE_PREFIX + 40], next[TREE_PREFIX + 40];
    const char *text =
        leaves <= 3 ? "" : arena_printf(t->r->arena, SAY("%d who infected nobody:", "未再传染 %d 例："), (int)leaves);
    int32_t shown = 0;
    for (int32_t i = 0; i < count && text != NULL && shown < TREE_LEAVES; i++) {
        if (t->r->chains.cases[child[i]].offspring > 0) continue;
        text = arena_printf(t->r->arena, "%s%s%s", text, text[0] == 0 ? "" : " ", tree_name(t, child[i]));
        shown++;
    }
    if (text != NULL && leaves > shown)
        text = arena_printf(t->r->arena, SAY("%s … and %d more", "%s … 另 %d 例"), text, (int)(leaves - shown));
    (void)snprintf(first, sizeof first, "  %s└─ ", prefix);
    (void)snprintf(next, sizeof next, "  %s   ", prefix);
    replay_paragraph(t->out, style, first, next, text == NULL ? "" : text);
    t->lines -= 1 + leaves / 10;
    t->told += leaves;
}

static void tree_below(struct tree *t, const char *prefix, int32_t index, int32_t depth)
{
    const struct replay_style *style = t->style;
    const struct chain_children *c = &t->r->children;
    const int32_t *child = c->child + c->first[index];
    int32_t count = c->first[index + 1] - c->first[index], leaves = 0, shown = 0;
    for (int32_t i = 0; i < count; i++) leaves += t->r->chains.cases[child[i]].offspring == 0;
    for (int32_t i = 0; i < count; i++) {
        if (t->r->chains.cases[child[i]].offspring == 0) continue;
        if (depth >= t->depth_most || shown == TREE_BRANCHES || t->lines <= 0) break;
        bool last = leaves == 0 && shown + 1 == count;
        char below[TREE_PREFIX];
        int n = snprintf(below, sizeof below, "%s%s", prefix, last ? "   " : "│  ");
        assert(n > 0 && (size_t)n < sizeof below); // depth_most levels fit
        tree_line(t, prefix, last ? "└─ " : "├─ ", child[i]);
        tree_below(t, below, child[i], depth + 1);
        shown++;
    }
    int32_t hidden = count - leaves - shown;
    if (hidden > 0)
        sink_printf(t->out, SAY("  %s%s… %d more who infected others\n", "  %s%s… 另有 %d 例继续传染他人\n"), prefix,
                    leaves > 0 ? "├─ " : "└─ ", (int)hidden);
    if (leaves > 0) tree_leaves(t, prefix, child, count, leaves);
}

static int tree_by_key(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x < y) - (x > y); // the largest first
}

// "0: 147 · 1: 5 · 2: 3": how many cases have how many.
static void tally_print(const struct replay *r, const struct replay_style *style, struct sink *out, const char *first,
                        const struct chain_tally *tally, size_t count)
{
    const char *text = "";
    for (size_t i = 0; i < count && text != NULL; i++)
        text =
            arena_printf(r->arena, "%s%s%d: %d", text, i == 0 ? "" : " · ", (int)tally[i].value, (int)tally[i].count);
    replay_paragraph(out, style, first, NULL, text == NULL ? "" : text);
}

static void chains_figures(const struct replay *r, const struct replay_style *style, struct sink *out)
{
    const struct chains *c = &r->chains;
    if (c->ambiguous > 0 || c->cut_count > 0) {
        const char *text =
            arena_printf(r->arena,
                         SAY("%d cases have more than one candidate source: the one with the latest earlier onset is "
                             "taken. %d links were "
                             "cut because they lead back to where they came from.",
                             "%d 例有不止一个可能的传染源：取发病在其之前且最晚者。为断开循环，去掉了 %d 条关联。"),
                         (int)c->ambiguous, (int)c->cut_count);
        replay_paragraph(out, style, "  ", NULL, text == NULL ? "" : text);
    }
    tally_print(r, style, out, SAY("  infected so many: cases   ", "  传染人数：病例数  "), c->offspring_tally,
                c->offspring_tally_count);
    tally_print(r, style, out, SAY("  generation: cases         ", "  代次：病例数      "), c->generation_tally,
                c->generation_tally_count);
}

tong_code replay_text_chains(const struct replay *r, const struct replay_style *style, struct sink *out,
                             struct err *err)
{
    const struct chains *c = &r->chains;
    struct tree t = {.r = r, .style = style, .out = out, .lines = TREE_LINES, .depth_most = (style->width - 50) / 3};
    int64_t *keys = arena_array(r->arena, (size_t)c->root_count, sizeof *keys);
    int32_t single = 0, shown = 0, told = 0;
    if (keys == NULL) return tong_fail(err, TONG_E_NOMEM, "the chains in order");
    if (t.depth_most * 5 > TREE_PREFIX - 20) t.depth_most = (TREE_PREFIX - 20) / 5; // a level takes up to 5 bytes
    for (int32_t i = 0; i < c->root_count; i++) {
        keys[i] = (int64_t)c->sizes[i] << 32 | (INT32_MAX - i);
        single += c->sizes[i] == 1;
    }
    if (c->root_count > 0) qsort(keys, (size_t)c->root_count, sizeof *keys, tree_by_key);
    replay_heading(out, style, SAY("CHAINS OF TRANSMISSION", "传播链"));
    chains_figures(r, style, out);
    for (; shown < TREES_SHOWN && shown < c->root_count && t.lines > 0 && keys[shown] >> 32 > 1; shown++) {
        int32_t i = (int32_t)(INT32_MAX - (keys[shown] & INT32_MAX));
        sink_char(out, '\n');
        tree_line(&t, "", "", c->roots[i]);
        tree_below(&t, "", c->roots[i], 1);
        told += c->sizes[i];
    }
    if (shown > 0) sink_char(out, '\n');
    single -= r->hidden;
    int32_t more = c->root_count - r->hidden - single - shown;
    if (more > 0) {
        const char *text = arena_printf(r->arena,
                                        SAY("… %d more chains with %d cases; --csv writes them all (chains.csv).",
                                            "… 另有 %d 条传播链，共 %d 例；全部见 --csv 输出的 chains.csv。"),
                                        (int)more, (int)(c->case_count - r->hidden - single - told));
        replay_paragraph(out, style, "  ", NULL, text == NULL ? "" : text);
    }
    if (single > 0)
        sink_printf(out, SAY("  %d cases have no known link to another.\n", "  有 %d 例与其他病例没有已知关联。\n"),
                    (int)single);
    return TONG_OK;
}

// ---- who is under which measure ----

struct under_row {
    const struct caseload_measure *measure;
    size_t kind;
    civil_day last; // CIVIL_DAY_NONE: until an event ends it
    struct str name;
};

static int under_order(const void *a, const void *b)
{
    const struct under_row *x = a, *y = b;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    int32_t dx = x->last.d == CIVIL_DAY_NONE ? INT32_MAX : x->last.d,
            dy = y->last.d == CIVIL_DAY_NONE ? INT32_MAX : y->last.d;
    if (dx != dy) return dx < dy ? -1 : 1;
    return str_compare(x->name, y->name);
}

static void under_day(char out[CIVIL_TEXT + 16], const struct replay_style *style, civil_day day)
{
    if (day.d == CIVIL_DAY_NONE) (void)snprintf(out, CIVIL_TEXT + 16, "%s", SAY("open", "未定"));
    else civil_format(day, out);
}

static void under_kinds(const struct replay *r, const struct replay_style *style, const struct under_row *rows,
                        size_t count, struct sink *out)
{
    struct replay_table t = replay_table_of(r->arena);
    replay_table_column(&t, SAY("measure", "措施"), false);
    replay_table_column(&t, SAY("in force", "在执行"), true);
    replay_table_column(&t, SAY("first to end", "最早到期"), false);
    replay_table_column(&t, SAY("last to end", "最晚到期"), false);
    for (size_t i = 0, next; i < count; i = next) {
        char first[CIVIL_TEXT + 16], last[CIVIL_TEXT + 16];
        for (next = i; next < count && rows[next].kind == rows[i].kind;) next++;
        under_day(first, style, rows[i].last);
        under_day(last, style, rows[next - 1].last);
        replay_table_cell(&t, "%s", r->kinds.measures[rows[i].kind].label.text[style->language]);
        replay_table_cell(&t, "%zu", next - i);
        replay_table_cell(&t, "%s", first);
        replay_table_cell(&t, "%s", last);
    }
    replay_table_print(&t, out, style, "  ");
}

static void under_people(const struct replay *r, const struct replay_style *style, const struct under_row *rows,
                         size_t count, struct sink *out)
{
    struct replay_table t = replay_table_of(r->arena);
    size_t hidden = 0;
    replay_table_column(&t, SAY("who", "人员"), false);
    replay_table_column(&t, SAY("measure", "措施"), false);
    replay_table_column(&t, SAY("where", "地点"), false);
    replay_table_column(&t, SAY("since", "开始"), false);
    replay_table_column(&t, SAY("until", "截止"), false);
    for (size_t i = 0, of_kind = 0; i < count; i++) {
        if (replay_run_person(&r->run, rows[i].measure->subject) < 0)
            continue; // places and carers are in the table above
        of_kind = i > 0 && rows[i].kind == rows[i - 1].kind ? of_kind + 1 : 0;
        if (of_kind >= UNDER_SHOWN) {
            hidden++;
            continue;
        }
        const struct caseload_measure *m = rows[i].measure;
        char since[CIVIL_TEXT + 16], until[CIVIL_TEXT + 16];
        under_day(since, style, zone_day(r->zone, replay_measure_begun(m)));
        under_day(until, style, rows[i].last);
        const char *place =
            m->place == PROTOCOL_NONE ? "" : words_at(WORDS_PLACE, m->place)->label.text[style->language];
        const char *who = replay_cut(r->arena, rows[i].name, 36);
        replay_table_cell(&t, "%s", who == NULL ? "?" : who);
        replay_table_cell(&t, "%s", r->kinds.measures[rows[i].kind].label.text[style->language]);
        replay_table_cell(&t, "%s", place);
        replay_table_cell(&t, "%s", since);
        replay_table_cell(&t, "%s", until);
    }
    replay_table_print(&t, out, style, "  ");
    if (hidden > 0)
        sink_printf(out,
                    SAY("  … and %zu more; --csv writes them all (measures.csv).\n",
                        "  … 另有 %zu 条；全部见 --csv 输出的 measures.csv。\n"),
                    hidden);
}

tong_code replay_text_under(const struct replay *r, const struct replay_style *style, struct sink *out, struct err *err)
{
    size_t count, rows = 0;
    const struct caseload_measure *m = caseload_measures(r->run.load, &count);
    for (size_t i = 0; i < count; i++) rows += replay_measure_holds(&m[i]);
    struct under_row *row = arena_array(r->arena, rows, sizeof *row);
    if (row == NULL) return tong_fail(err, TONG_E_NOMEM, "the measures in force");
    rows = 0;
    for (size_t i = 0; i < count; i++) {
        if (!replay_measure_holds(&m[i])) continue;
        row[rows++] = (struct under_row){
            .measure = &m[i],
            .kind = r->kinds.measure[m[i].edition][m[i].measure],
            .last = replay_last_day(r, m[i].until),
            .name = replay_subject_label(r, m[i].subject),
        };
    }
    char day[CIVIL_TEXT], title[120];
    civil_format(r->until, day);
    (void)snprintf(title, sizeof title, SAY("UNDER A MEASURE AT THE END OF %s", "%s 日终在执行的措施"), day);
    replay_heading(out, style, title);
    if (rows == 0) {
        sink_text(out, SAY("  nobody\n", "  无\n"));
        return TONG_OK;
    }
    qsort(row, rows, sizeof *row, under_order);
    under_kinds(r, style, row, rows, out);
    sink_char(out, '\n');
    under_people(r, style, row, rows, out);
    return TONG_OK;
}
