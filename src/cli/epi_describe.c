// Describing: how many, when, where, of whom; and tables of two by two.
#include "cli/epi.h"
#include "epi/two_by_two.h"

#include <math.h>
#include <string.h>

// ---- curve ----

struct curve_options {
    struct epi_common common;
    struct epi_series series;
    bool week;
};
static const struct cli_option curve_option[] = {
    EPI_COMMON(struct curve_options),
    EPI_SERIES(struct curve_options),
    {"week", CLI_FLAG, offsetof(struct curve_options, week), "", LABEL("by ISO week", "按 ISO 周汇总"), 0, 0},
};
static const struct curve_options curve_defaults = {EPI_COMMON_DEFAULTS, EPI_SERIES_DEFAULTS};

enum { CURVE_GROUPS = 8 }; // drawn; the rest are drawn together

// Weeks of seven days from the Monday on or before the first day.
static void curve_by_week(struct epi_run *run, struct series *s)
{
    int32_t lead = civil_weekday(s->first) - 1;
    size_t weeks = ((size_t)lead + s->days + 6) / 7;
    double *total = arena_array(&run->arena, weeks, sizeof *total);
    double *count = arena_array(&run->arena, weeks * s->groups, sizeof *count);
    if (total == NULL || count == NULL) {
        run->result.failed = true;
        return;
    }
    for (size_t i = 0; i < s->days; i++) {
        size_t w = (i + (size_t)lead) / 7;
        total[w] += s->total[i];
        for (size_t g = 0; g < s->groups; g++) count[g * weeks + w] += s->count[g * s->days + i];
    }
    s->total = total;
    s->count = count;
    s->first.d -= lead;
    s->days = weeks;
}

static void curve_largest(const struct series *s, size_t *order, double *sums)
{
    for (size_t g = 0; g < s->groups; g++) {
        sums[g] = 0;
        for (size_t i = 0; i < s->days; i++) sums[g] += s->count[g * s->days + i];
        size_t k = g;
        for (; k > 0 && sums[order[k - 1]] < sums[g]; k--) order[k] = order[k - 1];
        order[k] = g;
    }
}

static void curve_draw(struct epi_run *run, const struct series *s, bool week)
{
    static const struct label cases = LABEL("cases a day", "每日病例数"), weekly = LABEL("cases a week", "每周病例数");
    static const struct label others = LABEL("all others", "其余"), date = LABEL("date", "日期"),
                              unsaid = LABEL("not said", "未填写");
    struct chart *c = result_chart(&run->result);
    size_t *order = arena_array(&run->arena, s->groups, sizeof *order);
    double *sums = arena_array(&run->arena, s->groups, sizeof *sums),
           *rest = arena_array(&run->arena, s->days, sizeof *rest);
    double *x = arena_array(&run->arena, s->days, sizeof *x);
    if (order == NULL || sums == NULL || rest == NULL || x == NULL) {
        run->result.failed = true;
        return;
    }
    for (size_t i = 0; i < s->days; i++) x[i] = s->first.d + (week ? 7 * (double)i + 3 : (double)i);
    curve_largest(s, order, sums);
    c->title = (struct label)LABEL("Epidemic curve", "流行曲线");
    c->x_label = date;
    c->y_label = week ? weekly : cases;
    c->days = true;
    c->bar = week ? 7 : 1;
    size_t drawn = s->groups > CURVE_GROUPS ? CURVE_GROUPS - 1 : s->groups;
    for (size_t k = 0; k < drawn; k++) {
        struct str word = s->name[order[k]];
        struct label name = s->groups == 1 ? (struct label)LABEL("", "")
                            : word.n == 0  ? unsaid
                                           : epi_plain(word, &run->arena);
        chart_add(c, CHART_BARS, name, x, s->count + order[k] * s->days, NULL, s->days);
    }
    if (drawn == s->groups) return;
    for (size_t k = drawn; k < s->groups; k++)
        for (size_t i = 0; i < s->days; i++) rest[i] += s->count[order[k] * s->days + i];
    chart_add(c, CHART_BARS, others, x, rest, NULL, s->days)->color = CHART_GREY;
}

