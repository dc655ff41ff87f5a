// Delays: from one event to another, with what cannot be seen yet and what is known only to a day or a window.
#include "cli/epi.h"
#include "epi/cluster_serial.h"
#include "epi/delay.h"
#include "epi/fatality.h"
#include "epi/proportion.h"
#include "epi/serial.h"
#include "epi/special.h"

#include <math.h>
#include <string.h>

static const struct label delay_law_name[DELAY_LAW_COUNT] = {
    [DELAY_GAMMA] = LABEL("gamma", "伽马分布"),
    [DELAY_WEIBULL] = LABEL("Weibull", "韦布尔分布"),
    [DELAY_LOGNORMAL] = LABEL("lognormal", "对数正态分布"),
};
static const struct message delay_few = {
    "epi-few", PROBLEM_ERROR,
    LABEL("only {1} rows have both dates; that is too few", "两个日期都有的只有 {1} 行，数量不足"),
    LABEL("at least 5 are needed; look at the two columns and at --where",
          "至少需要 5 行；请检查两个日期列和 --where")};

// Fits of the three laws, the best (Akaike's criterion) first marked; the best law's index.
static tong_code delay_fits(struct epi_run *run, const struct delay_datum *data, size_t n, struct delay_fit *best)
{
    static const struct result_column column[] = {{"law", LABEL("law", "分布"), RESULT_TEXT},
                                                  {"best", LABEL("best", "最优"), RESULT_FLAG},
                                                  {"mean", LABEL("mean, days", "均值（天）"), RESULT_REAL},
                                                  {"median", LABEL("median", "中位数"), RESULT_REAL},
                                                  {"q05", LABEL("5 %", "5%"), RESULT_REAL},
                                                  {"q95", LABEL("95 %", "95%"), RESULT_REAL},
                                                  {"a", LABEL("first parameter", "第一参数"), RESULT_REAL},
                                                  {"se_a", LABEL("its error", "标准误"), RESULT_REAL},
                                                  {"b", LABEL("second", "第二参数"), RESULT_REAL},
                                                  {"se_b", LABEL("its error", "标准误"), RESULT_REAL},
                                                  {"loglik", LABEL("log likelihood", "对数似然"), RESULT_REAL}};
    static const struct label about =
        LABEL("Parameters: shape and scale (gamma, Weibull), mean and standard deviation of the logarithm (lognormal).",
              "参数：伽马、韦布尔为形状与尺度；对数正态为对数的均值与标准差。");
    struct delay_fit fit[DELAY_LAW_COUNT];
    bool good[DELAY_LAW_COUNT];
    int at = -1;
    for (int l = 0; l < DELAY_LAW_COUNT; l++) {
        good[l] =
            delay_fit(data, n, (delay_law)l, &fit[l], &run->err) == TONG_OK && isfinite(fit[l].a) && isfinite(fit[l].b);
        if (good[l] && (at < 0 || fit[l].loglik > fit[at].loglik))
            at = l; // two parameters each: the likelihood decides
    }
    if (at < 0) return tong_fail(&run->err, TONG_E_INVALID, "no law fits these delays");
    struct result *r = &run->result;
    result_begin(r, "fits", (struct label)LABEL("Fitted distributions", "拟合分布"), column, 11);
    result_about(r, result_say(&run->arena, &(struct label)LABEL("%zu pairs of dates", "%zu 对日期"), n), run->source);
    for (int l = 0; l < DELAY_LAW_COUNT; l++) {
        if (!good[l]) continue;
        const struct delay_fit *f = &fit[l];
        result_label(r, delay_law_name[l]);
        result_flag(r, l == at);
        result_real(r, delay_mean(f->law, f->a, f->b));
        result_real(r, delay_quantile(f->law, f->a, f->b, 0.5));
        result_real(r, delay_quantile(f->law, f->a, f->b, 0.05));
        result_real(r, delay_quantile(f->law, f->a, f->b, 0.95));
        result_real(r, f->a);
        result_real(r, f->se_a);
        result_real(r, f->b);
        result_real(r, f->se_b);
        result_real(r, f->loglik);
    }
    result_note(r, "parameters", &about);
    *best = fit[at];
    return TONG_OK;
}

