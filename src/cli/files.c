#include "cli/files.h"

#include "protocol/check.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

// ---- one file ----

static tong_code files_refuse(struct err *err, tong_code code, lang language, struct label text, const char *path)
{
    struct err said = {.code = code};
    (void)snprintf(said.text, sizeof said.text, text.text[language], path);
    return tong_fail(err, code, "%s", said.text);
}

static tong_code files_closed(const char *path, lang language, struct err *err)
{
    static const struct label absent = LABEL("there is no file \"%.150s\": check the name and the folder",
                                             "找不到文件“%.150s”：请核对文件名和所在目录");
    static const struct label denied = LABEL("you may not read \"%.150s\": ask its owner for the right to",
                                             "没有权限读取“%.150s”：请向文件所有者申请读取权限");
    static const struct label other = LABEL("\"%.150s\" cannot be read: the disk or the network drive may be at fault",
                                            "无法读取“%.150s”：请检查磁盘或网络盘");
    if (errno == ENOENT || errno == ENOTDIR) return files_refuse(err, TONG_E_NOT_FOUND, language, absent, path);
    return files_refuse(err, TONG_E_IO, language, errno == EACCES ? denied : other, path);
}

tong_code files_read(const char *path, int64_t bytes_max, lang language, struct arena *arena, struct str *out,
                     struct err *err)
{
    static const struct label folder =
        LABEL("\"%.150s\" is a folder: name a file in it", "“%.150s”是目录：请指定其中的文件");
    static const struct label large = LABEL("\"%.150s\" is larger than this kind of file may be: is it the right file?",
                                            "“%.150s”超出此类文件允许的大小：请确认文件是否正确");
    static const struct label memory = LABEL("not enough memory to read \"%.150s\": close other programs and try again",
                                             "内存不足，无法读取“%.150s”：请关闭其他程序后重试");
    assert(bytes_max > 0);
    FILE *f = fopen(path, "rb");
    if (f == NULL) return files_closed(path, language, err);
    struct stat st;
    tong_code code = TONG_OK;
    char *text = NULL;
    size_t n = 0, cap = 0;
    if (fstat(fileno(f), &st) != 0) code = files_closed(path, language, err);
    else if (S_ISDIR(st.st_mode)) code = files_refuse(err, TONG_E_IO, language, folder, path);
    else if (S_ISREG(st.st_mode) && st.st_size > bytes_max)
        code = files_refuse(err, TONG_E_LIMIT, language, large, path);
    // A pipe has no size to ask for, and a file may grow while it is read: both are read until they end.
    while (code == TONG_OK) {
        char *grown = arena_grow(arena, text, n, &cap, 1);
        if (grown == NULL) {
            code = files_refuse(err, TONG_E_NOMEM, language, memory, path);
            break;
        }
        text = grown;
        size_t got = fread(text + n, 1, cap - n, f);
        n += got;
        if (n > (size_t)bytes_max) code = files_refuse(err, TONG_E_LIMIT, language, large, path);
        else if (got == 0 && ferror(f) != 0) code = files_closed(path, language, err);
        else if (got == 0) break;
    }
    (void)fclose(f);
    if (code != TONG_OK) return code;
    assert(text != NULL);
    text[n] = 0; // arena_grow left room for one more
    *out = (struct str){text, n};
    return TONG_OK;
}

static tong_code files_open_protocol(void *payload, const char *path, struct arena *arena, struct str *out,
                                     struct err *err)
{
    const struct cli *cli = payload;
    return files_read(path, LIMIT_PROTOCOL_BYTES, cli->language, arena, out, err);
}

struct protocol_source files_protocol_source(struct cli *cli)
{
    return (struct protocol_source){.open = files_open_protocol, .payload = cli};
}

// ---- which file ----

static bool files_is_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

static bool files_ends(const char *name, const char *tail)
{
    size_t n = strlen(name), t = strlen(tail);
    return n > t && strcmp(name + n - t, tail) == 0;
}

bool files_protocol_path(const struct cli *cli, const char *given, char out[CLI_PATH_MAX])
{
    const char *const folders[] = {"protocols", cli->protocols};
    (void)snprintf(out, CLI_PATH_MAX, "%s", given);
    if (files_is_file(given)) return true;
    if (strchr(given, '/') != NULL) return false;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char path[CLI_PATH_MAX];
        if (folders[i][0] == 0) continue;
        int n = snprintf(path, sizeof path, "%s/%s%s", folders[i], given, files_ends(given, ".yaml") ? "" : ".yaml");
        if (n < 0 || (size_t)n >= sizeof path || !files_is_file(path)) continue;
        memcpy(out, path, (size_t)n + 1);
        return true;
    }
    return false;
}

