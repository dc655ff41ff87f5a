#include "cli/epi.h"

#include "cli/epi_write.h"
#include "cli/files.h"
#include "epi/serial.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <string.h>

static const struct epi_command *const epi_tables[] = {
    epi_describe_commands, epi_delay_commands, epi_growth_commands,  epi_chain_commands,   epi_watch_commands,
    epi_test_commands,     epi_score_commands, epi_quality_commands, epi_response_commands};
enum { EPI_TABLES = sizeof epi_tables / sizeof epi_tables[0], EPI_COMMANDS_MAX = 60 };

tong_code epi_fault(struct epi_run *run, const struct message *message, const char *arg1, const char *arg2)
{
    problem_add(&run->problems,
                (struct problem_at){run->table.file == NULL ? "tongzhou epi" : run->table.file, 0, 0, NULL}, message,
                arg1, arg2, NULL, NULL);
    return tong_fail(&run->err, TONG_E_INVALID, "%s", message->slug);
}

struct label epi_plain(struct str text, struct arena *arena)
{
    char *copy = arena_copy(arena, text.p == NULL ? "" : text.p, text.n);
    if (copy == NULL) return (struct label)LABEL("", "");
    return (struct label)LABEL(copy, copy);
}

double *epi_x_days(struct epi_run *run, civil_day first, size_t n)
{
    double *x = arena_array(&run->arena, n, sizeof *x);
    for (size_t i = 0; x != NULL && i < n; i++) x[i] = first.d + (double)i;
    return x;
}

void epi_source(struct epi_run *run, const char *columns)
{
    char text[CLI_PATH_MAX + 300];
    (void)snprintf(text, sizeof text, "%s%s%s", run->source, columns[0] == 0 ? "" : ": ", columns);
    result_about(&run->result, (struct label)LABEL("", ""), text);
}

// ---- reading ----

bool epi_days(struct epi_run *run, struct str name, const char *const *usual, size_t usual_count, const char *option,
              civil_day **out)
{
    int32_t column = series_column(&run->table, name, usual, usual_count, option, &run->problems);
    return column >= 0 && csv_table_days(&run->table, column, run->order, &run->arena, &run->problems, out);
}

static tong_code epi_mending_of(struct epi_run *run, struct str given, quality_negative *out)
{
    static const struct message unknown = {
        "epi-negative", PROBLEM_ERROR, LABEL("--negative does not know \"{1}\"", "--negative 不认识“{1}”"),
        LABEL("choose spread, zero, missing or refuse", "可选 spread、zero、missing、refuse")};
    static const char *const words[] = {"refuse", "zero", "spread", "missing"};
    *out = QUALITY_NEGATIVE_SPREAD;
    if (given.n == 0) return TONG_OK;
    for (int k = 0; k < 4; k++)
        if (str_eq_z(given, words[k])) {
            *out = (quality_negative)k;
            return TONG_OK;
        }
    return epi_fault(run, &unknown, given.p, NULL);
}

