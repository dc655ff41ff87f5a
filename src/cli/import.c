#include "cli/import.h"

#include "cli/data.h"
#include "cli/files.h"
#include "exchange/import_job.h"
#include "store/db.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { IMPORT_TOLD_MAX = 200 }; // faults said on the screen; the file has them all

struct import_cli_options {
    struct cli_data data;
    bool dry, no_twins, suggest;
    struct str mapping, faults, table, source, zone, dates, protocol;
    int64_t account;
};
#define AT(member) offsetof(struct import_cli_options, member)
static const struct cli_option import_option[] = {
    CLI_DATA_OPTIONS(AT(data)),
    {"dry-run", CLI_FLAG, AT(dry), "", LABEL("check everything, record nothing", "只检查，不写入"), 0, 0},
    {"mapping", CLI_TEXT, AT(mapping), "FILE", LABEL("which column is which field", "列与字段的对应关系（映射文件）"),
     0, 0},
    {"suggest", CLI_FLAG, AT(suggest), "",
     LABEL("print the mapping that would be used, and end", "输出将采用的映射后结束"), 0, 0},
    {"faults", CLI_TEXT, AT(faults), "FILE",
     LABEL("write the faulty rows there, to be repaired (a folder, of several files)",
           "把有误的行写入此文件，以便改正后再导入（多个文件时为目录）"),
     0, 0},
    {"table", CLI_TEXT, AT(table), "NAME",
     LABEL("what a row is: people, cases, contacts ...", "一行是什么：people、cases、contacts 等"), 0, 0},
    {"source", CLI_TEXT, AT(source), "NAME", LABEL("under which the numbers of people are kept", "编号所属系统的名称"),
     0, 0},
    {"dates", CLI_TEXT, AT(dates), "dmy|mdy", LABEL("which comes first, day or month", "日期先日还是先月"), 0, 0},
    {"zone", CLI_TEXT, AT(zone), "NAME",
     LABEL("of days and times without one (that of the protocol)", "时区（默认取方案所在时区）"), 0, 0},
    {"protocol", CLI_TEXT, AT(protocol), "NAME",
     LABEL("put this protocol in force in a store that has none, to try things out",
           "数据库尚无方案时启用该方案（仅供试用）"),
     0, 0},
    {"account", CLI_INTEGER, AT(account), "N", LABEL("who imports, by number", "导入人的账号编号"), 0, 1e15},
    {"no-duplicates", CLI_FLAG, AT(no_twins), "", LABEL("do not look for probable duplicates", "不查找疑似重复"), 0, 0},
};
static const struct cli_usage import_usage = {
    .command = "import",
    .operands = "FORMAT PATH...",
    .about =
        LABEL("Reads lists of people, cases, contacts ... and records them, with the protocol running on every fact.\n"
              "FORMAT is tongzhou (what export writes), godata, sormas, simplereport or list; PATH a file, or "
              "Go.Data's folder.\n"
              "The same file again changes nothing. Every row is taken, there already, or faulty with the reason.",
              "读取人员、病例、密接等名单并登记，方案对每条记录同步推演。\n"
              "FORMAT 为 tongzhou（本系统导出）、godata、sormas、simplereport 或 list；PATH 为文件，或 Go.Data 目录。\n"
              "重复导入同一文件不会改变任何内容。每一行都有结果：已导入、已存在、或有误（附原因）。"),
    .options = import_option,
    .option_count = sizeof import_option / sizeof import_option[0],
    .operands_min = 2,
    .operands_max = IMPORT_FILES_MAX + 1,
};

struct import_run {
    struct cli *cli;
    const struct import_cli_options *o;
    struct import_job_options job;
    struct intake *in; // NULL in a dry run without a store
    struct db *db;
    struct vault *vault; // of a dry run
    struct arena arena;
    struct zone zone;
    struct import_mapping mapping;
    FILE *file[IMPORT_FILES_MAX];
    struct sink sink[IMPORT_FILES_MAX];
};

