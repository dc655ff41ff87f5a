// Noticing: every place and class, every day or week, with the false alarms counted.
#include "cli/epi.h"
#include "epi/cusum.h"
#include "epi/ears.h"
#include "epi/false_alarm.h"
#include "epi/farrington.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum detect_method { DETECT_FARRINGTON, DETECT_RECENT, DETECT_EARS, DETECT_CUSUM, DETECT_AUTO } detect_method;

struct detect_options {
    struct epi_common common;
    struct epi_series series;
    struct str method, control;
    double rate;
    int64_t baseline, years, back;
    bool week, all;
};
#define DETECT(m) offsetof(struct detect_options, m)
static const struct cli_option detect_option[] = {
    EPI_COMMON(struct detect_options),
    EPI_SERIES(struct detect_options),
    {"method", CLI_TEXT, DETECT(method), "NAME",
     LABEL("farrington (years of past), recent (weeks of past), ears, cusum; the usual one is chosen by the length of "
           "the past",
           "farrington（需数年历史）、recent（数周历史）、ears、cusum；默认按历史长度自动选择"),
     0, 0},
    {"control", CLI_TEXT, DETECT(control), "NAME",
     LABEL("of false alarms: discovery (part of the alarms, the usual one), dependent, expected (number a run), none",
           "误报控制：discovery（误报占比，默认）、dependent、expected（每次误报数）、none"),
     0, 0},
    {"rate", CLI_REAL, DETECT(rate), "X",
     LABEL("that part or number (0.1; of expected 1; of none the level of each test, 0.005)",
           "该占比或数目（默认 0.1；expected 为 1；none 为单个检验水平 0.005）"),
     0, 10000},
    {"baseline", CLI_INTEGER, DETECT(baseline), "N",
     LABEL("of recent, ears and cusum: days (weeks) of the past (28; ears 7)",
           "recent、ears、cusum 的基线长度（默认 28；ears 为 7）"),
     5, 1000},
    {"years", CLI_INTEGER, DETECT(years), "N",
     LABEL("of farrington: years of the past (as many as there are, up to 5)",
           "farrington 使用的历史年数（默认取可用年数，至多 5）"),
     1, FARRINGTON_YEARS_MAX},
    {"week", CLI_FLAG, DETECT(week), "", LABEL("by week (ending with the last full one)", "按周（止于最后一个完整周）"),
     0, 0},
    {"back", CLI_INTEGER, DETECT(back), "N",
     LABEL("judge the last N days (weeks), not the last alone (1)", "判断最近 N 天（周），默认 1"), 1, 1000},
    {"all", CLI_FLAG, DETECT(all), "", LABEL("list all series, not the alarms alone", "列出全部序列，而非仅列预警"), 0,
     0},
};
static const struct detect_options detect_defaults = {EPI_COMMON_DEFAULTS, EPI_SERIES_DEFAULTS};

struct detect_row {
    size_t group, at;
    double count, expected, p; // p NAN: of a method that has none
    bool alarm, judged;
    double adjusted;
};

struct detect_work_state {
    struct epi_run *run;
    const struct detect_options *o;
    detect_method method;
    size_t n;        // days or weeks
    int32_t step;    // days a count stands for
    civil_day first; // of the first count
    int64_t *count;  // groups * n
    size_t groups, back;
    struct detect_row *row;
    size_t rows, refused;
};

static const char *const detect_names[] = {"farrington", "recent", "ears", "cusum", "auto"};

static bool detect_counts(struct detect_work_state *d, const struct series *s)
{
    size_t lead = 0;
    d->step = d->o->week ? 7 : 1;
    if (d->o->week) lead = s->days % 7; // whole weeks that end with the data
    d->n = (s->days - lead) / (size_t)d->step;
    d->first.d = s->first.d + (int32_t)lead;
    d->groups = s->groups;
    d->count = arena_array(&d->run->arena, d->n * s->groups, sizeof *d->count);
    if (d->count == NULL) return false;
    for (size_t g = 0; g < s->groups; g++)
        for (size_t i = 0; i < d->n * (size_t)d->step; i++)
            d->count[g * d->n + i / (size_t)d->step] += llrint(fmin(1e9, s->count[g * s->days + lead + i]));
    return true;
}

