#include "cli/protocol.h"

#include "cli/examples.h"
#include "cli/files.h"
#include "cli/protocol_diff.h"
#include "protocol/check.h"
#include "protocol/explain.h"
#include "protocol/explain_words.h"
#include "protocol/picture.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *text(const struct cli *cli, struct label label)
{
    return label.text[cli->language];
}

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

// ---- check ----

enum { CHECK_FILES_MAX = 256 };

struct checked {
    struct problem_list problems;
    struct protocol *read; // those that are right, to be checked together
    const struct protocol **good;
    size_t good_count;
};

// `protocols/*.yaml` names the examples too: those are for `protocol test`.
static bool check_is_examples(const char *file)
{
    static const char ending[] = ".tests.yaml";
    size_t n = strlen(file), m = sizeof ending - 1;
    return n > m && strcmp(file + n - m, ending) == 0;
}

static void check_file(struct cli *cli, const char *file, struct checked *c, bool *failed)
{
    static const struct label fine = LABEL("%s: right\n", "%s：没有错误\n");
    size_t before = c->problems.count, errors = c->problems.errors;
    struct protocol *p = &c->read[c->good_count];
    tong_code code = files_protocol_into(cli, file, p, &c->problems);
    if (code == TONG_OK) c->good[c->good_count++] = p;
    *failed = *failed || code != TONG_OK;
    for (size_t i = before; i < c->problems.count; i++) problem_print(&c->problems.items[i], cli->language, cli->out);
    if (code == TONG_OK && c->problems.errors == errors) (void)fprintf(cli->out, text(cli, fine), file);
}

static void check_summary(const struct cli *cli, const struct checked *c, int files)
{
    static const struct label sum = LABEL("%d %s checked: %zu %s, %zu %s.\n", "共检查 %d %s：%zu %s，%zu %s。\n");
    static const struct label words[3][2] = {{LABEL("protocol", "个方案"), LABEL("protocols", "个方案")},
                                             {LABEL("error", "个错误"), LABEL("errors", "个错误")},
                                             {LABEL("warning", "个警告"), LABEL("warnings", "个警告")}};
    size_t warnings = 0;
    for (size_t i = 0; i < c->problems.count; i++)
        if (c->problems.items[i].message->severity == PROBLEM_WARNING) warnings++;
    (void)fprintf(cli->out, text(cli, sum), files, text(cli, words[0][files != 1]), c->problems.errors,
                  text(cli, words[1][c->problems.errors != 1]), warnings, text(cli, words[2][warnings != 1]));
}

static int protocol_check_files(struct cli *cli, int argc, char **argv)
{
    static const struct cli_usage usage = {
        .command = "protocol check",
        .operands = "FILE...",
        .about = LABEL(
            "Says what is wrong with protocols, with file, line, column and remedy. Several are also checked\n"
            "together: editions of one family and place must not overlap.",
            "检查防控方案，逐条指出文件、行、列和修改办法。多个方案还会合并检查：同一地区同一方案的各版本不得重叠。"),
        .operands_min = 1,
        .operands_max = CHECK_FILES_MAX,
    };
    int files = 0, exit = CLI_DONE;
    if (!cli_options(cli, &usage, NULL, argc, argv, &files, &exit)) return exit;
    struct arena arena = {0};
    struct checked c = {.problems.arena = &arena};
    c.read = arena_array(&arena, (size_t)files, sizeof *c.read);
    c.good = arena_array(&arena, (size_t)files, sizeof(const struct protocol *));
    bool failed = c.read == NULL || c.good == NULL;
    int examples = 0;
    for (int i = 1; i <= files && c.read != NULL && c.good != NULL; i++) {
        if (files > 1 && check_is_examples(argv[i]))
            examples++;
        else
            check_file(cli, argv[i], &c, &failed);
    }
    size_t before = c.problems.count;
    if (c.good_count > 1) failed = protocol_check_together(c.good, c.good_count, &c.problems) > 0 || failed;
    for (size_t i = before; i < c.problems.count; i++) problem_print(&c.problems.items[i], cli->language, cli->out);
    check_summary(cli, &c, files - examples);
    static const struct label left = LABEL("%d files of examples left out; they are run by: tongzhou protocol test\n",
                                           "另有 %d 个示例文件未检查，请用 tongzhou protocol test 运行\n");
    if (examples > 0) (void)fprintf(cli->out, text(cli, left), examples);
    for (size_t i = 0; i < c.good_count; i++) protocol_free(&c.read[i]);
    arena_free(&arena);
    return failed ? CLI_FAULT : CLI_DONE;
}