// Bars of whole days, and the fitted law's share of each.
static void delay_draw(struct epi_run *run, const double *days, size_t n, const struct delay_fit *f, struct label title)
{
    double lo = HUGE_VAL, hi = -HUGE_VAL;
    for (size_t i = 0; i < n; i++) lo = fmin(lo, floor(days[i])), hi = fmax(hi, floor(days[i]));
    if (!(lo <= hi) || hi - lo > 2000) return;
    size_t bins = (size_t)(hi - lo) + 1;
    double *x = arena_array(&run->arena, bins, sizeof *x), *y = arena_array(&run->arena, bins, sizeof *y);
    double *fit = arena_array(&run->arena, bins, sizeof *fit);
    if (x == NULL || y == NULL || fit == NULL) {
        run->result.failed = true;
        return;
    }
    for (size_t i = 0; i < n; i++) y[(size_t)(floor(days[i]) - lo)] += 1 / (double)n;
    for (size_t i = 0; i < bins; i++) {
        x[i] = lo + (double)i;
        fit[i] = f == NULL ? NAN : delay_cdf(f->law, f->a, f->b, x[i] + 1) - delay_cdf(f->law, f->a, f->b, x[i]);
    }
    struct chart *c = result_chart(&run->result);
    c->title = title;
    c->x_label = (struct label)LABEL("days", "天");
    c->y_label = (struct label)LABEL("part of all", "所占比例");
    c->part = true;
    chart_add(c, CHART_BARS, (struct label)LABEL("observed", "观察值"), x, y, NULL, bins)->color = 5;
    if (f != NULL) chart_add(c, CHART_LINE, delay_law_name[f->law], x, fit, NULL, bins);
}

static void delay_summary(struct epi_run *run, const double *days, size_t n)
{
    static const struct result_column column[] = {
        {"n", LABEL("pairs", "对数"), RESULT_WHOLE},          {"mean", LABEL("mean", "均值"), RESULT_REAL},
        {"sd", LABEL("sd", "标准差"), RESULT_REAL},           {"median", LABEL("median", "中位数"), RESULT_REAL},
        {"least", LABEL("least", "最小"), RESULT_REAL},       {"most", LABEL("most", "最大"), RESULT_REAL},
        {"negative", LABEL("below 0", "负值"), RESULT_WHOLE}, {"zero", LABEL("0", "零"), RESULT_WHOLE}};
    struct serial_summary s;
    struct result *r = &run->result;
    if (serial_summarise(days, n, &run->arena, &s, NULL) != TONG_OK) return;
    result_begin(r, "summary", (struct label)LABEL("As observed, days", "观察值（天）"), column, 8);
    epi_source(run, "");
    result_whole(r, s.pairs);
    result_real(r, s.mean);
    result_real(r, s.sd);
    result_real(r, s.median);
    result_real(r, s.least);
    result_real(r, s.most);
    result_whole(r, s.negative);
    result_whole(r, s.zero);
}

// ---- delay ----

struct delay_options {
    struct epi_common common;
    struct str from, to, where;
    civil_day until;
};
#define DELAY(m) offsetof(struct delay_options, m)
static const struct cli_option delay_option[] = {
    EPI_COMMON(struct delay_options),
    {"from", CLI_TEXT, DELAY(from), "COLUMN",
     LABEL("dates of the first event (onset ...)", "起点日期列（默认 onset 等）"), 0, 0},
    {"to", CLI_TEXT, DELAY(to), "COLUMN",
     LABEL("dates of the second event (reported ...)", "终点日期列（默认 reported 等）"), 0, 0},
    {"where", CLI_TEXT, DELAY(where), "COLUMN=VALUE", LABEL("only these rows", "只取符合条件的行"), 0, 0},
    {"until", CLI_DAY, DELAY(until), "DATE",
     LABEL("day up to which second events could be seen: corrects for right truncation",
           "能观察到终点事件的最后一天：据此校正右截断"),
     0, 0},
};
static const struct delay_options delay_defaults = {EPI_COMMON_DEFAULTS, .until = {CIVIL_DAY_NONE}};

