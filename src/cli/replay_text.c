#include "cli/replay_text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const struct replay_style *style, struct label label)
{
    return label.text[style->language];
}

#define SAY(en, zh) (style->language == LANG_ZH ? (zh) : (en))

// ---- head ----

static void text_files(const struct replay *r, const struct replay_style *style, struct sink *out)
{
    for (int32_t t = 0; t < LINE_TABLE_COUNT; t++) {
        const struct line_table_count *c = &r->list.table[t];
        if (c->file == NULL) continue;
        char line[400];
        (void)snprintf(line, sizeof line, SAY("%s: %lld rows%s", "%s：%lld 行%s"), c->file, (long long)c->rows,
                       c->left_out > 0 ? SAY(", some left out", "，有未导入的行") : "");
        char first[80];
        const char *what = text_of(style, line_table_words[t].label);
        size_t used = str_columns(str_z(what));
        (void)snprintf(first, sizeof first, "  %s%*s  ", what, used < 18 ? (int)(18 - used) : 0, "");
        replay_paragraph(out, style, first, NULL, line);
    }
}

void replay_text_head(const struct replay *r, const struct replay_style *style, struct sink *out)
{
    char first[CIVIL_TEXT], last[CIVIL_TEXT], line[400];
    const struct protocol *p = r->book->editions[0];
    civil_format(r->facts.first, first);
    civil_format(r->until, last);
    replay_heading(out, style, SAY("AN OUTBREAK RUN THROUGH A PROTOCOL", "疫情按方案推演"));
    (void)snprintf(line, sizeof line, SAY("%s (%s)", "%s（%s）"), text_of(style, p->name), p->id);
    replay_paragraph(out, style, SAY("  protocol            ", "  方案                "), NULL, line);
    (void)snprintf(line, sizeof line, SAY("%s to %s, %d days, zone %s", "%s 至 %s，共 %d 天，时区 %s"), first, last,
                   (int)r->days.count, r->zone->name);
    replay_paragraph(out, style, SAY("  days                ", "  时间                "), NULL, line);
    text_files(r, style, out);
    sink_char(out, '\n');
    for (size_t i = 0; i < r->notes.count; i++) {
        const char *text = problem_text(&r->notes.items[i], style->language, r->arena);
        bool loud = r->notes.items[i].message->severity == PROBLEM_WARNING;
        if (text == NULL) continue;
        if (loud && style->bold) sink_text(out, "\033[1m");
        replay_paragraph(out, style, loud ? "  ! " : "  · ", NULL, text);
        if (loud && style->bold) sink_text(out, "\033[0m");
    }
}

// ---- summary ----

static void summary_row(const struct replay_style *style, struct sink *out, const char *name, int64_t value,
                        const char *rest)
{
    char first[120];
    size_t used = str_columns(str_z(name));
    (void)snprintf(first, sizeof first, "  %s%*s%8lld  ", name, used < 20 ? (int)(20 - used) : 0, "", (long long)value);
    replay_paragraph(out, style, first, NULL, rest);
}

static const char *summary_classes(const struct replay *r, const struct replay_style *style)
{
    const char *text = "";
    for (int32_t c = 0; c < LINE_CLASS_COUNT && text != NULL; c++) {
        if (r->days.cases[c] == 0) continue;
        const char *name = text_of(style, line_class_words[c].label);
        text = arena_printf(r->arena, SAY("%s%s%s %lld", "%s%s%s %lld"), text, text[0] == 0 ? "" : SAY(", ", "，"),
                            name, (long long)r->days.cases[c]);
    }
    return text == NULL ? "" : text;
}

// The classes, and the day with the most.
static const char *summary_cases(const struct replay *r, const struct replay_style *style)
{
    const char *classes = summary_classes(r, style);
    char day[CIVIL_TEXT];
    int64_t cases = 0;
    civil_day peak = curve_peak(&r->reports, &cases);
    if (peak.d == CIVIL_DAY_NONE) return classes;
    civil_format(peak, day);
    const char *text = arena_printf(r->arena, SAY("%s; most in one day: %lld on %s", "%s；单日最多 %lld 例（%s）"),
                                    classes, (long long)cases, day);
    return text == NULL ? classes : text;
}

// A label cut so that the table still fits; the label itself when memory is short.
static const char *text_short(const struct replay *r, const struct replay_style *style, struct label label,
                              size_t columns)
{
    const char *cut = replay_cut(r->arena, str_z(text_of(style, label)), columns);
    return cut == NULL ? text_of(style, label) : cut;
}

static int64_t summary_sum(const struct replay *r, replay_fate fate)
{
    int64_t sum = 0;
    for (size_t k = 0; k < r->kinds.task_count; k++) sum += r->days.totals[k].fate[fate];
    return sum;
}