static tong_code curve_work(struct epi_run *run, void *options)
{
    static const struct result_column day_column[] = {{"date", LABEL("date", "日期"), RESULT_DAY},
                                                      {"cases", LABEL("cases", "病例数"), RESULT_REAL}};
    static const struct result_column group_column[] = {{"date", LABEL("date", "日期"), RESULT_DAY},
                                                        {"group", LABEL("group", "分组"), RESULT_TEXT},
                                                        {"cases", LABEL("cases", "病例数"), RESULT_REAL}};
    static const struct label sum =
        LABEL("%.15g cases in %zu days; most, %.15g, on %s.", "%.15g 例，共 %zu 天；最多的一天为 %.15g 例（%s）。");
    static const struct label weekly = LABEL("%.15g cases in %zu weeks; most, %.15g, in the week from %s.",
                                             "%.15g 例，共 %zu 周；最多的一周为 %.15g 例（始于 %s）。");
    const struct curve_options *o = options;
    struct series s;
    tong_code code = epi_series_read(run, &o->series, &s);
    if (code != TONG_OK) return code;
    if (o->week) curve_by_week(run, &s);
    double all = 0, most = -1;
    size_t peak = 0;
    for (size_t i = 0; i < s.days; i++) {
        all += s.total[i];
        if (s.total[i] > most) most = s.total[i], peak = i;
    }
    char text[CIVIL_TEXT];
    civil_format((civil_day){s.first.d + (int32_t)peak * (o->week ? 7 : 1)}, text);
    result_note(&run->result, "total", o->week ? &weekly : &sum, all, s.days, most, text);
    bool grouped = s.groups > 1;
    result_begin(&run->result, "curve", (struct label)LABEL("Cases", "病例数"), grouped ? group_column : day_column,
                 grouped ? 3 : 2);
    char columns[200];
    (void)snprintf(columns, sizeof columns, "%.*s", STR_ARG(s.date));
    epi_source(run, columns);
    for (size_t i = 0; i < s.days; i++)
        for (size_t g = 0; g < s.groups; g++) {
            civil_day day = {s.first.d + (int32_t)i * (o->week ? 7 : 1)};
            if (grouped && s.count[g * s.days + i] == 0) continue;
            result_day(&run->result, day);
            if (grouped) result_text(&run->result, s.name[g]);
            result_real(&run->result, s.count[g * s.days + i]);
        }
    if (run->result.table != NULL) run->result.table->rows_shown = 400;
    curve_draw(run, &s, o->week);
    return TONG_OK;
}

// ---- attack rates ----

struct attack_options {
    struct epi_common common;
    struct str ill, by, cases, people, method;
};
#define ATTACK(m) offsetof(struct attack_options, m)
static const struct cli_option attack_option[] = {
    EPI_COMMON(struct attack_options),
    {"ill", CLI_TEXT, ATTACK(ill), "COLUMN",
     LABEL("who fell ill: a column of yes and no, one row a person", "是否发病：每人一行的是/否列"), 0, 0},
    {"by", CLI_TEXT, ATTACK(by), "COLUMN", LABEL("the column of groups", "分组列"), 0, 0},
    {"cases", CLI_TEXT, ATTACK(cases), "COLUMN",
     LABEL("or, one row a group: the column of cases", "或每组一行：病例数列"), 0, 0},
    {"people", CLI_TEXT, ATTACK(people), "COLUMN", LABEL("and that of people", "及人数列"), 0, 0},
    {"method", CLI_TEXT, ATTACK(method), "NAME",
     LABEL("interval: wilson (the usual one), exact, jeffreys", "区间：wilson（默认）、exact、jeffreys"), 0, 0},
};
static const struct attack_options attack_defaults = {EPI_COMMON_DEFAULTS};

struct attack_groups {
    struct csv_words words;
    int64_t *cases, *people;
    size_t n;
    int64_t unknown;
};