// ---- the writer ----

static tong_code import_intake(void *payload, const struct command *commands, size_t count, struct intake_outcome *out,
                               struct err *err)
{
    const struct import_run *r = payload;
    return intake_take(r->in, commands, count, out, err);
}

static tong_code import_call(void *payload, tong_code (*run)(struct db *db, void *what, struct err *err), void *what,
                             struct err *err)
{
    const struct import_run *r = payload;
    struct db *db = intake_db(r->in);
    tong_code code = db_begin(db, err);
    if (code == TONG_OK) code = run(db, what, err);
    if (code == TONG_OK) return db_commit(db, err);
    db_rollback(db);
    return code;
}

static bool import_shows(void *payload, const struct import_tally *t)
{
    const struct import_run *r = payload;
    if (!r->cli->err_terminal) return true;
    (void)fprintf(r->cli->err, "\r%" PRId64 " / %" PRId64 " ", t->done, t->total);
    (void)fflush(r->cli->err);
    return true;
}

static struct sink *import_faulty(void *payload, size_t file)
{
    struct import_run *r = payload;
    char path[CLI_PATH_MAX];
    const char *name = strrchr(r->job.import.file[file].source.name, '/');
    name = name == NULL ? r->job.import.file[file].source.name : name + 1;
    bool several = r->job.import.file_count > 1;
    int n = several ? snprintf(path, sizeof path, "%.*s/%s", STR_ARG(r->o->faults), name)
                    : snprintf(path, sizeof path, "%.*s", STR_ARG(r->o->faults));
    if (n < 0 || (size_t)n >= sizeof path) return NULL;
    if (several) (void)mkdir(r->o->faults.p, 0700);
    r->file[file] = fopen(path, "wb");
    if (r->file[file] == NULL) {
        cli_say(r->cli, "%s: %s", path, strerror(errno)); // NOLINT(concurrency-mt-unsafe)
        return NULL;
    }
    r->sink[file] = (struct sink){.file = r->file[file]};
    return &r->sink[file];
}

// ---- what to read ----

static void import_add(struct import_run *r, const char *path, import_table table)
{
    struct import_options *o = &r->job.import;
    if (o->file_count == IMPORT_FILES_MAX) return;
    o->file[o->file_count++] =
        (struct import_file){{path, path, {NULL, 0}}, table, r->o->mapping.n > 0 ? &r->mapping : NULL};
}

// The files of a folder whose names say what they are.
static bool import_folder(struct import_run *r, const char *path)
{
    static const struct label none =
        LABEL("%s has no file of cases, contacts, locations ...", "%s 中没有 cases、contacts、locations 等文件");
    DIR *folder = opendir(path);
    size_t before = r->job.import.file_count;
    if (folder == NULL) return false;
    for (const struct dirent *e = readdir(folder); e != NULL; e = readdir(folder)) { // NOLINT(concurrency-mt-unsafe)
        import_table table = import_godata_table(e->d_name);
        size_t n = strlen(e->d_name);
        if (table == IMPORT_TABLE_COUNT || n < 4 || strcmp(e->d_name + n - 4, ".csv") != 0) continue;
        const char *file = arena_printf(&r->arena, "%s/%s", path, e->d_name);
        if (file != NULL) import_add(r, file, table);
    }
    (void)closedir(folder);
    if (r->job.import.file_count > before) return true;
    cli_say(r->cli, cli_text(r->cli, none), path);
    return false;
}