// Columns in which nothing stands are left out, and names are cut to what is left of the width.
static void summary_tasks(const struct replay *r, const struct replay_style *style, struct sink *out)
{
    struct replay_table t = replay_table_of(r->arena);
    bool shown[REPLAY_FATE_COUNT];
    int32_t room = style->width - 2;
    int64_t opened = 0;
    replay_table_column(&t, SAY("task", "任务"), false);
    bool who = style->width >= 90;
    if (who) replay_table_column(&t, SAY("who", "承担者"), false);
    replay_table_column(&t, SAY("opened", "下达"), true);
    for (int32_t f = 0; f < REPLAY_FATE_COUNT; f++) {
        shown[f] = summary_sum(r, (replay_fate)f) > 0;
        if (!shown[f]) continue;
        replay_table_column(&t, text_of(style, replay_fate_short[f]), true);
        size_t title = str_columns(str_z(text_of(style, replay_fate_short[f])));
        room -= 2 + (title < 6 ? 6 : (int32_t)title);
    }
    room -= (who ? 20 : 0) + 8;
    if (room < 16) room = 16;
    for (size_t k = 0; k < r->kinds.task_count; k++) {
        const struct replay_task_total *total = &r->days.totals[k];
        if (total->opened == 0) continue;
        opened += total->opened;
        replay_table_cell(&t, "%s", text_short(r, style, r->kinds.tasks[k].label, (size_t)room));
        const struct word *role = words_at(WORDS_ROLE, (int32_t)r->kinds.tasks[k].role);
        if (who) replay_table_cell(&t, "%s", text_short(r, style, role->label, 18));
        replay_table_number(&t, total->opened);
        for (int32_t f = 0; f < REPLAY_FATE_COUNT; f++)
            if (shown[f]) replay_table_number(&t, total->fate[f]);
    }
    replay_table_cell(&t, "%s", SAY("all", "合计"));
    if (who) replay_table_cell(&t, "%s", "");
    replay_table_number(&t, opened);
    for (int32_t f = 0; f < REPLAY_FATE_COUNT; f++)
        if (shown[f]) replay_table_number(&t, summary_sum(r, (replay_fate)f));
    replay_heading(out, style, SAY("TASKS: WHAT WAS ASKED FOR, AND WHAT BECAME OF IT", "任务：下达情况与结果"));
    replay_table_print(&t, out, style, "  ");
}

static const char *summary_contacts(const struct replay *r, const struct replay_style *style)
{
    int64_t also_cases = 0;
    for (size_t i = 0; i < r->facts.person_count; i++)
        if (r->facts.contact_named[i].d != CIVIL_DAY_NONE && r->facts.people[i].case_index != LINE_NONE) also_cases++;
    const char *text = arena_printf(r->arena,
                                    SAY("followed as the protocol says: %lld; cases themselves: %lld",
                                        "按方案纳管 %lld 人；其中本身也是病例的 %lld 人"),
                                    (long long)r->run.followed, (long long)also_cases);
    if (text != NULL && r->run.outside_window > 0)
        text = arena_printf(
            r->arena,
            SAY("%s; named, but met when the case could not infect: %lld", "%s；接触时间不在追踪期内的 %lld 人次"),
            text, (long long)r->run.outside_window);
    if (text != NULL && r->run.no_class > 0)
        text = arena_printf(
            r->arena,
            SAY("%s; named, but no contact as the protocol defines it: %lld", "%s；不符合密接判定的 %lld 人次"), text,
            (long long)r->run.no_class);
    return text == NULL ? "" : text;
}

void replay_text_summary(const struct replay *r, const struct replay_style *style, struct sink *out)
{
    const struct chains *c = &r->chains;
    replay_heading(out, style, SAY("SUMMARY", "总览"));
    summary_row(style, out, SAY("cases", "病例"), r->days.case_total, summary_cases(r, style));
    const char *undated =
        r->facts.assumed.deaths_undated == 0
            ? ""
            : arena_printf(r->arena, SAY("%lld of them on a day nobody wrote down", "其中 %lld 例没有死亡日期"),
                           (long long)r->facts.assumed.deaths_undated);
    summary_row(style, out, SAY("deaths", "死亡"), r->days.deaths, undated == NULL ? "" : undated);
    summary_row(style, out, SAY("contacts", "密接"), r->days.contacts_named, summary_contacts(r, style));
    const char *chains =
        arena_printf(r->arena,
                     SAY("%d cases have a known source; the largest chain has %d cases, %d generations after the first",
                         "%d 例有已知传染源；最大传播链 %d 例，首例之后传播 %d 代"),
                     (int)c->infectees, c->largest == CHAIN_NONE ? 0 : (int)c->sizes[c->largest], (int)c->generations);
    summary_row(style, out, SAY("links", "关联"), (int64_t)r->list.link_count, chains == NULL ? "" : chains);
    const char *ever = arena_printf(
        r->arena,
        SAY("persons under a restriction at the end; %lld at some time", "期末受限制措施的人数；累计 %lld 人"),
        (long long)r->days.restricted_ever);
    summary_row(style, out, SAY("restricted", "受限人员"), r->days.items[r->days.count - 1].restricted,
                ever == NULL ? "" : ever);
    summary_tasks(r, style, out);
}

