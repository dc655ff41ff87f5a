#include "cli/replay_options.h"

#include "cli/replay_table.h"

#include <stdlib.h>
#include <string.h>

#define OPTIONS_AT(field) offsetof(struct replay_options, field)
static const struct cli_option options_table[] = {
    {"protocol", CLI_TEXT, OPTIONS_AT(protocol), "NAME",
     LABEL("the protocol: a shipped name (mers-who), a family (mers) or a file",
           "防控方案：随附名称（mers-who）、系列名（mers）或文件"),
     0, 0},
    {"as-if", CLI_TEXT, OPTIONS_AT(as_if), "EDITION",
     LABEL("run all of it under this edition, whatever its dates", "不论有效期，全程按此版本推演"), 0, 0},
    {"mapping", CLI_TEXT, OPTIONS_AT(mapping), "FILE",
     LABEL("which column is what, and when it became known", "列对应文件：各列含义及获知时间"), 0, 0},
    {"links", CLI_TEXT, OPTIONS_AT(file[LINE_TABLE_LINKS]), "FILE", LABEL("who met or infected whom", "接触或传播关系"),
     0, 0},
    {"contacts", CLI_TEXT, OPTIONS_AT(file[LINE_TABLE_CONTACTS]), "FILE", LABEL("a row a contact", "密接名单"), 0, 0},
    {"followups", CLI_TEXT, OPTIONS_AT(file[LINE_TABLE_FOLLOWUPS]), "FILE", LABEL("a row a daily visit", "随访记录"), 0,
     0},
    {"labs", CLI_TEXT, OPTIONS_AT(file[LINE_TABLE_LABS]), "FILE", LABEL("a row a sample", "检测结果"), 0, 0},
    {"gatherings", CLI_TEXT, OPTIONS_AT(file[LINE_TABLE_GATHERINGS]), "FILE", LABEL("a row an event", "聚集活动"), 0,
     0},
    {"until", CLI_DAY, OPTIONS_AT(until), "DATE",
     LABEL("the last day that is run (the last day with news)", "推演截止日（默认为数据最后一日）"), 0, 0},
    {"csv", CLI_TEXT, OPTIONS_AT(csv), "DIR", LABEL("write CSV files into this folder", "将 CSV 文件写入该目录"), 0, 0},
    {"json", CLI_TEXT, OPTIONS_AT(json), "[FILE]",
     LABEL("one JSON document, to FILE.json or in place of the text",
           "输出一个 JSON 文档：写入 FILE.json 或代替文字输出"),
     0, 0},
    {"keep-good-rows", CLI_FLAG, OPTIONS_AT(keep_good_rows), "",
     LABEL("go on without the rows that have errors", "略过有错误的行，其余照常推演"), 0, 0},
    {"encoding", CLI_TEXT, OPTIONS_AT(encoding), "E",
     LABEL("encoding of the files: utf-8, gb18030 ... (found out)", "文件编码：utf-8、gb18030 等（默认自动识别）"), 0,
     0},
    {"dates", CLI_TEXT, OPTIONS_AT(dates), "dmy|mdy",
     LABEL("how to read 03/04/2020, where nothing tells", "无法判断时如何理解 03/04/2020（dmy 日在前，mdy 月在前）"), 0,
     0},
    {"width", CLI_INTEGER, OPTIONS_AT(width), "N",
     LABEL("columns of the text (those of the terminal)", "文字输出宽度（默认按终端）"), REPLAY_WIDTH_LEAST,
     REPLAY_WIDTH_MOST},
    {"into", CLI_TEXT, OPTIONS_AT(into), "SERVER",
     LABEL("record the outbreak in a running server (https://...), day by day; without a server: tongzhou import",
           "将疫情逐日登记到运行中的服务器（https://...）；没有服务器时请用 tongzhou import"),
     0, 0},
    {"login", CLI_TEXT, OPTIONS_AT(login), "NAME",
     LABEL("who records there; password and code are asked for, or in TONGZHOU_PASSWORD and TONGZHOU_CODE",
           "登记所用账号；密码和验证码将提示输入，或取自 TONGZHOU_PASSWORD、TONGZHOU_CODE"),
     0, 0},
    {"second", CLI_TEXT, OPTIONS_AT(second_login), "NAME",
     LABEL("who confirms what would restrict many (TONGZHOU_SECOND_PASSWORD, TONGZHOU_SECOND_CODE)",
           "确认涉及多人的申请的第二人（TONGZHOU_SECOND_PASSWORD、TONGZHOU_SECOND_CODE）"),
     0, 0},
    {"place", CLI_TEXT, OPTIONS_AT(place), "UID",
     LABEL("where the people of the list live: a place of the server", "清单中人员的居住场所（服务器中的场所标识）"), 0, 0},
    {"source", CLI_TEXT, OPTIONS_AT(source), "NAME",
     LABEL("under which the list's numbers are kept (the file's name)", "清单编号所属名称（默认为文件名）"), 0, 0},
    {"speed", CLI_REAL, OPTIONS_AT(speed), "N",
     LABEL("days of the outbreak a second, with --into (as fast as it goes)", "与 --into 合用：每秒推进的天数（默认尽快）"), 0,
     100000},
    {"ca", CLI_TEXT, OPTIONS_AT(ca), "FILE",
     LABEL("certificates to trust, of a server that signed its own", "信任的证书文件（服务器使用自签证书时）"), 0, 0},
    {"quiet", CLI_FLAG, OPTIONS_AT(quiet), "", LABEL("no text and no progress bar", "不输出文字和进度条"), 0, 0},
};
static const struct cli_usage options_usage = {
    .command = "replay",
    .operands = "LINELIST.csv [CONTACTS.csv]",
    .about =
        LABEL("Runs an outbreak, as a line list tells it, through a protocol, day by day: who had to do what by when,\n"
              "who was under which measure, the epidemic curve, the chains of transmission. docs/replay.md says more.",
              "将病例清单中的疫情按防控方案逐日推演：谁应在何时之前做什么、谁处于何种措施之下、\n"
              "流行曲线和传播链。详见 docs/replay.md。"),
    .options = options_table,
    .option_count = sizeof options_table / sizeof options_table[0],
    .operands_min = 1,
    .operands_max = 2,
};

