// What to know about the data before any estimate is believed.
#include "cli/epi.h"
#include "epi/quality.h"

#include <math.h>
#include <string.h>

struct quality_options {
    struct epi_common common;
    struct epi_series series;
    struct str order, keys, digits;
    int64_t silent;
};
#define QUALITY(m) offsetof(struct quality_options, m)
static const struct cli_option quality_option[] = {
    EPI_COMMON(struct quality_options),
    EPI_SERIES(struct quality_options),
    {"order", CLI_TEXT, QUALITY(order), "A<B,C<=D",
     LABEL("dates that must follow one another (the usual ones that are there)",
           "必须先后有序的日期列（默认取文件中的常用列）"),
     0, 0},
    {"same", CLI_TEXT, QUALITY(keys), "COLUMNS",
     LABEL("rows alike in these columns are reported twice (all of them)",
           "这些列全部相同即视为重复报告（默认全部列）"),
     0, 0},
    {"digits", CLI_TEXT, QUALITY(digits), "COLUMN",
     LABEL("numbers whose last digits are looked at (age)", "检查末位数字偏好的列（默认 age）"), 0, 0},
    {"silent", CLI_INTEGER, QUALITY(silent), "DAYS",
     LABEL("past days a silence is judged by (28)", "判断突然静默所用的历史天数（默认 28）"), 7, 1000},
};
static const struct quality_options quality_defaults = {EPI_COMMON_DEFAULTS, EPI_SERIES_DEFAULTS, .silent = 28};

// One finding, of any check.
static const struct result_column finding_column[] = {
    {"check", LABEL("check", "检查"), RESULT_TEXT},       {"where", LABEL("where", "位置"), RESULT_TEXT},
    {"line", LABEL("line", "行"), RESULT_WHOLE},          {"found", LABEL("found", "发现"), RESULT_REAL},
    {"expected", LABEL("expected", "预期"), RESULT_REAL}, {"p", LABEL("chance", "偶然概率"), RESULT_REAL},
    {"what", LABEL("what it means", "含义"), RESULT_TEXT}};
static const struct result_column check_column[] = {{"check", LABEL("check", "检查"), RESULT_TEXT},
                                                    {"of", LABEL("judged", "检查数"), RESULT_WHOLE},
                                                    {"found", LABEL("found", "发现"), RESULT_WHOLE},
                                                    {"done", LABEL("done", "已执行"), RESULT_FLAG}};

enum { FINDINGS_MAX = 2000, CHECKS = 7 };
struct finding {
    struct label check, where, what;
    int64_t line;
    double found, expected, p;
};
struct quality_run {
    struct epi_run *run;
    const struct quality_options *o;
    struct finding *finding;
    size_t findings;
    struct {
        struct label name;
        int64_t of, found;
        bool done;
    } check[CHECKS];
    size_t checks;
};

static void quality_add(struct quality_run *q, struct finding f)
{
    if (q->findings < FINDINGS_MAX) q->finding[q->findings++] = f;
}

static void quality_check_done(struct quality_run *q, struct label name, int64_t of, int64_t found, bool done)
{
    if (q->checks >= CHECKS) return;
    q->check[q->checks].name = name;
    q->check[q->checks].of = of;
    q->check[q->checks].found = found;
    q->check[q->checks++].done = done;
}

// ---- rows ----

static tong_code quality_pair(struct quality_run *q, struct str before, struct str after, bool strict, int64_t *of,
                              int64_t *found)
{
    struct epi_run *run = q->run;
    civil_day *a, *b;
    struct quality_interval v;
    int32_t ca = csv_table_column(&run->table, before, &run->problems),
            cb = csv_table_column(&run->table, after, &run->problems);
    if (ca < 0 || cb < 0 || !csv_table_days(&run->table, ca, run->order, &run->arena, &run->problems, &a) ||
        !csv_table_days(&run->table, cb, run->order, &run->arena, &run->problems, &b))
        return tong_fail(&run->err, TONG_E_INVALID, "the dates");
    quality_order *verdict = arena_array(&run->arena, run->table.rows, sizeof *verdict);
    if (verdict == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "rows");
    quality_intervals(a, b, run->table.rows, strict, 3 * 366, verdict, &v);
    *of += v.judged;
    *found += v.reversed + v.far;
    char pair[200];
    (void)snprintf(pair, sizeof pair, "%.*s %s %.*s", STR_ARG(before), strict ? "<" : "<=", STR_ARG(after));
    pair[str_utf8_valid(str_z(pair))] = 0;
    for (size_t i = 0; i < run->table.rows; i++) {
        if (verdict[i] != QUALITY_ORDER_REVERSED && verdict[i] != QUALITY_ORDER_FAR) continue;
        bool far = verdict[i] == QUALITY_ORDER_FAR;
        quality_add(
            q, (struct finding){LABEL("impossible interval", "日期先后矛盾"), epi_plain(str_z(pair), &run->arena),
                                far ? (struct label)LABEL("more than three years apart", "相隔超过三年")
                                    : (struct label)LABEL("the second date comes first", "后一日期早于前一日期"),
                                csv_table_cell(&run->table, i, (size_t)ca)->line, (double)b[i].d - a[i].d, NAN, NAN});
    }
    return TONG_OK;
}