// ---- explain ----

struct explain_given {
    struct str pathway, svg, picture;
};

int32_t protocol_columns(const struct cli *cli)
{
    enum { USUAL = 80, LEAST = 40, MOST = 110 };
    if (!cli->out_terminal) return 0;
    const char *given = getenv("COLUMNS"); // NOLINT(concurrency-mt-unsafe)
    int64_t columns = USUAL;
    if (given == NULL || !str_int(str_z(given), &columns)) return USUAL;
    return (int32_t)(columns < LEAST ? LEAST : columns > MOST ? MOST : columns);
}

static int explain_picture(struct cli *cli, const struct protocol *p, uint8_t pathway, const char *path)
{
    static const struct label lost = LABEL("\"%s\" cannot be written: %s", "无法写入“%s”：%s");
    bool standard = strcmp(path, "-") == 0;
    FILE *f = standard ? cli->out : fopen(path, "wb");
    struct sink out = {.file = f};
    if (f != NULL) protocol_picture(p, pathway, cli->language, &out);
    bool good = f != NULL && sink_good(&out);
    int why = errno;
    if (f != NULL && !standard && fclose(f) != 0) good = false;
    if (good && !standard) (void)fprintf(cli->out, "%s\n", path);
    if (good) return CLI_DONE;
    cli_say(cli, text(cli, lost), path, strerror(why)); // NOLINT(concurrency-mt-unsafe)
    return CLI_FAULT;
}

static int explain_pictures(struct cli *cli, const struct protocol *p, uint8_t only, struct str folder)
{
    static const struct label lost = LABEL("the folder \"%.*s\" cannot be made: %s", "无法创建目录“%.*s”：%s");
    static const struct label long_path = LABEL("the name of the folder is too long", "目录名称过长");
    char path[CLI_PATH_MAX];
    int n = snprintf(path, sizeof path, "%.*s", STR_ARG(folder));
    if (n < 0 || (size_t)n >= sizeof path) {
        cli_say(cli, "%s", text(cli, long_path));
        return CLI_FAULT;
    }
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        cli_say(cli, text(cli, lost), STR_ARG(folder), strerror(errno)); // NOLINT(concurrency-mt-unsafe)
        return CLI_FAULT;
    }
    int exit = CLI_DONE;
    for (uint8_t i = 0; i < p->pathway_count && exit == CLI_DONE; i++) {
        if (only != PROTOCOL_NONE && i != only) continue;
        n = snprintf(path, sizeof path, "%.*s/%s-%s.svg", STR_ARG(folder), p->id, p->pathways[i].name);
        if (n < 0 || (size_t)n >= sizeof path) {
            cli_say(cli, "%s", text(cli, long_path));
            return CLI_FAULT;
        }
        exit = explain_picture(cli, p, i, path);
    }
    return exit;
}

static void explain_say_pathways(const struct cli *cli, const struct protocol *p, struct label why, struct str name)
{
    static const struct label list = LABEL("the pathways of %s are: ", "%s 的处置流程有：");
    cli_say(cli, text(cli, why), STR_ARG(name));
    (void)fprintf(cli->err, text(cli, list), p->id);
    for (size_t i = 0; i < p->pathway_count; i++)
        (void)fprintf(cli->err, "%s%s", i == 0 ? "" : cli->language == LANG_ZH ? "、" : ", ", p->pathways[i].name);
    (void)fputc('\n', cli->err);
}