static tong_code attack_people(struct epi_run *run, const struct attack_options *o, struct attack_groups *g)
{
    int8_t *ill;
    int32_t ci = csv_table_column(&run->table, o->ill, &run->problems);
    int32_t cb = o->by.n == 0 ? -1 : csv_table_column(&run->table, o->by, &run->problems);
    if (ci < 0 || (o->by.n > 0 && cb < 0) || !csv_table_flags(&run->table, ci, &run->arena, &run->problems, &ill))
        return tong_fail(&run->err, TONG_E_INVALID, "the columns");
    tong_code code = cb < 0 ? TONG_OK : csv_table_words(&run->table, cb, &run->arena, &g->words, &run->err);
    g->n = cb < 0 ? 1 : g->words.count;
    g->cases = arena_array(&run->arena, g->n, sizeof *g->cases);
    g->people = arena_array(&run->arena, g->n, sizeof *g->people);
    if (code == TONG_OK && (g->cases == NULL || g->people == NULL)) code = tong_fail(&run->err, TONG_E_NOMEM, "groups");
    for (size_t i = 0; code == TONG_OK && i < run->table.rows; i++) {
        size_t k = cb < 0 ? 0 : (size_t)g->words.of_row[i];
        g->unknown += ill[i] < 0;
        if (ill[i] < 0) continue;
        g->cases[k] += ill[i];
        g->people[k]++;
    }
    return code;
}

static tong_code attack_counts(struct epi_run *run, const struct attack_options *o, struct attack_groups *g)
{
    static const struct message wrong = {"epi-attack-counts", PROBLEM_ERROR,
                                         LABEL("cases {1} of {2} people: that cannot be", "{2} 人中病例 {1}：不可能"),
                                         LABEL("both are whole numbers, and there are no more cases than people",
                                               "两者均应为整数，且病例数不得超过人数")};
    double *c, *p;
    int32_t cc = csv_table_column(&run->table, o->cases, &run->problems),
            cp = csv_table_column(&run->table, o->people, &run->problems);
    int32_t cb = o->by.n == 0 ? 0 : csv_table_column(&run->table, o->by, &run->problems);
    if (cc < 0 || cp < 0 || cb < 0 || !csv_table_reals(&run->table, cc, &run->arena, &run->problems, &c) ||
        !csv_table_reals(&run->table, cp, &run->arena, &run->problems, &p))
        return tong_fail(&run->err, TONG_E_INVALID, "the columns");
    tong_code code = csv_table_words(&run->table, cb, &run->arena, &g->words, &run->err);
    if (code != TONG_OK) return code;
    g->n = g->words.count;
    g->cases = arena_array(&run->arena, g->n, sizeof *g->cases);
    g->people = arena_array(&run->arena, g->n, sizeof *g->people);
    if (g->cases == NULL || g->people == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "groups");
    for (size_t i = 0; i < run->table.rows; i++) {
        bool good = c[i] >= 0 && p[i] >= c[i] && p[i] < 1e15 && c[i] == floor(c[i]) && p[i] == floor(p[i]);
        char people[40];
        (void)snprintf(people, sizeof people, "%.15g", p[i]);
        if (!good) csv_table_blame(&run->table, i, (size_t)cc, &wrong, people, &run->problems);
        else g->cases[g->words.of_row[i]] += (int64_t)c[i], g->people[g->words.of_row[i]] += (int64_t)p[i];
    }
    return run->problems.errors > 0 ? tong_fail(&run->err, TONG_E_INVALID, "counts") : TONG_OK;
}

