#include "cli/replay_input.h"

#include "cli/files.h"
#include "exchange/csv.h"
#include "exchange/mapping_suggest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char *input_text(const struct cli *cli, struct label label)
{
    return label.text[cli->language];
}

// ---- which table ----

enum { GUESS_ROWS = 12 };

line_table replay_input_guess(const char *path, encoding wanted, const struct mapping *mapping)
{
    static const line_table tables[] = {LINE_TABLE_LINKS, LINE_TABLE_CONTACTS, LINE_TABLE_FOLLOWUPS, LINE_TABLE_LABS};
    struct encoding_stream *stream = NULL;
    struct encoding_guess guess;
    struct csv *csv = NULL;
    line_table best = LINE_TABLE_COUNT;
    int32_t most = 0;
    FILE *file = fopen(path, "rb");
    if (file == NULL) return best;
    struct bytes bytes = bytes_of_file(file);
    if (encoding_open(&bytes, wanted, &stream, &guess, NULL) != TONG_OK) goto out;
    if (guess.binary != BINARY_NOT || csv_open(stream, &guess, 0, &csv, NULL) != TONG_OK) goto out;
    for (int32_t row = 0; row < GUESS_ROWS; row++) { // captions may stand above the header
        struct csv_item item;
        struct str cells[LIMIT_COLUMNS];
        if (csv_next(csv, &item, NULL) != TONG_OK || item.event == CSV_END) break;
        if (item.event != CSV_ROW) continue;
        size_t count = item.count < LIMIT_COLUMNS ? item.count : LIMIT_COLUMNS;
        for (size_t i = 0; i < count; i++) cells[i] = item.cells[i].text;
        for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
            const struct mapping_table *mapped = mapping->table[tables[t]].present ? &mapping->table[tables[t]] : NULL;
            int32_t known = mapping_recognise(tables[t], mapped, cells, count);
            if (known > most) {
                most = known;
                best = tables[t];
            }
        }
    }
out:
    csv_close(csv);
    encoding_close(stream);
    (void)fclose(file);
    return best;
}

// A mapping that speaks of one of the two tables only says which the second file is.
static line_table input_second(const struct replay_options *o, const struct mapping *m)
{
    bool links = m->table[LINE_TABLE_LINKS].present, contacts = m->table[LINE_TABLE_CONTACTS].present;
    if (links != contacts) return links ? LINE_TABLE_LINKS : LINE_TABLE_CONTACTS;
    line_table guess = replay_input_guess(o->second.p, o->wanted_encoding, m);
    return guess == LINE_TABLE_COUNT ? LINE_TABLE_LINKS : guess;
}

// ---- telling ----

enum { TOLD_ERRORS = 100, TOLD_OTHERS = 5, TOLD_KINDS = 128 };

struct told { // of one kind of problem
    const struct message *message;
    size_t shown, hidden;
};

static struct told *input_told(struct told *kinds, size_t *count, const struct message *message)
{
    size_t i = 0;
    while (i < *count && kinds[i].message != message) i++;
    if (i == TOLD_KINDS) return &kinds[TOLD_KINDS - 1]; // more kinds than there are: counted with the last
    if (i == *count) kinds[(*count)++] = (struct told){.message = message};
    return &kinds[i];
}

// Every error as far as anybody reads them, a few of each kind of warning and note, and how many more there are of it.
static void input_tell(struct cli *cli, const struct problem_list *problems, const struct replay_options *o)
{
    static const struct label more = LABEL("%zu more like this [%s]; --json FILE.json lists them all",
                                           "同类问题另有 %zu 条 [%s]；--json FILE.json 可列出全部");
    static const struct label dropped =
        LABEL("%zu more problems are beyond what can be listed", "另有 %zu 条问题超出可列范围");
    struct told kinds[TOLD_KINDS];
    size_t count = 0;
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *p = &problems->items[i];
        bool error = p->message->severity == PROBLEM_ERROR;
        if (!error && o->quiet) continue;
        struct told *told = input_told(kinds, &count, p->message);
        if (told->shown < (error ? TOLD_ERRORS : TOLD_OTHERS)) {
            problem_print(p, cli->language, cli->err);
            told->shown++;
        } else {
            told->hidden++;
        }
    }
    for (size_t k = 0; k < count; k++)
        if (kinds[k].hidden > 0) cli_say(cli, input_text(cli, more), kinds[k].hidden, kinds[k].message->slug);
    if (problems->dropped > 0) cli_say(cli, input_text(cli, dropped), problems->dropped);
}