static tong_code delay_work(struct epi_run *run, void *options)
{
    static const struct label reversed =
        LABEL("%lld rows have the second date before the first; they are left out: see epi quality.",
              "%lld 行的终点早于起点，未计入；见 epi quality。");
    static const struct label none =
        LABEL("No end of observation is given (--until): in a growing outbreak long delays are missing and the fit is "
              "too short.",
              "未给出观察截止日（--until）：疫情上升期较长的间隔尚未出现，拟合结果会偏短。");
    const struct delay_options *o = options;
    civil_day *from, *to;
    bool *keep;
    if (!epi_days(run, o->from, series_usual_onset, SERIES_USUAL_ONSET, "--from", &from) ||
        !epi_days(run, o->to, series_usual_report, SERIES_USUAL_REPORT, "--to", &to) ||
        !series_where(&run->table, o->where, &run->arena, &run->problems, &keep))
        return tong_fail(&run->err, TONG_E_INVALID, "the columns");
    struct delay_datum *data = arena_array(&run->arena, run->table.rows, sizeof *data);
    double *days = arena_array(&run->arena, run->table.rows, sizeof *days);
    if (data == NULL || days == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "delays");
    size_t n = 0;
    int64_t backwards = 0;
    for (size_t i = 0; i < run->table.rows; i++) {
        if (!keep[i] || from[i].d == CIVIL_DAY_NONE || to[i].d == CIVIL_DAY_NONE) continue;
        if (o->until.d != CIVIL_DAY_NONE && to[i].d > o->until.d) continue;
        backwards += to[i].d < from[i].d;
        if (to[i].d < from[i].d) continue;
        days[n] = to[i].d - from[i].d;
        // Both happened some time on their day; an end seen by the close of `until`.
        data[n++] = (struct delay_datum){from[i].d, from[i].d + 1, to[i].d, to[i].d + 1,
                                         o->until.d == CIVIL_DAY_NONE ? HUGE_VAL : o->until.d + 1};
    }
    char count[24];
    (void)snprintf(count, sizeof count, "%zu", n);
    if (n < 5) return epi_fault(run, &delay_few, count, NULL);
    if (backwards > 0) result_warning(&run->result, "reversed", &reversed, (long long)backwards);
    if (o->until.d == CIVIL_DAY_NONE) result_note(&run->result, "truncation", &none);
    delay_summary(run, days, n);
    struct delay_fit best;
    tong_code code = delay_fits(run, data, n, &best);
    if (code == TONG_OK)
        delay_draw(run, days, n, &best, (struct label)LABEL("Delay, as observed and fitted", "间隔：观察与拟合"));
    return code;
}

// ---- incubation ----

struct incubation_options {
    struct epi_common common;
    struct str from, until_exposed, onset;
};
#define INCUBATION(m) offsetof(struct incubation_options, m)
static const struct cli_option incubation_option[] = {
    EPI_COMMON(struct incubation_options),
    {"from", CLI_TEXT, INCUBATION(from), "COLUMN", LABEL("first day of exposure", "暴露起始日期列"), 0, 0},
    {"to", CLI_TEXT, INCUBATION(until_exposed), "COLUMN", LABEL("last day of exposure", "暴露结束日期列"), 0, 0},
    {"onset", CLI_TEXT, INCUBATION(onset), "COLUMN", LABEL("day of onset", "发病日期列"), 0, 0},
};
static const struct incubation_options incubation_defaults = {EPI_COMMON_DEFAULTS};