static void epi_series_say(struct epi_run *run, const struct epi_series *o, const struct series *s)
{
    static const struct label undated =
        LABEL("%lld rows have no date (or no count) and are left out.", "%lld 行没有日期（或数目），未计入。");
    static const struct label outside =
        LABEL("%lld rows lie outside the days asked for.", "%lld 行不在所选日期内，未计入。");
    static const struct label empty = LABEL("%lld of %lld days have no row; they count as days without cases.",
                                            "%lld 天（共 %lld 天）没有记录，按无病例计。");
    static const struct label negative = LABEL("%lld days had a negative count, %.15g together, the first on %s: %s.",
                                               "%lld 天的数目为负，合计 %.15g，最早一天为 %s：%s。");
    static const struct label done[] = {
        LABEL("refused", "已拒绝"), LABEL("taken as zero, so the total is too high by as much", "按零计，总数因此偏高"),
        LABEL("taken off the days before in proportion, so the total is unchanged", "按比例从此前各日扣除，总数不变"),
        LABEL("taken as days without a report", "按缺报处理")};
    static const struct label unpaid =
        LABEL("%.15g of it was more than the days before held and is lost.", "其中 %.15g 超过此前各日之和，无处可扣。");
    quality_negative policy = QUALITY_NEGATIVE_SPREAD;
    struct result *r = &run->result;
    char first[CIVIL_TEXT];
    if (s->undated > 0) result_warning(r, "undated", &undated, (long long)s->undated);
    if (s->outside > 0) result_note(r, "outside", &outside, (long long)s->outside);
    if (s->empty_days > 0) result_warning(r, "empty_days", &empty, (long long)s->empty_days, (long long)s->days);
    if (s->mended.days == 0 || epi_mending_of(run, o->negative, &policy) != TONG_OK) return;
    civil_format((civil_day){s->first.d + s->mended.first}, first);
    struct label how = done[policy], text;
    for (int l = 0; l < LANG_COUNT; l++) {
        text.text[l] =
            arena_printf(&run->arena, negative.text[l], (long long)s->mended.days, s->mended.total, first, how.text[l]);
        if (text.text[l] == NULL) text.text[l] = "";
    }
    result_says(r, true, "negative", text);
    if (policy == QUALITY_NEGATIVE_SPREAD && s->mended.unpaid > 0)
        result_warning(r, "unpaid", &unpaid, s->mended.unpaid);
}

tong_code epi_series_read(struct epi_run *run, const struct epi_series *o, struct series *out)
{
    struct series_options options = {.date = o->date,
                                     .count = o->count,
                                     .by = o->by,
                                     .where = o->where,
                                     .order = run->order,
                                     .cumulative = o->cumulative,
                                     .start = o->start,
                                     .first = o->first,
                                     .last = o->last};
    tong_code code = epi_mending_of(run, o->negative, &options.negative);
    if (code == TONG_OK) code = series_read(&run->table, &options, &run->arena, &run->problems, out, &run->err);
    if (code != TONG_OK) return code;
    // Days taken as missing are days without cases to whatever counts.
    for (size_t i = 0; i < out->days; i++)
        if (isnan(out->total[i])) out->total[i] = 0;
    for (size_t i = 0; i < out->days * out->groups; i++)
        if (isnan(out->count[i])) out->count[i] = 0;
    epi_series_say(run, o, out);
    return TONG_OK;
}

static tong_code epi_open(struct epi_run *run, const char *path, struct csv_table *out)
{
    static const struct label unopened = LABEL("%s cannot be opened: %s", "无法打开 %s：%s");
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (file == NULL) {
        cli_say(run->cli, cli_text(run->cli, unopened), path, strerror(errno)); // NOLINT(concurrency-mt-unsafe)
        return tong_fail(&run->err, TONG_E_NOT_FOUND, "%s", path);
    }
    struct bytes bytes = bytes_of_file(file);
    tong_code code = csv_table_read(&bytes, path, &run->arena, &run->problems, out, &run->err);
    if (!standard) (void)fclose(file);
    return code;
}

