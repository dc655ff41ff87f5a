// epi.h -- tongzhou epi COMMAND: what the numbers say, from a CSV file or from the store.
//
// A command is one row of a table in one of the files epi_*.c: its options, and a function that fills a result
// (epi/result.h). Reading the input, printing, and writing JSON and figures is done here for all of them.
#ifndef TONG_CLI_EPI_H
#define TONG_CLI_EPI_H

#include "cli/cli.h"
#include "cli/data.h"
#include "epi/result.h"
#include "exchange/csv_table.h"
#include "exchange/series.h"

int cli_epi(struct cli *cli, int argc, char **argv);

// The options of every command; the first member of each command's own.
struct epi_common {
    struct cli_data data;
    struct str list;  // of the store
    struct str dates; // dmy, mdy
    struct str svg, png, html, pdf;
    double level;
    bool json;
};
// clang-format off
#define EPI_COMMON(s)                                                                                                  \
    CLI_DATA_OPTIONS(offsetof(s, common.data)),                                                                        \
    {"list", CLI_TEXT, offsetof(s, common.list), "NAME",                                                               \
     LABEL("of the store, when no file is given: cases (the usual one), contacts, tasks, samples ...",                 \
           "未给出文件时，读取数据库中的名单：cases（默认）、contacts、tasks、samples 等"), 0, 0},                     \
    {"dates", CLI_TEXT, offsetof(s, common.dates), "dmy|mdy",                                                          \
     LABEL("what 03/04/2022 means in this file", "文件中 03/04/2022 的含义"), 0, 0},                                   \
    {"level", CLI_REAL, offsetof(s, common.level), "P", LABEL("of intervals (0.95)", "区间的置信水平（默认 0.95）"),   \
     0.01, 0.9999},                                                                                                    \
    {"json", CLI_FLAG, offsetof(s, common.json), "", LABEL("print JSON", "输出 JSON"), 0, 0},                          \
    {"svg", CLI_TEXT, offsetof(s, common.svg), "FILE", LABEL("write the figure as SVG", "图形写为 SVG"), 0, 0},        \
    {"png", CLI_TEXT, offsetof(s, common.png), "FILE", LABEL("write the figure as PNG", "图形写为 PNG"), 0, 0},        \
    {"html", CLI_TEXT, offsetof(s, common.html), "FILE", LABEL("write all of it as one HTML file", "全部内容写为一个 HTML 文件"), 0, 0}, \
    {"pdf", CLI_TEXT, offsetof(s, common.pdf), "FILE", LABEL("write all of it as PDF", "全部内容写为 PDF"), 0, 0}

// The options of a command that works on daily counts.
struct epi_series {
    struct str date, count, by, where, negative;
    civil_day first, last, start;
    bool cumulative;
};
#define EPI_SERIES(s)                                                                                                  \
    {"date", CLI_TEXT, offsetof(s, series.date), "COLUMN", LABEL("the column of dates (onset, date ...)",              \
     "日期列（默认 onset、date 等）"), 0, 0},                                                                          \
    {"count", CLI_TEXT, offsetof(s, series.count), "COLUMN", LABEL("the column of counts; without it each row is a case", \
     "数目列；不指定时每行为一例"), 0, 0},                                                                             \
    {"cumulative", CLI_FLAG, offsetof(s, series.cumulative), "", LABEL("the counts are cumulative", "数目为累计值"), 0, 0}, \
    {"by", CLI_TEXT, offsetof(s, series.by), "COLUMN", LABEL("the column of places, ages or classes", "分组列（地区、年龄、类别等）"), 0, 0}, \
    {"where", CLI_TEXT, offsetof(s, series.where), "COLUMN=VALUE", LABEL("only these rows", "只取符合条件的行"), 0, 0}, \
    {"negative", CLI_TEXT, offsetof(s, series.negative), "HOW",                                                        \
     LABEL("negative counts: spread (over the days before; the usual one), zero, missing, refuse",                     \
           "负数的处理：spread（分摊到此前各日，默认）、zero（按零）、missing（按缺报）、refuse（拒绝）"), 0, 0},      \
    {"first", CLI_DAY, offsetof(s, series.first), "DATE", LABEL("from this day on", "起始日期"), 0, 0},                \
    {"last", CLI_DAY, offsetof(s, series.last), "DATE", LABEL("up to this day", "截止日期"), 0, 0},                    \
    {"start", CLI_DAY, offsetof(s, series.start), "DATE", LABEL("the date of day 1, where days are numbered", "以序号表示天数时，第 1 天的日期"), 0, 0}
