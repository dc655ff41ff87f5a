#include "cli/rebuild.h"

#include "cli/data.h"
#include "intake/rebuild.h"

#include <inttypes.h>
#include <stdlib.h>

struct rebuild_given {
    struct cli_data data;
    struct str scratch;
    bool replace;
};

static const struct cli_option rebuild_option[] = {
    CLI_DATA_OPTIONS(offsetof(struct rebuild_given, data)),
    {"scratch", CLI_TEXT, offsetof(struct rebuild_given, scratch), "FILE",
     LABEL("file to work in, made and removed again (the database's name and .rebuild)",
           "临时文件，完成后删除（默认为数据库文件名加 .rebuild）"),
     0, 0},
    {"replace", CLI_FLAG, offsetof(struct rebuild_given, replace), "",
     LABEL("put what was made in the place of what is stored; the server must not run",
           "用重建结果替换现有数据；执行时服务器须停止"),
     0, 0},
};
static const struct cli_usage rebuild_usage = {
    .command = "rebuild",
    .operands = "",
    .about = LABEL("Makes all that is derived from the facts again -- people, places, enrolments, tasks, measures, "
                   "samples ... -- and compares it\n"
                   "with what is stored, column by column. Nothing is changed without --replace.",
                   "由记录重新推出全部派生数据（人员、场所、纳管、任务、措施、样本等），与现有数据逐列比对。不加 "
                   "--replace 时不作任何改动。"),
    .options = rebuild_option,
    .option_count = sizeof rebuild_option / sizeof rebuild_option[0],
};

static void rebuild_progress(void *payload, int64_t facts, int64_t all)
{
    const struct cli *cli = payload;
    if (!cli->err_terminal || all <= 0) return;
    (void)fprintf(cli->err, "\r%3" PRId64 " %%", facts * 100 / all);
    if (facts >= all) (void)fputs("\r     \r", cli->err);
    (void)fflush(cli->err);
}

static int rebuild_print(const struct cli *cli, const struct rebuild_report *r, bool replaced)
{
    static const struct label counted =
        LABEL("%" PRId64 " facts, %" PRId64 " of them given by the rules; %" PRId64 " derived rows compared\n",
              "共 %" PRId64 " 条记录，其中规则推出 %" PRId64 " 条；比对派生数据 %" PRId64 " 行\n");
    static const struct label equal = LABEL("all equal\n", "全部一致\n");
    static const struct label differ = LABEL("%" PRId64 " differences\n", "共 %" PRId64 " 处不一致\n");
    static const struct label put = LABEL("what was made has taken its place\n", "已用重建结果替换\n");
    struct arena arena = {0};
    (void)fprintf(cli->out, cli_text(cli, counted), r->facts, r->given, r->rows);
    for (int64_t i = 0; i < r->differences && i < REBUILD_SHOWN; i++) {
        const char *text = rebuild_text(&r->shown[i], cli->language, &arena);
        (void)fprintf(cli->out, "%s\n", text == NULL ? "?" : text);
    }
    arena_free(&arena);
    if (r->differences == 0) (void)fputs(cli_text(cli, equal), cli->out);
    else (void)fprintf(cli->out, cli_text(cli, differ), r->differences);
    if (replaced && r->differences > 0) (void)fputs(cli_text(cli, put), cli->out);
    return r->differences == 0 || replaced ? CLI_DONE : CLI_FAULT;
}

int cli_rebuild(struct cli *cli, int argc, char **argv)
{
    static const struct label needed = LABEL("--scratch is needed with a database of PostgreSQL: a file to work in",
                                             "使用 PostgreSQL 数据库时须用 --scratch 给出临时文件");
    static const struct label longer = LABEL("the name of the file to work in is too long", "临时文件名过长");
    struct rebuild_given o = {0};
    struct cli_data_paths paths;
    char scratch[CLI_PATH_MAX];
    struct err err = {0};
    int operands, result = CLI_DONE;
    if (!cli_options(cli, &rebuild_usage, &o, argc, argv, &operands, &result)) return result;
    if (!cli_data_find(cli, &o.data, &paths)) return CLI_USAGE;
    if (o.scratch.n == 0 && db_where_is_postgresql(paths.store)) {
        cli_say(cli, "%s", cli_text(cli, needed));
        return CLI_USAGE;
    }
    int n = o.scratch.n > 0 ? snprintf(scratch, sizeof scratch, "%.*s", STR_ARG(o.scratch))
                            : snprintf(scratch, sizeof scratch, "%s.rebuild", paths.store);
    if (n < 0 || (size_t)n >= sizeof scratch) {
        cli_say(cli, "%s", cli_text(cli, longer));
        return CLI_USAGE;
    }
    struct rebuild_report *report = calloc(1, sizeof *report);
    if (report == NULL) return cli_failed(cli, &(struct err){.code = TONG_E_NOMEM, .text = "no memory"});
    const struct rebuild_options options = {
        .where = paths.store, .vault = paths.vault, .scratch = scratch, .progress = rebuild_progress, .payload = cli};
    tong_code code = o.replace ? rebuild_replace(&options, report, &err) : rebuild_check(&options, report, &err);
    result = code == TONG_OK ? rebuild_print(cli, report, o.replace) : cli_failed(cli, &err);
    free(report);
    return result;
}