static tong_code incubation_work(struct epi_run *run, void *options)
{
    static const char *const from_usual[] = {"dt_start_exp", "start_source", "first_contact", "exposure_first"};
    static const char *const to_usual[] = {"dt_end_exp", "end_source", "last_contact", "exposure_last"};
    static const struct label left =
        LABEL("%lld rows have exposure only after onset and are left out.", "%lld 行的暴露晚于发病，未计入。");
    static const struct label counts =
        LABEL("Exposure lies anywhere in its window; windows that reach past onset are cut at it.",
              "暴露可发生在其窗口内任一时刻；晚于发病的部分截去。");
    const struct incubation_options *o = options;
    civil_day *from, *to, *onset;
    if (!epi_days(run, o->from, from_usual, 4, "--from", &from) ||
        !epi_days(run, o->until_exposed, to_usual, 4, "--to", &to) ||
        !epi_days(run, o->onset, series_usual_onset, SERIES_USUAL_ONSET, "--onset", &onset))
        return tong_fail(&run->err, TONG_E_INVALID, "the columns");
    struct delay_datum *data = arena_array(&run->arena, run->table.rows, sizeof *data);
    double *middle = arena_array(&run->arena, run->table.rows, sizeof *middle);
    if (data == NULL || middle == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "incubation periods");
    size_t n = 0;
    int64_t impossible = 0;
    for (size_t i = 0; i < run->table.rows; i++) {
        if (from[i].d == CIVIL_DAY_NONE || onset[i].d == CIVIL_DAY_NONE) continue;
        double lo = from[i].d, hi = to[i].d == CIVIL_DAY_NONE ? onset[i].d : to[i].d + 1, at = onset[i].d;
        hi = fmin(hi, at + 1);
        if (lo > at || hi <= lo) {
            impossible++;
            continue;
        }
        middle[n] = fmax(0, at - (lo + hi) / 2);
        data[n++] = (struct delay_datum){lo, hi, at, at + 1, HUGE_VAL};
    }
    char count[24];
    (void)snprintf(count, sizeof count, "%zu", n);
    if (n < 5) return epi_fault(run, &delay_few, count, NULL);
    if (impossible > 0) result_warning(&run->result, "impossible", &left, (long long)impossible);
    result_note(&run->result, "windows", &counts);
    struct delay_fit best;
    tong_code code = delay_fits(run, data, n, &best);
    if (code == TONG_OK)
        delay_draw(run, middle, n, &best,
                   (struct label)LABEL("Incubation: middles of the windows, and the fit", "潜伏期：窗口中点与拟合"));
    return code;
}

// ---- serial ----

struct serial_options {
    struct epi_common common;
    struct str first, second, days, cluster, onset;
};
#define SERIAL(m) offsetof(struct serial_options, m)
static const struct cli_option serial_option[] = {
    EPI_COMMON(struct serial_options),
    {"infector", CLI_TEXT, SERIAL(first), "COLUMN",
     LABEL("onset of the infector; one row a pair", "传染者发病日期列；每对一行"), 0, 0},
    {"infectee", CLI_TEXT, SERIAL(second), "COLUMN", LABEL("onset of the infected", "被传染者发病日期列"), 0, 0},
    {"days", CLI_TEXT, SERIAL(days), "COLUMN", LABEL("or the intervals themselves", "或直接给出间隔天数列"), 0, 0},
    {"cluster", CLI_TEXT, SERIAL(cluster), "COLUMN",
     LABEL("or, one row a case: its cluster, when nobody knows who infected whom (Vink 2014)",
           "或每例一行：聚集性疫情编号，传播关系不明时使用（Vink 2014）"),
     0, 0},
    {"onset", CLI_TEXT, SERIAL(onset), "COLUMN", LABEL("and its onset", "及发病日期列"), 0, 0},
};
static const struct serial_options serial_defaults = {EPI_COMMON_DEFAULTS};