static int import_files(struct import_run *r, int operands, char **argv)
{
    static const struct label format = LABEL("\"%s\" is no format: tongzhou, godata, sormas, simplereport or list",
                                             "“%s”不是可用的格式：tongzhou、godata、sormas、simplereport、list");
    static const struct label kind =
        LABEL("\"%s\" is no table: places, people, gatherings, cases, contacts, links, followups, labs, facts",
              "“%s”不是可用的表：places、people、gatherings、cases、contacts、links、followups、labs、facts");
    int32_t f = import_format_find(str_z(argv[1]));
    import_table table = IMPORT_TABLE_COUNT;
    if (f < 0) {
        cli_say(r->cli, cli_text(r->cli, format), argv[1]);
        return CLI_USAGE;
    }
    r->job.import.format = (import_format)f;
    for (int32_t t = 0; t < IMPORT_TABLE_COUNT; t++)
        if (str_eq_z(r->o->table, import_table_words[t].word)) table = (import_table)t;
    if (r->o->table.n > 0 && table == IMPORT_TABLE_COUNT) {
        cli_say(r->cli, cli_text(r->cli, kind), r->o->table.p);
        return CLI_USAGE;
    }
    for (int i = 2; i <= operands; i++) {
        struct stat s;
        if (stat(argv[i], &s) == 0 && S_ISDIR(s.st_mode)) {
            if (!import_folder(r, argv[i])) return CLI_FAULT;
        } else {
            import_add(r, argv[i], table);
        }
    }
    return CLI_DONE;
}

static int import_read_mapping(struct import_run *r)
{
    struct problem_list problems = {.arena = &r->arena};
    struct err err = {0};
    struct str text;
    date_order order = DATE_ORDER_AUTO;
    r->mapping = import_mapping_none();
    if (r->o->mapping.n > 0) {
        tong_code code = files_read(r->o->mapping.p, LIMIT_PROTOCOL_BYTES, r->cli->language, &r->arena, &text, &err);
        if (code == TONG_OK) code = import_mapping_read(text, r->o->mapping.p, &r->arena, &problems, &r->mapping, &err);
        problem_print_all(&problems, r->cli->language, r->cli->err);
        if (code != TONG_OK) return problems.count > 0 ? CLI_FAULT : cli_failed(r->cli, &err);
    }
    bool dated = r->o->dates.n > 0 && date_order_parse(r->o->dates, &order);
    if (dated) r->mapping.order = order;
    for (size_t i = 0; i < r->job.import.file_count && dated; i++) r->job.import.file[i].mapping = &r->mapping;
    return CLI_DONE;
}

// ---- telling ----

static void import_report(const struct import_run *r, const struct import_job_result *out)
{
    static const struct label counts =
        LABEL("%" PRId64 " rows read: %" PRId64 " taken, %" PRId64 " there already, %" PRId64 " faulty\n",
              "共读取 %" PRId64 " 行：已导入 %" PRId64 "，已存在 %" PRId64 "，有误 %" PRId64 "\n");
    static const struct label more =
        LABEL("%" PRId64 " people new, %" PRId64 " found again, %" PRId64 " facts, %" PRId64 " probable duplicates\n",
              "新增人员 %" PRId64 "，已有人员 %" PRId64 "，记录 %" PRId64 " 条，疑似重复 %" PRId64 " 对\n");
    static const struct label dry = LABEL("a dry run: nothing was recorded\n", "试运行：未写入任何内容\n");
    static const struct label left = LABEL("... and %zu more\n", "……另有 %zu 个\n");
    static const struct label number = LABEL("import %" PRId64 ": %s\n", "导入编号 %" PRId64 "：%s\n");
    const struct import_tally *t = &out->tally;
    const struct cli *cli = r->cli;
    for (size_t i = 0; i < out->fault_count && i < IMPORT_TOLD_MAX; i++) {
        const struct import_job_fault *f = &out->faults[i];
        const struct message message = {f->slug, (problem_severity)f->severity, f->text, f->remedy};
        const struct problem p = {
            .message = &message, .file = f->file, .line = f->line, .column = f->column, .path = f->field};
        problem_print(&p, cli->language, cli->err);
    }
    if (out->fault_count > IMPORT_TOLD_MAX)
        (void)fprintf(cli->err, cli_text(cli, left), out->fault_count - IMPORT_TOLD_MAX + (size_t)out->faults_dropped);
    (void)fprintf(cli->out, cli_text(cli, counts), t->rows, t->taken, t->same, t->faulty);
    (void)fprintf(cli->out, cli_text(cli, more), t->people_new, t->people_found, t->facts, t->duplicates);
    if (out->import != 0)
        (void)fprintf(cli->out, cli_text(cli, number), out->import,
                      cli_text(cli, import_state_words[out->state].label));
    else (void)fputs(cli_text(cli, dry), cli->out);
}