// ---- curves ----

tong_code replay_text_curves(const struct replay *r, const struct replay_style *style, struct sink *out,
                             struct err *err)
{
    const struct curve *curves[] = {&r->onsets, &r->reports};
    const char *titles[] = {SAY("cases by day of onset", "按发病日期"),
                            SAY("cases by day they became known", "按获知日期")};
    replay_heading(out, style, SAY("EPIDEMIC CURVE", "流行曲线"));
    for (size_t i = 0; i < 2; i++) {
        const struct curve *c = curves[i];
        int64_t undated = 0;
        for (int32_t k = 0; k < c->classes; k++) undated += c->undated[k];
        if (c->days > 0) {
            int64_t *values = arena_array(r->arena, (size_t)c->days, sizeof *values);
            if (values == NULL) return tong_fail(err, TONG_E_NOMEM, "a chart");
            for (int32_t d = 0; d < c->days; d++) values[d] = curve_total_on(c, (civil_day){c->first.d + d});
            const struct replay_chart chart = {titles[i], c->first, values, c->days, 8};
            tong_code code = replay_chart_print(&chart, out, style, r->arena, err);
            if (code != TONG_OK) return code;
        }
        if (undated > 0)
            sink_printf(out, SAY("  (%lld cases have no such date)\n", "  （另有 %lld 例无此日期）\n"),
                        (long long)undated);
        sink_char(out, '\n');
    }
    return TONG_OK;
}

// ---- days ----

// A quiet day: no case, no death, no contact. Its tasks are summed into the line of its run.
static bool day_is_quiet(const struct replay_day *d)
{
    int64_t cases = 0;
    for (int32_t c = 0; c < LINE_CLASS_COUNT; c++) cases += d->cases[c];
    return cases == 0 && d->deaths == 0 && d->contacts_named == 0;
}

static const struct label class_short[LINE_CLASS_COUNT] = {
    // for the head of a column
    [LINE_CLASS_UNKNOWN] = LABEL("uncl.", "未分类"), [LINE_SUSPECTED] = LABEL("susp.", "疑似"),
    [LINE_PROBABLE] = LABEL("prob.", "临床"),        [LINE_CONFIRMED] = LABEL("conf.", "确诊"),
    [LINE_ASYMPTOMATIC] = LABEL("asym.", "无症状"),  [LINE_DISCARDED] = LABEL("disc.", "排除"),
};

struct days_columns {
    bool class[LINE_CLASS_COUNT]; // has a column of its own
    bool single;                  // one class only: one column
    int32_t used;                 // classes
    int64_t most;                 // new cases on one day
};

static struct days_columns days_columns_of(const struct replay *r)
{
    struct days_columns c = {.most = 1};
    int32_t used = 0;
    for (int32_t k = 0; k < LINE_CLASS_COUNT; k++)
        if ((c.class[k] = r->days.cases[k] > 0)) used++;
    c.used = used;
    c.single = used <= 1;
    for (int32_t d = 0; d < r->days.count; d++) {
        int64_t cases = 0;
        for (int32_t k = 0; k < LINE_CLASS_COUNT; k++) cases += r->days.items[d].cases[k];
        if (cases > c.most) c.most = cases;
    }
    return c;
}

static void days_row(struct replay_table *t, const struct replay_day *d, const struct days_columns *c,
                     int32_t bar_columns)
{
    char date[CIVIL_TEXT], bar[REPLAY_BAR_BYTES];
    int64_t cases = 0;
    civil_format(d->day, date);
    for (int32_t k = 0; k < LINE_CLASS_COUNT; k++) cases += d->cases[k];
    replay_table_cell(t, "%s", date);
    replay_table_number(t, cases);
    for (int32_t k = 0; k < LINE_CLASS_COUNT && !c->single; k++)
        if (c->class[k]) replay_table_number(t, d->cases[k]);
    replay_table_number(t, d->deaths);
    replay_table_number(t, d->contacts_named);
    replay_table_number(t, d->tasks.opened);
    replay_table_number(t, d->tasks.done);
    replay_table_number(t, d->tasks.overdue);
    replay_table_number(t, d->tasks.unknown);
    replay_table_number(t, d->restricted);
    replay_bar(bar, cases, c->most, bar_columns);
    replay_table_cell(t, "%s", bar);
}