static tong_code serial_clusters(struct epi_run *run, const struct serial_options *o)
{
    static const struct result_column column[] = {{"mean", LABEL("mean, days", "均值（天）"), RESULT_REAL},
                                                  {"sd", LABEL("sd", "标准差"), RESULT_REAL},
                                                  {"n", LABEL("intervals", "间隔数"), RESULT_WHOLE}};
    civil_day *onset, *first;
    struct csv_words words;
    int32_t cc = csv_table_column(&run->table, o->cluster, &run->problems);
    if (cc < 0 || !epi_days(run, o->onset, series_usual_onset, SERIES_USUAL_ONSET, "--onset", &onset))
        return tong_fail(&run->err, TONG_E_INVALID, "the columns");
    tong_code code = csv_table_words(&run->table, cc, &run->arena, &words, &run->err);
    if (code != TONG_OK) return code;
    first = arena_array(&run->arena, words.count, sizeof *first);
    double *days = arena_array(&run->arena, run->table.rows, sizeof *days);
    bool *index = arena_array(&run->arena, words.count, sizeof *index);
    if (first == NULL || days == NULL || index == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "clusters");
    for (size_t k = 0; k < words.count; k++) first[k].d = CIVIL_DAY_NONE;
    for (size_t i = 0; i < run->table.rows; i++) {
        civil_day *f = &first[words.of_row[i]];
        if (onset[i].d != CIVIL_DAY_NONE && (f->d == CIVIL_DAY_NONE || onset[i].d < f->d)) *f = onset[i];
    }
    size_t n = 0;
    for (size_t i = 0; i < run->table.rows; i++) {
        size_t k = (size_t)words.of_row[i];
        if (onset[i].d == CIVIL_DAY_NONE || words.word[k].n == 0) continue;
        if (onset[i].d == first[k].d && !index[k]) index[k] = true; // the first case itself
        else days[n++] = onset[i].d - first[k].d;
    }
    struct cluster_serial c;
    char count[24];
    (void)snprintf(count, sizeof count, "%zu", n);
    if (n < 3) return epi_fault(run, &delay_few, count, NULL);
    code = cluster_serial_fit(days, n, &run->arena, &c, &run->err);
    if (code != TONG_OK) return code;
    struct result *r = &run->result;
    result_begin(r, "clusters", (struct label)LABEL("Serial interval from clusters", "由聚集性疫情估计的代际间隔"),
                 column, 3);
    result_about(r,
                 (struct label)LABEL("intervals from the first case of a cluster to each other one",
                                     "各聚集性疫情中首例到其他病例的间隔"),
                 run->source);
    result_real(r, c.mean_days);
    result_real(r, c.sd_days);
    result_whole(r, (int64_t)c.n);
    delay_draw(run, days, n, NULL,
               (struct label)LABEL("Days from the first case of the cluster", "距聚集性疫情首例的天数"));
    return TONG_OK;
}

static tong_code serial_pairs(struct epi_run *run, const struct serial_options *o, double **days, size_t *n)
{
    static const char *const first_usual[] = {"onset_from", "infector_onset"}, *const second_usual[] = {
                                                                                   "onset_to", "infectee_onset"};
    *n = run->table.rows;
    if (o->days.n > 0) {
        int32_t c = csv_table_column(&run->table, o->days, &run->problems);
        bool good = c >= 0 && csv_table_reals(&run->table, c, &run->arena, &run->problems, days);
        return good ? TONG_OK : tong_fail(&run->err, TONG_E_INVALID, "the column");
    }
    civil_day *a, *b;
    if (!epi_days(run, o->first, first_usual, 2, "--infector", &a) ||
        !epi_days(run, o->second, second_usual, 2, "--infectee", &b))
        return tong_fail(&run->err, TONG_E_INVALID, "the columns");
    *days = arena_array(&run->arena, *n, sizeof **days);
    if (*days == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "intervals");
    for (size_t i = 0; i < *n; i++)
        (*days)[i] = a[i].d == CIVIL_DAY_NONE || b[i].d == CIVIL_DAY_NONE ? NAN : (double)b[i].d - a[i].d;
    return TONG_OK;
}

static tong_code serial_work(struct epi_run *run, void *options)
{
    static const struct label normal =
        LABEL("Normal distribution of all intervals, negative ones too: mean %.4g, sd %.4g days.",
              "全部间隔（含负值）的正态分布：均值 %.4g 天，标准差 %.4g 天。");
    static const struct label negative =
        LABEL("%lld of %lld intervals are negative or 0: laws of positive numbers are fitted to the others alone, so "
              "their mean is too long.",
              "%2$lld 个间隔中有 %1$lld 个为负或零：正值分布只拟合其余间隔，其均值偏长。");
    const struct serial_options *o = options;
    double *days, mean, sd, loglik;
    size_t n, known = 0, positive = 0;
    if (o->cluster.n > 0) return serial_clusters(run, o);
    tong_code code = serial_pairs(run, o, &days, &n);
    if (code != TONG_OK) return code;
    struct delay_datum *data = arena_array(&run->arena, n, sizeof *data);
    if (data == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "intervals");
    for (size_t i = 0; i < n; i++) {
        if (isnan(days[i])) continue;
        days[known++] = days[i];
        if (days[i] > 0) data[positive++] = (struct delay_datum){0, 1, days[i], days[i] + 1, HUGE_VAL};
    }
    char count[24];
    (void)snprintf(count, sizeof count, "%zu", known);
    if (known < 5) return epi_fault(run, &delay_few, count, NULL);
    delay_summary(run, days, known);
    code = delay_fit_normal(days, known, &mean, &sd, &loglik, &run->err);
    if (code != TONG_OK) return code;
    result_note(&run->result, "normal", &normal, mean, sd);
    if (positive < known)
        result_warning(&run->result, "negative", &negative, (long long)(known - positive), (long long)known);
    struct delay_fit best, *drawn = NULL;
    if (positive >= 5) {
        code = delay_fits(run, data, positive, &best);
        if (code == TONG_OK) drawn = &best;
    }
    if (code == TONG_OK) delay_draw(run, days, known, drawn, (struct label)LABEL("Serial interval", "代际间隔"));
    return code;
}

