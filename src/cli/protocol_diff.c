#include "cli/protocol_diff.h"

#include "cli/files.h"
#include "cli/protocol.h"
#include "cli/protocol_affected.h"
#include "protocol/diff.h"

struct diff_given {
    struct str outbreak, mapping;
    civil_day on;
    bool keep_good_rows;
};

#define DIFF_AT(field) offsetof(struct diff_given, field)
static const struct cli_option diff_options[] = {
    {"outbreak", CLI_TEXT, DIFF_AT(outbreak), "LINELIST.csv",
     LABEL("a running outbreak: who would be affected, and how", "正在发生的疫情：哪些人受影响、如何受影响"), 0, 0},
    {"on", CLI_DAY, DIFF_AT(on), "DATE",
     LABEL("when the new edition comes into force (as it says itself)", "新版本施行的日期（默认以其自身规定为准）"), 0,
     0},
    {"mapping", CLI_TEXT, DIFF_AT(mapping), "FILE",
     LABEL("which column is what, as for replay", "列对应文件，同 replay"), 0, 0},
    {"keep-good-rows", CLI_FLAG, DIFF_AT(keep_good_rows), "",
     LABEL("go on without the rows that have errors", "略过有错误的行"), 0, 0},
};
static const struct cli_usage diff_usage = {
    .command = "protocol diff",
    .operands = "BEFORE AFTER [CONTACTS.csv]",
    .about = LABEL(
        "Says in sentences what changed between two editions; with --outbreak also who, in a running outbreak, would\n"
        "finish, move or be released, and how many days earlier.",
        "用语句说明两个版本之间的变化；加 --outbreak 时，还说明正在发生的疫情中哪些人按原版本执行完毕、\n"
        "转按新版本或解除，以及提前多少天。"),
    .options = diff_options,
    .option_count = sizeof diff_options / sizeof diff_options[0],
    .operands_min = 2,
    .operands_max = 3,
};

static int diff_run(struct cli *cli, const struct protocol *a, const struct protocol *b, const struct diff_given *given,
                    const char *contacts)
{
    struct sink out = {.file = cli->out};
    (void)protocol_diff(a, b, cli->language, protocol_columns(cli), &out);
    int exit = CLI_DONE;
    if (given->outbreak.n > 0) {
        struct replay_options options = {.linelist = given->outbreak,
                                         .mapping = given->mapping,
                                         .until = {CIVIL_DAY_NONE},
                                         .keep_good_rows = given->keep_good_rows,
                                         .wanted_encoding = ENCODING_AUTO,
                                         .wanted_order = DATE_ORDER_AUTO};
        if (contacts != NULL) options.second = str_z(contacts);
        exit = protocol_affected(cli, a, b, &options, given->on, &out);
    }
    return sink_good(&out) ? exit : CLI_FAULT;
}

int cli_protocol_diff(struct cli *cli, int argc, char **argv)
{
    static const struct label surplus = LABEL("%s: a file of contacts goes with --outbreak LINELIST.csv",
                                              "%s：密接名单须与 --outbreak 病例清单 一起使用");
    struct diff_given given = {.on = {CIVIL_DAY_NONE}};
    int files = 0, exit = CLI_DONE;
    if (!cli_options(cli, &diff_usage, &given, argc, argv, &files, &exit)) return exit;
    if (files == 3 && given.outbreak.n == 0) {
        cli_say(cli, surplus.text[cli->language], argv[3]);
        return CLI_USAGE;
    }
    struct protocol a, b;
    if (files_protocol(cli, argv[1], &a) != TONG_OK) return CLI_FAULT;
    if (files_protocol(cli, argv[2], &b) != TONG_OK) {
        protocol_free(&a);
        return CLI_FAULT;
    }
    exit = diff_run(cli, &a, &b, &given, files == 3 ? argv[3] : NULL);
    protocol_free(&a);
    protocol_free(&b);
    return exit;
}