static tong_code attack_rows(struct epi_run *run, const struct attack_groups *g, proportion_method method)
{
    static const struct result_column column[] = {
        {"group", LABEL("group", "分组"), RESULT_TEXT},    {"cases", LABEL("cases", "病例"), RESULT_WHOLE},
        {"people", LABEL("people", "人数"), RESULT_WHOLE}, {"rate", LABEL("attack rate", "罹患率"), RESULT_PART},
        {"lower", LABEL("from", "下限"), RESULT_PART},     {"upper", LABEL("to", "上限"), RESULT_PART}};
    static const struct label all = LABEL("all", "合计");
    struct result *r = &run->result;
    double *part[3];
    struct label *name = arena_array(&run->arena, g->n + 1, sizeof *name);
    for (int k = 0; k < 3; k++) part[k] = arena_array(&run->arena, g->n + 1, sizeof *part[k]);
    if (name == NULL || part[0] == NULL || part[1] == NULL || part[2] == NULL)
        return tong_fail(&run->err, TONG_E_NOMEM, "groups");
    int64_t cases = 0, people = 0;
    size_t rows = 0;
    result_begin(r, "attack", (struct label)LABEL("Attack rates", "罹患率"), column, 6);
    result_about(r, (struct label)LABEL("people of the group whose illness is known", "该组中是否发病已知的人数"),
                 run->source);
    for (size_t i = 0; i <= g->n; i++) {
        bool last = i == g->n;
        struct interval interval = {0};
        if (last && g->n == 1) break;
        int64_t c = last ? cases : g->cases[i], n = last ? people : g->people[i];
        cases += last ? 0 : c;
        people += last ? 0 : n;
        name[rows] = last || g->words.word == NULL ? all : epi_plain(g->words.word[i], &run->arena);
        result_label(r, name[rows]);
        result_whole(r, c);
        result_whole(r, n);
        if (n == 0) {
            for (int k = 0; k < 3; k++) result_none(r);
            continue;
        }
        tong_code code = proportion_interval(c, n, run->common->level, method, &interval, &run->err);
        if (code != TONG_OK) return code;
        part[0][rows] = interval.estimate, part[1][rows] = interval.lower, part[2][rows] = interval.upper;
        for (int k = 0; k < 3; k++) result_part(r, part[k][rows]);
        rows++;
    }
    struct chart *c = result_chart(r);
    c->title = (struct label)LABEL("Attack rates", "罹患率");
    c->x_label = (struct label)LABEL("ill, of those whose illness is known", "发病者占已知是否发病者的比例");
    c->part = true;
    c->categories = name;
    c->height = 110 + 22 * (double)rows;
    chart_add(c, CHART_INTERVALS, (struct label)LABEL("", ""), part[0], part[1], part[2], rows);
    return TONG_OK;
}

static tong_code attack_work(struct epi_run *run, void *options)
{
    static const struct message which = {
        "epi-attack", PROBLEM_ERROR, LABEL("whose illness is not said", "未指明病例"),
        LABEL("say --ill COLUMN (one row a person), or --cases and --people (one row a group)",
              "请用 --ill 列名（每人一行），或 --cases 与 --people（每组一行）")};
    static const struct message unknown = {"epi-method", PROBLEM_ERROR,
                                           LABEL("--method does not know \"{1}\"", "--method 不认识“{1}”"),
                                           LABEL("choose wilson, exact or jeffreys", "可选 wilson、exact、jeffreys")};
    static const struct label missing =
        LABEL("%lld people whose illness is not known are left out.", "%lld 人是否发病未知，未计入。");
    const struct attack_options *o = options;
    struct attack_groups g = {0};
    proportion_method method = PROPORTION_WILSON;
    if (str_eq_z(o->method, "exact")) method = PROPORTION_EXACT;
    else if (str_eq_z(o->method, "jeffreys")) method = PROPORTION_JEFFREYS;
    else if (o->method.n > 0 && !str_eq_z(o->method, "wilson")) return epi_fault(run, &unknown, o->method.p, NULL);
    if (o->ill.n == 0 && (o->cases.n == 0 || o->people.n == 0)) return epi_fault(run, &which, NULL, NULL);
    tong_code code = o->ill.n > 0 ? attack_people(run, o, &g) : attack_counts(run, o, &g);
    if (code == TONG_OK && g.unknown > 0) result_warning(&run->result, "unknown", &missing, (long long)g.unknown);
    return code == TONG_OK ? attack_rows(run, &g, method) : code;
}

