// Who infected whom: offspring, chains, and whether it is over.
#include "base/map.h"
#include "cli/epi.h"
#include "epi/branching.h"
#include "epi/chain.h"
#include "epi/ending.h"

#include <math.h>
#include <string.h>

struct chain_options {
    struct epi_common common;
    struct str from, to, cases, id, onset;
};
#define CHAIN(m) offsetof(struct chain_options, m)
static const struct cli_option chain_option[] = {
    EPI_COMMON(struct chain_options),
    {"from", CLI_TEXT, CHAIN(from), "COLUMN", LABEL("who infected (from, infector)", "传染者列（默认 from、infector）"),
     0, 0},
    {"to", CLI_TEXT, CHAIN(to), "COLUMN", LABEL("whom (to, case_id)", "被传染者列（默认 to、case_id）"), 0, 0},
    {"cases", CLI_TEXT, CHAIN(cases), "FILE",
     LABEL("the line list: cases without a link count as having infected nobody",
           "病例清单：未出现在传播链接中的病例按未传染他人计"),
     0, 0},
    {"id", CLI_TEXT, CHAIN(id), "COLUMN",
     LABEL("its column of identifiers (id, case_id, caseid)", "其编号列（默认 id、case_id、caseid）"), 0, 0},
    {"onset", CLI_TEXT, CHAIN(onset), "COLUMN",
     LABEL("and of onsets, to choose among several infectors", "及发病日期列，用于在多个可能传染者中选择"), 0, 0},
};
static const struct chain_options chain_defaults = {EPI_COMMON_DEFAULTS};

struct chain_read {
    struct map *map;
    struct chain_link *link;
    civil_day *onset;
    struct chains chains;
    int32_t n;
    size_t links;
    bool listed; // there was a line list
};

static int32_t chain_number(struct chain_read *c, struct str name, bool add)
{
    int64_t at = c->n;
    if (map_get_text(c->map, name, &at)) return (int32_t)at;
    if (!add || !map_put_text(c->map, name, at)) return CHAIN_NONE;
    return c->n++;
}

static tong_code chain_list(struct epi_run *run, const struct chain_options *o, struct chain_read *c,
                            struct csv_table *list)
{
    static const char *const usual[] = {"id", "case_id", "caseid", "case_ID", "编号"};
    static const struct label unopened = LABEL("%s cannot be read", "无法读取 %s");
    civil_day *onset = NULL;
    FILE *file = fopen(o->cases.p, "rb");
    if (file == NULL) {
        cli_say(run->cli, cli_text(run->cli, unopened), o->cases.p);
        return tong_fail(&run->err, TONG_E_NOT_FOUND, "%s", o->cases.p);
    }
    struct bytes bytes = bytes_of_file(file);
    tong_code code = csv_table_read(&bytes, o->cases.p, &run->arena, &run->problems, list, &run->err);
    (void)fclose(file);
    if (code != TONG_OK) return code;
    int32_t id = series_column(list, o->id, usual, 5, "--id", &run->problems);
    if (id < 0) return tong_fail(&run->err, TONG_E_INVALID, "the identifiers");
    int32_t when = -1;
    if (o->onset.n > 0) when = csv_table_column(list, o->onset, &run->problems);
    else
        for (size_t k = 0; k < SERIES_USUAL_ONSET && when < 0; k++)
            (void)csv_table_has(list, series_usual_onset[k], &when);
    if (o->onset.n > 0 && when < 0) return tong_fail(&run->err, TONG_E_INVALID, "the onsets");
    if (when >= 0 && !csv_table_days(list, when, run->order, &run->arena, &run->problems, &onset))
        return tong_fail(&run->err, TONG_E_INVALID, "the onsets");
    for (size_t i = 0; i < list->rows; i++) {
        int32_t k = chain_number(c, csv_table_cell(list, i, (size_t)id)->text, true);
        if (k >= 0 && onset != NULL && k < (int32_t)list->rows) c->onset[k] = onset[i];
    }
    c->listed = true;
    return TONG_OK;
}

static tong_code chain_links(struct epi_run *run, const struct chain_options *o, struct chain_read *c)
{
    static const char *const from_usual[] = {"from", "infector", "source"}, *const to_usual[] = {"to", "case_id",
                                                                                                 "infectee", "case",
                                                                                                 "case_ID"};
    int32_t from = series_column(&run->table, o->from, from_usual, 3, "--from", &run->problems);
    int32_t to = series_column(&run->table, o->to, to_usual, 5, "--to", &run->problems);
    if (from < 0 || to < 0) return tong_fail(&run->err, TONG_E_INVALID, "the columns");
    for (size_t i = 0; i < run->table.rows; i++) {
        struct str a = csv_table_cell(&run->table, i, (size_t)from)->text,
                   b = csv_table_cell(&run->table, i, (size_t)to)->text;
        if (b.n == 0) continue;
        int32_t kb = chain_number(c, b, true);
        if (a.n == 0 || str_eq_z(a, "NA")) continue;
        int32_t ka = chain_number(c, a, true);
        if (ka < 0 || kb < 0) return tong_fail(&run->err, TONG_E_NOMEM, "names");
        c->link[c->links++] = (struct chain_link){ka, kb};
    }
    return TONG_OK;
}