tong_code epi_si_read(struct epi_run *run, const struct epi_si *o, double **w, size_t *n)
{
    static const struct message needed = {
        "epi-si", PROBLEM_ERROR, LABEL("the serial interval is not said", "未给出代际间隔"),
        LABEL("say --si-mean and --si-sd in days, or --si FILE", "请用 --si-mean 和 --si-sd（天）或 --si 文件 给出")};
    static const struct message bad = {
        "epi-si-file", PROBLEM_ERROR, LABEL("this is no serial interval", "这不是代际间隔分布"),
        LABEL("column k has whole days from 0 or 1 on, column w their probabilities; w is 0 on day 0 and sums to 1",
              "k 列为自 0 或 1 起的整数天，w 列为其概率；第 0 天为 0，合计为 1")};
    struct csv_table t;
    double *k, *v;
    if (o->file.n == 0) {
        if (!(o->mean > 1) || !(o->sd > 0)) return epi_fault(run, &needed, NULL, NULL);
        *n = (size_t)fmin(2000, ceil(o->mean + 12 * o->sd) + 30);
        *w = arena_array(&run->arena, *n, sizeof **w);
        if (*w == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "a serial interval");
        return serial_discretise(o->mean, o->sd, *n, *w, &run->err);
    }
    tong_code code = epi_open(run, o->file.p, &t);
    if (code != TONG_OK) return code;
    int32_t ck = csv_table_column(&t, STR("k"), &run->problems), cw = csv_table_column(&t, STR("w"), &run->problems);
    if (ck < 0 || cw < 0 || !csv_table_reals(&t, ck, &run->arena, &run->problems, &k) ||
        !csv_table_reals(&t, cw, &run->arena, &run->problems, &v))
        return tong_fail(&run->err, TONG_E_INVALID, "the serial interval");
    *n = 0;
    bool good = true;
    for (size_t i = 0; i < t.rows; i++) {
        good = good && k[i] >= 0 && k[i] <= 5000 && k[i] == floor(k[i]) && v[i] >= 0;
        if (good && (size_t)k[i] + 1 > *n) *n = (size_t)k[i] + 1;
    }
    *w = arena_array(&run->arena, *n + 1, sizeof **w);
    if (*w == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "a serial interval");
    for (size_t i = 0; good && i < t.rows; i++) (*w)[(size_t)k[i]] += v[i];
    if (!good || serial_check(*w, *n, &run->err) != TONG_OK) return epi_fault(run, &bad, NULL, NULL);
    return TONG_OK;
}

// The rows: of the file named, or of the store when one is named; a command that needs neither goes on without.
static tong_code epi_input(struct epi_run *run, const struct epi_command *command, const char *path)
{
    static const struct label needed =
        LABEL("epi %s wants a CSV file, or --store WHERE", "epi %s 需要一个 CSV 文件，或 --store 数据库");
    if (path != NULL) {
        (void)snprintf(run->source, sizeof run->source, "%s", path);
        return epi_open(run, path, &run->table);
    }
    if (command->needs == EPI_READS_STORE) return TONG_OK;
    if (run->common->data.store.n > 0) return epi_store(run);
    if (command->needs == EPI_WANTS_NOTHING) return TONG_OK;
    cli_say(run->cli, cli_text(run->cli, needed), command->name);
    return tong_fail(&run->err, TONG_E_NOT_FOUND, "no input");
}

// ---- the command ----

static int epi_failed(struct epi_run *run)
{
    static const struct label failed = LABEL("this cannot be worked out: %s [%s]", "无法计算：%s [%s]");
    problem_print_all(&run->problems, run->cli->language, run->cli->err);
    bool told = run->problems.errors > 0 || run->err.code == TONG_E_NOT_FOUND;
    if (!told) cli_say(run->cli, cli_text(run->cli, failed), run->err.text, err_slug(run->err.code));
    return CLI_FAULT;
}

static int epi_work(struct cli *cli, const struct epi_command *command, void *options, const char *path)
{
    static const struct label order = LABEL("--dates wants dmy or mdy", "--dates 应为 dmy 或 mdy");
    struct epi_run run = {.cli = cli, .common = options, .source = ""};
    run.problems.arena = run.result.arena = &run.arena;
    run.result.title = command->help;
    run.err.code = TONG_OK;
    int exit = CLI_DONE;
    if (run.common->dates.n > 0 && !date_order_parse(run.common->dates, &run.order)) {
        cli_say(cli, "%s", cli_text(cli, order));
        return CLI_USAGE;
    }
    tong_code code = epi_input(&run, command, path);
    if (code == TONG_OK) code = command->work(&run, options);
    if (code != TONG_OK) exit = epi_failed(&run);
    else {
        problem_print_all(&run.problems, cli->language, cli->err);
        exit = epi_write(&run);
    }
    arena_free(&run.arena);
    return exit;
}