// ---- two by two ----

struct table_options {
    struct epi_common common;
    struct str exposed, ill, stratum, cells;
};
#define TABLE(m) offsetof(struct table_options, m)
static const struct cli_option table_option[] = {
    EPI_COMMON(struct table_options),
    {"exposed", CLI_TEXT, TABLE(exposed), "COLUMN", LABEL("who was exposed: yes and no", "是否暴露：是/否列"), 0, 0},
    {"ill", CLI_TEXT, TABLE(ill), "COLUMN", LABEL("who fell ill: yes and no", "是否发病：是/否列"), 0, 0},
    {"stratum", CLI_TEXT, TABLE(stratum), "COLUMN", LABEL("strata, for Mantel-Haenszel", "分层列（Mantel-Haenszel）"),
     0, 0},
    {"cells", CLI_TEXT, TABLE(cells), "A,B,C,D",
     LABEL("or the cells: exposed ill, exposed well, unexposed ill, unexposed well",
           "或直接给出四格：暴露发病、暴露未发病、未暴露发病、未暴露未发病"),
     0, 0},
};
static const struct table_options table_defaults = {EPI_COMMON_DEFAULTS};

static tong_code table_cells(struct epi_run *run, struct str cells, struct two_by_two *out)
{
    static const struct message wrong = {"epi-cells", PROBLEM_ERROR,
                                         LABEL("--cells does not understand \"{1}\"", "--cells 不理解“{1}”"),
                                         LABEL("write four whole numbers: 43,11,3,18", "请写四个整数：43,11,3,18")};
    int64_t v[4];
    struct str rest = cells, part;
    int n = 0;
    while (n < 4 && str_cut(&rest, ',', &part) && str_int(str_trim(part), &v[n]) && v[n] >= 0 && v[n] < 1000000000) n++;
    if (n < 4 || rest.n > 0) return epi_fault(run, &wrong, cells.p, NULL);
    *out = (struct two_by_two){v[0], v[1], v[2], v[3]};
    return TONG_OK;
}

static tong_code table_read(struct epi_run *run, const struct table_options *o, struct two_by_two **out, size_t *n,
                            int64_t *unknown)
{
    int8_t *exposed, *ill;
    struct csv_words words = {0};
    int32_t ce = csv_table_column(&run->table, o->exposed, &run->problems),
            ci = csv_table_column(&run->table, o->ill, &run->problems);
    int32_t cs = o->stratum.n == 0 ? -1 : csv_table_column(&run->table, o->stratum, &run->problems);
    if (ce < 0 || ci < 0 || (o->stratum.n > 0 && cs < 0) ||
        !csv_table_flags(&run->table, ce, &run->arena, &run->problems, &exposed) ||
        !csv_table_flags(&run->table, ci, &run->arena, &run->problems, &ill))
        return tong_fail(&run->err, TONG_E_INVALID, "the columns");
    tong_code code = cs < 0 ? TONG_OK : csv_table_words(&run->table, cs, &run->arena, &words, &run->err);
    *n = cs < 0 ? 1 : words.count;
    *out = arena_array(&run->arena, *n, sizeof **out);
    if (code == TONG_OK && *out == NULL) code = tong_fail(&run->err, TONG_E_NOMEM, "strata");
    for (size_t i = 0; code == TONG_OK && i < run->table.rows; i++) {
        struct two_by_two *t = &(*out)[cs < 0 ? 0 : words.of_row[i]];
        if (exposed[i] < 0 || ill[i] < 0) ++*unknown;
        else if (exposed[i] == 1) ill[i] == 1 ? t->a++ : t->b++;
        else ill[i] == 1 ? t->c++ : t->d++;
    }
    return code;
}

static const struct result_column table_measure_column[] = {{"measure", LABEL("measure", "指标"), RESULT_TEXT},
                                                            {"estimate", LABEL("estimate", "估计值"), RESULT_REAL},
                                                            {"lower", LABEL("from", "下限"), RESULT_REAL},
                                                            {"upper", LABEL("to", "上限"), RESULT_REAL},
                                                            {"p", LABEL("p", "p 值"), RESULT_REAL},
                                                            {"method", LABEL("method", "方法"), RESULT_TEXT}};

