#include "exchange/series.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const series_usual_onset[SERIES_USUAL_ONSET] = {
    "onset", "date_of_onset", "onset_date", "dt_onset", "symptom_onset", "date", "发病日期", "date_of_prodrome", "day"};
const char *const series_usual_report[SERIES_USUAL_REPORT] = {"reported",  "date_of_report", "report_date",
                                                              "dt_report", "confirm_date",   "dt_diag",
                                                              "diagnosed", "date_of_sample", "报告日期"};
const char *const series_usual_outcome[SERIES_USUAL_OUTCOME] = {"death",    "date_of_outcome", "outcome_date",
                                                                "dt_death", "date_of_death",   "死亡日期"};

static const struct message series_name = {
    "series-column-unsaid", PROBLEM_ERROR, LABEL("which column is meant cannot be seen", "无法判断应读取哪一列"),
    LABEL("say {1} NAME; the columns are: {2}", "请用 {1} 列名 指明；现有的列：{2}")};
static const struct message series_filter = {
    "series-where", PROBLEM_ERROR, LABEL("--where does not understand \"{1}\"", "--where 不理解“{1}”"),
    LABEL("write it as COLUMN=VALUE, several joined by &", "请写成“列名=值”，多个条件用 & 连接")};
static const struct message series_none = {
    "series-empty", PROBLEM_ERROR, LABEL("no row has a date and a count", "没有任何一行同时有日期和数目"),
    LABEL("look at --date, --count, --where, --first and --last", "请检查 --date、--count、--where、--first、--last")};
static const struct message series_numbered = {
    "series-day-numbers", PROBLEM_ERROR,
    LABEL("the days of this column are numbers, not dates", "该列是天数序号，不是日期"),
    LABEL("say which date day 1 is: --start 2022-06-28", "请用 --start 2022-06-28 指明第 1 天的日期")};
static const struct message series_negative = {
    "series-negative", PROBLEM_ERROR, LABEL("a negative count: {1}", "数目为负：{1}"),
    LABEL("decide with --negative: spread (taken off the days before), zero, or missing",
          "请用 --negative 决定：spread（从此前各日扣除）、zero（按零计）或 missing（按缺报处理）")};

int32_t series_column(const struct csv_table *t, struct str named, const char *const *usual, size_t usual_count,
                      const char *option, struct problem_list *problems)
{
    int32_t column = -1;
    if (named.n > 0) return csv_table_column(t, named, problems);
    for (size_t i = 0; i < usual_count; i++)
        if (csv_table_has(t, usual[i], &column)) return column;
    char all[400] = "";
    size_t used = 0;
    for (size_t c = 0; c < t->columns; c++) {
        int n = snprintf(all + used, sizeof all - used, "%s%.*s", c == 0 ? "" : ", ", STR_ARG(t->header[c]));
        if (n > 0 && used + (size_t)n < sizeof all) used += (size_t)n;
    }
    all[used] = 0;
    problem_add(problems, (struct problem_at){t->file, 1, 0, NULL}, &series_name, option, all, NULL, NULL);
    return -1;
}

bool series_where(const struct csv_table *t, struct str where, struct arena *arena, struct problem_list *problems,
                  bool **keep)
{
    struct str rest = where, part;
    *keep = arena_array(arena, t->rows, sizeof **keep);
    if (*keep == NULL) return false;
    for (size_t i = 0; i < t->rows; i++) (*keep)[i] = true;
    while (rest.n > 0 && str_cut(&rest, '&', &part)) {
        struct str value = part, name;
        if (memchr(part.p, '=', part.n) == NULL || !str_cut(&value, '=', &name)) {
            char text[80];
            (void)snprintf(text, sizeof text, "%.*s", STR_ARG(part));
            text[str_utf8_valid(str_z(text))] = 0;
            problem_add(problems, (struct problem_at){t->file, 0, 0, NULL}, &series_filter, text, NULL, NULL, NULL);
            return false;
        }
        int32_t column = csv_table_column(t, str_trim(name), problems);
        if (column < 0) return false;
        value = str_trim(value);
        for (size_t i = 0; i < t->rows; i++)
            (*keep)[i] = (*keep)[i] && str_eq(csv_table_cell(t, i, (size_t)column)->text, value);
    }
    return true;
}

struct series_work {
    const struct csv_table *t;
    const struct series_options *o;
    civil_day *day;
    double *count; // NULL: one each
    struct csv_words words;
    bool *keep;
    int32_t date_column, count_column;
};

