#include "cli/export.h"

#include "cli/book.h"
#include "cli/data.h"
#include "exchange/export.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

enum { EXPORT_PIECE = 256 * 1024 };

struct export_cli_options {
    struct cli_data data;
    bool json, mark, nameless, sourceless;
    struct str zone, dialect;
};
#define AT(member) offsetof(struct export_cli_options, member)
static const struct cli_option export_option[] = {
    CLI_DATA_OPTIONS(AT(data)),
    {"json", CLI_FLAG, AT(json), "", LABEL("one JSON object a line instead of CSV", "每行一个 JSON 对象，而非 CSV"), 0,
     0},
    {"bom", CLI_FLAG, AT(mark), "", LABEL("begin with a byte order mark, for Excel", "文件开头加 BOM（供 Excel 打开）"),
     0, 0},
    {"no-names", CLI_FLAG, AT(nameless), "", LABEL("leave out whatever tells who somebody is", "不含任何身份信息"), 0,
     0},
    {"no-sources", CLI_FLAG, AT(sourceless), "", LABEL("leave out who exposed whom", "不含传播关系中的对方"), 0, 0},
    {"zone", CLI_TEXT, AT(zone), "NAME",
     LABEL("of days in the lists of cases and contacts (that of the response)", "病例、密接名单中日期的时区（默认为系统所用时区）"), 0, 0},
    {"dialect", CLI_TEXT, AT(dialect), "NAME",
     LABEL("cases and contacts as another system writes them: godata, godata-labels, sormas",
           "病例、密接按其他系统的格式：godata、godata-labels、sormas"),
     0, 0},
};
static const struct cli_usage export_usage = {
    .command = "export",
    .operands = "KIND FILE",
    .about = LABEL(
        "Writes what the store holds: places, people, gatherings, facts, links, followups, tests, cases, contacts, "
        "samples,\n"
        "tasks; or `all`, into a folder. Places, people, gatherings and facts import again to the same.",
        "导出数据：places、people、gatherings、facts、links、followups、tests、cases、contacts、samples、tasks；\n"
        "all 表示全部导出到一个目录。places、people、gatherings、facts 可原样导回。"),
    .options = export_option,
    .option_count = sizeof export_option / sizeof export_option[0],
    .operands_min = 2,
    .operands_max = 2,
};

static int export_unwritten(const struct cli *cli, const char *path)
{
    cli_say(cli, "%s: %s", path, strerror(errno)); // NOLINT(concurrency-mt-unsafe)
    return CLI_FAULT;
}

static int export_file(const struct cli *cli, const struct export_options *o, const char *path)
{
    static const struct label said = LABEL("%s: %" PRId64 " rows", "%s：%" PRId64 " 行");
    bool standard = strcmp(path, "-") == 0, more = true, good = true;
    FILE *file = standard ? cli->out : fopen(path, "wb");
    struct export *e = NULL;
    struct err err = {0};
    struct sink piece = {0};
    if (file == NULL) return export_unwritten(cli, path);
    tong_code code = export_open(o, &e, &err);
    while (code == TONG_OK && more && good) {
        code = export_next(e, &piece, EXPORT_PIECE, &more, &err);
        struct str text = sink_kept(&piece);
        good = fwrite(text.p, 1, text.n, file) == text.n;
        piece.n = 0; // the buffer stays
    }
    int64_t rows = e == NULL ? 0 : export_rows(e);
    export_close(e);
    sink_close(&piece);
    if (!standard && fclose(file) != 0) good = false;
    if (code != TONG_OK) return cli_failed(cli, &err);
    if (!good) return export_unwritten(cli, path);
    if (!standard) cli_say(cli, cli_text(cli, said), path, rows);
    return CLI_DONE;
}

static int export_all(const struct cli *cli, struct export_options *o, const char *folder)
{
    (void)mkdir(folder, 0700);
    int exit = CLI_DONE;
    for (export_kind k = 0; k < EXPORT_KIND_COUNT && exit == CLI_DONE; k++) {
        char path[CLI_PATH_MAX];
        int n = snprintf(path, sizeof path, "%s/%s.%s", folder, export_kind_words[k].word,
                         o->form == EXPORT_CSV ? "csv" : "jsonl");
        if (n < 0 || (size_t)n >= sizeof path) return export_unwritten(cli, folder);
        o->kind = k;
        exit = export_file(cli, o, path);
    }
    return exit;
}

// What is to be written; false: said.
static bool export_what(const struct cli *cli, const struct export_cli_options *given, const char *name, bool *all,
                        struct export_options *o)
{
    static const struct label unknown = LABEL("there is no kind \"%s\" to export", "没有“%s”这种可导出的内容");
    static const struct label no_dialect = LABEL("--dialect takes godata, godata-labels or sormas, with cases or contacts as CSV",
                                                 "--dialect 可为 godata、godata-labels、sormas，仅用于以 CSV 导出病例或密接");
    int32_t kind = export_kind_find(str_z(name)), dialect = given->dialect.n == 0 ? DIALECT_OWN : export_dialect_find(given->dialect);
    *all = strcmp(name, "all") == 0;
    if (kind < 0 && !*all) {
        cli_say(cli, cli_text(cli, unknown), name);
        return false;
    }
    bool fits = dialect == DIALECT_OWN || (dialect > 0 && !*all && export_has_dialects((export_kind)kind) && !given->json);
    if (!fits) {
        cli_say(cli, "%s", cli_text(cli, no_dialect));
        return false;
    }
    *o = (struct export_options){.kind = *all ? EXPORT_PLACES : (export_kind)kind,
                                 .form = given->json ? EXPORT_JSON_LINES : EXPORT_CSV,
                                 .dialect = (export_dialect)dialect,
                                 .mark = given->mark,
                                 .sources = !given->sourceless,
                                 .class = given->nameless ? RECORD_INTERNAL : RECORD_IDENTITY};
    return true;
}

int cli_export(struct cli *cli, int argc, char **argv)
{
    struct export_cli_options options = {0};
    struct export_options o;
    struct cli_data_paths paths;
    struct err err = {0};
    struct zone zone;
    struct db *db = NULL;
    struct vault *vault = NULL;
    struct cli_book *book = NULL;
    bool all = false;
    int operands = 0, exit = CLI_DONE;
    if (!cli_options(cli, &export_usage, &options, argc, argv, &operands, &exit)) return exit;
    if (!export_what(cli, &options, argv[1], &all, &o) || !cli_data_find(cli, &options.data, &paths)) return CLI_USAGE;
    zone_fixed(0, "UTC", &zone);
    tong_code code = options.zone.n > 0 ? zone_load(options.zone, &zone, &err) : TONG_OK;
    if (code == TONG_OK) code = db_open(paths.store, DB_READ, &db, &err);
    if (code == TONG_OK && options.zone.n == 0) (void)cli_book_zone(db, &zone);
    if (code == TONG_OK) code = vault_open_read(paths.vault, &vault, &err);
    if (code == TONG_OK) code = cli_book_open(db, &book, &err);
    if (code == TONG_OK) {
        o.db = db;
        o.vault = vault;
        o.zone = &zone;
        o.book = cli_book_rules(book);
        exit = all ? export_all(cli, &o, argv[2]) : export_file(cli, &o, argv[2]);
    } else {
        exit = cli_failed(cli, &err);
    }
    cli_book_close(book);
    vault_close(vault);
    db_close(db);
    return exit;
}