static void days_fold(const struct replay *r, const struct replay_style *style, struct replay_table *t, int32_t first,
                      int32_t last)
{
    char from[CIVIL_TEXT], to[CIVIL_TEXT];
    struct replay_task_day sum = {0};
    civil_format(r->days.items[first].day, from);
    civil_format(r->days.items[last].day, to);
    for (int32_t d = first; d <= last; d++) {
        const struct replay_task_day *tasks = &r->days.items[d].tasks;
        sum.opened += tasks->opened;
        sum.done += tasks->done;
        sum.overdue += tasks->overdue;
        sum.unknown += tasks->unknown;
    }
    const char *what = SAY("nobody new", "无新增");
    const char *text = arena_printf(r->arena, SAY("%s .. %s  %d days, %s", "%s .. %s  %d 天，%s"), from,
                                    memcmp(from, to, 5) == 0 ? to + 5 : to, (int)(last - first + 1), what);
    if (text != NULL && sum.opened + sum.done + sum.overdue + sum.unknown > 0)
        text = arena_printf(r->arena,
                            SAY("%s; tasks: %d opened, %d done, %d overdue, %d unknown; restricted in the end: %lld",
                                "%s；任务：下达 %d，完成 %d，逾期 %d，未载明 %d；期末在限 %lld 人"),
                            text, (int)sum.opened, (int)sum.done, (int)sum.overdue, (int)sum.unknown,
                            (long long)r->days.items[last].restricted);
    replay_table_across(t, text == NULL ? what : text);
}

void replay_text_days(const struct replay *r, const struct replay_style *style, struct sink *out)
{
    struct replay_table t = replay_table_of(r->arena);
    struct days_columns c = days_columns_of(r);
    int32_t bar_columns = style->width - (c.single ? 74 : 74 + 7 * c.used);
    bar_columns = bar_columns < 6 ? 6 : bar_columns > 40 ? 40 : bar_columns;
    replay_table_column(&t, SAY("day", "日期"), false);
    replay_table_column(&t, SAY("cases", "新增"), true);
    for (int32_t k = 0; k < LINE_CLASS_COUNT && !c.single; k++)
        if (c.class[k]) replay_table_column(&t, text_of(style, class_short[k]), true);
    replay_table_column(&t, SAY("died", "死亡"), true);
    replay_table_column(&t, SAY("named", "密接"), true);
    replay_table_column(&t, SAY("opened", "下达"), true);
    replay_table_column(&t, SAY("done", "完成"), true);
    replay_table_column(&t, SAY("overdue", "逾期"), true);
    replay_table_column(&t, SAY("unknown", "未载明"), true);
    replay_table_column(&t, SAY("restr.", "在限"), true);
    replay_table_column(&t, "", false);
    for (int32_t d = 0; d < r->days.count;) {
        int32_t quiet = d;
        while (quiet < r->days.count && day_is_quiet(&r->days.items[quiet])) quiet++;
        if (quiet - d >= 2) {
            days_fold(r, style, &t, d, quiet - 1);
            d = quiet;
        } else {
            days_row(&t, &r->days.items[d++], &c, bar_columns);
        }
    }
    replay_heading(out, style, SAY("DAY BY DAY", "逐日情况"));
    replay_table_print(&t, out, style, "  ");
    replay_paragraph(
        out, style, "  ", NULL,
        SAY("cases: became known that day; named: contacts; opened, done: tasks; overdue, unknown: their time "
            "ran out that day; restr.: persons under a measure that restricts them, at the end of the day.",
            "新增：当日获知的病例；密接：当日登记；下达、完成：任务数；逾期、未载明：当日到时限的任务；"
            "在限：当日结束时受限制措施的人数。"));
}

// ---- all ----

tong_code replay_text(const struct replay *r, const struct replay_style *style, struct sink *out, struct err *err)
{
    assert(r->days.count > 0);
    replay_text_head(r, style, out);
    replay_text_summary(r, style, out);
    tong_code code = replay_text_curves(r, style, out, err);
    if (code != TONG_OK) return code;
    replay_text_days(r, style, out);
    code = replay_text_chains(r, style, out, err);
    if (code == TONG_OK) code = replay_text_under(r, style, out, err);
    if (code != TONG_OK) return code;
    return sink_good(out) ? TONG_OK : tong_fail(err, TONG_E_IO, "the output could not be written");
}