// Day numbers, where every cell is a whole number of at most four digits.
static bool series_numbers(struct series_work *w, struct arena *arena, struct problem_list *problems, bool *numbered)
{
    int64_t v;
    *numbered = true;
    for (size_t i = 0; i < w->t->rows && *numbered; i++) {
        struct str text = csv_table_cell(w->t, i, (size_t)w->date_column)->text;
        *numbered = text.n == 0 || (str_int(text, &v) && v >= 0 && v < 10000);
    }
    if (!*numbered) return true;
    if (w->o->start.d == CIVIL_DAY_NONE) {
        csv_table_blame(w->t, 0, (size_t)w->date_column, &series_numbered, NULL, problems);
        return false;
    }
    w->day = arena_array(arena, w->t->rows, sizeof *w->day);
    if (w->day == NULL) return false;
    for (size_t i = 0; i < w->t->rows; i++) {
        struct str text = csv_table_cell(w->t, i, (size_t)w->date_column)->text;
        w->day[i].d = str_int(text, &v) ? w->o->start.d + (int32_t)v - 1 : CIVIL_DAY_NONE;
    }
    return true;
}

static bool series_columns(struct series_work *w, struct arena *arena, struct problem_list *problems,
                           struct series *out)
{
    static const char *const usual_day[] = {"t"};
    int32_t found;
    bool numbered = false;
    const struct csv_table *t = w->t;
    if (w->o->date.n == 0 && w->o->start.d != CIVIL_DAY_NONE && csv_table_has(t, usual_day[0], &found))
        w->date_column = found;
    else w->date_column = series_column(t, w->o->date, series_usual_onset, SERIES_USUAL_ONSET, "--date", problems);
    w->count_column = w->o->count.n == 0 ? -1 : csv_table_column(t, w->o->count, problems);
    if (w->date_column < 0 || (w->o->count.n > 0 && w->count_column < 0)) return false;
    out->date = t->header[w->date_column];
    if (!series_numbers(w, arena, problems, &numbered)) return false;
    bool good = numbered || csv_table_days(t, w->date_column, w->o->order, arena, problems, &w->day);
    if (w->count_column >= 0) { // also after a fault: all of them are told at once
        out->column = t->header[w->count_column];
        good = csv_table_reals(t, w->count_column, arena, problems, &w->count) && good;
    }
    return good && series_where(t, w->o->where, arena, problems, &w->keep);
}

struct series_step {
    int32_t group, day;
    double count;
    size_t row;
};