static void table_row(struct epi_run *run, struct label measure, const struct interval *i, double p,
                      struct label method)
{
    struct result *r = &run->result;
    result_label(r, measure);
    if (i == NULL)
        for (int k = 0; k < 3; k++) result_none(r);
    else {
        result_real(r, i->estimate);
        result_real(r, i->lower);
        result_real(r, i->upper);
    }
    if (isnan(p)) result_none(r);
    else result_real(r, p);
    result_label(r, method);
}

// What zero cells leave undefined has no row.
static void table_measures(struct epi_run *run, const struct two_by_two *t)
{
    static const struct {
        two_by_two_measure measure;
        struct label name, method;
    } rows[] = {
        {TWO_RISK_RATIO_WALD, LABEL("risk ratio", "相对危险度"), LABEL("log, delta method", "对数正态近似")},
        {TWO_RISK_RATIO_SCORE, LABEL("risk ratio", "相对危险度"), LABEL("score (Koopman)", "计分法（Koopman）")},
        {TWO_ODDS_RATIO_WALD, LABEL("odds ratio", "比值比"), LABEL("log (Woolf)", "对数近似（Woolf）")},
        {TWO_ODDS_RATIO_SCORE, LABEL("odds ratio", "比值比"), LABEL("score (Cornfield)", "计分法（Cornfield）")},
        {TWO_RISK_DIFFERENCE_SCORE, LABEL("risk difference", "率差"), LABEL("score (Mee)", "计分法（Mee）")},
        {TWO_ATTRIBUTABLE_EXPOSED, LABEL("part due to it, exposed", "暴露者归因分数"),
         LABEL("from the risk ratio", "由相对危险度")},
        {TWO_POPULATION_FRACTION, LABEL("part due to it, all cases", "人群归因分数"),
         LABEL("Jewell 2004", "Jewell 2004")},
        {TWO_NEEDED_TO_HARM, LABEL("exposed for one more case", "每多一例所需暴露人数"),
         LABEL("from the risk difference", "由率差")},
    };
    struct interval i;
    struct chi_square plain, corrected;
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++)
        if (two_by_two_measure_of(t, rows[k].measure, run->common->level, &i, NULL) == TONG_OK)
            table_row(run, rows[k].name, &i, NAN, rows[k].method);
    if (two_by_two_chi_square(t, false, &plain, NULL) == TONG_OK &&
        two_by_two_chi_square(t, true, &corrected, NULL) == TONG_OK) {
        table_row(run, (struct label)LABEL("chi-square", "卡方检验"), NULL, plain.p_value,
                  (struct label)LABEL("Pearson", "Pearson"));
        table_row(run, (struct label)LABEL("chi-square", "卡方检验"), NULL, corrected.p_value,
                  (struct label)LABEL("Yates", "Yates 校正"));
    }
}

