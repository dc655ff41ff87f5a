#include "cli/erase.h"

#include "cli/data.h"
#include "service/erasures.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

struct erase_options {
    struct cli_data data;
    bool yes, again;
};

static const struct cli_option erase_option[] = {
    CLI_DATA_OPTIONS(offsetof(struct erase_options, data)),
    {"yes", CLI_FLAG, offsetof(struct erase_options, yes), "",
     LABEL("I mean it: this cannot be undone", "确认清除：此操作无法撤销"), 0, 0},
    {"again", CLI_FLAG, offsetof(struct erase_options, again), "",
     LABEL("finish erasures that were interrupted, or that a restored backup brought back",
           "补做中断的清除，以及由恢复旧备份带回的清除"),
     0, 0},
};
static const struct cli_usage erase_usage = {
    .command = "erase",
    .operands = "UID",
    .about = LABEL("Erases a person: the key of all that was said about them is destroyed, here and in the known "
                   "copies of the vault, and\n"
                   "every row about them is deleted or blanked. The server must not run; while it does, POST\n"
                   "/api/v1/people/UID/erasure does the same, confirmed by a second person.",
                   "清除一个人的全部信息：销毁其密钥（包括已知的密钥库副本），并删除或抹去与其有关的所有数据。\n"
                   "执行时服务器须停止；运行中可用 POST /api/v1/people/标识/erasure，由第二人确认后执行。"),
    .options = erase_option,
    .option_count = sizeof erase_option / sizeof erase_option[0],
    .operands_min = 0,
    .operands_max = 1,
};

static void erase_print(const struct cli *cli, const struct erase_report *r)
{
    static const struct label records = LABEL("records of the person", "人员档案");
    static const struct label facts = LABEL("rows of the chain blanked", "抹去的链上记录");
    static const struct label derived =
        LABEL("enrolments, tasks, measures, samples, objections ... deleted", "删除的纳管、任务、措施、样本、异议等");
    static const struct label messages = LABEL("messages deleted", "删除的消息");
    static const struct label looks = LABEL("notes of who looked deleted", "删除的查阅痕迹");
    static const struct label numbers = LABEL("numbers of outside systems deleted", "删除的外部系统编号");
    static const struct label pairs = LABEL("possible duplicates deleted", "删除的疑似重复");
    static const struct label faults = LABEL("faults of imports deleted", "删除的导入错误");
    static const struct label held = LABEL("requests waiting for a second person dropped", "撤下的待第二人确认的请求");
    static const struct label accounts = LABEL("accounts of the person closed and emptied", "关闭并清空的本人账号");
    static const struct label copies =
        LABEL("copies of the vault in which the key was destroyed", "已销毁密钥的密钥库副本");
    const struct {
        const struct label *label;
        int64_t count;
    } lines[] = {{&records, r->people},    {&facts, r->facts},          {&derived, r->derived},
                 {&messages, r->messages}, {&looks, r->looks},          {&numbers, r->outside_ids},
                 {&pairs, r->duplicates},  {&faults, r->import_faults}, {&held, r->held},
                 {&accounts, r->accounts}, {&copies, r->copies}};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        (void)fprintf(cli->out, "%8" PRId64 "  %s\n", lines[i].count, cli_text(cli, *lines[i].label));
}