// clang-format on
#define EPI_COMMON_DEFAULTS .common = {.level = 0.95}
#define EPI_SERIES_DEFAULTS .series = {.first = {CIVIL_DAY_NONE}, .last = {CIVIL_DAY_NONE}, .start = {CIVIL_DAY_NONE}}

struct epi_run {
    struct cli *cli;
    const struct epi_common *common;
    struct arena arena;
    struct problem_list problems;
    struct result result;
    struct csv_table table;         // rows 0: the command was given no input
    char source[CLI_PATH_MAX + 80]; // where the rows come from, as tables say it
    date_order order;
    struct err err;
};

typedef enum epi_needs {
    EPI_WANTS_ROWS,    // a file, or a list of the store
    EPI_WANTS_NOTHING, // works from its options alone when no file is given
    EPI_READS_STORE,   // itself, when no file is given
} epi_needs;
struct epi_command {
    const char *name;
    struct label help;  // one line
    struct label about; // of --help
    const char *operands;
    const struct cli_option *options;
    size_t option_count;
    const void *defaults; // of `size` bytes, which begin with struct epi_common
    size_t size;
    epi_needs needs;
    tong_code (*work)(struct epi_run *run, void *options);
};
enum { EPI_OPTIONS_BYTES = 1024 };

// The tables of commands, each ended by an empty row.
extern const struct epi_command epi_describe_commands[], epi_delay_commands[], epi_growth_commands[],
    epi_chain_commands[], epi_watch_commands[], epi_test_commands[], epi_quality_commands[], epi_response_commands[],
    epi_score_commands[];

// Something the user must change, in both languages; TONG_E_INVALID.
tong_code epi_fault(struct epi_run *run, const struct message *message, const char *arg1, const char *arg2);
// The daily counts, with sentences in the result about what was left out or mended.
tong_code epi_series_read(struct epi_run *run, const struct epi_series *o, struct series *out);
void epi_source(struct epi_run *run, const char *columns); // of the table being filled, with no denominator
// A column of days, by its name or one of the usual ones.
bool epi_days(struct epi_run *run, struct str name, const char *const *usual, size_t usual_count, const char *option,
              civil_day **out);
// A serial interval: of a file of two columns k, w; or discretised from mean and sd. `si_days` long.
struct epi_si {
    struct str file;
    double mean, sd;
};
#define EPI_SI(s)                                                                                                     \
    {"si",                                                                                                            \
     CLI_TEXT,                                                                                                        \
     offsetof(s, si.file),                                                                                            \
     "FILE",                                                                                                          \
     LABEL("serial interval: a CSV file with columns k (days) and w", "代际间隔分布：含 k（天）、w 两列的 CSV 文件"), \
     0,                                                                                                               \
     0},                                                                                                              \
        {"si-mean", CLI_REAL, offsetof(s, si.mean), "DAYS", LABEL("or its mean", "或其均值"), 1.0001, 1000},          \
    {                                                                                                                 \
        "si-sd", CLI_REAL, offsetof(s, si.sd), "DAYS", LABEL("and standard deviation", "及标准差"), 0.0001, 1000      \
    }
tong_code epi_si_read(struct epi_run *run, const struct epi_si *o, double **w, size_t *n);
double *epi_x_days(struct epi_run *run, civil_day first, size_t n); // first, first + 1 ... as reals
struct label epi_plain(struct str text, struct arena *arena);       // a word of the data, in both languages

#endif