static int input_refused(struct cli *cli, const struct replay_options *o, tong_code code,
                         const struct problem_list *problems, const struct err *err)
{
    static const struct label rows =
        LABEL("nothing was run: %zu errors in the files. Correct them, or add --keep-good-rows to go "
              "on without those rows",
              "未推演：文件中有 %zu 处错误。请更正，或加上 --keep-good-rows 略过这些行");
    static const struct label whole = LABEL("nothing was run: a file as a whole cannot be used. See above what to do",
                                            "未推演：文件整体无法使用，处理办法见上");
    if (code == TONG_E_INVALID && problems->errors > 0 && o->keep_good_rows) cli_say(cli, "%s", input_text(cli, whole));
    else if (code == TONG_E_INVALID && problems->errors > 0) cli_say(cli, input_text(cli, rows), problems->errors);
    else cli_say(cli, "%s", err->text[0] == 0 ? err_slug(code) : err->text);
    return CLI_FAULT;
}

// ---- reading ----

// A mapping by path, or by the name of a shipped one (in mappings/, here or beside the protocols).
static void input_mapping_path(const struct cli *cli, const char *given, char out[CLI_PATH_MAX])
{
    static const char *const beside[] = {"mappings/%s.yaml", "%s/../mappings/%s.yaml"};
    FILE *file = fopen(given, "rb");
    (void)snprintf(out, CLI_PATH_MAX, "%s", given);
    for (size_t i = 0; file == NULL && strchr(given, '/') == NULL && i < sizeof beside / sizeof beside[0]; i++) {
        char path[CLI_PATH_MAX];
        if (i == 1 && cli->protocols[0] == 0) break;
        int n = i == 0 ? snprintf(path, sizeof path, beside[i], given)
                       : snprintf(path, sizeof path, beside[i], cli->protocols, given);
        if (n < 0 || (size_t)n >= sizeof path) continue;
        file = fopen(path, "rb");
        if (file != NULL) memcpy(out, path, (size_t)n + 1);
    }
    if (file != NULL) (void)fclose(file);
}

static bool input_readable(struct cli *cli, const char *path)
{
    static const struct label absent =
        LABEL("there is no file \"%s\": check the name and the folder", "找不到文件“%s”：请核对文件名和所在目录");
    static const struct label folder = LABEL("\"%s\" is a folder: name a file in it", "“%s”是目录：请指定其中的文件");
    static const struct label denied = LABEL("\"%s\" cannot be opened: %s", "无法打开“%s”：%s");
    struct stat st;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        cli_say(cli, input_text(cli, folder), path);
        return false;
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL && errno == ENOENT) cli_say(cli, input_text(cli, absent), path);
    else if (file == NULL)
        cli_say(cli, input_text(cli, denied), path, strerror(errno)); // NOLINT(concurrency-mt-unsafe)
    if (file == NULL) return false;
    (void)fclose(file);
    return true;
}

int replay_input_read(struct cli *cli, const struct replay_options *o, const struct zone *zone, struct arena *arena,
                      struct problem_list *problems, struct linelist *out)
{
    static const struct label twice =
        LABEL("%s was taken for the table \"%s\", which --%s names too: leave one of them out",
              "%s 识别为“%s”，而 --%s 也指定了该表：请去掉其中一个");
    struct err err = {0};
    struct mapping *mapping = arena_alloc(arena, sizeof *mapping);
    if (mapping == NULL) return CLI_FAULT;
    mapping_init(mapping);
    if (o->mapping.n > 0) {
        char path[CLI_PATH_MAX];
        input_mapping_path(cli, o->mapping.p, path);
        tong_code code = mapping_read_path(path, arena, problems, mapping, &err);
        if (code != TONG_OK) {
            input_tell(cli, problems, o);
            if (problems->errors == 0) cli_say(cli, "%s", err.text);
            return CLI_FAULT;
        }
    }
    if (mapping->zone[0] == 0) mapping->zone = zone->name;
    struct linelist_options list = {
        .mapping = mapping,
        .encoding = o->wanted_encoding,
        .order = o->wanted_order,
        .as_of = {CIVIL_DAY_NONE},
        .keep_good_rows = o->keep_good_rows,
    };
    list.file[LINE_TABLE_CASES].name = o->linelist.p;
    for (int32_t t = LINE_TABLE_LINKS; t < LINE_TABLE_COUNT; t++)
        if (o->file[t].n > 0) list.file[t].name = o->file[t].p;
    if (o->second.n > 0) {
        line_table second = input_second(o, mapping);
        if (list.file[second].name != NULL) {
            cli_say(cli, input_text(cli, twice), o->second.p, input_text(cli, line_table_words[second].label),
                    line_table_words[second].word);
            return CLI_USAGE;
        }
        list.file[second].name = o->second.p;
    }
    for (int32_t t = 0; t < LINE_TABLE_COUNT; t++)
        if (list.file[t].name != NULL && !input_readable(cli, list.file[t].name)) return CLI_FAULT;
    tong_code code = linelist_read(&list, arena, problems, out, &err);
    input_tell(cli, problems, o);
    return code == TONG_OK ? CLI_DONE : input_refused(cli, o, code, problems, &err);
}