static int series_order(const void *a, const void *b)
{
    const struct series_step *x = a, *y = b;
    if (x->group != y->group) return x->group < y->group ? -1 : 1;
    if (x->day != y->day) return x->day < y->day ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

// Cumulative counts into daily ones, group by group, by date.
static bool series_differences(struct series_work *w, struct arena *arena)
{
    struct series_step *step = arena_array(arena, w->t->rows, sizeof *step);
    size_t n = 0;
    if (step == NULL) return false;
    for (size_t i = 0; i < w->t->rows; i++) {
        if (!w->keep[i] || w->day[i].d == CIVIL_DAY_NONE || isnan(w->count[i])) continue;
        step[n++] = (struct series_step){w->words.of_row == NULL ? 0 : w->words.of_row[i], w->day[i].d, w->count[i], i};
    }
    qsort(step, n, sizeof *step, series_order);
    for (size_t k = 0; k < n; k++) {
        bool same = k > 0 && step[k].group == step[k - 1].group;
        w->count[step[k].row] = step[k].count - (same ? step[k - 1].count : 0);
    }
    return true;
}

static bool series_span(struct series_work *w, struct series *s)
{
    civil_day lo = w->o->first, hi = w->o->last;
    bool any = false;
    for (size_t i = 0; i < w->t->rows; i++) {
        if (!w->keep[i]) continue;
        civil_day d = w->day[i];
        if (d.d == CIVIL_DAY_NONE || (w->count != NULL && isnan(w->count[i]))) {
            s->undated++;
            continue;
        }
        bool out = (w->o->first.d != CIVIL_DAY_NONE && d.d < w->o->first.d) ||
                   (w->o->last.d != CIVIL_DAY_NONE && d.d > w->o->last.d);
        if (out) {
            s->outside++;
            continue;
        }
        any = true;
        s->rows++;
        if (w->o->first.d == CIVIL_DAY_NONE && (lo.d == CIVIL_DAY_NONE || d.d < lo.d)) lo = d;
        if (w->o->last.d == CIVIL_DAY_NONE && (hi.d == CIVIL_DAY_NONE || d.d > hi.d)) hi = d;
    }
    if (!any) return false;
    s->first = lo;
    s->days = (size_t)(hi.d - lo.d) + 1;
    return true;
}

static tong_code series_fill(struct series_work *w, struct arena *arena, struct series *s, struct err *err)
{
    size_t cells = s->groups * s->days;
    if (s->days > QUALITY_DAYS_MAX || s->groups > SERIES_GROUPS_MAX || cells > SERIES_CELLS_MAX)
        return tong_fail(err, TONG_E_LIMIT, "%zu groups of %zu days", s->groups, s->days);
    s->count = arena_array(arena, cells, sizeof *s->count);
    s->total = arena_array(arena, s->days, sizeof *s->total);
    s->raw = arena_array(arena, s->days, sizeof *s->raw);
    bool *seen = arena_array(arena, s->days, sizeof *seen);
    if (s->count == NULL || s->total == NULL || s->raw == NULL || seen == NULL)
        return tong_fail(err, TONG_E_NOMEM, "%zu days", s->days);
    for (size_t i = 0; i < w->t->rows; i++) {
        int64_t at = (int64_t)w->day[i].d - s->first.d;
        if (!w->keep[i] || w->day[i].d == CIVIL_DAY_NONE || at < 0 || at >= (int64_t)s->days) continue;
        double v = w->count == NULL ? 1 : w->count[i];
        if (isnan(v)) continue;
        size_t group = w->words.of_row == NULL ? 0 : (size_t)w->words.of_row[i];
        s->count[group * s->days + (size_t)at] += v;
        s->total[at] += v;
        seen[at] = true;
    }
    for (size_t i = 0; i < s->days; i++) {
        s->raw[i] = s->total[i];
        s->empty_days += w->count != NULL && !seen[i];
    }
    return TONG_OK;
}

static tong_code series_mend(const struct series_work *w, struct problem_list *problems, struct series *s,
                             struct err *err)
{
    struct quality_mended each;
    for (size_t i = 0; i < s->days && w->o->negative == QUALITY_NEGATIVE_REFUSE; i++) {
        if (!(s->total[i] < 0)) continue;
        for (size_t row = 0; row < w->t->rows; row++) {
            if (!w->keep[row] || w->day[row].d != s->first.d + (int32_t)i || w->count == NULL || !(w->count[row] < 0))
                continue;
            char text[40];
            (void)snprintf(text, sizeof text, "%.15g", w->count[row]);
            const struct csv_table_cell *c = csv_table_cell(w->t, row, (size_t)w->count_column);
            problem_add(problems, (struct problem_at){w->t->file, c->line, c->column, NULL}, &series_negative, text,
                        NULL, NULL, NULL);
            return tong_fail(err, TONG_E_INVALID, "a negative count");
        }
    }
    for (size_t g = 0; g < s->groups; g++) {
        quality_negative policy = w->o->negative == QUALITY_NEGATIVE_REFUSE ? QUALITY_NEGATIVE_SPREAD : w->o->negative;
        tong_code code = quality_mend(s->count + g * s->days, s->days, policy, &each, err);
        if (code != TONG_OK) return code;
    }
    return quality_mend(s->total, s->days, w->o->negative, &s->mended, err);
}

tong_code series_read(const struct csv_table *t, const struct series_options *o, struct arena *arena,
                      struct problem_list *problems, struct series *out, struct err *err)
{
    struct series s = {.groups = 1};
    struct series_work w = {.t = t, .o = o};
    static struct str const nameless = {"", 0};
    tong_code code = TONG_OK;
    if (!series_columns(&w, arena, problems, &s)) return tong_fail(err, TONG_E_INVALID, "the columns");
    if (o->by.n > 0) {
        int32_t by = csv_table_column(t, o->by, problems);
        if (by < 0) return tong_fail(err, TONG_E_INVALID, "the column of groups");
        code = csv_table_words(t, by, arena, &w.words, err);
        if (code != TONG_OK) return code;
        s.groups = w.words.count;
        s.name = w.words.word;
    } else {
        s.name = arena_array(arena, 1, sizeof *s.name);
        if (s.name == NULL) return tong_fail(err, TONG_E_NOMEM, "a name");
        s.name[0] = nameless;
    }
    if (o->cumulative && w.count != NULL && !series_differences(&w, arena))
        return tong_fail(err, TONG_E_NOMEM, "differences");
    if (!series_span(&w, &s)) {
        problem_add(problems, (struct problem_at){t->file, 0, 0, NULL}, &series_none, NULL, NULL, NULL, NULL);
        return tong_fail(err, TONG_E_INVALID, "no days");
    }
    code = series_fill(&w, arena, &s, err);
    if (code == TONG_OK) code = series_mend(&w, problems, &s, err);
    if (code == TONG_OK) *out = s;
    return code;
}