static int explain_protocol(struct cli *cli, const struct protocol *p, const struct explain_given *given)
{
    static const struct label unknown = LABEL("there is no pathway \"%.*s\"", "没有处置流程“%.*s”");
    static const struct label which =
        LABEL("%.*s holds one picture: choose a pathway with --pathway, or write them all with "
              "--picture DIR",
              "%.*s 只能容纳一幅图：请用 --pathway 选择流程，或用 --picture 目录 输出全部流程图");
    uint8_t pathway = given->pathway.n > 0 ? protocol_pathway(p, given->pathway) : PROTOCOL_NONE;
    if (given->pathway.n > 0 && pathway == PROTOCOL_NONE) {
        explain_say_pathways(cli, p, unknown, given->pathway);
        return CLI_USAGE;
    }
    if (given->svg.n > 0) {
        if (pathway == PROTOCOL_NONE && p->pathway_count == 1) pathway = 0;
        if (pathway != PROTOCOL_NONE) return explain_picture(cli, p, pathway, given->svg.p);
        explain_say_pathways(cli, p, which, given->svg);
        return CLI_USAGE;
    }
    if (given->picture.n > 0) return explain_pictures(cli, p, pathway, given->picture);
    struct sink out = {.file = cli->out};
    struct explain_options options = {.language = cli->language, .pathway = pathway, .columns = protocol_columns(cli)};
    protocol_explain(p, &options, &out);
    return sink_good(&out) ? CLI_DONE : CLI_FAULT;
}

static int protocol_explain_file(struct cli *cli, int argc, char **argv)
{
    static const struct cli_option table[] = {
        {"pathway", CLI_TEXT, offsetof(struct explain_given, pathway), "NAME",
         LABEL("only this pathway", "只说明该处置流程"), 0, 0},
        {"svg", CLI_TEXT, offsetof(struct explain_given, svg), "OUT.svg",
         LABEL("write the pathway's picture instead (- for the output)", "改为输出该流程的流程图（- 表示标准输出）"), 0,
         0},
        {"picture", CLI_TEXT, offsetof(struct explain_given, picture), "DIR",
         LABEL("write the pictures of all pathways into a folder", "把所有流程图写入目录"), 0, 0},
    };
    static const struct cli_usage usage = {
        .command = "protocol explain",
        .operands = "FILE",
        .about =
            LABEL("Says in plain sentences what a protocol asks for, with the source of every figure; or draws its\n"
                  "pathways.",
                  "用通俗语句说明防控方案的内容并注明每个数值的来源；也可绘制处置流程图。"),
        .options = table,
        .option_count = COUNT(table),
        .operands_min = 1,
        .operands_max = 1,
    };
    struct explain_given given = {0};
    int files = 0, exit = CLI_DONE;
    if (!cli_options(cli, &usage, &given, argc, argv, &files, &exit)) return exit;
    struct protocol p;
    if (files_protocol(cli, argv[1], &p) != TONG_OK) return CLI_FAULT;
    exit = explain_protocol(cli, &p, &given);
    protocol_free(&p);
    return exit;
}

// ---- test, words ----

struct test_given {
    bool verbose;
};

static int protocol_test(struct cli *cli, int argc, char **argv)
{
    static const struct cli_option table[] = {
        {"verbose", CLI_FLAG, offsetof(struct test_given, verbose), "",
         LABEL("show every example as a calendar, and why each thing was decided",
               "以日历形式显示每个示例及每项决定的理由"),
         0, 0},
    };
    static const struct cli_usage usage = {
        .command = "protocol test",
        .operands = "FILE...",
        .about = LABEL(
            "Runs the examples beside each protocol (NAME.tests.yaml) and shows what differs from what they expect.",
            "运行各方案旁的示例（名称.tests.yaml），显示与预期不符之处。"),
        .options = table,
        .option_count = COUNT(table),
        .operands_min = 1,
        .operands_max = CHECK_FILES_MAX,
    };
    struct test_given given = {0};
    int count = 0, exit = CLI_DONE;
    if (!cli_options(cli, &usage, &given, argc, argv, &count, &exit)) return exit;
    struct arena arena = {0};
    const char **files = arena_array(&arena, (size_t)count, sizeof *files);
    for (int i = 0; i < count && files != NULL; i++) {
        char path[CLI_PATH_MAX];
        (void)files_protocol_path(cli, argv[i + 1], path); // a name that is not found is explained when it is read
        files[i] = arena_copy(&arena, path, strlen(path));
        if (files[i] == NULL) files = NULL;
    }
    exit = files == NULL ? CLI_FAULT : cli_protocol_test_files(cli, files, (size_t)count, given.verbose);
    arena_free(&arena);
    return exit;
}