static tong_code chain_read_all(struct epi_run *run, const struct chain_options *o, struct chain_read *c)
{
    static const struct label unlisted =
        LABEL("No line list is given (--cases): only those who stand in a link are counted, and k comes out too large.",
              "未给出病例清单（--cases）：仅统计链接中出现者，k 会偏大。");
    struct csv_table list = {0};
    // Room for every name there can be.
    size_t room = 2 * run->table.rows + CSV_TABLE_ROWS_MAX / 10;
    *c = (struct chain_read){.map = map_open()};
    c->link = arena_array(&run->arena, run->table.rows, sizeof *c->link);
    c->onset = arena_array(&run->arena, room, sizeof *c->onset);
    tong_code code =
        c->map == NULL || c->link == NULL || c->onset == NULL ? tong_fail(&run->err, TONG_E_NOMEM, "names") : TONG_OK;
    for (size_t i = 0; code == TONG_OK && i < room; i++) c->onset[i].d = CIVIL_DAY_NONE;
    if (code == TONG_OK && o->cases.n > 0) code = chain_list(run, o, c, &list);
    if (code == TONG_OK) code = chain_links(run, o, c);
    map_close(c->map);
    if (code == TONG_OK && (size_t)c->n > room) code = tong_fail(&run->err, TONG_E_LIMIT, "%d cases", (int)c->n);
    if (code != TONG_OK) return code;
    if (!c->listed) result_warning(&run->result, "no_list", &unlisted);
    struct chain_input in = {.case_count = c->n, .onset = c->onset, .links = c->link, .link_count = c->links};
    return chain_build(&in, &run->arena, &c->chains, &run->err);
}

static void chain_tally_rows(struct epi_run *run, const char *name, struct label title, struct label value,
                             struct label count, const struct chain_tally *tally, size_t n)
{
    struct result_column *column = arena_array(&run->arena, 2, sizeof *column);
    if (column == NULL) {
        run->result.failed = true;
        return;
    }
    column[0] = (struct result_column){"value", value, RESULT_WHOLE};
    column[1] = (struct result_column){"count", count, RESULT_WHOLE};
    result_begin(&run->result, name, title, column, 2);
    epi_source(run, "");
    for (size_t i = 0; i < n; i++) {
        result_whole(&run->result, tally[i].value);
        result_whole(&run->result, tally[i].count);
    }
}

static tong_code chains_work(struct epi_run *run, void *options)
{
    static const struct label sums =
        LABEL("%d cases in %d chains; %d have an infector, of these %d had several candidates; %d generations; the "
              "largest chain has %d cases.",
              "%d 例，%d 条传播链；有传染者的 %d 例，其中有多个候选者的 %d 例；共 %d 代；最大传播链 %d 例。");
    static const struct label order = LABEL("%lld infectors fell ill after those they are said to have infected.",
                                            "%lld 个传染者的发病晚于其被传染者。");
    struct chain_read c;
    tong_code code = chain_read_all(run, options, &c);
    if (code != TONG_OK) return code;
    const struct chains *h = &c.chains;
    int32_t largest = h->largest == CHAIN_NONE ? 0 : h->sizes[h->largest];
    result_note(&run->result, "sums", &sums, h->case_count, h->root_count, h->infectees, h->ambiguous, h->generations,
                largest);
    if (h->out_of_order > 0) result_warning(&run->result, "out_of_order", &order, (long long)h->out_of_order);
    chain_tally_rows(run, "sizes", (struct label)LABEL("Chains by their size", "传播链规模分布"),
                     (struct label)LABEL("cases in the chain", "链中病例数"), (struct label)LABEL("chains", "链数"),
                     h->size_tally, h->size_tally_count);
    chain_tally_rows(run, "generations", (struct label)LABEL("Cases by generation", "各代病例数"),
                     (struct label)LABEL("generation", "代"), (struct label)LABEL("cases", "病例"), h->generation_tally,
                     h->generation_tally_count);
    return TONG_OK;
}