static void detect_keep(struct detect_work_state *d, size_t group, size_t at, double expected, double p, bool alarm)
{
    d->row[d->rows++] = (struct detect_row){.group = group,
                                            .at = at,
                                            .count = (double)d->count[group * d->n + at],
                                            .expected = expected,
                                            .p = p,
                                            .alarm = alarm,
                                            .judged = true,
                                            .adjusted = NAN};
}

static void detect_farrington(struct detect_work_state *d, size_t group, double level)
{
    struct farrington_options f = farrington_flexible();
    f.periodicity = d->o->week ? 52 : 365;
    f.window = d->o->week ? 3 : 10;
    f.skip = d->o->week ? 26 : 182;
    f.enough_weeks = d->o->week ? 4 : 28;
    int64_t past = ((int64_t)d->n - (int64_t)d->back - f.window - 1) / f.periodicity;
    f.years = (int32_t)(d->o->years > 0 ? d->o->years : past < 5 ? past : 5);
    f.alpha = level;
    struct farrington_week *w = arena_array(&d->run->arena, d->back, sizeof *w);
    civil_day *date = d->o->week ? arena_array(&d->run->arena, d->n, sizeof *date) : NULL;
    for (size_t i = 0; date != NULL && i < d->n; i++) date[i].d = d->first.d + 7 * (int32_t)i;
    bool good = f.years >= 1 && w != NULL &&
                farrington_run(d->count + group * d->n, date, d->n, d->n - d->back, &f, w, NULL) == TONG_OK;
    for (size_t k = 0; good && k < d->back; k++)
        if (w[k].defined) detect_keep(d, group, d->n - d->back + k, w[k].expected, w[k].p_value, w[k].alarm);
    d->refused += !good;
}

static void detect_recent(struct detect_work_state *d, size_t group, double level)
{
    int32_t baseline = (int32_t)(d->o->baseline > 0 ? d->o->baseline : 28);
    struct false_alarm_recent f;
    bool any = false;
    for (size_t at = d->n - d->back; at < d->n; at++) {
        if (false_alarm_recent(d->count + group * d->n, at + 1, baseline, 2, &f, NULL) != TONG_OK) continue;
        any = true;
        detect_keep(d, group, at, f.expected, f.p, f.p <= level);
    }
    d->refused += !any;
}

static void detect_ears(struct detect_work_state *d, size_t group)
{
    struct ears_options e = {.method = EARS_C2,
                             .baseline = (int32_t)(d->o->baseline > 0 ? d->o->baseline : 7),
                             .threshold = 3,
                             .sd_min = 0.5};
    struct ears_day *day = arena_array(&d->run->arena, d->n, sizeof *day);
    bool good = day != NULL && ears_run(d->count + group * d->n, d->n, &e, day, NULL) == TONG_OK;
    for (size_t at = d->n - d->back; good && at < d->n; at++)
        if (day[at].defined) detect_keep(d, group, at, day[at].mean, NAN, day[at].alarm);
    d->refused += !good;
}

static void detect_cusum(struct detect_work_state *d, size_t group)
{
    struct cusum_options c = {.transform = CUSUM_ROSSI, .k = 1.04, .h = 2.26};
    size_t past = (size_t)(d->o->baseline > 0 ? d->o->baseline : 28);
    const int64_t *count = d->count + group * d->n;
    struct cusum_day *day = arena_array(&d->run->arena, d->n, sizeof *day);
    double *mean = arena_array(&d->run->arena, d->n, sizeof *mean);
    bool good = d->n > past && day != NULL && mean != NULL &&
                cusum_mean(count, past, mean, d->n - past, NULL) == TONG_OK &&
                cusum_run(count + past, mean, d->n - past, &c, day, NULL) == TONG_OK;
    for (size_t at = d->n - d->back; good && at < d->n; at++)
        if (at >= past) detect_keep(d, group, at, mean[at - past], NAN, day[at - past].alarm);
    d->refused += !good;
}