static int protocol_words(struct cli *cli, int argc, char **argv)
{
    static const struct cli_usage usage = {
        .command = "protocol words",
        .operands = "[LIST]",
        .about = LABEL("Prints the words a protocol may use, in both languages; a list's name prints that list alone.",
                       "列出编写防控方案可用的词汇（中英对照）；给出词表名则只列该表。"),
        .operands_min = 0,
        .operands_max = 1,
    };
    static const struct label unknown =
        LABEL("there is no list \"%s\"; the lists are: %s", "没有词表“%s”；现有词表：%s");
    int count = 0, exit = CLI_DONE;
    if (!cli_options(cli, &usage, NULL, argc, argv, &count, &exit)) return exit;
    struct sink out = {.file = cli->out};
    if (explain_words(cli->language, count == 0 ? NULL : argv[1], &out)) return sink_good(&out) ? CLI_DONE : CLI_FAULT;
    struct sink names = {0};
    explain_word_lists(&names);
    cli_say(cli, text(cli, unknown), argv[1], sink_kept(&names).p);
    sink_close(&names);
    return CLI_USAGE;
}

// ---- the command ----

int cli_protocol(struct cli *cli, int argc, char **argv)
{
    static const struct cli_command commands[] = {
        {"check", LABEL("is the file right?", "检查方案文件是否正确"), protocol_check_files},
        {"explain", LABEL("what does it say?", "用通俗语句和流程图说明方案"), protocol_explain_file},
        {"test", LABEL("does it do what its examples expect?", "运行方案旁的示例"), protocol_test},
        {"diff", LABEL("what changed between two editions?", "比较两个版本的变化"), cli_protocol_diff},
        {"words", LABEL("the words a protocol may use", "列出可用词汇"), protocol_words},
    };
    static const struct label usage = LABEL("Usage: tongzhou protocol check|explain|test|diff|words ...",
                                            "用法：tongzhou protocol check|explain|test|diff|words ...");
    static const struct label unknown = LABEL("there is no command \"protocol %s\"", "没有命令“protocol %s”");
    static const struct label near =
        LABEL("there is no command \"protocol %s\"; did you mean \"%s\"?", "没有命令“protocol %s”；是否想输入“%s”？");
    const char *names[COUNT(commands)];
    for (size_t i = 0; i < COUNT(commands); i++) names[i] = commands[i].name;
    for (size_t i = 0; argc > 1 && i < COUNT(commands); i++)
        if (strcmp(argv[1], names[i]) == 0) return commands[i].handler(cli, argc - 1, argv + 1);
    bool help = argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
    if (argc > 1 && !help) {
        const char *best = cli_nearest(str_z(argv[1]), names, COUNT(commands));
        if (best == NULL) cli_say(cli, text(cli, unknown), argv[1]);
        else cli_say(cli, text(cli, near), argv[1], best);
        return CLI_USAGE;
    }
    (void)fprintf(cli->out, "%s\n\n", text(cli, usage));
    for (size_t i = 0; i < COUNT(commands); i++)
        (void)fprintf(cli->out, "  %-8s %s\n", names[i], text(cli, commands[i].help));
    return help ? CLI_DONE : CLI_USAGE;
}