// ---- fatality ----

struct fatality_options {
    struct epi_common common;
    struct str onset, outcome, when;
    civil_day now;
    double mean, sd;
};
#define FATALITY(m) offsetof(struct fatality_options, m)
static const struct cli_option fatality_option[] = {
    EPI_COMMON(struct fatality_options),
    {"onset", CLI_TEXT, FATALITY(onset), "COLUMN", LABEL("day of onset", "发病日期列"), 0, 0},
    {"outcome", CLI_TEXT, FATALITY(outcome), "COLUMN",
     LABEL("how it ended: died, death, recovered ... (outcome)", "转归列：died、death、recovered 等（默认 outcome）"),
     0, 0},
    {"outcome-date", CLI_TEXT, FATALITY(when), "COLUMN", LABEL("on which day", "转归日期列"), 0, 0},
    {"now", CLI_DAY, FATALITY(now), "DATE",
     LABEL("as known on this day (the last one in the file)", "截至该日所知（默认为文件中最后一天）"), 0, 0},
    {"delay-mean", CLI_REAL, FATALITY(mean), "DAYS",
     LABEL("from onset to death: mean (else fitted)", "发病至死亡：均值（不给出则拟合）"), 0.01, 1000},
    {"delay-sd", CLI_REAL, FATALITY(sd), "DAYS", LABEL("and standard deviation", "及标准差"), 0.01, 1000},
};
static const struct fatality_options fatality_defaults = {EPI_COMMON_DEFAULTS, .now = {CIVIL_DAY_NONE}};