// Which control, and its figure. `each`: the level of a single test where there is none.
static tong_code detect_control_of(struct detect_work_state *d, false_alarm_rule *rule, bool *none, double *level)
{
    static const struct message unknown = {
        "epi-control", PROBLEM_ERROR, LABEL("--control does not know \"{1}\"", "--control 不认识“{1}”"),
        LABEL("choose discovery, dependent, expected or none", "可选 discovery、dependent、expected、none")};
    static const char *const words[] = {"discovery", "dependent", "expected"};
    struct str given = d->o->control;
    *none = str_eq_z(given, "none") || d->method == DETECT_EARS || d->method == DETECT_CUSUM;
    *rule = FALSE_ALARM_HOCHBERG;
    bool found = given.n == 0 || *none;
    for (int k = 0; k < 3; k++)
        if (str_eq_z(given, words[k])) *rule = (false_alarm_rule)k, found = true;
    if (!found) return epi_fault(d->run, &unknown, given.p, NULL);
    *level = d->o->rate > 0 ? d->o->rate : *none ? 0.005 : *rule == FALSE_ALARM_EXPECTED ? 1 : 0.1;
    return TONG_OK;
}

static int detect_order(const void *a, const void *b)
{
    const struct detect_row *x = a, *y = b;
    if (x->alarm != y->alarm) return x->alarm ? -1 : 1;
    double px = isnan(x->p) ? 2 : x->p, py = isnan(y->p) ? 2 : y->p;
    if (px != py) return px < py ? -1 : 1;
    return (x->group > y->group) - (x->group < y->group);
}

static void detect_say(struct detect_work_state *d, const struct series *s)
{
    static const struct result_column column[] = {{"group", LABEL("place or class", "地区或类别"), RESULT_TEXT},
                                                  {"date", LABEL("day (week from)", "日期（周起始）"), RESULT_DAY},
                                                  {"count", LABEL("count", "数目"), RESULT_REAL},
                                                  {"expected", LABEL("expected", "预期"), RESULT_REAL},
                                                  {"excess", LABEL("above it by", "超出"), RESULT_REAL},
                                                  {"p", LABEL("p", "p 值"), RESULT_REAL},
                                                  {"adjusted", LABEL("controlled", "控制后"), RESULT_REAL},
                                                  {"alarm", LABEL("alarm", "预警"), RESULT_FLAG}};
    struct result *r = &d->run->result;
    static const struct label all = LABEL("all", "全部");
    qsort(d->row, d->rows, sizeof *d->row, detect_order);
    result_begin(r, "alarms", (struct label)LABEL("What is unusual", "异常信号"), column, 8);
    result_about(r,
                 result_say(&d->run->arena,
                            &(struct label)LABEL("%zu series, %zu of them without enough past",
                                                 "%zu 个序列，其中 %zu 个历史不足"),
                            d->groups, d->refused),
                 d->run->source);
    for (size_t i = 0; i < d->rows; i++) {
        const struct detect_row *row = &d->row[i];
        if (!row->alarm && !d->o->all) continue;
        if (s->name[row->group].n == 0) result_label(r, all);
        else result_text(r, s->name[row->group]);
        result_day(r, (civil_day){d->first.d + d->step * (int32_t)row->at});
        result_real(r, row->count);
        result_real(r, row->expected);
        result_real(r, row->count - row->expected);
        result_real(r, row->p);
        result_real(r, row->adjusted);
        result_flag(r, row->alarm);
    }
}