static tong_code quality_dates(struct quality_run *q)
{
    // Each may stand beside any later one; infection must come before onset, not on its day.
    static const struct {
        const char *before, *after;
        bool strict;
    } usual[] = {{"date_of_infection", "date_of_onset", true},
                 {"date_of_onset", "date_of_hospitalisation", false},
                 {"date_of_onset", "date_of_outcome", false},
                 {"date_of_hospitalisation", "date_of_outcome", false},
                 {"onset", "reported", false},
                 {"onset", "isolated", false},
                 {"onset", "death", false},
                 {"dt_onset", "dt_report", false},
                 {"dt_onset", "dt_death", false},
                 {"dt_start_exp", "dt_end_exp", false},
                 {"symptom_onset", "confirm_date", false},
                 {"start_source", "end_source", false},
                 {"date_of_onset", "date_of_sample", false},
                 {"sampled", "diagnosed", false},
                 {"hospitalised", "hospitalised_end", false},
                 {"infected", "onset", false}};
    static const struct message wrong = {"epi-order", PROBLEM_ERROR,
                                         LABEL("--order does not understand \"{1}\"", "--order 不理解“{1}”"),
                                         LABEL("write it as BEFORE<AFTER or BEFORE<=AFTER, several joined by commas",
                                               "请写成“先<后”或“先<=后”，多个用逗号连接")};
    int64_t of = 0, found = 0;
    int32_t a, b;
    bool any = false;
    tong_code code = TONG_OK;
    struct str rest = q->o->order, part;
    while (code == TONG_OK && rest.n > 0 && str_cut(&rest, ',', &part)) {
        struct str after = part, before;
        if (memchr(part.p, '<', part.n) == NULL || !str_cut(&after, '<', &before))
            return epi_fault(q->run, &wrong, q->o->order.p, NULL);
        bool strict = after.n == 0 || after.p[0] != '=';
        if (!strict) after = (struct str){after.p + 1, after.n - 1};
        code = quality_pair(q, str_trim(before), str_trim(after), strict, &of, &found);
        any = true;
    }
    for (size_t k = 0; q->o->order.n == 0 && code == TONG_OK && k < sizeof usual / sizeof usual[0]; k++) {
        if (!csv_table_has(&q->run->table, usual[k].before, &a) || !csv_table_has(&q->run->table, usual[k].after, &b))
            continue;
        code = quality_pair(q, str_z(usual[k].before), str_z(usual[k].after), usual[k].strict, &of, &found);
        any = true;
    }
    quality_check_done(q, (struct label)LABEL("impossible intervals between dates", "日期先后矛盾"), of, found, any);
    return code;
}

static tong_code quality_twice(struct quality_run *q)
{
    struct epi_run *run = q->run;
    size_t rows = run->table.rows;
    bool *used = arena_array(&run->arena, run->table.columns, sizeof *used);
    uint64_t *key = arena_array(&run->arena, rows, sizeof *key);
    int32_t *first = arena_array(&run->arena, rows, sizeof *first);
    if (used == NULL || key == NULL || first == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "rows");
    struct str rest = q->o->keys, part;
    for (size_t c = 0; c < run->table.columns; c++) used[c] = rest.n == 0;
    while (rest.n > 0 && str_cut(&rest, ',', &part)) {
        int32_t c = csv_table_column(&run->table, str_trim(part), &run->problems);
        if (c < 0) return tong_fail(&run->err, TONG_E_INVALID, "--same");
        used[c] = true;
    }
    for (size_t i = 0; i < rows; i++)
        for (size_t c = 0; c < run->table.columns; c++) {
            struct str text = csv_table_cell(&run->table, i, c)->text;
            if (used[c]) key[i] = (key[i] ^ str_hash(text)) * 0x9E3779B97F4A7C15u + c + 1;
        }
    int64_t found = 0;
    tong_code code = quality_duplicates(key, rows, first, &found, &run->arena, &run->err);
    for (size_t i = 0; code == TONG_OK && i < rows; i++) {
        if (first[i] < 0) continue;
        int64_t other = csv_table_cell(&run->table, (size_t)first[i], 0)->line;
        quality_add(q, (struct finding){LABEL("reported twice", "重复报告"),
                                        result_say(&run->arena, &(struct label)LABEL("as line %lld", "同第 %lld 行"),
                                                   (long long)other),
                                        LABEL("the same in every column compared", "所比各列完全相同"),
                                        csv_table_cell(&run->table, i, 0)->line, NAN, NAN, NAN});
    }
    quality_check_done(q, (struct label)LABEL("rows reported twice", "重复报告"), (int64_t)rows, found, true);
    return code;
}

