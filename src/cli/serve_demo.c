#include "cli/serve_demo.h"

#include "cli/files.h"
#include "exchange/import_job.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool serve_demo_leave(const struct cli *cli, struct str given, role_word *out)
{
    static const struct label unknown = LABEL("--leave does not know the role \"%.*s\"%s%s", "--leave 不认识角色“%.*s”%s%s");
    static const struct label near = LABEL("; did you mean ", "；是否想输入 ");
    *out = ROLE_WORD_COUNT;
    if (given.n == 0) return true;
    int32_t role = words_find(WORDS_ROLE, given);
    const char *other = words_near(WORDS_ROLE, given);
    if (role < 0)
        cli_say(cli, unknown.text[cli->language], STR_ARG(given), other == NULL ? "" : near.text[cli->language],
                other == NULL ? "" : other);
    else *out = (role_word)role;
    return role >= 0;
}

static bool serve_demo_place(const struct cli *cli, struct str store, struct serve_demo *out)
{
    static const struct label taken =
        LABEL("a demonstration wants a store of its own: %s is there already; choose another, or leave --store out",
              "演示需要全新的数据库：%s 已存在；请另选一个，或不写 --store");
    static const struct label refused = LABEL("no folder for the demonstration can be made in %s", "无法在 %s 中创建演示目录");
    struct stat st;
    if (store.n > 0) {
        (void)snprintf(out->store, sizeof out->store, "%.*s", STR_ARG(store));
        if (db_where_is_postgresql(out->store) || stat(out->store, &st) != 0) return true;
        cli_say(cli, taken.text[cli->language], out->store);
        return false;
    }
    const char *in = getenv("TMPDIR"); // NOLINT(concurrency-mt-unsafe): the program has one thread here
    if (in == NULL || in[0] == 0) in = "/tmp";
    (void)snprintf(out->folder, sizeof out->folder, "%.*s/tongzhou-demo-XXXXXX", CLI_PATH_MAX - 64, in);
    out->own = mkdtemp(out->folder) != NULL;
    (void)snprintf(out->store, sizeof out->store, "%.*s/demo.db", CLI_PATH_MAX - 32, out->folder);
    if (!out->own) cli_say(cli, refused.text[cli->language], in);
    return out->own;
}

// What a protocol's file says it extends, without ".yaml"; empty when it stands by itself.
static struct str serve_demo_extends(struct str text)
{
    struct str line;
    while (str_cut(&text, '\n', &line)) {
        if (!str_starts(line, "extends:")) continue;
        struct str name = str_trim((struct str){line.p + 8, line.n - 8});
        if (name.n > 5 && str_eq_z((struct str){name.p + name.n - 5, 5}, ".yaml")) name.n -= 5;
        return name;
    }
    return (struct str){NULL, 0};
}

// The protocol, and the texts that stand behind it: the one that extends nothing comes first.
static tong_code serve_demo_protocol(struct cli *cli, struct str given, struct serve_demo *out)
{
    char name[CLI_PATH_MAX], path[CLI_PATH_MAX];
    struct err err = {0};
    struct str next = given.n > 0 ? given : STR("covid19-cn-9");
    (void)snprintf(name, sizeof name, "%.*s", STR_ARG(next));
    tong_code code = files_protocol(cli, name, &out->protocol);
    if (code != TONG_OK) return code;
    out->options.protocol = &out->protocol;
    size_t first = DEMO_TEXTS_MAX;
    while (code == TONG_OK && next.n > 0 && first > 0) {
        (void)snprintf(name, sizeof name, "%.*s", STR_ARG(next));
        (void)files_protocol_path(cli, name, path);
        code = files_read(path, LIMIT_PROTOCOL_BYTES, cli->language, &out->arena, &out->options.texts[--first], &err);
        next = serve_demo_extends(out->options.texts[first]);
    }
    if (code != TONG_OK) cli_say(cli, "%s", err.text);
    out->options.text_count = DEMO_TEXTS_MAX - first;
    memmove(out->options.texts, out->options.texts + first, out->options.text_count * sizeof out->options.texts[0]);
    return code;
}

// ---- a real outbreak ----

static bool serve_demo_file(struct serve_demo *out, const char *path, import_table table)
{
    struct demo_real_options *real = &out->options.real;
    if (path == NULL || real->file_count == IMPORT_FILES_MAX) return false;
    real->file[real->file_count++] = (struct import_file){{path, path, {NULL, 0}}, table, NULL};
    return true;
}

static bool serve_demo_folder(struct serve_demo *out, const char *path)
{
    DIR *folder = opendir(path);
    bool good = folder != NULL;
    for (const struct dirent *e = good ? readdir(folder) : NULL; e != NULL && good; e = readdir(folder)) { // NOLINT(concurrency-mt-unsafe)
        import_table table = import_godata_table(e->d_name);
        size_t n = strlen(e->d_name);
        if (table == IMPORT_TABLE_COUNT || n < 4 || strcmp(e->d_name + n - 4, ".csv") != 0) continue;
        good = serve_demo_file(out, arena_printf(&out->arena, "%s/%s", path, e->d_name), table);
    }
    if (folder != NULL) (void)closedir(folder);
    out->options.real.format = IMPORT_GODATA;
    return good && out->options.real.file_count > 0;
}