static tong_code offspring_work(struct epi_run *run, void *options)
{
    static const struct result_column column[] = {{"figure", LABEL("figure", "指标"), RESULT_TEXT},
                                                  {"value", LABEL("value", "值"), RESULT_REAL},
                                                  {"lower", LABEL("from", "下限"), RESULT_REAL},
                                                  {"upper", LABEL("to", "上限"), RESULT_REAL}};
    struct chain_read c;
    struct branching_fit f;
    tong_code code = chain_read_all(run, options, &c);
    if (code != TONG_OK) return code;
    const struct chains *h = &c.chains;
    struct branching_tally *tally = arena_array(&run->arena, h->named_tally_count, sizeof *tally);
    double *x = arena_array(&run->arena, h->named_tally_count, sizeof *x),
           *y = arena_array(&run->arena, h->named_tally_count, sizeof *y);
    if (tally == NULL || x == NULL || y == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "offspring");
    for (size_t i = 0; i < h->named_tally_count; i++) {
        tally[i] = (struct branching_tally){h->named_tally[i].value, h->named_tally[i].count};
        x[i] = h->named_tally[i].value;
        y[i] = (double)h->named_tally[i].count / (double)h->case_count;
    }
    code = branching_fit_offspring(tally, h->named_tally_count, run->common->level, &f, &run->err);
    if (code != TONG_OK) return code;
    struct result *r = &run->result;
    result_begin(r, "offspring", (struct label)LABEL("Offspring of a case", "每例传染人数"), column, 4);
    result_about(r,
                 result_say(&run->arena, &(struct label)LABEL("%d cases, %lld links", "%d 例，%lld 条链接"),
                            h->case_count, (long long)f.total),
                 run->source);
    const struct {
        struct label name;
        double v, lo, hi;
    } row[] = {
        {LABEL("mean (R)", "均值（R）"), f.r, NAN, NAN},
        {LABEL("dispersion k", "离散参数 k"), f.k, f.k_lo, f.k_hi},
        {LABEL("most of one case", "单例最多"), (double)f.most, NAN, NAN},
        {LABEL("part of cases without any", "未传染他人者比例"), f.zero, NAN, NAN},
        {LABEL("part of cases that make 80 % of the links", "造成 80% 传播的病例比例"), f.cases_for_80, NAN, NAN},
        {LABEL("part of the links that the top fifth makes", "前 20% 病例造成的传播比例"), f.top_fifth, NAN, NAN},
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        result_label(r, row[i].name);
        result_real(r, row[i].v);
        result_real(r, row[i].lo);
        result_real(r, row[i].hi);
    }
    chain_tally_rows(run, "tally", (struct label)LABEL("How many infected how many", "传染人数分布"),
                     (struct label)LABEL("infected", "传染人数"), (struct label)LABEL("cases", "病例"), h->named_tally,
                     h->named_tally_count);
    struct chart *chart = result_chart(r);
    chart->title = (struct label)LABEL("Offspring of a case", "每例传染人数");
    chart->x_label = (struct label)LABEL("infected by one case", "一例传染的人数");
    chart->y_label = (struct label)LABEL("part of cases", "病例比例");
    chart->part = true;
    chart_add(chart, CHART_BARS, (struct label)LABEL("", ""), x, y, NULL, h->named_tally_count);
    return TONG_OK;
}

// ---- the end ----

struct end_options {
    struct epi_common common;
    struct epi_series series;
    struct epi_si si;
    double r, k, risk;
    civil_day now;
};
#define END(m) offsetof(struct end_options, m)
static const struct cli_option end_option[] = {
    EPI_COMMON(struct end_options),
    EPI_SERIES(struct end_options),
    EPI_SI(struct end_options),
    {"r", CLI_REAL, END(r), "R",
     LABEL("reproduction number at the end (1; larger is more careful)", "末期再生数（默认 1；取大更谨慎）"), 0.01,
     100},
    {"k", CLI_REAL, END(k), "K", LABEL("dispersion of offspring (0.3)", "传染人数的离散参数（默认 0.3）"), 0.000001,
     1e6},
    {"risk", CLI_REAL, END(risk), "P",
     LABEL("it is over when the risk is below this (0.05)", "风险低于该值即视为结束（默认 0.05）"), 0.0001, 0.9},
    {"now", CLI_DAY, END(now), "DATE",
     LABEL("day without cases up to which is known (the last day of the file)",
           "已知无新增的最后一天（默认为文件最后一天）"),
     0, 0},
};
static const struct end_options end_defaults = {EPI_COMMON_DEFAULTS, EPI_SERIES_DEFAULTS,    .r = 1, .k = 0.3,
                                                .risk = 0.05,        .now = {CIVIL_DAY_NONE}};