static tong_code quality_digit(struct quality_run *q)
{
    struct epi_run *run = q->run;
    struct quality_digits d = {0};
    double *value;
    int32_t column = -1;
    if (q->o->digits.n > 0) {
        column = csv_table_column(&run->table, q->o->digits, &run->problems);
        if (column < 0 || !csv_table_reals(&run->table, column, &run->arena, &run->problems, &value))
            return tong_fail(&run->err, TONG_E_INVALID, "--digits");
    } else if (csv_table_has(&run->table, "age", &column)) {
        value = arena_array(&run->arena, run->table.rows, sizeof *value);
        if (value == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "ages");
        for (size_t i = 0; i < run->table.rows;
             i++) // ages come as "3 months", too: those that are no numbers are passed over
            if (!str_double(csv_table_cell(&run->table, i, (size_t)column)->text, &value[i])) value[i] = NAN;
    }
    bool done = column >= 0;
    if (done && quality_last_digits(value, run->table.rows, 10, &d, &run->err) != TONG_OK) return run->err.code;
    bool odd = d.defined && d.p < 0.001;
    if (odd)
        quality_add(q, (struct finding){
                           LABEL("digit preference", "末位数字偏好"), epi_plain(run->table.header[column], &run->arena),
                           LABEL("numbers that end in 0 and 5 (or another digit) are too many: they are estimates",
                                 "末位为 0、5（或其他数字）者过多：多为估计值"),
                           1, d.part_0_5, 0.2, d.p});
    quality_check_done(q, (struct label)LABEL("digits people prefer", "末位数字偏好"), d.n, odd, done && d.defined);
    return TONG_OK;
}

// ---- daily counts ----

// `without`, where it is wanted: the counts with those days taken out.
static void quality_jumped(struct quality_run *q, const struct series *s, struct str group, const double *count,
                           int64_t *of, int64_t *found, double *without)
{
    static const struct label what[] = {
        LABEL("a changed case definition or a batch of old reports: do not take it for growth",
              "可能是病例定义变更或集中补报：不应视为增长"),
        LABEL("one day alone: a batch of old reports, or a changed case definition counted at once",
              "仅此一天：集中补报，或病例定义变更一次性计入"),
        LABEL("the level changed and stayed: a changed case definition or practice",
              "水平改变并持续：病例定义或报告方式变更")};
    struct quality_jump jump[50];
    size_t n = 0;
    if (quality_jumps(count, s->days, &(struct quality_jump_options){2.5, 4.5}, jump, 50, &n, NULL) != TONG_OK) return;
    *of += (int64_t)s->days;
    *found += (int64_t)n;
    for (size_t i = 0; i < n && i < 50; i++) {
        char day[CIVIL_TEXT], text[200];
        if (without != NULL) without[jump[i].day] = NAN;
        civil_format((civil_day){s->first.d + jump[i].day}, day);
        (void)snprintf(text, sizeof text, "%s%s%.*s", day, group.n > 0 ? " " : "", STR_ARG(group));
        text[str_utf8_valid(str_z(text))] = 0;
        quality_add(q, (struct finding){LABEL("a day that does not belong", "异常突变"),
                                        epi_plain(str_z(text), &q->run->arena), what[jump[i].kind], 0, jump[i].count,
                                        jump[i].expected, NAN});
    }
}

static void quality_quiet(struct quality_run *q, const struct series *s, size_t g, int64_t *of, int64_t *found)
{
    struct quality_silence v;
    if (quality_silent(s->count + g * s->days, s->days, (int32_t)q->o->silent, &v, NULL) != TONG_OK || !v.defined)
        return;
    ++*of;
    if (v.days < 2 || v.p > 0.001) return;
    ++*found;
    static const struct label all = LABEL("all", "全部");
    struct label where = s->name[g].n == 0 ? all : epi_plain(s->name[g], &q->run->arena);
    quality_add(q, (struct finding){LABEL("sudden silence", "突然静默"), where,
                                    result_say(&q->run->arena,
                                               &(struct label)LABEL("no case for %d days; it may report no longer",
                                                                    "已 %d 天无病例；可能已停止报告"),
                                               (int)v.days),
                                    0, 0, v.expected * v.days, v.p});
}

