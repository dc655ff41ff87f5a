#include "cli/verify.h"

#include "base/json.h"
#include "cli/data.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

struct verify_options {
    struct cli_data data;
    struct str head;
    int64_t threads;
};

static const struct cli_option verify_option[] = {
    CLI_DATA_OPTIONS(offsetof(struct verify_options, data)),
    {"head", CLI_TEXT, offsetof(struct verify_options, head), "HEX",
     LABEL("a head printed earlier: is it still part of the chain?", "以前记下的链头：是否仍在链中"), 0, 0},
    {"threads", CLI_INTEGER, offsetof(struct verify_options, threads), "N",
     LABEL("how many threads (one a processor)", "线程数（默认每个处理器一个）"), 1, CHAIN_THREADS_MAX},
};
static const struct cli_usage verify_usage = {
    .command = "verify",
    .operands = "",
    .about = LABEL(
        "Walks the chain over all facts and checks every one against what was recorded. The server may run meanwhile.\n"
        "Write the head down somewhere else: --head then also shows that nothing was cut off at the end.",
        "遍历记录链，逐条核对记录与登记时是否一致；服务器可同时运行。\n"
        "请将链头另行保存：以后用 --head 核对，可发现链尾被截断。"),
    .options = verify_option,
    .option_count = sizeof verify_option / sizeof verify_option[0],
};

int verify_print(const struct cli *cli, const struct chain_report *r)
{
    static const struct label counted =
        LABEL("%" PRId64 " facts in %" PRId64 " transactions, %" PRId64 " of them erased\n",
              "共 %" PRId64 " 条记录、%" PRId64 " 次提交，其中已清除 %" PRId64 " 条\n");
    static const struct label bad = LABEL("fact %" PRId64 ": %s\n%" PRId64 " faults in all\n",
                                          "第 %" PRId64 " 条记录：%s\n共 %" PRId64 " 处异常\n");
    static const struct label head = LABEL("head: ", "链头：");
    (void)fprintf(cli->out, cli_text(cli, counted), r->facts, r->transactions, r->erased);
    (void)fputs(cli_text(cli, head), cli->out);
    for (size_t i = 0; i < CHAIN_HASH; i++) (void)fprintf(cli->out, "%02x", r->head[i]);
    (void)fputc('\n', cli->out);
    if (r->bad == 0) {
        (void)fprintf(cli->out, "%s\n", cli_text(cli, *chain_fault_label(CHAIN_GOOD)));
        return CLI_DONE;
    }
    (void)fprintf(cli->out, cli_text(cli, bad), r->first_bad, cli_text(cli, *chain_fault_label(r->fault)), r->bad);
    return CLI_FAULT;
}

static bool verify_hex(struct str text, unsigned char out[CHAIN_HASH])
{
    static const char digits[] = "0123456789abcdef";
    if (text.n != 2 * CHAIN_HASH) return false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i] >= 'A' && text.p[i] <= 'F' ? (char)(text.p[i] - 'A' + 'a') : text.p[i];
        const char *at = c == 0 ? NULL : strchr(digits, c);
        if (at == NULL) return false;
        out[i / 2] = (unsigned char)(i % 2 == 0 ? (at - digits) << 4 : out[i / 2] | (at - digits));
    }
    return true;
}

static int verify_head(const struct cli *cli, struct db *db, const unsigned char head[CHAIN_HASH])
{
    static const struct label there = LABEL("the head given is part of the chain, behind fact %" PRId64 " (%s)\n",
                                            "给出的链头仍在链中，位于第 %" PRId64 " 条记录之后（%s）\n");
    static const struct label missing =
        LABEL("the head given is not part of the chain: facts were cut off, or this is another database\n",
              "给出的链头不在链中：记录被截断，或数据库不是原来的那一个\n");
    struct err err = {0};
    char at[INSTANT_TEXT];
    int64_t fact = 0;
    utc_sec when = {0};
    tong_code code = db_ask(db, sql_chain_find, &DB_B(((struct str){(const char *)head, CHAIN_HASH})), 1, &err);
    if (code == TONG_OK && db_next(db, sql_chain_find)) {
        fact = db_int(db, sql_chain_find, 0, 0);
        when.s = db_int(db, sql_chain_find, 1, 0);
    }
    if (code == TONG_OK) code = db_done(db, sql_chain_find, &err);
    if (code != TONG_OK) return cli_failed(cli, &err);
    if (fact == 0) {
        (void)fputs(cli_text(cli, missing), cli->out);
        return CLI_FAULT;
    }
    json_instant_text(when, at);
    (void)fprintf(cli->out, cli_text(cli, there), fact, at);
    return CLI_DONE;
}

int cli_verify(struct cli *cli, int argc, char **argv)
{
    static const struct label no_head =
        LABEL("--head takes the 64 digits that verify printed", "--head 应为 verify 输出的 64 位十六进制数");
    struct verify_options o = {.threads = sysconf(_SC_NPROCESSORS_ONLN)};
    struct cli_data_paths paths;
    unsigned char head[CHAIN_HASH] = {0};
    struct err err = {0};
    struct db *db = NULL;
    struct vault *v = NULL;
    struct chain_report report = {0};
    int operands, result = CLI_DONE;
    if (!cli_options(cli, &verify_usage, &o, argc, argv, &operands, &result)) return result;
    if (!cli_data_find(cli, &o.data, &paths)) return CLI_USAGE;
    if (o.head.n > 0 && !verify_hex(o.head, head)) {
        cli_say(cli, "%s", cli_text(cli, no_head));
        return CLI_USAGE;
    }
    tong_code code = db_open(paths.store, DB_READ, &db, &err);
    if (code == TONG_OK) code = vault_open_read(paths.vault, &v, &err);
    if (code == TONG_OK) code = chain_verify_at(paths.store, v, (int32_t)o.threads, &report, &err);
    result = code == TONG_OK ? verify_print(cli, &report) : cli_failed(cli, &err);
    if (code == TONG_OK && o.head.n > 0) {
        int found = verify_head(cli, db, head);
        if (result == CLI_DONE) result = found;
    }
    vault_close(v);
    db_close(db);
    return result;
}