static void epi_help(const struct cli *cli)
{
    static const struct label title =
        LABEL("What the numbers say: descriptions, estimates and alarms from a CSV file or from the store.\n\n"
              "Usage: tongzhou epi COMMAND [options] [FILE.csv]\n",
              "数据说明了什么：由 CSV 文件或数据库作描述、估计和预警。\n\n用法：tongzhou epi 命令 [选项] [文件.csv]\n");
    static const struct label more =
        LABEL("tongzhou epi COMMAND --help says more. Results are a table, --json, and figures with --svg and --png.",
              "用 tongzhou epi 命令 --help 查看说明。结果为表格，--json 输出 JSON，--svg、--png 输出图形。");
    (void)fprintf(cli->out, "%s\n", cli_text(cli, title));
    for (size_t t = 0; t < EPI_TABLES; t++)
        for (const struct epi_command *c = epi_tables[t]; c->name != NULL; c++)
            (void)fprintf(cli->out, "  %-12s  %s\n", c->name, cli_text(cli, c->help));
    (void)fprintf(cli->out, "\n%s\n", cli_text(cli, more));
}

static int epi_unknown(const struct cli *cli, const char *given)
{
    static const struct label plain = LABEL("there is no command \"epi %s\"; tongzhou epi --help lists them",
                                            "没有命令“epi %s”；用 tongzhou epi --help 查看全部命令");
    static const struct label near =
        LABEL("there is no command \"epi %s\"; did you mean \"epi %s\"?", "没有命令“epi %s”；是否想输入“epi %s”？");
    const char *names[EPI_COMMANDS_MAX];
    size_t count = 0;
    for (size_t t = 0; t < EPI_TABLES; t++)
        for (const struct epi_command *c = epi_tables[t]; c->name != NULL && count < EPI_COMMANDS_MAX; c++)
            names[count++] = c->name;
    const char *best = cli_nearest(str_z(given), names, count);
    if (best == NULL) cli_say(cli, cli_text(cli, plain), given);
    else cli_say(cli, cli_text(cli, near), given, best);
    return CLI_USAGE;
}

int cli_epi(struct cli *cli, int argc, char **argv)
{
    int operands = 0, exit = CLI_DONE, at = 1;
    if (at + 1 < argc && strcmp(argv[at], "--lang") == 0) at += 2; // before the command, as after it
    if (at + (argc > at) > 1 && at > 1) cli->language = strcmp(argv[at - 1], "zh") == 0 ? LANG_ZH : LANG_EN;
    const char *name = at < argc ? argv[at] : "--help";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        epi_help(cli);
        return at < argc ? CLI_DONE : CLI_USAGE;
    }
    const struct epi_command *command = NULL;
    for (size_t t = 0; t < EPI_TABLES; t++)
        for (const struct epi_command *c = epi_tables[t]; c->name != NULL; c++)
            if (strcmp(c->name, name) == 0) command = c;
    if (command == NULL) return epi_unknown(cli, name);
    _Alignas(max_align_t) unsigned char options[EPI_OPTIONS_BYTES];
    assert(command->size <= sizeof options);
    memcpy(options, command->defaults, command->size);
    char called[40];
    (void)snprintf(called, sizeof called, "epi %s", command->name);
    const struct cli_usage usage = {.command = called,
                                    .operands = command->operands,
                                    .about = command->about,
                                    .options = command->options,
                                    .option_count = command->option_count,
                                    .operands_min = 0,
                                    .operands_max = 1};
    if (!cli_options(cli, &usage, options, argc - at, argv + at, &operands, &exit)) return exit;
    return epi_work(cli, command, options, operands > 0 ? argv[at + 1] : NULL);
}