static bool fatality_died(struct str word)
{
    static const char *const words[] = {"died", "death", "dead", "deceased", "死亡", "1", "yes"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (str_eq_nocase(word, str_z(words[i]))) return true;
    return false;
}

struct fatality_read {
    struct fatality_case *cases;
    struct delay_datum *death;
    size_t n, deaths, unresolved;
    civil_day now;
};

static tong_code fatality_cases(struct epi_run *run, const struct fatality_options *o, struct fatality_read *f)
{
    static const char *const usual_word[] = {"outcome", "death", "died", "转归"};
    static const char *const usual_when[] = {"outcome_day", "date_of_outcome", "outcome_date", "dt_death", "death"};
    civil_day *onset, *when;
    int32_t cw = series_column(&run->table, o->outcome, usual_word, 4, "--outcome", &run->problems);
    if (cw < 0 || !epi_days(run, o->onset, series_usual_onset, SERIES_USUAL_ONSET, "--onset", &onset) ||
        !epi_days(run, o->when, usual_when, 5, "--outcome-date", &when))
        return tong_fail(&run->err, TONG_E_INVALID, "the columns");
    f->cases = arena_array(&run->arena, run->table.rows, sizeof *f->cases);
    f->death = arena_array(&run->arena, run->table.rows, sizeof *f->death);
    if (f->cases == NULL || f->death == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "cases");
    f->now = o->now;
    for (size_t i = 0; i < run->table.rows && o->now.d == CIVIL_DAY_NONE; i++) {
        if (onset[i].d > f->now.d) f->now = onset[i];
        if (when[i].d > f->now.d) f->now = when[i];
    }
    for (size_t i = 0; i < run->table.rows; i++) {
        struct str word = csv_table_cell(&run->table, i, (size_t)cw)->text;
        if (onset[i].d == CIVIL_DAY_NONE || onset[i].d > f->now.d) continue;
        bool died = fatality_died(word), known = word.n > 0 && when[i].d != CIVIL_DAY_NONE && when[i].d <= f->now.d;
        f->unresolved += !known;
        f->cases[f->n++] = (struct fatality_case){onset[i], known ? when[i] : (civil_day){CIVIL_DAY_NONE}, died};
        if (died && known && when[i].d >= onset[i].d)
            f->death[f->deaths++] =
                (struct delay_datum){onset[i].d, onset[i].d + 1, when[i].d, when[i].d + 1, f->now.d + 1};
    }
    return TONG_OK;
}

static void fatality_row(struct epi_run *run, struct label what, double part, int64_t x, double n)
{
    struct result *r = &run->result;
    struct interval i;
    result_label(r, what);
    result_part(r, part);
    bool whole = n == floor(n) && n > 0 && x <= (int64_t)n;
    if (whole && proportion_interval(x, (int64_t)n, run->common->level, PROPORTION_WILSON, &i, NULL) == TONG_OK) {
        result_part(r, i.lower);
        result_part(r, i.upper);
    } else if (n >= 1 && proportion_interval(x < (int64_t)n ? x : (int64_t)n, (int64_t)n, run->common->level,
                                             PROPORTION_WILSON, &i, NULL) == TONG_OK) {
        result_part(r, i.lower);
        result_part(r, i.upper);
    } else {
        result_none(r);
        result_none(r);
    }
    result_whole(r, x);
    result_real(r, n);
}

static tong_code fatality_work(struct epi_run *run, void *options)
{
    static const struct result_column column[] = {{"ratio", LABEL("case fatality", "病死率"), RESULT_TEXT},
                                                  {"estimate", LABEL("estimate", "估计值"), RESULT_PART},
                                                  {"lower", LABEL("from", "下限"), RESULT_PART},
                                                  {"upper", LABEL("to", "上限"), RESULT_PART},
                                                  {"deaths", LABEL("deaths", "死亡"), RESULT_WHOLE},
                                                  {"of", LABEL("of", "分母"), RESULT_REAL}};
    static const struct label delay = LABEL("Onset to death: gamma, mean %.4g, sd %.4g days, %s.",
                                            "发病至死亡：伽马分布，均值 %.4g 天，标准差 %.4g 天，%s。");
    static const struct label fitted = LABEL("fitted to the deaths, corrected for those still to come",
                                             "由死亡病例拟合，已校正尚未发生者"),
                              given = LABEL("as given", "由用户给出");
    static const struct message few = {
        "epi-few-deaths", PROBLEM_ERROR,
        LABEL("{1} deaths with both dates are too few to fit the delay",
              "两个日期俱全的死亡病例只有 {1} 例，不足以拟合"),
        LABEL("say --delay-mean and --delay-sd", "请用 --delay-mean 和 --delay-sd 给出")};
    static const struct label as_of = LABEL("As known on %s: %zu cases with an onset, %zu without a known outcome.",
                                            "截至 %s：有发病日期者 %zu 例，其中 %zu 例转归未知。");
    const struct fatality_options *o = options;
    struct fatality_read f = {0};
    struct delay_fit fit = {.a = o->mean * o->mean / (o->sd * o->sd), .b = o->sd * o->sd / o->mean};
    struct fatality out;
    bool say = o->mean > 0 && o->sd > 0;
    tong_code code = fatality_cases(run, o, &f);
    char count[24], now[CIVIL_TEXT];
    (void)snprintf(count, sizeof count, "%zu", f.deaths);
    if (code == TONG_OK && !say && f.deaths < 10) return epi_fault(run, &few, count, NULL);
    if (code == TONG_OK && !say) code = delay_fit(f.death, f.deaths, DELAY_GAMMA, &fit, &run->err);
    if (code == TONG_OK) code = fatality_now(f.cases, f.n, f.now, DELAY_GAMMA, fit.a, fit.b, &out, &run->err);
    if (code != TONG_OK) return code;
    civil_format(f.now, now);
    result_note(&run->result, "as_of", &as_of, now, f.n, f.unresolved);
    static const struct label stale =
        LABEL("%zu cases whose outcome is not known fell ill so long ago that they would have died by now, were they "
              "to die: their outcome was not recorded, and all ratios but that of the resolved are too low.",
              "%zu 例转归未知者发病已久，若会死亡应已发生：其转归很可能未记录，除“已有转归”者外各比例均偏低。");
    size_t old = 0;
    double late = delay_quantile(DELAY_GAMMA, fit.a, fit.b, 0.99);
    for (size_t i = 0; i < f.n; i++)
        old += f.cases[i].outcome.d == CIVIL_DAY_NONE && f.now.d - f.cases[i].onset.d > late;
    if (old > 0) result_warning(&run->result, "unrecorded", &stale, old);
    const struct label *how = say ? &given : &fitted;
    struct label text;
    for (int k = 0; k < LANG_COUNT; k++) {
        text.text[k] = arena_printf(&run->arena, delay.text[k], fit.a * fit.b, sqrt(fit.a) * fit.b, how->text[k]);
        if (text.text[k] == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "a note");
    }
    result_says(&run->result, false, "delay", text);
    result_begin(&run->result, "fatality", (struct label)LABEL("Case fatality", "病死率"), column, 6);
    epi_source(run, "");
    fatality_row(
        run, (struct label)LABEL("deaths over cases so far (too low while it runs)", "死亡/累计病例（疫情期间偏低）"),
        out.naive, out.deaths, (double)out.cases);
    fatality_row(run, (struct label)LABEL("deaths over cases with an outcome", "死亡/已有转归病例"), out.resolved,
                 out.deaths, (double)(out.deaths + out.recovered));
    fatality_row(
        run,
        (struct label)LABEL("adjusted for the delay to death (Nishiura 2009)", "按发病至死亡间隔校正（Nishiura 2009）"),
        out.adjusted, out.deaths, out.weighted);
    return TONG_OK;
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
const struct epi_command epi_delay_commands[] = {
    {"delay", LABEL("the time from one event to another (onset to report ...)", "两个事件之间的间隔（发病至报告等）"),
     LABEL("Fits gamma, Weibull and lognormal laws to the days between two dates, each known to its day,\n"
           "and with --until corrected for delays that could not be seen yet.",
           "对两个日期（各精确到天）之间的间隔拟合伽马、韦布尔和对数正态分布；用 --until 校正尚未出现的长间隔。"),
     "[FILE.csv]", delay_option, COUNT(delay_option), &delay_defaults, sizeof delay_defaults, EPI_WANTS_ROWS,
     delay_work},
    {"serial", LABEL("serial intervals, from pairs or from clusters", "代际间隔：由传播对或聚集性疫情估计"),
     LABEL("From pairs of onsets, from intervals, or from clusters in which nobody knows who infected whom.",
           "由成对发病日期、间隔天数，或传播关系不明的聚集性疫情估计。"),
     "[FILE.csv]", serial_option, COUNT(serial_option), &serial_defaults, sizeof serial_defaults, EPI_WANTS_ROWS,
     serial_work},
    {"incubation", LABEL("incubation periods, from windows of exposure", "潜伏期：由暴露窗口估计"),
     LABEL("Fits gamma, Weibull and lognormal laws; exposure is known to a window, onset to its day.",
           "拟合伽马、韦布尔和对数正态分布；暴露已知窗口，发病已知日期。"),
     "[FILE.csv]", incubation_option, COUNT(incubation_option), &incubation_defaults, sizeof incubation_defaults,
     EPI_WANTS_ROWS, incubation_work},
    {"fatality",
     LABEL("case fatality in real time, adjusted for the delay to death", "实时病死率：按发病至死亡间隔校正"),
     LABEL("Deaths over cases, over resolved cases, and over the cases that would have died by now (Nishiura 2009).",
           "死亡占累计病例、占已有转归病例，以及按间隔校正（Nishiura 2009）的比例。"),
     "[FILE.csv]", fatality_option, COUNT(fatality_option), &fatality_defaults, sizeof fatality_defaults,
     EPI_WANTS_ROWS, fatality_work},
    {0},
};