static int import_suggest(struct import_run *r)
{
    struct problem_list problems = {.arena = &r->arena};
    struct err err = {0};
    for (size_t i = 0; i < r->job.import.file_count; i++) {
        const struct import_file *f = &r->job.import.file[i];
        struct import_reader *reader = NULL;
        const struct import_reader_options how = {.source = f->source,
                                                  .table = f->table,
                                                  .mapping = f->mapping,
                                                  .zone = &r->zone,
                                                  .today = r->job.import.today,
                                                  .problems = &problems};
        tong_code code = import_reader_open(&how, &reader, &err);
        problem_print_all(&problems, r->cli->language, r->cli->err);
        problems.count = problems.errors = 0;
        if (code != TONG_OK) return cli_failed(r->cli, &err);
        struct sink out = {.file = r->cli->out};
        sink_printf(&out, "# %s\n", f->source.name);
        import_mapping_write(import_reader_mapping(reader), import_reader_fields(reader), import_reader_binding(reader),
                             &out);
        import_reader_close(reader);
    }
    return CLI_DONE;
}

// ---- the store ----

static int import_open(struct import_run *r)
{
    struct cli_data_paths paths;
    struct err err = {0};
    bool needed = !r->o->dry || r->o->data.store.n > 0;
    if (!needed) return CLI_DONE;
    if (!cli_data_find(r->cli, &r->o->data, &paths)) return CLI_USAGE;
    tong_code code;
    if (r->o->dry) {
        code = vault_open_read(paths.vault, &r->vault, &err);
    } else {
        const struct intake_options how = {.where = paths.store, .vault = paths.vault};
        code = intake_open(&how, &r->in, &err);
    }
    if (code == TONG_OK) code = db_open(paths.store, DB_READ, &r->db, &err);
    if (code != TONG_OK) return cli_failed(r->cli, &err);
    r->job.import.db = r->db;
    r->job.import.beside = true; // a reader of its own
    r->job.import.vault = r->o->dry ? r->vault : intake_vault(r->in);
    return CLI_DONE;
}

// A store to try things out in: otherwise an edition is put in force by two persons, through the server.
static int import_edition(struct import_run *r)
{
    static const struct label has =
        LABEL("a protocol is in force already: --protocol is passed over", "已有生效的方案，忽略 --protocol");
    char path[CLI_PATH_MAX];
    struct problem_list problems = {.arena = &r->arena};
    struct intake_outcome out = {.problems = &problems};
    struct err err = {0};
    struct str text[FILES_CHAIN_MAX];
    size_t count = 0;
    if (r->o->protocol.n == 0 || r->in == NULL) return CLI_DONE;
    if (intake_edition(r->in) >= 0) {
        cli_say(r->cli, "%s", cli_text(r->cli, has));
        return CLI_DONE;
    }
    (void)files_protocol_path(r->cli, r->o->protocol.p, path);
    tong_code code = files_protocol_chain(path, r->cli->language, &r->arena, text, &count, &err);
    const utc_sec now = {(int64_t)time(NULL)};
    struct command c;
    for (size_t i = 0; i < count && code == TONG_OK && out.code == TONG_OK; i++) {
        c = (struct command){.kind = COMMAND_EDITION_PROPOSE, .account = 1, .at = now, .text = text[i]};
        code = intake_take(r->in, &c, 1, &out, &err);
    }
    int64_t edition = out.made;
    for (int64_t account = 1; account <= 2 && code == TONG_OK && out.code == TONG_OK; account++) {
        c = (struct command){.kind = COMMAND_EDITION_SIGN, .account = account, .at = now, .about = edition};
        out = (struct intake_outcome){.problems = &problems};
        code = intake_take(r->in, &c, 1, &out, &err);
    }
    problem_print_all(&problems, r->cli->language, r->cli->err);
    if (code != TONG_OK) return cli_failed(r->cli, &err);
    return out.code == TONG_OK ? CLI_DONE : CLI_FAULT;
}