static tong_code detect_judge(struct detect_work_state *d)
{
    static const struct label controlled =
        LABEL("%zu alarms of %zu tests, method %s; were nothing going on anywhere, %.3g false alarms would be expected "
              "at this cut (p <= %.3g).",
              "%2$zu 次检验中 %1$zu 个预警，方法 %3$s；若各处均无异常，按此界值（p <= %5$.3g）预计误报 %4$.3g 个。");
    static const struct label plain =
        LABEL("%zu alarms of %zu tests, method %s, not controlled: expect false alarms, of ears and cusum many where "
              "counts are small.",
              "%2$zu 次检验中 %1$zu 个预警，方法 %3$s，未控制误报：数目较小时 ears、cusum 误报较多。");
    false_alarm_rule rule;
    bool none;
    double level = 0;
    tong_code code = detect_control_of(d, &rule, &none, &level);
    if (code != TONG_OK) return code;
    for (size_t g = 0; g < d->groups; g++) {
        if (d->method == DETECT_FARRINGTON) detect_farrington(d, g, none ? level : 0.005);
        else if (d->method == DETECT_RECENT) detect_recent(d, g, none ? level : 0.005);
        else if (d->method == DETECT_EARS) detect_ears(d, g);
        else detect_cusum(d, g);
    }
    size_t alarms = 0;
    struct false_alarm f = {0};
    if (!none) {
        double *p = arena_array(&d->run->arena, d->rows, sizeof *p),
               *adjusted = arena_array(&d->run->arena, d->rows, sizeof *adjusted);
        bool *alarm = arena_array(&d->run->arena, d->rows, sizeof *alarm);
        if (p == NULL || adjusted == NULL || alarm == NULL) return tong_fail(&d->run->err, TONG_E_NOMEM, "alarms");
        for (size_t i = 0; i < d->rows; i++) p[i] = d->row[i].p;
        code = false_alarm_control(p, d->rows, rule, level, &d->run->arena, alarm, adjusted, &f, &d->run->err);
        for (size_t i = 0; code == TONG_OK && i < d->rows; i++)
            d->row[i].alarm = alarm[i], d->row[i].adjusted = adjusted[i];
    }
    for (size_t i = 0; i < d->rows; i++) alarms += d->row[i].alarm;
    if (none) result_warning(&d->run->result, "uncontrolled", &plain, alarms, d->rows, detect_names[d->method]);
    else
        result_note(&d->run->result, "controlled", &controlled, alarms, d->rows, detect_names[d->method], f.expected,
                    f.cut);
    return code;
}

static tong_code detect_work(struct epi_run *run, void *options)
{
    static const struct message unknown = {
        "epi-detect-method", PROBLEM_ERROR, LABEL("--method does not know \"{1}\"", "--method 不认识“{1}”"),
        LABEL("choose farrington, recent, ears or cusum", "可选 farrington、recent、ears、cusum")};
    static const struct message few = {
        "epi-detect-past", PROBLEM_ERROR,
        LABEL("the past is too short to judge by: {1} counts", "历史过短，无法判断：仅 {1} 个数"),
        LABEL("give more days, or a smaller --baseline", "请提供更多天数，或减小 --baseline")};
    const struct detect_options *o = options;
    struct series s;
    struct detect_work_state d = {.run = run, .o = o, .method = DETECT_AUTO, .back = o->back > 0 ? (size_t)o->back : 1};
    for (int k = 0; k < DETECT_AUTO; k++)
        if (str_eq_z(o->method, detect_names[k])) d.method = (detect_method)k;
    if (o->method.n > 0 && d.method == DETECT_AUTO) return epi_fault(run, &unknown, o->method.p, NULL);
    tong_code code = epi_series_read(run, &o->series, &s);
    if (code != TONG_OK) return code;
    if (!detect_counts(&d, &s)) return tong_fail(&run->err, TONG_E_NOMEM, "series");
    size_t year = o->week ? 52 : 365;
    if (d.method == DETECT_AUTO) d.method = d.n >= 3 * year + d.back + 30 ? DETECT_FARRINGTON : DETECT_RECENT;
    char count[24];
    (void)snprintf(count, sizeof count, "%zu", d.n);
    if (d.n < d.back + 8) return epi_fault(run, &few, count, NULL);
    d.row = arena_array(&run->arena, d.groups * d.back, sizeof *d.row);
    if (d.row == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "series");
    code = detect_judge(&d);
    if (code != TONG_OK) return code;
    if (d.rows == 0) return epi_fault(run, &few, count, NULL);
    detect_say(&d, &s);
    return TONG_OK;
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
const struct epi_command epi_watch_commands[] = {
    {"detect",
     LABEL("what is unusual: alarms over all places and classes, false alarms controlled",
           "异常探测：覆盖全部地区与类别，并控制误报"),
     LABEL("Judges the last day (or week) of every group by its own past, and controls the false alarms over all of "
           "them.",
           "按各组自身历史判断最近一天（或一周），并对全部序列统一控制误报。"),
     "[FILE.csv]", detect_option, COUNT(detect_option), &detect_defaults, sizeof detect_defaults, EPI_WANTS_ROWS,
     detect_work},
    {0},
};