// The shipped protocol whose name is nearest to what was typed, or "".
static void files_nearest_protocol(const struct cli *cli, const char *given, char *out, size_t out_size)
{
    enum { NAMES = 200, NAME_BYTES = 100 };
    char names[NAMES][NAME_BYTES];
    const char *list[NAMES];
    size_t count = 0;
    out[0] = 0;
    DIR *folder = cli->protocols[0] == 0 ? NULL : opendir(cli->protocols);
    if (folder == NULL) return;
    for (struct dirent *entry; count < NAMES && (entry = readdir(folder)) != NULL;) { // NOLINT(concurrency-mt-unsafe)
        size_t n = strlen(entry->d_name);
        if (!files_ends(entry->d_name, ".yaml") || files_ends(entry->d_name, ".tests.yaml") || n >= NAME_BYTES)
            continue;
        n -= strlen(".yaml");
        memcpy(names[count], entry->d_name, n);
        names[count][n] = 0;
        list[count] = names[count];
        count++;
    }
    (void)closedir(folder);
    struct str asked = str_z(given);
    if (files_ends(given, ".yaml")) asked.n -= strlen(".yaml");
    const char *best = cli_nearest(asked, list, count);
    if (best != NULL) (void)snprintf(out, out_size, "%s", best);
}

static void files_say_absent(const struct cli *cli, const char *given)
{
    static const struct label plain =
        LABEL("there is no protocol \"%s\": give the path of a .yaml file, or the name of a "
              "shipped one (they are in %s)",
              "找不到防控方案“%s”：请给出 .yaml 文件路径，或随软件提供的方案名称（位于 %s）");
    static const struct label near =
        LABEL("there is no protocol \"%s\"; did you mean \"%s\"?", "找不到防控方案“%s”；是否想输入“%s”？");
    char best[100];
    files_nearest_protocol(cli, given, best, sizeof best);
    if (best[0] != 0) cli_say(cli, near.text[cli->language], given, best);
    else cli_say(cli, plain.text[cli->language], given, cli->protocols[0] == 0 ? "protocols/" : cli->protocols);
}

// ---- reading ----

tong_code files_protocol_into(struct cli *cli, const char *given, struct protocol *out, struct problem_list *problems)
{
    char path[CLI_PATH_MAX];
    if (!files_protocol_path(cli, given, path) && strchr(given, '/') == NULL) {
        files_say_absent(cli, given);
        return TONG_E_NOT_FOUND;
    }
    struct protocol_source source = files_protocol_source(cli);
    struct err err = {0};
    size_t before = problems->errors;
    struct protocol read;
    tong_code code = protocol_read(path, &source, &read, problems, &err);
    if (code != TONG_OK) {
        if (problems->errors == before) cli_say(cli, "%s", err.text);
        return code;
    }
    if (protocol_check(&read, problems) > 0) {
        protocol_free(&read);
        return TONG_E_INVALID;
    }
    *out = read;
    return TONG_OK;
}

tong_code files_protocol(struct cli *cli, const char *given, struct protocol *out)
{
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    tong_code code = files_protocol_into(cli, given, out, &problems);
    for (size_t i = 0; i < problems.count; i++)
        if (problems.items[i].message->severity == PROBLEM_ERROR)
            problem_print(&problems.items[i], cli->language, cli->err);
    arena_free(&arena);
    return code;
}

// The value of `extends:`, which stands at the top level of the file; empty when there is none.
static struct str files_extends(struct str text)
{
    static const char key[] = "extends:";
    struct str line;
    while (str_cut(&text, '\n', &line)) {
        if (!str_starts(line, key)) continue;
        struct str value = {line.p + sizeof key - 1, line.n - (sizeof key - 1)};
        const char *comment = memchr(value.p, '#', value.n);
        if (comment != NULL) value.n = (size_t)(comment - value.p);
        value = str_trim(value);
        bool quoted = value.n >= 2 && (value.p[0] == '"' || value.p[0] == '\'') && value.p[value.n - 1] == value.p[0];
        return quoted ? (struct str){value.p + 1, value.n - 2} : value;
    }
    return (struct str){"", 0};
}

tong_code files_protocol_chain(const char *path, lang language, struct arena *arena, struct str texts[FILES_CHAIN_MAX],
                               size_t *count, struct err *err)
{
    char at[CLI_PATH_MAX], next[CLI_PATH_MAX];
    struct str found[FILES_CHAIN_MAX];
    size_t n = 0;
    int length = snprintf(at, sizeof at, "%s", path);
    while (length > 0 && (size_t)length < sizeof at) {
        if (n == FILES_CHAIN_MAX) return tong_fail(err, TONG_E_LIMIT, "%s: too many files extend each other", path);
        tong_code code = files_read(at, LIMIT_PROTOCOL_BYTES, language, arena, &found[n], err);
        if (code != TONG_OK) return code;
        struct str base = files_extends(found[n++]);
        if (base.n == 0) break;
        const char *slash = strrchr(at, '/');
        int folder = slash == NULL || base.p[0] == '/' ? 0 : (int)(slash + 1 - at);
        length = snprintf(next, sizeof next, "%.*s%.*s", folder, at, STR_ARG(base));
        memcpy(at, next, sizeof at);
    }
    for (size_t i = 0; i < n; i++) texts[i] = found[n - 1 - i];
    *count = n;
    return TONG_OK;
}