static bool serve_demo_list(struct cli *cli, struct serve_demo *out, const char *path, struct str mapping)
{
    char name[CLI_PATH_MAX];
    struct problem_list problems = {.arena = &out->arena};
    struct str text;
    struct err err = {0};
    out->options.real.format = IMPORT_LIST;
    if (!serve_demo_file(out, path, IMPORT_TABLE_COUNT)) return false;
    if (mapping.n == 0) return true;
    (void)snprintf(name, sizeof name, "%.*s", STR_ARG(mapping));
    tong_code code = files_read(name, LIMIT_PROTOCOL_BYTES, cli->language, &out->arena, &text, &err);
    if (code == TONG_OK) code = import_mapping_read(text, name, &out->arena, &problems, &out->mapping, &err);
    if (code != TONG_OK) cli_say(cli, "%s", err.text[0] == 0 ? name : err.text);
    out->options.real.file[0].mapping = &out->mapping;
    out->options.real.file[0].table = out->mapping.table;
    return code == TONG_OK;
}

static tong_code serve_demo_real(struct cli *cli, const struct serve_demo_given *given, struct serve_demo *out)
{
    static const struct label day =
        LABEL("--at wants a day like 2015-06-17, not \"%.*s\"", "--at 应为日期，例如 2015-06-17，而不是“%.*s”");
    static const struct label unreadable = LABEL("no lists can be read from %s", "无法从 %s 读取名单");
    civil_day at;
    struct stat st;
    if (given->real.n == 0) return TONG_OK;
    if (!civil_parse(given->real_at, &at)) {
        cli_say(cli, day.text[cli->language], STR_ARG(given->real_at));
        return TONG_E_INVALID;
    }
    out->options.real.at = (utc_sec){zone_midnight(&out->protocol.zone, at).s + 9 * 3600}; // in the morning
    const char *path = arena_printf(&out->arena, "%.*s", STR_ARG(given->real));
    bool folder = path != NULL && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    bool good = path != NULL && (folder ? serve_demo_folder(out, path) : serve_demo_list(cli, out, path, given->mapping));
    if (!good) cli_say(cli, unreadable.text[cli->language], path == NULL ? "" : path);
    return good ? TONG_OK : TONG_E_INVALID;
}

tong_code serve_demo_prepare(struct cli *cli, const struct serve_demo_given *given, struct str store, struct str protocol,
                             struct serve_demo *out)
{
    struct err err = {0};
    memset(out, 0, sizeof *out);
    struct district_options district = district_options_default();
    district.seed = (uint64_t)given->seed;
    district.people = (int32_t)given->people;
    district.cases = (int32_t)(given->cases > 0 ? given->cases : given->people / 200);
    if (district_options_check(&district, &err) != TONG_OK) {
        cli_say(cli, "%s", err.text);
        return TONG_E_INVALID;
    }
    out->options.district = district;
    out->options.speed = given->speed;
    if (!serve_demo_leave(cli, given->leave, &out->options.leave)) return TONG_E_INVALID;
    tong_code code = serve_demo_protocol(cli, protocol, out);
    if (code == TONG_OK) code = serve_demo_real(cli, given, out);
    if (code != TONG_OK) return code;
    return serve_demo_place(cli, store, out) ? TONG_OK : TONG_E_INVALID;
}

tong_code serve_demo_begin(struct cli *cli, struct service *s, const struct serve_demo *demo)
{
    static const struct label made =
        LABEL("a demonstration: %lld people and %lld places of a district that does not exist, %lld records, %lld accounts, made "
              "in %.1f s in %s",
              "演示数据：一个虚构区的 %lld 名居民、%lld 处场所、%lld 条记录、%lld 个账号，%.1f 秒生成，位于 %s");
    static const struct label enter =
        LABEL("the password of every account is %s; the logins are listed at /api/v1/demo, where the clock can also be paused",
              "所有账号的密码均为 %s；登录名见 /api/v1/demo，演示时钟也可在该处暂停");
    static const struct label real = LABEL("a real outbreak: %lld rows read, %lld taken, %lld there already, %lld faulty; %lld people, "
                                           "%lld facts; %lld accounts, made in %.1f s in %s",
                                           "真实疫情：读取 %lld 行，导入 %lld 行，已存在 %lld 行，有误 %lld 行；%lld 人，%lld 条记录；"
                                           "%lld 个账号，%.1f 秒完成，位于 %s");
    struct demo_started started;
    struct err err = {0};
    tong_code code = demo_start(s, &demo->options, &started, &err);
    if (code != TONG_OK) {
        cli_say(cli, "%s", err.text);
        return code;
    }
    const struct import_tally *t = &started.read;
    if (demo->options.real.at.s != 0)
        cli_say(cli, real.text[cli->language], (long long)t->rows, (long long)t->taken, (long long)t->same, (long long)t->faulty,
                (long long)t->people_new, (long long)t->facts, (long long)started.accounts, started.seconds, demo->store);
    else
        cli_say(cli, made.text[cli->language], (long long)started.counts.people, (long long)started.counts.places,
            (long long)(started.counts.facts + started.counts.orders), (long long)started.accounts, started.seconds, demo->store);
    cli_say(cli, enter.text[cli->language], DEMO_PASSWORD);
    return TONG_OK;
}

void serve_demo_end(struct serve_demo *demo)
{
    static const char *const behind[] = {"", "-wal", "-shm", "-writer", ".vault"};
    char path[CLI_PATH_MAX + 16];
    for (size_t i = 0; demo->own && i < sizeof behind / sizeof behind[0]; i++) {
        (void)snprintf(path, sizeof path, "%s%s", demo->store, behind[i]);
        (void)unlink(path);
    }
    if (demo->own) (void)rmdir(demo->folder);
    if (demo->options.protocol != NULL) protocol_free(&demo->protocol);
    arena_free(&demo->arena);
}