static tong_code quality_daily(struct quality_run *q)
{
    struct epi_run *run = q->run;
    struct series s;
    tong_code code = epi_series_read(run, &q->o->series, &s);
    if (code != TONG_OK) return code;
    int64_t of = 0, found = 0;
    double *usual = arena_array(&run->arena, s.days, sizeof *usual);
    if (usual == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "days");
    memcpy(usual, s.total, s.days * sizeof *usual);
    quality_check_done(q, (struct label)LABEL("negative counts", "负数"), (int64_t)s.days, s.mended.days, true);
    for (size_t i = 0; i < s.days; i++) {
        if (!(s.raw[i] < 0)) continue;
        char day[CIVIL_TEXT];
        civil_format((civil_day){s.first.d + (int32_t)i}, day);
        quality_add(q, (struct finding){LABEL("negative count", "负数"), epi_plain(str_z(day), &run->arena),
                                        LABEL("a correction of earlier days; decided as said above",
                                              "对此前数目的更正；处理方式见上"),
                                        0, s.raw[i], NAN, NAN});
    }
    quality_jumped(q, &s, (struct str){"", 0}, s.total, &of, &found, usual);
    for (size_t g = 0; s.groups > 1 && g < s.groups; g++)
        quality_jumped(q, &s, s.name[g], s.count + g * s.days, &of, &found, NULL);
    quality_check_done(q, (struct label)LABEL("changed case definition, batches", "病例定义变更、集中补报"), of, found,
                       of > 0);
    struct quality_weekday w;
    bool judged = quality_weekdays(usual, s.days, s.first, &w, NULL) == TONG_OK && w.defined,
         odd = judged && w.p < 0.01;
    if (odd)
        quality_add(q, (struct finding){LABEL("weekday effect", "星期效应"),
                                        LABEL("Saturday and Sunday against the other days", "周六、周日与其他日之比"),
                                        LABEL("use windows of seven days, or whole weeks", "请用七天窗口或整周"), 0,
                                        w.weekend, 1, w.p});
    quality_check_done(q, (struct label)LABEL("weekday effect", "星期效应"), judged ? w.weeks : 0, odd, judged);
    of = found = 0;
    for (size_t g = 0; g < s.groups; g++) quality_quiet(q, &s, g, &of, &found);
    quality_check_done(q, (struct label)LABEL("sites gone silent", "突然静默的报告单位"), of, found, of > 0);
    return TONG_OK;
}

static tong_code quality_work(struct epi_run *run, void *options)
{
    static const struct label about = LABEL("rows, days or sites that could be judged", "可检查的行、天或报告单位");
    struct quality_run q = {.run = run, .o = options};
    q.finding = arena_array(&run->arena, FINDINGS_MAX, sizeof *q.finding);
    if (q.finding == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "findings");
    tong_code code = quality_dates(&q);
    if (code == TONG_OK) code = quality_twice(&q);
    if (code == TONG_OK) code = quality_digit(&q);
    if (code == TONG_OK) code = quality_daily(&q);
    if (code != TONG_OK) return code;
    struct result *r = &run->result;
    result_begin(r, "checks", (struct label)LABEL("What was checked", "检查项目"), check_column, 4);
    result_about(r, about, run->source);
    for (size_t i = 0; i < q.checks; i++) {
        result_label(r, q.check[i].name);
        result_whole(r, q.check[i].of);
        result_whole(r, q.check[i].found);
        result_flag(r, q.check[i].done);
    }
    result_begin(r, "findings", (struct label)LABEL("What was found", "发现的问题"), finding_column, 7);
    for (size_t i = 0; i < q.findings; i++) {
        const struct finding *f = &q.finding[i];
        result_label(r, f->check);
        result_label(r, f->where);
        if (f->line > 0) result_whole(r, f->line);
        else result_none(r);
        result_real(r, f->found);
        result_real(r, f->expected);
        result_real(r, f->p);
        result_label(r, f->what);
    }
    if (r->table != NULL) r->table->rows_shown = 100;
    return TONG_OK;
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
const struct epi_command epi_quality_commands[] = {
    {"quality", LABEL("what is wrong with the data, before anything is estimated", "数据质量：估计之前先看数据问题"),
     LABEL("Impossible dates, rows reported twice, digit preference, negative counts, changed case definitions and "
           "batches,\n"
           "weekday effects, sites that have gone silent.",
           "日期矛盾、重复报告、末位数字偏好、负数、病例定义变更与集中补报、星期效应、突然静默的报告单位。"),
     "[FILE.csv]", quality_option, COUNT(quality_option), &quality_defaults, sizeof quality_defaults, EPI_WANTS_ROWS,
     quality_work},
    {0},
};