// What a program cannot reach is said, every time.
static int erase_rest(const struct cli *cli, const struct erase_report *r, bool postgresql)
{
    static const struct label missed =
        LABEL("NOT REACHED: copies of the vault in these folders still hold the key; destroy them, or erase again when "
              "they are there:\n",
              "未能处理：下列目录中的密钥库副本仍含该密钥，请销毁这些副本，或在其可访问时重新执行清除：\n");
    static const struct label scrub = LABEL("NOT YET: the database could not be scrubbed: %s. Run erase again.\n",
                                            "尚未完成：数据库残留未能清理：%s。请重新执行清除。\n");
    static const struct label notes =
        LABEL("Out of reach, to be looked through by hand: notes written about other people, files exported earlier, "
              "paper.\n",
              "程序无法处理、须人工检查的内容：写在他人记录中的备注、此前导出的文件、纸质材料。\n");
    static const struct label wal = LABEL(
        "PostgreSQL: texts are unreadable everywhere; dates of the person stay in old row versions until VACUUM FULL, "
        "and in an archive of\n"
        "the write-ahead log until it is deleted: take a new base backup and delete the older archive.\n",
        "PostgreSQL：文字内容已在各处失效；日期等残留在旧行版本中直至 VACUUM FULL，在预写日志归档中直至归档删除：\n"
        "请重新制作基础备份并删除更早的归档。\n");
    if (r->missed.n > 0) (void)fprintf(cli->out, "%s%.*s", cli_text(cli, missed), STR_ARG(r->missed));
    if (!r->scrubbed) (void)fprintf(cli->out, cli_text(cli, scrub), r->scrub_fault);
    if (postgresql) (void)fputs(cli_text(cli, wal), cli->out);
    (void)fputs(cli_text(cli, notes), cli->out);
    return r->missed.n > 0 || !r->scrubbed ? CLI_FAULT : CLI_DONE;
}

static int erase_do(const struct cli *cli, struct intake *in, const struct erase_options *o,
                    const unsigned char uid[UID_BYTES])
{
    static const struct label nobody = LABEL("there is no person with this identifier", "没有该标识的人员");
    static const struct label again = LABEL("%" PRId64 " people erased again\n", "重新清除 %" PRId64 " 人\n");
    struct arena arena = {0};
    struct err err = {0};
    struct erase_report report = {0};
    int64_t person = 0;
    utc_sec now = {(int64_t)time(NULL)};
    int result = CLI_DONE;
    tong_code code;
    if (o->again) {
        code = erase_again(in, now, &arena, &person, &err);
        if (code == TONG_OK) (void)fprintf(cli->out, cli_text(cli, again), person);
        else result = cli_failed(cli, &err);
        arena_free(&arena);
        return result;
    }
    code = erase_find(erase_db(in), uid, &person, &err);
    if (code == TONG_OK && person == 0) {
        cli_say(cli, "%s", cli_text(cli, nobody));
        return CLI_FAULT;
    }
    if (code == TONG_OK) code = erase_person(in, person, 0, now, &arena, &report, &err);
    if (code == TONG_OK) code = erasure_audit(erase_db(in), now, 0, 0, ERASURE_COMMAND_LINE, &report, &err);
    if (code == TONG_OK) {
        erase_print(cli, &report);
        result = erase_rest(cli, &report, db_is_postgresql(erase_db(in)));
    } else {
        result = cli_failed(cli, &err);
    }
    arena_free(&arena);
    return result;
}

int cli_erase(struct cli *cli, int argc, char **argv)
{
    static const struct label no_uid =
        LABEL("name the person by their identifier (36 characters)", "请给出人员标识（36 个字符）");
    static const struct label sure = LABEL("this cannot be undone: say --yes", "此操作无法撤销，请加 --yes 确认");
    struct erase_options o = {0};
    struct cli_data_paths paths;
    unsigned char uid[UID_BYTES] = {0};
    struct err err = {0};
    struct intake *in = NULL;
    int operands, result = CLI_DONE;
    if (!cli_options(cli, &erase_usage, &o, argc, argv, &operands, &result)) return result;
    if (!o.again && (operands != 1 || !uid_parse(str_z(argv[1]), uid))) {
        cli_say(cli, "%s", cli_text(cli, no_uid));
        return CLI_USAGE;
    }
    if (!o.yes) {
        cli_say(cli, "%s", cli_text(cli, sure));
        return CLI_USAGE;
    }
    if (!cli_data_find(cli, &o.data, &paths)) return CLI_USAGE;
    const struct intake_options options = {.where = paths.store, .vault = paths.vault};
    if (intake_open(&options, &in, &err) != TONG_OK) return cli_failed(cli, &err);
    result = erase_do(cli, in, &o, uid);
    intake_close(in);
    return result;
}