static tong_code table_work(struct epi_run *run, void *options)
{
    static const struct message which = {"epi-table", PROBLEM_ERROR, LABEL("the table is not said", "未给出四格表"),
                                         LABEL("say --exposed COLUMN and --ill COLUMN with a file, or --cells A,B,C,D",
                                               "请给出文件并用 --exposed 列名、--ill 列名，或用 --cells A,B,C,D")};
    static const struct result_column cell_column[] = {{"exposure", LABEL("exposure", "暴露"), RESULT_TEXT},
                                                       {"ill", LABEL("ill", "发病"), RESULT_WHOLE},
                                                       {"well", LABEL("well", "未发病"), RESULT_WHOLE},
                                                       {"risk", LABEL("risk", "发病率"), RESULT_PART}};
    static const struct label missing =
        LABEL("%lld people of whom one of the two is not known are left out.", "%lld 人有一项未知，未计入。");
    const struct table_options *o = options;
    struct two_by_two one, *strata = &one, sum = {0};
    size_t n = 1;
    int64_t unknown = 0;
    if (o->cells.n == 0 && (o->exposed.n == 0 || o->ill.n == 0 || run->table.rows == 0))
        return epi_fault(run, &which, NULL, NULL);
    tong_code code = o->cells.n > 0 ? table_cells(run, o->cells, &one) : table_read(run, o, &strata, &n, &unknown);
    if (code != TONG_OK) return code;
    if (unknown > 0) result_warning(&run->result, "unknown", &missing, (long long)unknown);
    for (size_t i = 0; i < n; i++)
        sum.a += strata[i].a, sum.b += strata[i].b, sum.c += strata[i].c, sum.d += strata[i].d;
    struct result *r = &run->result;
    result_begin(r, "cells", (struct label)LABEL("The table", "四格表"), cell_column, 4);
    epi_source(run, "");
    const int64_t cell[2][2] = {{sum.a, sum.b}, {sum.c, sum.d}};
    for (int k = 0; k < 2; k++) {
        result_label(r, k == 0 ? (struct label)LABEL("exposed", "暴露") : (struct label)LABEL("not exposed", "未暴露"));
        result_whole(r, cell[k][0]);
        result_whole(r, cell[k][1]);
        if (cell[k][0] + cell[k][1] == 0) result_none(r);
        else result_part(r, (double)cell[k][0] / (double)(cell[k][0] + cell[k][1]));
    }
    result_begin(r, "measures", (struct label)LABEL("Measures", "关联指标"), table_measure_column, 6);
    table_measures(run, &sum);
    struct fisher_exact f;
    code = fisher_exact(strata, n, run->common->level, &run->arena, &f, &run->err);
    if (code != TONG_OK) return code;
    table_row(run, (struct label)LABEL("odds ratio", "比值比"), &f.odds_ratio, f.p_value,
              (struct label)LABEL("exact (Fisher)", "确切法（Fisher）"));
    table_row(run, (struct label)LABEL("odds ratio", "比值比"), &f.mid_p, f.p_value_mid,
              (struct label)LABEL("exact, mid-p", "确切法，mid-p"));
    struct mantel_haenszel mh;
    if (n > 1 && mantel_haenszel(strata, n, run->common->level, &mh, NULL) == TONG_OK)
        table_row(run, (struct label)LABEL("odds ratio, over strata", "分层合并比值比"), &mh.odds_ratio,
                  mh.corrected.p_value, (struct label)LABEL("Mantel-Haenszel", "Mantel-Haenszel"));
    return TONG_OK;
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
const struct epi_command epi_describe_commands[] = {
    {"curve", LABEL("epidemic curve, by day or week, place, age or class", "流行曲线：按日或周，按地区、年龄或类别"),
     LABEL("Counts cases by day (or --week), by the groups of a column, and draws them.",
           "按日（或 --week 按周）及分组列统计病例并作图。"),
     "[FILE.csv]", curve_option, COUNT(curve_option), &curve_defaults, sizeof curve_defaults, EPI_WANTS_ROWS,
     curve_work},
    {"attack", LABEL("attack rates with their intervals", "罹患率及其区间"),
     LABEL("Part of each group that fell ill, with its interval.", "各组发病者所占比例及其区间。"), "[FILE.csv]",
     attack_option, COUNT(attack_option), &attack_defaults, sizeof attack_defaults, EPI_WANTS_ROWS, attack_work},
    {"table",
     LABEL("a table of two by two: risk and odds ratios, Mantel-Haenszel, Fisher",
           "四格表：相对危险度、比值比、Mantel-Haenszel、Fisher 确切法"),
     LABEL("Exposure against illness: risk ratio, odds ratio, difference, exact and score limits.",
           "暴露与发病：相对危险度、比值比、率差，确切及计分区间。"),
     "[FILE.csv]", table_option, COUNT(table_option), &table_defaults, sizeof table_defaults, EPI_WANTS_NOTHING,
     table_work},
    {0},
};