static tong_code end_work(struct epi_run *run, void *options)
{
    static const struct result_column column[] = {
        {"date", LABEL("day", "日期"), RESULT_DAY},
        {"risk", LABEL("probability of more cases", "再出现病例的概率"), RESULT_PART}};
    static const struct message late = {
        "epi-end-now", PROBLEM_ERROR, LABEL("--now lies before the last case", "--now 早于最后一例"),
        LABEL("give a day from {1} on, or cut the data with --last", "请给出 {1} 及以后的日期，或用 --last 截取数据")};
    static const struct label over =
        LABEL("The probability of more cases falls below %.3g on %s, if there are none until then (R %.3g, k %.3g).",
              "若此后无新增，再出现病例的概率将于 %2$s 降至 %1$.3g 以下（R 取 %3$.3g，k 取 %4$.3g）。");
    static const struct label hidden =
        LABEL("It holds for cases that are reported; those who are never found are not in it.",
              "该概率仅针对会被报告的病例，未被发现者不在其内。");
    const struct end_options *o = options;
    struct series s;
    double *w;
    size_t w_n, day = 0;
    tong_code code = epi_series_read(run, &o->series, &s);
    if (code == TONG_OK) code = epi_si_read(run, &o->si, &w, &w_n);
    if (code != TONG_OK) return code;
    size_t days = s.days;
    while (days > 1 && !(s.total[days - 1] > 0)) days--;
    struct ending_input in = {.cases = s.total, .days = days, .si = w, .si_days = w_n, .r = o->r, .k = o->k};
    int64_t now = o->now.d == CIVIL_DAY_NONE ? (int64_t)s.days - 1 : (int64_t)o->now.d - s.first.d;
    char text[CIVIL_TEXT];
    civil_format((civil_day){s.first.d + (int32_t)days - 1}, text);
    if (now < (int64_t)days - 1) return epi_fault(run, &late, text, NULL);
    code = ending_day(&in, o->risk, &day, &run->err);
    if (code != TONG_OK) return code;
    civil_format((civil_day){s.first.d + (int32_t)day}, text);
    result_note(&run->result, "over", &over, o->risk, text, o->r, o->k);
    result_note(&run->result, "hidden", &hidden);
    size_t last = day > (size_t)now ? day : (size_t)now;
    size_t n = last - (days - 1) + 8;
    double *x = epi_x_days(run, (civil_day){s.first.d + (int32_t)days - 1}, n),
           *p = arena_array(&run->arena, n, sizeof *p);
    if (x == NULL || p == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "days");
    result_begin(&run->result, "end",
                 (struct label)LABEL("Is it over? (Nishiura 2016)", "疫情是否结束（Nishiura 2016）"), column, 2);
    epi_source(run, "");
    for (size_t i = 0; i < n && code == TONG_OK; i++) {
        code = ending_more(&in, days - 1 + i, &p[i], &run->err);
        result_day(&run->result, (civil_day){(int32_t)x[i]});
        result_part(&run->result, p[i]);
    }
    struct chart *c = result_chart(&run->result);
    c->title = (struct label)LABEL("Probability of more cases", "再出现病例的概率");
    c->x_label = (struct label)LABEL("day, if there was no case until then", "日期（假定此前无新增）");
    c->days = c->part = c->has_rule = true;
    c->rule = o->risk;
    chart_add(c, CHART_LINE, (struct label)LABEL("", ""), x, p, NULL, n);
    return code;
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
const struct epi_command epi_chain_commands[] = {
    {"offspring",
     LABEL("how many one case infects, and how unequally: R, k, 80/20", "每例传染人数及其不均：R、k、80/20"),
     LABEL("From a file of links (who infected whom) and the line list of all cases.",
           "由传播链接文件与全部病例清单估计。"),
     "[LINKS.csv]", chain_option, COUNT(chain_option), &chain_defaults, sizeof chain_defaults, EPI_WANTS_ROWS,
     offspring_work},
    {"chains", LABEL("chains of transmission: sizes and generations", "传播链：规模与代数"),
     LABEL("From a file of links (who infected whom) and the line list of all cases.",
           "由传播链接文件与全部病例清单统计。"),
     "[LINKS.csv]", chain_option, COUNT(chain_option), &chain_defaults, sizeof chain_defaults, EPI_WANTS_ROWS,
     chains_work},
    {"end", LABEL("is it over? The probability of more cases", "疫情是否结束：再出现病例的概率"),
     LABEL("From the cases so far, the serial interval and how unequal offspring are (Nishiura 2016).",
           "由已有病例、代际间隔与传染人数离散程度计算（Nishiura 2016）。"),
     "[FILE.csv]", end_option, COUNT(end_option), &end_defaults, sizeof end_defaults, EPI_WANTS_ROWS, end_work},
    {0},
};