// The protocol in force says the zone, and what a positive result is.
static int import_protocol(struct import_run *r)
{
    struct err err = {0};
    struct line_facts_options facts = {.specimen = SPECIMEN_OROPHARYNGEAL, .test = TEST_PCR};
    int32_t edition = r->in == NULL ? -1 : intake_edition(r->in);
    zone_fixed(0, "UTC", &r->zone);
    if (edition >= 0) {
        const struct protocol *p = intake_book(r->in)->editions[edition];
        line_facts_positive(p, &facts);
        r->zone = p->zone;
    }
    r->job.import.specimen = facts.specimen;
    r->job.import.test = facts.test;
    r->job.import.zone = &r->zone;
    if (r->o->zone.n > 0 && zone_load(r->o->zone, &r->zone, &err) != TONG_OK) return cli_failed(r->cli, &err);
    return CLI_DONE;
}

static int import_go(struct import_run *r)
{
    struct import_job_result out;
    struct err err = {0};
    unsigned char random[UID_RANDOM];
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    r->job.import.now.s = (int64_t)now.tv_sec;
    r->job.import.today = zone_day(&r->zone, r->job.import.now);
    if (r->o->suggest) return import_suggest(r);
    vault_random(random, sizeof random);
    uid_make(r->job.import.now, (int32_t)(now.tv_nsec / 1000000), random, r->job.uid);
    r->job.import.account = r->o->account;
    r->job.import.source = r->o->source.n > 0 ? r->o->source.p : NULL;
    r->job.name = r->job.import.file[0].source.name;
    r->job.dry = r->o->dry;
    r->job.twins = !r->o->no_twins;
    r->job.host = (struct import_host){.take = import_intake,
                                       .call = import_call,
                                       .progress = import_shows,
                                       .faulty = r->o->faults.n > 0 ? import_faulty : NULL,
                                       .payload = r};
    tong_code code = import_job(&r->job, &r->arena, &out, &err);
    if (r->cli->err_terminal) (void)fputc('\r', r->cli->err);
    import_report(r, &out);
    for (size_t i = 0; i < IMPORT_FILES_MAX; i++) {
        if (r->file[i] == NULL) continue;
        bool good = sink_good(&r->sink[i]);
        if (fclose(r->file[i]) != 0 || !good)
            cli_say(r->cli, "%.*s: %s", STR_ARG(r->o->faults), strerror(errno)); // NOLINT(concurrency-mt-unsafe)
    }
    if (code != TONG_OK) return cli_failed(r->cli, &err);
    return out.state == IMPORT_DONE && out.tally.faulty == 0 ? CLI_DONE : CLI_FAULT;
}

int cli_import(struct cli *cli, int argc, char **argv)
{
    struct import_cli_options options = {0};
    int operands = 0, exit = CLI_DONE;
    if (!cli_options(cli, &import_usage, &options, argc, argv, &operands, &exit)) return exit;
    struct import_run *r = calloc(1, sizeof *r);
    if (r == NULL) return cli_failed(cli, &(struct err){.code = TONG_E_NOMEM, .text = "import"});
    r->cli = cli;
    r->o = &options;
    exit = import_files(r, operands, argv);
    if (exit == CLI_DONE) exit = import_read_mapping(r);
    if (exit == CLI_DONE) exit = import_open(r);
    if (exit == CLI_DONE) exit = import_edition(r);
    if (exit == CLI_DONE) exit = import_protocol(r);
    if (exit == CLI_DONE) exit = import_go(r);
    db_close(r->db);
    if (r->in != NULL) intake_close(r->in);
    vault_close(r->vault);
    arena_free(&r->arena);
    free(r);
    return exit;
}