// "--json" followed by no name of a JSON file means standard output.
static bool options_bare_json(const char *next)
{
    if (next == NULL || strcmp(next, "-") == 0) return next == NULL;
    size_t n = strlen(next);
    return strncmp(next, "--", 2) == 0 || n < 5 || strcmp(next + n - 5, ".json") != 0;
}

static bool options_words(struct cli *cli, struct replay_options *o)
{
    static const struct label encodings =
        LABEL("--encoding does not know \"%s\"; it takes utf-8, gb18030, windows-1252, "
              "utf-16le, utf-16be or latin-1",
              "--encoding 不认识“%s”；可用 utf-8、gb18030、windows-1252、utf-16le、utf-16be、latin-1");
    static const struct label orders =
        LABEL("--dates wants dmy or mdy, not \"%s\"", "--dates 应为 dmy 或 mdy，而不是“%s”");
    o->wanted_encoding = ENCODING_AUTO;
    o->wanted_order = DATE_ORDER_AUTO;
    if (o->encoding.n > 0 && !encoding_parse(o->encoding, &o->wanted_encoding)) {
        cli_say(cli, encodings.text[cli->language], o->encoding.p);
        return false;
    }
    if (o->dates.n > 0 && !date_order_parse(o->dates, &o->wanted_order)) {
        cli_say(cli, orders.text[cli->language], o->dates.p);
        return false;
    }
    return true;
}

bool replay_options_read(struct cli *cli, int argc, char **argv, struct replay_options *out, int *exit)
{
    char stdout_json[] = "--json=-";
    int operands = 0;
    *out = (struct replay_options){.until = {CIVIL_DAY_NONE}};
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--json") == 0 && options_bare_json(i + 1 < argc ? argv[i + 1] : NULL))
            argv[i] = stdout_json;
    if (!cli_options(cli, &options_usage, out, argc, argv, &operands, exit)) return false;
    if (str_eq_z(out->json, "-")) out->json = STR("-"); // not the text above, which is gone soon
    out->linelist = str_z(argv[1]);
    if (operands > 1) out->second = str_z(argv[2]);
    *exit = CLI_USAGE;
    return options_words(cli, out);
}
